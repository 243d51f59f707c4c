//! The files that are written, each from a template of its own.

use std::fs;

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, context};
use reset_password_api::{
    OPEN, OPERATIONS, RECORDS,
    names::{camel, pascal},
};
use reset_password_core::Code;

use crate::{
    describe,
    names::{go, small},
    prose::{javadoc, list, phrase, quoted, sentence, wrap, yaml},
};

/// Parts of pages that are otherwise written by hand: the page, the template, and where the part begins and what comes
/// behind it.
const PARTS: &[(&str, &str, &str, &str)] = &[
    // The languages' sections of the front matter, behind those of Rust, the command line and HTTP.
    (
        "docs/reference/reset-password.md",
        include_str!("../../../templates/docs/reference.yaml.j2"),
        "  js:\n",
        "---\n",
    ),
    (
        "docs/reference/options.md",
        include_str!("../../../templates/docs/options.md.j2"),
        "| option |",
        "\n## ",
    ),
];

/// Declares templates, and where what is made of each goes, below the root of the repository.
macro_rules! templates {
    ($($template:literal => $path:literal),* $(,)?) => {
        [$((
            $path,
            include_str!(concat!("../../../templates/", $template, ".j2")),
        )),*]
    };
}

/// Every file with its text.
///
/// # Errors
///
/// What is wrong with a template.
pub fn all() -> Result<Vec<(String, String)>, Error> {
    let templates = templates! {
        "c/status.rs" => "bindings/c/src/status.rs",
        "go/codes.go" => "bindings/go/codes.go",
        "go/arguments.go" => "bindings/go/arguments.go",
        "go/operations.go" => "bindings/go/operations.go",
        "go/package_functions.go" => "bindings/go/package_functions.go",
        "go/options.go" => "bindings/go/options.go",
        "go/results.go" => "bindings/go/results.go",
        "java/Answer.java" => "bindings/java/src/main/java/dev/resetpassword/Answer.java",
        "java/AsyncOperations.java" => "bindings/java/src/main/java/dev/resetpassword/AsyncOperations.java",
        "java/ErrorCode.java" => "bindings/java/src/main/java/dev/resetpassword/ErrorCode.java",
        "java/Operation.java" => "bindings/java/src/main/java/dev/resetpassword/Operation.java",
        "java/UserManagement.java" => "bindings/java/src/main/java/dev/resetpassword/UserManagement.java",
        "node/errors.js" => "bindings/node/errors.js",
        "node/index.d.ts" => "bindings/node/index.d.ts",
        "node/index.js" => "bindings/node/index.js",
        "node/parameters.js" => "bindings/node/parameters.js",
        "node/index.mjs" => "bindings/node/index.mjs",
        "php/exceptions.php" => "bindings/php/stubs/exceptions.php",
        "php/reset_password.php" => "bindings/php/stubs/reset_password.php",
        "python/aio.py" => "bindings/python/python/reset_password/aio.py",
        "python/errors.py" => "bindings/python/python/reset_password/_errors.py",
        "python/native.pyi" => "bindings/python/python/reset_password/_native.pyi",
        "python/results.py" => "bindings/python/python/reset_password/_results.py",
        "python/user_management.py" => "bindings/python/python/reset_password/_user_management.py",
        "ruby/errors.rb" => "bindings/ruby/lib/reset_password/errors.rb",
        "ruby/operations.rb" => "bindings/ruby/lib/reset_password/operations.rb",
        "ruby/reset_password.rbs" => "bindings/ruby/sig/reset_password.rbs",
        "ruby/user_management.rb" => "bindings/ruby/lib/reset_password/user_management.rb",
        "ruby/options.rb" => "bindings/ruby/lib/reset_password/options.rb",
        "ruby/results.rb" => "bindings/ruby/lib/reset_password/results.rb",
        "uniffi/arguments.rs" => "bindings/uniffi/src/arguments.rs",
        "uniffi/results.rs" => "bindings/uniffi/src/results.rs",
        "uniffi/user_management.rs" => "bindings/uniffi/src/user_management.rs",
        "uniffi/errors.rs" => "bindings/uniffi/src/errors.rs",
        "drivers/Operations.java" => "tests/conformance/drivers/java/src/main/java/driver/Operations.java",
        "drivers/kotlin.kt" => "tests/conformance/drivers/kotlin/src/main/kotlin/driver/Operations.kt",
        "drivers/node.cjs" => "tests/conformance/drivers/node/described.cjs",
        "drivers/php.php" => "tests/conformance/drivers/php/methods.php",
        "drivers/python.py" => "tests/conformance/drivers/python/operations.py",
    };
    let environment = environment()?;
    let described = context! {
        codes => Code::ALL.iter().copied().map(describe::code).collect::<Vec<_>>(),
        open => describe::operation(&OPEN),
        operations => OPERATIONS.iter().map(describe::operation).collect::<Vec<_>>(),
        records => RECORDS.iter().map(describe::record).collect::<Vec<_>>(),
    };
    let mut files = Vec::new();
    for (path, template) in templates {
        let text = environment.render_named_str(path, template, &described)?;
        files.push((path.to_owned(), text));
    }
    for (page, template, begin, end) in PARTS {
        let text = environment.render_named_str(page, template, &described)?;
        files.push(((*page).to_owned(), within(page, &text, begin, end)?));
    }
    files.extend(java_classes(&environment)?);
    Ok(files)
}

/// Java has a file for each class.
fn java_classes(environment: &Environment<'_>) -> Result<Vec<(String, String)>, Error> {
    let mut files = Vec::new();
    let mut class = |name: &str, template, own: Value| -> Result<(), Error> {
        let path = format!("bindings/java/src/main/java/dev/resetpassword/{name}.java");
        let text = environment.render_named_str(&path, template, own)?;
        files.push((path, text));
        Ok(())
    };
    let exception = include_str!("../../../templates/java/Exception.java.j2");
    for code in Code::ALL {
        let name = pascal(code.as_str()) + "Exception";
        class(&name, exception, context! { code => describe::code(*code) })?;
    }
    for record in RECORDS {
        let template = include_str!("../../../templates/java/Record.java.j2");
        class(
            record.name,
            template,
            context! { record => describe::record(record) },
        )?;
    }
    let builder = include_str!("../../../templates/java/Builder.java.j2");
    for operation in OPERATIONS.iter().chain([&OPEN]) {
        let described = describe::operation(operation);
        if !described.get_attr("has_much")?.is_true() {
            continue;
        }
        let name = if operation.name == OPEN.name {
            "Options".to_owned()
        } else {
            pascal(operation.name)
        };
        class(
            &name,
            builder,
            context! { operation => described, type => name },
        )?;
    }
    Ok(files)
}

fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_keep_trailing_newline(true);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("code", javadoc);
    environment.add_filter("small", |name: &str| small(name));
    environment.add_filter("camel", |name: &str| camel(name));
    environment.add_filter("go", |name: &str| go(name));
    environment.add_filter("list_wrap", list);
    environment.add_filter("pascal", |name: &str| pascal(name));
    environment.add_filter("quoted", quoted);
    environment.add_filter("sentence", |text: &str| sentence(text));
    environment.add_filter("wrap", wrap);
    environment.add_filter("yaml", |text: &str| yaml(text));
    environment.add_filter("phrase", |text: &str| phrase(text));
    // What templates of one language share.
    environment.add_template("go/macros", include_str!("../../../templates/go/macros.j2"))?;
    environment.add_template(
        "java/macros",
        include_str!("../../../templates/java/macros.j2"),
    )?;
    environment.add_template(
        "python/macros",
        include_str!("../../../templates/python/macros.j2"),
    )?;
    Ok(environment)
}

/// A page, with something else from where the one text stands to before the other.
fn within(page: &str, fresh: &str, begin: &str, end: &str) -> Result<String, Error> {
    let unreadable =
        |what: &str| Error::new(ErrorKind::InvalidOperation, format!("{page}: {what}"));
    let text = fs::read_to_string(page).map_err(|error| unreadable(&error.to_string()))?;
    let parts = text
        .split_once(&format!("\n{begin}"))
        .and_then(|(before, rest)| {
            let (_, after) = rest.split_once(end)?;
            Some((before, after))
        });
    let (before, after) = parts
        .ok_or_else(|| unreadable(&format!("there is no {begin:?} with a {end:?} behind it")))?;
    Ok(format!("{before}\n{fresh}{end}{after}"))
}

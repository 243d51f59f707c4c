//! Writes the Kotlin or the Swift sources from the library that was built.

use std::{env, fs, path::Path};

use uniffi::{
    GenerateOptions, TargetLanguage,
    deps::anyhow::{Context, Result, bail, ensure},
};

/// How uniffi's Kotlin tells an error's text: as a list of its fields.
const FIELDS: &str = "get() = \"failure=${ `failure` }\"";

/// How ours does: as the engine's message.
const MESSAGE: &str = "get() = `failure`.`message`";

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [language, library, folder] = arguments.as_slice() else {
        bail!("usage: uniffi-bindgen kotlin|swift LIBRARY FOLDER");
    };
    let language = match language.as_str() {
        "kotlin" => TargetLanguage::Kotlin,
        "swift" => TargetLanguage::Swift,
        other => bail!("no such language: {other}"),
    };
    uniffi::generate(GenerateOptions {
        languages: vec![language.clone()],
        source: library.into(),
        out_dir: folder.into(),
        config_override: None,
        format: false,
        crate_filter: None,
        metadata_no_deps: false,
    })?;
    if matches!(language, TargetLanguage::Kotlin) {
        let written = Path::new(folder).join("dev/resetpassword/kotlin/reset_password.kt");
        let source = fs::read_to_string(&written).context("nothing was written")?;
        let errors = reset_password_bindings::Code::ALL.len();
        ensure!(
            source.matches(FIELDS).count() == errors,
            "uniffi writes the text of an error in another way"
        );
        fs::write(&written, source.replace(FIELDS, MESSAGE))?;
    }
    Ok(())
}

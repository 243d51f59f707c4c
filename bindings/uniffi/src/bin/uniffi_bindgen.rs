//! Writes the Kotlin or the Swift sources from the library that was built.

use std::{env, fs, path::Path};

use uniffi::{
    GenerateOptions, TargetLanguage,
    deps::anyhow::{Context, Result, bail, ensure},
};

/// A place in what uniffi writes that is to be otherwise.
struct Change {
    /// What the place is about.
    about: &'static str,
    theirs: &'static str,
    ours: &'static str,
    /// How often it is there.
    places: usize,
}

const KOTLIN: [Change; 2] = [
    // An error's text is the engine's message, and not a list of fields.
    Change {
        about: "the text of an error",
        theirs: "get() = \"failure=${ `failure` }\"",
        ours: "get() = `failure`.`message`",
        places: reset_password_bindings::Code::ALL.len(),
    },
    // A coroutine that is cancelled already begins nothing: the first poll would.
    Change {
        about: "the begin of a call",
        theirs: "\
): T {
    try {
        do {
            val pollResult = suspendCancellableCoroutine<Byte> {",
        ours: "\
): T {
    try {
        refuseIfCancelled()
        do {
            val pollResult = suspendCancellableCoroutine<Byte> {",
        places: 1,
    },
];

const SWIFT: [Change; 1] = [
    // Nor does a task.
    Change {
        about: "the begin of a call",
        theirs: "    let rustFuture = rustFutureFunc()\n",
        ours: "    try Task.checkCancellation()\n    let rustFuture = rustFutureFunc()\n",
        places: 1,
    },
];

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [language, library, folder] = arguments.as_slice() else {
        bail!("usage: uniffi-bindgen kotlin|swift LIBRARY FOLDER");
    };
    let (language, written, changes) = match language.as_str() {
        "kotlin" => (
            TargetLanguage::Kotlin,
            "dev/resetpassword/kotlin/reset_password.kt",
            KOTLIN.as_slice(),
        ),
        "swift" => (
            TargetLanguage::Swift,
            "ResetPassword.swift",
            SWIFT.as_slice(),
        ),
        other => bail!("no such language: {other}"),
    };
    uniffi::generate(GenerateOptions {
        languages: vec![language],
        source: library.into(),
        out_dir: folder.into(),
        config_override: None,
        format: false,
        crate_filter: None,
        metadata_no_deps: false,
    })?;
    let written = Path::new(folder).join(written);
    let source = fs::read_to_string(&written).context("nothing was written")?;
    fs::write(&written, changed(source, changes)?)?;
    Ok(())
}

/// The source with every change made, each in as many places as it should be.
fn changed(mut source: String, changes: &[Change]) -> Result<String> {
    for change in changes {
        ensure!(
            source.matches(change.theirs).count() == change.places,
            "uniffi writes {} in another way",
            change.about
        );
        source = source.replace(change.theirs, change.ours);
    }
    Ok(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWICE: Change = Change {
        about: "a word",
        theirs: "this",
        ours: "that",
        places: 2,
    };

    #[test]
    fn every_place_is_changed() {
        let source = changed("this and this".to_owned(), &[TWICE]).unwrap();
        assert_eq!(source, "that and that");
    }

    #[test]
    fn other_places_than_expected_are_an_error() {
        for source in ["", "this", "this this this"] {
            let error = changed(source.to_owned(), &[TWICE]).unwrap_err();
            assert_eq!(error.to_string(), "uniffi writes a word in another way");
        }
    }
}

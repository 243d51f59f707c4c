//! Reading YAML as version 1.2 has it: `yes`, `no`, `on` and `y` are texts.

use std::{fs, path::Path};

use serde::de::DeserializeOwned;

/// Reads a text.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| error.to_string())
}

/// Reads a file.
pub fn from_file<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    from_str(&text).map_err(|error| format!("{shown}: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn words_are_words() {
        let read: Value = super::from_str("{y: no, a: true, b: 0x1, c: 'true'}").unwrap();
        assert_eq!(read["y"], "no");
        assert_eq!(read["a"], json!(true));
        assert_eq!(read["c"], "true");
    }
}

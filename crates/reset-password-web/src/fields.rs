//! `name=value` pairs, as in a query and in a form.

use percent_encoding::percent_decode_str;
use reset_password::Error;
use zeroize::Zeroizing;

/// Takes pairs apart. Each name may stand once, but for those in `lists`.
///
/// # Errors
///
/// `input_invalid` where another stands twice, or anything is not UTF-8.
pub fn read(text: &str, lists: &[&str]) -> Result<Vec<(String, Zeroizing<String>)>, Error> {
    let mut pairs: Vec<(String, Zeroizing<String>)> = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name)?;
        if !lists.contains(&name.as_str()) && pairs.iter().any(|(known, _)| *known == *name) {
            let message = "a parameter stands in the request more than once";
            return Err(Error::field("parameters", "ambiguous", message));
        }
        pairs.push(((*name).clone(), decode(value)?));
    }
    Ok(pairs)
}

fn decode(text: &str) -> Result<Zeroizing<String>, Error> {
    let text = Zeroizing::new(text.replace('+', " "));
    let decoded = percent_decode_str(&text).decode_utf8().map_err(|_| {
        let message = "the parameters are not UTF-8";
        Error::field("parameters", "invalid", message)
    })?;
    Ok(Zeroizing::new(decoded.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, lists: &[&str]) -> Option<Vec<(String, String)>> {
        let pairs = read(text, lists).ok()?;
        Some(
            pairs
                .into_iter()
                .map(|(name, value)| (name, (*value).clone()))
                .collect(),
        )
    }

    #[test]
    fn pairs_are_decoded() {
        let read = texts("a=1+2%2B3&b&&c=%C3%A9", &[]).unwrap();
        let expected = [("a", "1 2+3"), ("b", ""), ("c", "é")];
        assert_eq!(
            read,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn sec32_a_name_stands_once() {
        assert!(texts("email=a&email=b", &[]).is_none());
        assert!(texts("email=a&%65mail=b", &[]).is_none());
        assert_eq!(texts("e=a&e=b", &["e"]).unwrap().len(), 2);
        assert!(texts("a=%ff", &[]).is_none());
    }
}

//! Whether a form was sent from these pages (OWASP Cross-Site Request Forgery Prevention; CWE-352).
//!
//! Three signs must agree. The browser says whose page sent it (`Sec-Fetch-Site`), and from where (`Origin`, which is
//! `null` here: the pages send no referrer). Browsers that say neither are held by the third: what the form repeats of a
//! cookie that no other site can read (`visit.rs`).

use crate::request::PageRequest;

/// Whether what the browser says lets the form be one of ours.
pub(crate) fn is_ours(request: &PageRequest<'_>, origin: &str) -> bool {
    let said = |name| request.values(name).collect::<Vec<_>>();
    let by_site = matches!(said("sec-fetch-site")[..], [] | ["same-origin"]);
    let by_origin = match said("origin")[..] {
        [] | ["null"] => true,
        [named] => named == origin,
        _ => false,
    };
    by_site && by_origin
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every sign of a browser's with every other.
    #[test]
    fn sec72_signs_of_another_site_are_refused() {
        const OURS: &str = "https://example.com";
        let sites = [
            (Some("same-origin"), true),
            (Some("same-site"), false),
            (Some("cross-site"), false),
            (Some("none"), false),
            (None, true),
        ];
        let origins = [
            (Some(OURS), true),
            (Some("https://evil.example"), false),
            (Some("https://example.com.evil.example"), false),
            (Some("http://example.com"), false),
            (Some("null"), true),
            (None, true),
        ];
        for (site, by_site) in sites {
            for (origin, by_origin) in origins {
                let headers: Vec<_> = [("Sec-Fetch-Site", site), ("Origin", origin)]
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value?)))
                    .collect();
                let request = PageRequest {
                    headers: &headers,
                    ..PageRequest::get("/forgot")
                };
                assert_eq!(is_ours(&request, OURS), by_site && by_origin, "{headers:?}");
            }
        }
        let twice = [("Origin", OURS), ("origin", "https://evil.example")];
        let request = PageRequest {
            headers: &twice,
            ..PageRequest::get("/forgot")
        };
        assert!(!is_ours(&request, OURS));
    }
}

//! What goes back, and the headers that all of it carries.

use reset_password::Code;

/// What goes back.
#[derive(Clone, Debug)]
pub struct PageResponse {
    /// The status, such as 200.
    pub status: u16,
    /// Headers, each name once but `set-cookie`.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for `HEAD`.
    pub body: Vec<u8>,
    /// Why it is a refusal, for the host's log; `None` if it is not.
    pub refusal: Option<Code>,
}

/// What a page may do (CSP level 3): load what comes from here, send its forms here, and be in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// Headers of every answer. OWASP HTTP Headers Cheat Sheet; ASVS 5.0, 3.4.
const ALWAYS: [(&str, &str); 9] = [
    ("content-security-policy", POLICY),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-robots-tag", "noindex, nofollow"),
];

impl PageResponse {
    fn new(status: u16, caching: &str) -> Self {
        let mut headers: Vec<_> = ALWAYS
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        headers.push(("cache-control", caching.to_owned()));
        Self {
            status,
            headers,
            body: Vec::new(),
            refusal: None,
        }
    }

    /// A page.
    pub(crate) fn page(status: u16, language: &str, text: String) -> Self {
        Self::new(status, "no-store")
            .with("content-type", "text/html; charset=utf-8")
            .with("content-language", language)
            .with("vary", "Accept-Language, Cookie")
            .of(text.into_bytes())
    }

    /// What a script of ours reads.
    pub(crate) fn json(status: u16, text: String) -> Self {
        Self::new(status, "no-store")
            .with("content-type", "application/json; charset=utf-8")
            .of(text.into_bytes())
    }

    /// Nothing but a status.
    pub(crate) fn empty(status: u16) -> Self {
        Self::new(status, "no-store").with("content-type", "text/plain; charset=utf-8")
    }

    /// The way to another page.
    pub(crate) fn see_other(location: &str) -> Self {
        Self::new(303, "no-store").with("location", location)
    }

    /// A file whose name says its content: it never changes.
    pub(crate) fn file(kind: &str, content: &[u8]) -> Self {
        Self::new(200, "public, max-age=31536000, immutable")
            .with("content-type", kind)
            .of(content.to_vec())
    }

    /// The same with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same, noted as a refusal.
    pub(crate) fn refused(mut self, code: Code) -> Self {
        self.refusal = Some(code);
        self
    }

    fn of(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }
}

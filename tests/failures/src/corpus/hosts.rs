//! Hosts, schemes and addresses that are not ours, in every place where one could be.

/// Headers from which some product has built a link, or a proxy tells where it was called.
pub const HOST_HEADERS: &[(&str, &str)] = &[
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-host", "example.com, evil.example"),
    ("x-forwarded-host", "evil.example:443"),
    ("x-forwarded-server", "evil.example"),
    ("x-forwarded-port", "8443"),
    ("x-forwarded-prefix", "//evil.example"),
    ("x-forwarded-path", "//evil.example/reset"),
    ("x-forwarded-uri", "https://evil.example/reset"),
    ("x-forwarded-for", "evil.example"),
    ("forwarded", "host=evil.example;proto=http"),
    ("forwarded", "for=192.0.2.1;host=\"evil.example:443\""),
    ("x-host", "evil.example"),
    ("x-http-host", "evil.example"),
    ("x-http-host-override", "evil.example"),
    ("x-original-host", "evil.example"),
    ("x-envoy-original-host", "evil.example"),
    ("x-original-url", "https://evil.example/reset"),
    ("x-rewrite-url", "https://evil.example/reset"),
    ("x-original-uri", "https://evil.example/reset"),
    ("x-forwarded-base-url", "https://evil.example"),
    ("x-script-name", "//evil.example"),
    ("origin", "https://evil.example"),
    ("referer", "https://evil.example/reset-password"),
    ("via", "1.1 evil.example"),
    (":authority", "evil.example"),
];

/// Headers from which some product has taken the scheme.
pub const SCHEME_HEADERS: &[(&str, &str)] = &[
    ("x-forwarded-proto", "http"),
    ("x-forwarded-proto", "https, http"),
    ("x-forwarded-protocol", "http"),
    ("x-forwarded-scheme", "http"),
    ("x-url-scheme", "http"),
    ("x-scheme", "javascript"),
    ("x-forwarded-ssl", "off"),
    ("front-end-https", "off"),
    ("cloudfront-forwarded-proto", "http"),
    ("x-arr-ssl", "off"),
    ("forwarded", "proto=http"),
];

/// Values of `Host` that name another place.
pub const HOSTS: &[&str] = &[
    "evil.example",
    "evil.example:443",
    "EVIL.example",
    "example.com.evil.example",
    "example.com.",
    "xn--e1awd7f.example",
    "127.0.0.1",
    "127.0.0.1:1",
    "localhost:65535",
    "[::1]:80",
    "example.com;evil.example",
    "0",
];

/// What the configuration may not say: another person's place behind a name that reads like one's own.
pub const BAD_RESET_URLS: &[&str] = &[
    "https://example.com@evil.example/",
    "https://user:pw@evil.example/",
    "https://example.com:443@evil.example/",
    "https://example.com:pw/",
    "https://example.com#@evil.example/",
    "https://example.com/#/reset",
    "https://example.com\\@evil.example/",
    "https://example.com\\.evil.example/",
    "https://exa\tmple.com/",
    "https://example.com\r\nhost: evil.example/",
    "https://example.com /reset",
    "https://\"example.com\"/",
    "https://<example.com>/",
    "https:///example.com/",
    "https://?example.com/",
    "https://:443/",
    "https://example.com:70000/",
    "http://example.com/",
    "http://127.0.0.1.evil.example/",
    "http://127.0.0.1@evil.example/",
    "http://localhost.evil.example/",
    "http://[::1].evil.example/",
    "http://[::1]evil.example/",
    "https://example.com/?token=mine",
    "https://example.com/?a=b&token=mine",
];

/// Where a request may say what it likes, and what a link must not be made of.
pub const PLACES: &[&str] = &[
    "password_reset_url",
    "reset_url",
    "url",
    "redirect_to",
    "redirectTo",
    "redirect_uri",
    "redirect_url",
    "callbackURL",
    "return_to",
    "next",
    "continue",
    "base_url",
    "host",
    "origin",
];

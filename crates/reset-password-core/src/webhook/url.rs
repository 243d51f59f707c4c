//! Where an endpoint may be.

use std::net::IpAddr;

use crate::{
    error::Error,
    public_address::{is_public, read_literal},
    reset::{host_and_port, is_host},
};

const LONGEST: usize = 2_048;

/// The scheme, the host and the port of an address.
pub(super) fn origin(url: &str) -> &str {
    let from = url.find("://").map_or(0, |at| at + 3);
    let length = url.get(from..).and_then(|rest| rest.find(['/', '?', '#']));
    length
        .and_then(|length| url.get(..from + length))
        .unwrap_or(url)
}

/// Refuses an address that nothing can or may be sent to. Where it leads is looked at again when something is sent.
pub(crate) fn check_url(url: &str, allow_private: bool) -> Result<(), Error> {
    let refuse = |why: &str| {
        let message = format!("endpoint_url must {why}");
        Err(Error::field("endpoint_url", "invalid", message))
    };
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '\\' | '"' | '<' | '>');
    if url.len() > LONGEST || !url.chars().all(is_plain) {
        return refuse("be one address of at most 2,048 characters of ASCII, without spaces");
    }
    if url.contains('#') {
        return refuse("have no fragment");
    }
    let origin = origin(url).to_ascii_lowercase();
    let authority = match origin.split_once("://") {
        Some(("https", authority)) => authority,
        Some(("http", authority)) if allow_private => authority,
        _ => return refuse("begin with https://"),
    };
    let (host, port) = host_and_port(authority);
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    if !is_host(host) || !port.is_none_or(is_port) {
        return refuse("name a host, without user name, and a port that is a number");
    }
    let is_elsewhere = |address: IpAddr| !is_public(address);
    let is_here = host == "localhost" || host.ends_with(".localhost");
    if !allow_private && (is_here || read_literal(host).is_some_and(is_elsewhere)) {
        return refuse("lead to a public address");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec62_an_address_is_public_and_names_nobody() {
        for good in [
            "https://example.com",
            "https://example.com:8443/hooks?key=value",
            "HTTPS://Example.com/",
            "https://xn--mnchen-3ya.example/",
            "https://9.9.9.9/hooks",
            "https://[2620:fe::fe]/hooks",
        ] {
            assert!(check_url(good, false).is_ok(), "{good}");
        }
        let never = [
            "",
            "example.com",
            "ftp://example.com/",
            "https://",
            "https:///hooks",
            "https://user@example.com/",
            "https://user:word@example.com/",
            "https://example.com/#part",
            "https://example.com/ x",
            "https://exämple.com/",
            "https://example.com:0/",
            "https://example.com:65536/",
            "https://example.com:/",
            "https://[::1/",
            "https://exa%6dple.com/",
            "https://example.com\\@10.0.0.1/",
        ];
        for bad in never {
            assert!(check_url(bad, false).is_err(), "{bad}");
            assert!(check_url(bad, true).is_err(), "{bad}");
        }
        for private in [
            "http://example.com/",
            "https://localhost/",
            "https://a.localhost:8080/",
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::1]/",
            "https://[::ffff:9.9.9.9]/",
            "https://[fd00:ec2::254]/",
        ] {
            assert!(check_url(private, false).is_err(), "{private}");
            assert!(check_url(private, true).is_ok(), "{private}");
        }
        let long = format!("https://example.com/{}", "x".repeat(LONGEST));
        assert!(check_url(&long, true).is_err());
    }

    #[test]
    fn an_origin_ends_before_the_path() {
        for (url, expected) in [
            ("https://example.com/a/path", "https://example.com"),
            ("https://example.com:8443?x", "https://example.com:8443"),
            ("https://[::1]:8443/", "https://[::1]:8443"),
        ] {
            assert_eq!(origin(url), expected);
        }
    }
}

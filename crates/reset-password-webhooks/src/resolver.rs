//! Where a name leads, at the moment of the connection: an address that is looked at before is no promise.

use std::{error::Error as StdError, fmt};

use reset_password::is_public;
use ureq::{
    Error,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

/// Refuses names that lead to an address that is not public, unless those are allowed.
#[derive(Debug)]
pub(crate) struct PublicOnly<R> {
    pub(crate) inner: R,
    pub(crate) allow_private: bool,
}

/// A name leads to an address that is not public.
#[derive(Debug)]
pub(crate) struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address is not public")
    }
}

impl StdError for NotPublic {}

impl<R: Resolver> Resolver for PublicOnly<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout);
        let found = found.map_err(|error| match error {
            Error::Io(_) => Error::HostNotFound,
            error => error,
        })?;
        // One that is not is enough: which of them is taken is not decided here.
        let is_public = found.iter().all(|address| is_public(address.ip()));
        if is_public || self.allow_private {
            return Ok(found);
        }
        Err(Error::Other(Box::new(NotPublic)))
    }
}

#[cfg(test)]
mod tests {
    use std::{io, net::SocketAddr};

    use ureq::Agent;

    use super::*;

    /// A name that leads to these addresses.
    #[derive(Debug)]
    struct Leads(&'static [&'static str]);

    impl Resolver for Leads {
        fn resolve(
            &self,
            _: &Uri,
            _: &Config,
            _: NextTimeout,
        ) -> Result<ResolvedSocketAddrs, Error> {
            let mut found = self.empty();
            for address in self.0 {
                found.push(SocketAddr::new(address.parse().unwrap(), 443));
            }
            Ok(found)
        }
    }

    /// A name that nobody knows.
    #[derive(Debug)]
    struct Unknown;

    impl Resolver for Unknown {
        fn resolve(
            &self,
            _: &Uri,
            _: &Config,
            _: NextTimeout,
        ) -> Result<ResolvedSocketAddrs, Error> {
            Err(io::Error::other("Name or service not known").into())
        }
    }

    #[test]
    fn a_name_that_nobody_knows_is_told_from_a_connection_that_fails() {
        let resolver = PublicOnly {
            inner: Unknown,
            allow_private: false,
        };
        let config = Agent::config_builder().build();
        let uri = Uri::from_static("https://example.com/");
        let unknown = resolver.resolve(&uri, &config, NextTimeout::default());
        assert!(matches!(unknown, Err(Error::HostNotFound)));
    }

    fn resolve(addresses: &'static [&'static str], allow_private: bool) -> Option<usize> {
        let resolver = PublicOnly {
            inner: Leads(addresses),
            allow_private,
        };
        let config = Agent::config_builder().build();
        let uri = Uri::from_static("https://example.com/");
        match resolver.resolve(&uri, &config, NextTimeout::default()) {
            Ok(found) => Some(found.len()),
            Err(Error::Other(error)) if error.is::<NotPublic>() => None,
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn sec62_a_name_leads_to_public_addresses_alone() {
        assert_eq!(resolve(&["9.9.9.9", "2620:fe::fe"], false), Some(2));
        let others: [&[&str]; 4] = [
            &["127.0.0.1"],
            &["169.254.169.254"],
            &["9.9.9.9", "10.0.0.1"],
            &["::ffff:127.0.0.1"],
        ];
        for addresses in others {
            assert_eq!(resolve(addresses, false), None, "{addresses:?}");
            assert!(resolve(addresses, true).is_some(), "{addresses:?}");
        }
    }
}

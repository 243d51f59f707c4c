//! Corpora that the tests share.

mod addresses;
mod hosts;
mod secrets;

pub use addresses::LOOKALIKES;
pub use hosts::{BAD_RESET_URLS, HOST_HEADERS, HOSTS, PLACES, SCHEME_HEADERS};
pub use secrets::{blank_passwords, impostors};

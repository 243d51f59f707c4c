//! The pages of a password reset, as a function from a request to a response.
//!
//! [`Pages`] knows no web framework and does no input or output but by the engine that it is handed, so a host
//! of any kind mounts it: it hands over what arrived and sends what comes back. The cookie, the check against requests
//! from other sites, the headers and the language are decided here.
//!
//! ```
//! use reset_password::{Options, blocking::UserManagement};
//! use reset_password_web::{PageRequest, Pages, PagesConfig};
//!
//! # fn main() -> Result<(), reset_password::Error> {
//! let engine = UserManagement::open("sqlite::memory:", Options::default())?;
//! let pages = Pages::new(PagesConfig {
//!     url: "https://example.com/account".to_owned(),
//!     service: "Example".to_owned(),
//!     ..PagesConfig::default()
//! })?;
//! let page = pages.handle(&engine, &PageRequest::get("/forgot"));
//! assert_eq!(page.status, 200);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod assets;
mod config;
mod fields;
mod language;
mod link;
mod origin;
mod pages;
mod proof_of_work;
mod request;
mod response;
mod visit;

pub use crate::{
    config::PagesConfig,
    fields::read as read_fields,
    language::{Language, Languages},
    pages::Pages,
    request::PageRequest,
    response::PageResponse,
};

//! What a password is held against besides the lists.

/// Longest password in octets. A longer one is not looked at, so that huge input costs nothing.
pub(crate) const MAX_BYTES: usize = 1_024;

/// What is known of the account: the words that its password must not be a version of.
#[derive(Clone, Debug, Default)]
pub struct Account<'a> {
    /// The e-mail address.
    pub email: Option<&'a str>,
    /// First, last and full name, external id, and whatever else the account goes by.
    pub names: Vec<&'a str>,
}

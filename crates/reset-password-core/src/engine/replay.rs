//! Requests that are repeated because their answer was lost.

/// What makes two requests the same one: a client that lost the answer sends all of it again.
#[derive(Clone, Copy)]
pub struct RequestIdentity<'a> {
    /// The client's `Idempotency-Key`.
    pub idempotency_key: &'a [u8],
    /// The API key that the request came with.
    pub api_key_id: &'a str,
    /// The path that was asked for.
    pub path: &'a str,
    /// The body, byte for byte.
    pub body: &'a [u8],
}

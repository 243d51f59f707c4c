//! The Node package's native module.

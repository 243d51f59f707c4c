//! The Java package's native library.

//! The native library for Kotlin and Swift.

uniffi::setup_scaffolding!("reset_password");

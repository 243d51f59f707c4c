//! Keeps the library in memory once it is loaded.

fn main() {
    // A JVM unloads a library with the class loader that loaded it, and threads of this one may still
    // be at work then.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    }
    println!("cargo::rerun-if-changed=native/build.rs");
}

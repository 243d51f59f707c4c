//! Keeps the library in memory once it is loaded.

fn main() {
    // The JVM unloads a library when nobody refers to it any more, and threads of this one may still be
    // at work then.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    }
    println!("cargo::rerun-if-changed=build.rs");
}

//! Names the shared library, and keeps it in memory once it is loaded.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!(
            "cargo::rustc-link-arg-cdylib=-Wl,-soname,libreset_password.so.{}",
            env!("CARGO_PKG_VERSION_MAJOR")
        );
        // Threads of the library may still be at work when a host lets go of it.
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    }
    println!("cargo::rerun-if-changed=build.rs");
}

//! Names the shared library, and keeps it in memory once it is loaded.

fn main() {
    let major = env!("CARGO_PKG_VERSION_MAJOR");
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => {
            println!("cargo::rustc-link-arg-cdylib=-Wl,-soname,libreset_password.so.{major}");
            // Threads of the library may still be at work when a host lets go of it.
            println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
        }
        Ok("macos") => println!(
            "cargo::rustc-link-arg-cdylib=-Wl,-install_name,@rpath/libreset_password.{major}.dylib"
        ),
        _ => {}
    }
    println!("cargo::rerun-if-changed=build.rs");
}

//! Keeps the extension in memory once it is loaded: PHP unloads extensions before the process ends, and
//! the engine's threads would then run code that is no longer there.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
}

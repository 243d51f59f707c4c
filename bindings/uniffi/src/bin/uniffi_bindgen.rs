//! Writes the Kotlin and the Swift sources.

fn main() {
    uniffi::uniffi_bindgen_main();
}

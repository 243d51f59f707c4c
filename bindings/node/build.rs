//! Links the module to the Node that loads it.

fn main() {
    napi_build::setup();
}

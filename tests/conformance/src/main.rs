//! Runs one set of scenarios on every surface.

fn main() {}

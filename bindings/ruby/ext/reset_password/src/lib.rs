//! The Ruby gem's native extension.

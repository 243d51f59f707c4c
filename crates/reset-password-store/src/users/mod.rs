//! The users' table that is there already: how it is told, held against the database, and asked.

mod found;
mod fragments;
mod inspect;
mod live;
mod mapped;
mod mapping;
mod presets;
mod warnings;

pub use self::{
    inspect::{Fitting, Grant},
    mapping::{UserMapping, UserTables},
};
pub(crate) use self::{
    inspect::{grants, inspect},
    mapped::statements,
    warnings::warnings,
};

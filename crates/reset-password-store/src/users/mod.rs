//! The users' table that is there already: how it is told, held against the database, and asked.

mod live;
mod mapped;
mod mapping;
mod presets;

pub(crate) use self::mapped::statements;
pub use self::mapping::{UserMapping, UserTables};

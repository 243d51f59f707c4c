//! What a scenario may call.

use crate::surfaces::rust::OPERATIONS;

/// Whether there is such an operation with such arguments.
pub fn check<'a>(
    operation: &str,
    mut arguments: impl Iterator<Item = &'a String>,
) -> Result<(), String> {
    let (_, known) = OPERATIONS
        .iter()
        .find(|(name, _)| *name == operation)
        .ok_or_else(|| format!("there is no operation {operation}"))?;
    match arguments.find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => Err(format!("{operation} has no argument {unknown}")),
        None => Ok(()),
    }
}

//! The built command, as a person and as a program use it.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod bed;
#[cfg(test)]
mod care;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod help;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod story;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod users;

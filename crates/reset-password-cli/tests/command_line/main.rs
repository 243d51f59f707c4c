//! The built command, as a person and as a program use it.

#![cfg(test)]

mod audit;
mod care;
mod errors;
mod files;
mod fixture;
mod help;
mod import;
mod secrets;
mod story;
mod terminal;
mod users;

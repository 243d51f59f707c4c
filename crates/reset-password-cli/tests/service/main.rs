//! The HTTP service, as its users meet it: the command, a socket, a database.

#![cfg(test)]

mod access;
mod answers;
mod configuration;
mod confirm;
mod containers;
mod crash;
mod crowd;
mod faults;
mod framing;
mod health;
mod log;
mod metrics;
mod on_server;
mod pages;
mod replay;
mod sending;
mod story;
mod two_nodes;
mod unread;
mod webhooks;

//! The HTTP service, as its users meet it: the command, a socket, a database.

mod access;
mod answers;
mod bed;
mod configuration;
mod crash;
mod crowd;
mod framing;
mod http;
mod log;
mod replay;
mod story;

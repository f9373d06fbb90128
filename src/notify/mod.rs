//! Telling people: one message through one channel, and what the channel said to it.
//!
//! Addresses of channels are secrets: nothing that comes out of here holds any part of one. What is told when, and again, is decided in
//! `johndoe_vigil`.

mod alertmanager;
mod command;
mod email;
mod notifier;
mod ping;
mod post;

pub use alertmanager::Alert;
pub use notifier::{About, Notifier};
pub use ping::Ping;

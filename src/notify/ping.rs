//! A sign of life, for whoever tells when there is none: the death of a canary is told by others.

use super::post::Postbox;

/// So much of what is told is sent along: the last of it.
const TOLD: usize = 8_000;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ping {
    /// A tick begins.
    Start,
    /// A run came to its end.
    Success,
    /// The harness failed in one.
    Fail,
}

/// Tells it; whether it was heard shows there.
pub(super) async fn ping(dead_man: &Postbox, ping: Ping, told: &str) {
    let end = match ping {
        Ping::Start => "/start",
        Ping::Success => "",
        Ping::Fail => "/fail",
    };
    let from = told.len().saturating_sub(TOLD);
    let from = (from..=told.len()).find(|at| told.is_char_boundary(*at)).unwrap_or(told.len());
    dead_man.post_text(end, told.get(from..).unwrap_or_default()).await;
}

//! What the engine tells while it works; it knows nothing of how that looks.

use crate::model::{JourneyStep, Phase, Shown, Submission};

/// Something worth showing while a run goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A phase begins, with this many probes to deal with.
    PhaseBegan {
        /// Which.
        phase: Phase,
        /// How many probes it deals with.
        probes: u64,
    },
    /// A flow came to an end.
    Answered {
        /// What it carried out.
        action: JourneyStep,
        /// With what answer.
        submission: Submission,
    },
    /// A record of ours was seen.
    Seen {
        /// Name of the waypoint.
        waypoint: String,
    },
    /// So many of the records waited for are settled: seen, or given up.
    Settled {
        /// Settled.
        done: u64,
        /// Waited for.
        of: u64,
    },
    /// A waypoint cannot be read (or can again).
    Sight {
        /// Name of the waypoint.
        waypoint: String,
        /// Why not; `None`: it can be read again.
        blind: Option<String>,
    },
    /// A file waits to be complete, or was damaged.
    File {
        /// Name of the waypoint.
        waypoint: String,
        /// What is the matter with it.
        message: String,
    },
    /// Something else that a person should know.
    Note(String),
    /// What was said and heard, for a listener who watches closely.
    Shown {
        /// Name of the waypoint; `None`: at the exchange.
        waypoint: Option<String>,
        /// What.
        shown: Shown,
    },
}

/// Hears the news; must return at once.
pub trait Listener: Send + Sync {
    /// Told once each.
    fn tell(&self, news: &News);

    /// Whether it is told all that is said and heard ([`News::Shown`]).
    fn watches_closely(&self) -> bool {
        false
    }
}

/// Hears and says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Listener for Silent {
    fn tell(&self, _news: &News) {}
}

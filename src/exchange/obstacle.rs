//! What kept a flow from its end, as far as several of them in a row say whether to go on.

use crate::net::{Error, Failure};

/// Why a flow was not accepted. A definite no to what was asked and a definite no to who asks are two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Who asks was refused: 401, 403, or a step that says one of the target's secrets was answered no.
    Denied,
    /// What was asked was refused.
    Refused,
    /// Nothing takes such a request: the step's address, method or form is not the exchange's.
    Misaddressed,
    /// An answer with this status, which says neither yes nor no.
    Answered(u16),
    /// An answer in which what the step looks for cannot be read: another page in its place, or another shape.
    Unreadable,
    /// A request went out, and no answer came.
    NoAnswer,
    /// No connection came about.
    NotConnected,
    /// The peer could not be verified, or speaks no TLS.
    Tls,
    /// The host is not in `allow_hosts`.
    NotAllowed,
    /// The step cannot be written as the target says: a template, an address, a header.
    Unwritable,
    /// The file could not be handed over, or nobody knows.
    NotHandedOver,
    /// The run, or its time, came to an end before the flow did: nobody's fault.
    Ended,
}

impl Obstacle {
    /// What a request without an answer means.
    pub(super) fn of(failure: &Failure) -> Self {
        match &failure.error {
            Error::Halted => Self::Ended,
            Error::NotAllowed { .. } | Error::LedAway { .. } => Self::NotAllowed,
            Error::NoToken { refused: true, .. } => Self::Denied,
            Error::NotTrusted { .. } | Error::NoAuthorities { .. } => Self::Tls,
            Error::BadAddress { .. } | Error::BadPart { .. } | Error::BadRedirect { .. } => Self::Unwritable,
            _ if failure.sent => Self::NoAnswer,
            _ => Self::NotConnected,
        }
    }

    /// Whether the target says something that no exchange could do: it has to be changed.
    pub fn is_of_target(self) -> bool {
        matches!(self, Self::Tls | Self::NotAllowed | Self::Unwritable)
    }

    /// Whether it is a definite no that says nothing of any household: the others would fare no better.
    pub fn is_to_nobody(self) -> bool {
        matches!(self, Self::Denied | Self::Misaddressed)
    }

    /// What happened, to follow "for five households in a row".
    pub fn happened(self) -> String {
        match self {
            Self::Denied => "the exchange refused to let us in".to_owned(),
            Self::Refused => "the exchange refused the application".to_owned(),
            Self::Misaddressed => "the exchange had nothing at the address of a step".to_owned(),
            Self::Answered(status) => format!("the exchange answered {status}"),
            Self::Unreadable => "the exchange's answer could not be read".to_owned(),
            Self::NoAnswer => "the exchange gave no answer".to_owned(),
            Self::NotConnected => "the exchange could not be reached".to_owned(),
            Self::Tls => "the exchange could not be verified".to_owned(),
            Self::NotAllowed => "`allow_hosts` forbids the exchange".to_owned(),
            Self::Unwritable => "the target's step could not be written".to_owned(),
            Self::NotHandedOver => "no file could be handed over".to_owned(),
            Self::Ended => "the run was being ended".to_owned(),
        }
    }

    /// What to do.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Denied => "check the user, password or token of the target",
            Self::Misaddressed => "correct the address, method or form of that step of the target",
            Self::Refused => "check what the target's steps say of a household: `johndoe show latest/0` has the answer",
            Self::Answered(429) => "it asks for fewer requests: lower `limits.rate` of the target, and try later",
            Self::Answered(_) => "it runs, and takes nothing now: ask those who run it, and try later",
            Self::Unreadable => {
                "see whether a login, a proxy or a maintenance page answers in its place, and what the step's `expect` and \
                 `capture` look for"
            }
            Self::NoAnswer => "ask those who run it what became of the requests, and look at the steps' `within`",
            Self::NotConnected => "does it run, and is `exchange.base_url` of the target its address?",
            Self::Tls => "check the address, and `ca_file` of the target",
            Self::NotAllowed => "add the host to `allow_hosts` of the target if it may be reached",
            Self::Unwritable => "mend that step of the target",
            Self::NotHandedOver => "check the folder that the target's `edi` step names",
            Self::Ended => "give it more time: a later `--deadline`, or none",
        }
    }
}

//! Whether a step may be sent again, and when.

use super::verdict::End;
use crate::target::Retry;
use std::time::Duration;

/// No pause is longer, whatever the far side asks for: the probe holds a place in flight meanwhile. None is shorter than what the
/// step says: a `Retry-After` of nothing, or of a moment gone by, asks for no pause and takes none away.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// How often a lost answer is asked for where the flow has an idempotency key and the step says nothing.
const KEYED: Retry = Retry { attempts: 3, pause: Duration::from_secs(1) };

/// What decides whether sending again is harmless.
#[derive(Debug, Clone, Copy)]
pub(super) struct Harm {
    /// The method changes nothing.
    pub(super) safe: bool,
    /// The far side knows a repetition by its idempotency key.
    pub(super) keyed: bool,
}

/// Whether the step may be sent again after this end without enrolling anybody twice.
pub(super) fn is_harmless(end: &End, harm: Harm) -> bool {
    match end {
        End::Held(_) | End::Done | End::Refused(_) | End::Declined(_) | End::Unreadable(_) => false,
        End::Unprocessed { .. } => true,
        End::Unsent { temporary, .. } => *temporary,
        End::Lost { transient, .. } => *transient && (harm.safe || harm.keyed),
    }
}

/// The repeats of a step: its own, or those of a flow with an idempotency key.
pub(super) fn repeats(own: Option<&Retry>, keyed: bool) -> Option<&Retry> {
    own.or(keyed.then_some(&KEYED))
}

/// The pause before attempt `next` (2 is the first repeat): doubling, unless the far side names one that is no shorter than the
/// step's own.
pub(super) fn pause(retry: &Retry, next: u32, retry_after: Option<Duration>) -> Duration {
    let doubled = retry.pause.saturating_mul(1_u32.checked_shl(next.saturating_sub(2)).unwrap_or(u32::MAX));
    let asked = retry_after.filter(|asked| !asked.is_zero());
    asked.map_or(doubled, |asked| asked.max(retry.pause)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::{Harm, is_harmless, pause};
    use crate::exchange::verdict::End;
    use crate::target::Retry;
    use std::time::Duration;

    #[test]
    fn a_lost_answer_is_asked_for_again_only_where_that_is_harmless() {
        let lost = End::Lost { reason: String::new(), transient: true, retry_after: None };
        assert!(!is_harmless(&lost, Harm { safe: false, keyed: false }));
        assert!(is_harmless(&lost, Harm { safe: true, keyed: false }));
        assert!(is_harmless(&lost, Harm { safe: false, keyed: true }));
        let refused = End::Refused(String::new());
        assert!(!is_harmless(&refused, Harm { safe: true, keyed: true }));
    }

    #[test]
    fn pauses_double_and_retry_after_wins_within_bounds() {
        let retry = Retry { attempts: 9, pause: Duration::from_secs(2) };
        let seconds = |next, after| pause(&retry, next, after).as_secs();
        assert_eq!([seconds(2, None), seconds(3, None), seconds(4, None)], [2, 4, 8]);
        assert_eq!(seconds(2, Some(Duration::from_secs(7))), 7);
        assert_eq!(seconds(99, None), 300);
        assert_eq!(seconds(2, Some(Duration::from_hours(1))), 300);
        assert_eq!(
            [2, 3, 4].map(|next| seconds(next, Some(Duration::ZERO))),
            [2, 4, 8],
            "nothing asked for is no pause"
        );
        assert_eq!(seconds(4, Some(Duration::from_millis(1))), 2);
    }
}

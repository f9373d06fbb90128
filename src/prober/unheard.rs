//! Answers that an earlier process did not live to hear: to files that it handed over, and at the end of enrollments that were taken.

use super::engine::Engine;
use super::tracked::Tracked;
use super::{Error, News};
use crate::exchange::{Heard, Unheard};
use crate::model::{Captures, Event, JourneyStep, ProbeIndex};
use futures_util::future::join_all;

/// Reads the acknowledgements that came while nobody listened, and writes down what they say. What nothing is said of stays in
/// doubt: it is looked for, and not sent again.
pub(super) async fn hear_unheard(engine: &Engine) -> Result<(), Error> {
    let unheard = |probe: ProbeIndex| {
        let (action, file, sent_at) = engine.with(probe, Tracked::unheard)??;
        let ago = (engine.now() - sent_at).to_std().unwrap_or_default();
        Some(Unheard { probe, action, file, ago })
    };
    let waiting = engine.probes_where(|tracked| tracked.unheard().is_some());
    let files: Vec<Unheard> = waiting.into_iter().filter_map(unheard).collect();
    if !files.is_empty() {
        let words = format!("reading what was answered to {} files handed over before", files.len());
        engine.listener.tell(&News::Note(words));
    }
    for Heard { probe, action, submission, reason } in engine.exchange.hear(&files).await {
        // an enrollment's answer replaces what was known: the sender's own ids stay
        let captures = match action {
            JourneyStep::ENROLL => engine.with(probe, Tracked::known).unwrap_or_default(),
            _ => Captures::default(),
        };
        let steps = Vec::new();
        engine.announce(vec![Event::Answered { probe, action, submission, reason, captures, steps }]).await?;
    }
    Ok(())
}

/// Asks for the end of every enrollment whose answer told an id and that was not heard of to its end. What nothing definite is said
/// of stays in doubt.
pub(super) async fn go_on_with_unanswered(engine: &Engine) -> Result<(), Error> {
    let is_open = |tracked: &Tracked| {
        tracked.acts.of(JourneyStep::ENROLL).is_some_and(|act| act.is_unanswered()) && tracked.unheard().is_none()
    };
    let open = engine.probes_where(is_open);
    let at_once = engine.target.limits.in_flight.max(1) as usize;
    for some in open.chunks(at_once) {
        if engine.halt.is_called() {
            break;
        }
        let ended = some.iter().map(|probe| async move {
            let context = engine.context(*probe);
            Some((*probe, engine.exchange.go_on(&context).await?))
        });
        for (probe, answered) in join_all(ended).await.into_iter().flatten() {
            let mut captures = engine.with(probe, Tracked::known).unwrap_or_default();
            captures.add(answered.captures);
            let (submission, reason, steps) = (answered.submission, answered.reason, answered.steps);
            let action = JourneyStep::ENROLL;
            engine.announce(vec![Event::Answered { probe, action, submission, reason, captures, steps }]).await?;
        }
    }
    Ok(())
}

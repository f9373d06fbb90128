//! Answers to files that an earlier process handed over and did not live to hear.

use super::engine::Engine;
use super::tracked::Tracked;
use super::{Error, News};
use crate::exchange::{Heard, Unheard};
use crate::model::{Captures, Event, LifeEvent, ProbeIndex};

/// Reads the acknowledgements that came while nobody listened, and writes down what they say. What nothing is said of stays in
/// doubt: it is looked for, and not sent again.
pub(super) async fn hear_unheard(engine: &Engine) -> Result<(), Error> {
    let unheard = |probe: ProbeIndex| {
        let (event, file, sent_at) = engine.with(probe, Tracked::unheard)??;
        let ago = (engine.now() - sent_at).to_std().unwrap_or_default();
        Some(Unheard { probe, event, file, ago })
    };
    let waiting = engine.probes_where(|tracked| tracked.unheard().is_some());
    let files: Vec<Unheard> = waiting.into_iter().filter_map(unheard).collect();
    if !files.is_empty() {
        let words = format!("reading what was answered to {} files handed over before", files.len());
        engine.listener.tell(&News::Note(words));
    }
    for Heard { probe, event: action, submission, reason } in engine.exchange.hear(&files).await {
        // an enrollment's answer replaces what was known: the sender's own ids stay
        let captures = match action {
            LifeEvent::Enroll => engine.with(probe, Tracked::known).unwrap_or_default(),
            LifeEvent::ChangeAddress | LifeEvent::Cancel => Captures::default(),
        };
        let steps = Vec::new();
        engine.announce(vec![Event::Answered { probe, action, submission, reason, captures, steps }]).await?;
    }
    Ok(())
}

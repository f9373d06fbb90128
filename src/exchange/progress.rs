//! A flow under way: what it has captured, how far it came, and what came of it.

use super::distrusted::Distrusted;
use super::earlier::Earlier;
use super::facts_of_probe::FactsOfProbe;
use super::known::Taken;
use super::obstacle::Obstacle;
use super::verdict::{End, Trail, may_enroll, verdict};
use crate::model::{Captures, Household, JourneyStep, StepTiming, Submission};
use crate::net::Session;
use crate::target::{self, Flow, FlowStep, Secrets, Turn};
use std::time::Duration;
use tokio::time::Instant;

/// Shorter cookies hold a language or a yes, and no session.
const SHORTEST_COOKIE: usize = 8;

/// No flow lasts longer, and no clock overflows.
const FOREVER: Duration = Duration::from_hours(24 * 365);

/// What a step came to, and what it took.
pub(super) struct Outcome {
    pub(super) end: End,
    /// Something may have reached the far side.
    pub(super) sent: bool,
    /// Something was sent and its answer lost.
    pub(super) lost: bool,
    pub(super) status: Option<u16>,
    pub(super) requests: u32,
    pub(super) obstacle: Option<Obstacle>,
}

/// How often the steps of `session` were run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LogIn {
    /// They are under way: they enroll nobody and carry no idempotency key.
    pub(super) is_under_way: bool,
    /// They were run once more, after a 401.
    pub(super) was_repeated: bool,
    /// A log-in that says whose it is was carried out, in this flow or in the one before whose cookies are at hand.
    pub(super) is_own: bool,
}

/// A flow under way for one probe.
pub(super) struct Progress<'a> {
    pub(super) flow: &'a Flow,
    pub(super) probe: FactsOfProbe,
    /// The step of the household's journey.
    pub(super) action: JourneyStep,
    /// What attempts before this one may have left.
    pub(super) earlier: Earlier,
    pub(super) began: Instant,
    /// The step under way, its place from 0.
    pub(super) at: usize,
    /// Whose turn it is, in a step that is carried out for each.
    pub(super) turn: Option<Turn>,
    /// It is written down that a step may commit.
    pub(super) commit_is_told: bool,
    pub(super) session: Session,
    pub(super) trail: Trail,
    pub(super) taken: Taken,
    /// What an answer told and nobody acts on.
    pub(super) distrusts: Option<Distrusted>,
    /// A step that creates or changes something of the household's was carried out.
    pub(super) created: bool,
    /// The latest step that was carried out of those without which nothing is done, its place from 0.
    pub(super) acted_at: Option<usize>,
    pub(super) log_in: LogIn,
    pub(super) steps: Vec<StepTiming>,
    pub(super) obstacle: Option<Obstacle>,
    pub(super) sent: bool,
    /// When the step before ended; at first, when the flow was intended to begin.
    pub(super) mark: Instant,
}

impl Progress<'_> {
    /// What was captured as secret, and every cookie: nothing says it.
    pub(super) fn hidden(&self) -> Secrets {
        secrets_of(&self.hidden_values())
    }

    /// The values of these.
    pub(super) fn hidden_values(&self) -> Vec<String> {
        let mut values: Vec<String> =
            self.session.cookies().filter(|v| v.len() >= SHORTEST_COOKIE).map(str::to_owned).collect();
        self.taken.secret.other.values().for_each(|value| texts(value, &mut values));
        values
    }

    /// What lets it in: every cookie, however short, and what was captured as secret.
    pub(super) fn given(&self) -> Vec<String> {
        let mut values: Vec<String> = self.session.cookies().map(str::to_owned).collect();
        self.taken.secret.other.values().for_each(|value| texts(value, &mut values));
        values
    }

    /// Whether it holds something that lets this household alone in: a cookie, or what an answer gave, and a log-in of its own before.
    /// Anybody has a cookie of a load balancer, and what a page gives to be sent back.
    pub(super) fn is_let_in(&self) -> bool {
        let has_something = self.session.cookies().next().is_some() || !self.taken.secret.other.is_empty();
        self.log_in.is_own && has_something
    }

    pub(super) fn note(&mut self, step: &FlowStep, outcome: &Outcome) {
        let now = Instant::now();
        let micros = u64::try_from(now.saturating_duration_since(self.mark).as_micros()).unwrap_or(u64::MAX);
        self.mark = now;
        let (step, ok) = (step.name.clone(), outcome.end.reason().is_none());
        self.steps.push(StepTiming { step, micros, status: outcome.status, ok, requests: outcome.requests });
    }

    /// The flow's end where a step could not even be written.
    pub(super) fn fail(&mut self, at: usize, reason: String) -> (Submission, String) {
        self.obstacle = Some(Obstacle::Unwritable);
        let end = End::Unsent { reason: reason.clone(), temporary: false };
        let enrolls = may_enroll(self.flow, at);
        let submission = verdict(&end, self.trail, enrolls, false);
        (self.earlier.mend(submission, &end, (enrolls, None)), reason)
    }

    /// The key of the request under way: each of its own, so that another request is not taken for its repetition.
    pub(super) fn key_of_step(&self, household: &Household) -> String {
        let turn = self.turn.map_or_else(String::new, |turn| format!("-{}", turn.mark(household)));
        format!("{}-{}-{}{turn}", self.probe.idempotency_key, self.action, self.at + 1)
    }

    /// When the exchange may have forgotten the keys of this flow.
    pub(super) fn key_is_known_until(&self) -> Instant {
        let past = self.earlier.may_be_committed.unwrap_or_default();
        self.began + self.flow.key_is_known_for.saturating_sub(past).min(FOREVER)
    }
}

/// Values that are to be hidden.
pub(super) fn secrets_of(values: &[String]) -> Secrets {
    Secrets::new(values.iter().map(String::as_str), &[])
}

/// Captures fit for the ledger: an exchange may echo what it was sent, or let us in by what it tells elsewhere too.
/// What is, or holds, a secret of the target is no id of anybody's, and is not kept at all.
pub(super) fn redacted(
    mut captures: Captures,
    (is_secret, clean): (impl Fn(&str) -> bool, impl Fn(&str) -> String),
) -> Captures {
    for facts in captures.groups.iter_mut().map(|group| &mut group.facts).chain(&mut captures.members) {
        let holds_one = |text: &str| is_secret(text) || clean(text) != text;
        let secret = facts.values().filter(|(_, value)| holds_one(&value.to_string()));
        let secret: Vec<_> = secret.map(|(field, _)| field).collect();
        for field in secret {
            facts.unset(field);
        }
    }
    captures.other.retain(|_, value| !target::text_of(value).is_some_and(|text| is_secret(&text)));
    for value in captures.other.values_mut() {
        let text = value.to_string();
        let clean = clean(&text);
        if clean != text {
            *value = serde_json::from_str(&clean).unwrap_or(serde_json::Value::String(clean));
        }
    }
    captures
}

/// Every text and number in a value.
pub(super) fn texts(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        serde_json::Value::Object(entries) => entries.values().for_each(|item| texts(item, into)),
        other => into.extend(target::text_of(other)),
    }
}

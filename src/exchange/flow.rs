//! A flow: its steps in order, to a verdict.

use super::again::Harm;
use super::capture::take;
use super::compose::compose;
use super::facts_of_probe::{FactsOfProbe, Reader};
use super::hand_over::{Desks, Office};
use super::step::Attempts;
use super::verdict::{End, Trail, is_safe, may_enroll, verdict};
use crate::model::{Captures, LifeEvent, StepTiming, Submission};
use crate::net::{Door, Session};
use crate::target::{self, Context, Flow, FlowStep, HandOver, RequestStep, StepKind, Target};
use std::sync::Arc;
use tokio::time::Instant;

/// Carries out events at one exchange. Clones share connections.
#[derive(Debug, Clone)]
pub struct Exchange {
    door: Door,
    settings: Arc<target::Exchange>,
    reader: Arc<Reader>,
    /// Where files are handed over; `None`: nowhere.
    desks: Option<Arc<Desks>>,
}

/// What a flow came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The verdict.
    pub submission: Submission,
    /// Why it was not accepted, in words without secrets; `None` where it was.
    pub reason: Option<String>,
    /// What was captured, also by the steps before the one that failed: it helps to look for the record.
    pub captures: Captures,
    /// The steps that were carried out, in order.
    pub steps: Vec<StepTiming>,
}

/// What a step came to, and what it took.
struct Outcome {
    end: End,
    /// Something may have reached the far side.
    sent: bool,
    /// Something was sent and its answer lost.
    lost: bool,
    status: Option<u16>,
    requests: u32,
}

/// A flow under way for one probe.
struct Progress<'a> {
    flow: &'a Flow,
    probe: FactsOfProbe,
    idempotency_key: String,
    event: LifeEvent,
    session: Session,
    trail: Trail,
    captures: Captures,
    steps: Vec<StepTiming>,
    /// When the step before ended; at first, when the flow was intended to begin.
    mark: Instant,
}

impl Exchange {
    /// The target's exchange, reached through the door. It hands no file over: for that it needs an office.
    pub fn new(door: Door, target: &Target) -> Self {
        Self { door, settings: Arc::new(target.exchange.clone()), reader: Arc::new(Reader::new()), desks: None }
    }

    /// The same, with what steps need that hand over an 834. Call it where the flows will run: folders behind SFTP are asked
    /// on this runtime.
    #[must_use]
    pub fn with_office(self, office: Office, target: &Target) -> Self {
        let desks = Some(Arc::new(Desks::new(office, &self.door, target)));
        Self { desks, ..self }
    }

    /// Whether the target says how this event is carried out.
    pub fn can(&self, event: LifeEvent) -> bool {
        self.settings.flows.contains_key(&event)
    }

    /// Carries out an event for the probe in `ctx`. The first step's latency counts from `intended_at`. Never fails: what
    /// goes wrong is the verdict, by these rules: a definite no is `rejected`; a request that may enroll and got no
    /// trustworthy answer is `indeterminate`; before any such request the flow is `unsent`.
    pub async fn carry_out(&self, event: LifeEvent, ctx: &Context, intended_at: Instant) -> Answered {
        let Some(flow) = self.settings.flows.get(&event) else {
            let reason = Some(format!("the target has no flow for `{event}`"));
            return Answered {
                submission: Submission::Unsent,
                reason,
                captures: Captures::default(),
                steps: Vec::new(),
            };
        };
        let probe = self.reader.read(ctx);
        let mut progress = Progress {
            flow,
            idempotency_key: idempotency_key(&probe, event),
            event,
            session: self.door.session(probe.trace()),
            probe,
            trail: Trail::default(),
            captures: Captures::default(),
            steps: Vec::with_capacity(flow.steps.len()),
            mark: intended_at,
        };
        let ended = self.steps(&mut progress, ctx).await;
        let (submission, reason) = ended.err().unwrap_or((Submission::Accepted, String::new()));
        let reason = (submission != Submission::Accepted).then(|| self.door.redact(&reason));
        Answered { submission, reason, captures: self.redacted(progress.captures), steps: progress.steps }
    }

    /// Captures fit for the ledger: an exchange may echo what it was sent.
    fn redacted(&self, mut captures: Captures) -> Captures {
        for value in captures.other.values_mut() {
            let text = value.to_string();
            let clean = self.door.redact(&text);
            if clean != text {
                *value = serde_json::from_str(&clean).unwrap_or(serde_json::Value::String(clean));
            }
        }
        captures
    }

    async fn steps(&self, progress: &mut Progress<'_>, base: &Context) -> Result<(), (Submission, String)> {
        let flow = progress.flow;
        let mut ctx = base.clone();
        for (at, step) in flow.steps.iter().enumerate() {
            if !is_wanted(step, &ctx).map_err(|reason| progress.fail(step, at, reason))? {
                continue;
            }
            self.step(progress, at, step, &ctx).await?;
            // Putting what is known together again is the dearest part of a step: only where a later step may ask for more.
            if captures_something(step) && at + 1 < flow.steps.len() {
                ctx = base.with_captures(&progress.captures);
            }
        }
        Ok(())
    }

    async fn step(
        &self,
        progress: &mut Progress<'_>,
        at: usize,
        step: &FlowStep,
        ctx: &Context,
    ) -> Result<(), (Submission, String)> {
        let outcome = match &step.kind {
            StepKind::Request(request) => self.request(progress, (step, request), ctx).await,
            StepKind::HandOver(hand_over) => self.hand_over(progress, (at, step, hand_over), ctx).await,
        };
        let outcome = outcome.map_err(|reason| progress.fail(step, at, reason))?;
        progress.note(step, &outcome);
        let Outcome { end, sent, lost, .. } = outcome;
        let enrolls = may_enroll(progress.flow, at) && sent;
        progress.trail.touched |= enrolls && lost;
        let submission = verdict(&end, progress.trail, enrolls, is_safe(step));
        progress.trail.touched |= enrolls;
        if let Some(reason) = end.reason() {
            return Err((submission, reason.to_owned()));
        }
        progress.trail.committed |= step.commits == Some(true);
        Ok(())
    }

    /// `Err` where the request cannot even be written.
    async fn request(
        &self,
        progress: &mut Progress<'_>,
        (step, request): (&FlowStep, &RequestStep),
        ctx: &Context,
    ) -> Result<Outcome, String> {
        let key = progress.flow.idempotency_header.as_deref().map(|name| (name, progress.idempotency_key.as_str()));
        let harm = Harm { safe: is_safe(step), keyed: key.is_some() };
        let composed = compose(&self.settings, request, ctx, key).map_err(|e| format!("{}: {e}", step.name))?;
        let mut attempts = Attempts::new(&step.name, request, ctx, harm);
        let mut end = attempts.run(&mut progress.session, &composed).await;
        if let End::Held(answer) = &end {
            let missing = take(&request.captures, answer, &progress.probe, &mut progress.captures);
            end = lacking(step, &missing).unwrap_or(end);
        }
        let Attempts { sent, lost, status, requests, .. } = attempts;
        Ok(Outcome { end, sent, lost, status, requests })
    }

    async fn hand_over(
        &self,
        progress: &mut Progress<'_>,
        (at, step, hand_over): (usize, &FlowStep, &HandOver),
        ctx: &Context,
    ) -> Result<Outcome, String> {
        let desks = self.desks.as_ref().ok_or_else(|| format!("{}: no file can be handed over here", step.name))?;
        let carried = desks.hand_over((progress.event, at, hand_over), ctx).await;
        progress.captures.add(carried.own);
        let end = carried.end.named(&step.name);
        let lost = matches!(end, End::Lost { .. });
        Ok(Outcome { end, sent: carried.sent, lost, status: None, requests: u32::from(carried.sent) })
    }
}

impl Progress<'_> {
    fn note(&mut self, step: &FlowStep, outcome: &Outcome) {
        let now = Instant::now();
        let micros = u64::try_from(now.saturating_duration_since(self.mark).as_micros()).unwrap_or(u64::MAX);
        self.mark = now;
        let (step, ok) = (step.name.clone(), outcome.end.reason().is_none());
        self.steps.push(StepTiming { step, micros, status: outcome.status, ok, requests: outcome.requests });
    }

    /// The flow's end where a step could not even be written.
    fn fail(&self, step: &FlowStep, at: usize, reason: String) -> (Submission, String) {
        let end = End::Unsent { reason: reason.clone(), temporary: false };
        (verdict(&end, self.trail, may_enroll(self.flow, at), is_safe(step)), reason)
    }
}

/// The key of this probe and event: a repeated enrollment is known as such, and a cancellation is not taken for one.
fn idempotency_key(probe: &FactsOfProbe, event: LifeEvent) -> String {
    match event {
        LifeEvent::Enroll => probe.idempotency_key.clone(),
        LifeEvent::ChangeAddress | LifeEvent::Cancel => format!("{}-{event}", probe.idempotency_key),
    }
}

/// Whether the step's `when` holds.
fn is_wanted(step: &FlowStep, ctx: &Context) -> Result<bool, String> {
    let Some(when) = &step.when else { return Ok(true) };
    when.holds(ctx).map_err(|e| format!("{}: `when` cannot be told: {e}", step.name))
}

/// Whether later steps may ask for more than before.
fn captures_something(step: &FlowStep) -> bool {
    match &step.kind {
        StepKind::Request(request) => !request.captures.is_empty(),
        StepKind::HandOver(hand_over) => !hand_over.facts.is_empty(),
    }
}

/// An answer that lacks what the flow must know is none that can be trusted.
fn lacking(step: &FlowStep, missing: &[String]) -> Option<End> {
    if missing.is_empty() {
        return None;
    }
    let reason = format!("{}: the answer has no `{}`", step.name, missing.join("`, `"));
    Some(End::Lost { reason, transient: false, retry_after: None })
}

//! A flow: its steps in order, to a verdict.

use super::earlier::Earlier;
use super::facts_of_probe::{FactsOfProbe, Reader};
use super::hand_over::{Desks, Office};
use super::jars::Jars;
use super::known::{Known, Taken};
use super::obstacle::Obstacle;
use super::progress::{LogIn, Outcome, Progress, redacted};
use super::route::Routes;
use super::shared::Shared;
use super::verdict::{End, Trail, is_doubtful_no, is_safe, may_enroll, verdict};
use crate::model::{Captures, JourneyStep, LifeEvent, Portion, ProbeIndex, StepTiming, Submission, Witness};
use crate::net::{Door, Session};
use crate::target::{self, Context, Each, Flow, FlowStep, HandOver, StepKind, Target, Turn};
use std::sync::Arc;
use tokio::time::Instant;

/// Carries out events at one exchange. Clones share connections.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub(super) door: Door,
    pub(super) settings: Arc<target::Exchange>,
    reader: Arc<Reader>,
    /// Where files are handed over, and where it is written down that a step may commit; `None`: nowhere.
    desks: Option<Arc<Desks>>,
    /// What each household was let in by, from one of its flows to the next.
    jars: Arc<Jars>,
    /// What several were told alike.
    pub(super) shared: Arc<Shared>,
    /// The steps that ask at the right place, as far as is known.
    pub(super) routes: Arc<Routes>,
    /// Who is told of each step; `None`: nobody.
    pub(super) witness: Option<Arc<dyn Witness>>,
    /// An enrollment ends after so many steps; `None`: after its last.
    last_step: Option<usize>,
}

/// What a flow came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The verdict.
    pub submission: Submission,
    /// Why it was not accepted, or why what it told is used by nothing, in words without secrets.
    pub reason: Option<String>,
    /// What was captured, also by the steps before the one that failed: it helps to look for the record.
    pub captures: Captures,
    /// The steps that were carried out, in order.
    pub steps: Vec<StepTiming>,
    /// What kind of trouble kept it from being accepted; `None` where it was.
    pub obstacle: Option<Obstacle>,
    /// Whether anything may have left: a request that some peer took, a file that may lie where it was put.
    pub sent: bool,
}

impl Exchange {
    /// The target's exchange, reached through the door. It hands no file over: for that it needs an office.
    pub fn new(door: Door, target: &Target) -> Self {
        let settings = Arc::new(target.exchange.clone());
        let (reader, jars, shared) = (Arc::new(Reader::new()), Arc::default(), Arc::default());
        let routes = Arc::default();
        Self { door, settings, reader, desks: None, jars, shared, routes, witness: None, last_step: None }
    }

    /// The same, where each step is shown to a witness.
    #[must_use]
    pub fn witnessed_by(self, witness: Option<Arc<dyn Witness>>) -> Self {
        Self { witness, ..self }
    }

    /// The same, where an enrollment ends after so many of its steps.
    #[must_use]
    pub fn up_to(self, last_step: Option<usize>) -> Self {
        Self { last_step, ..self }
    }

    /// The same, with what steps need that hand over an 834. Call it where the flows will run: folders behind SFTP are asked
    /// on this runtime.
    #[must_use]
    pub fn with_office(self, office: Office, target: &Target) -> Self {
        let desks = Some(Arc::new(Desks::new(office, &self.door, target)));
        Self { desks, ..self }
    }

    /// How an event is carried out.
    pub(super) fn flow(&self, event: LifeEvent) -> Option<&Flow> {
        self.settings.flows.get(&event)
    }

    /// Where files are handed over.
    pub(super) fn desks(&self) -> Option<&Desks> {
        self.desks.as_deref()
    }

    /// Notes what an earlier process was told of a household: what several were told alike is nobody's own.
    pub fn note_told(&self, household: ProbeIndex, captures: &Captures) {
        self.shared.note(household, captures);
    }

    /// A text without the target's secrets.
    pub fn redact(&self, text: &str) -> String {
        self.door.redact(text)
    }

    /// Whether anybody takes connections where its steps ask; an exchange that is only handed files is always there.
    pub async fn is_there(&self) -> bool {
        self.settings.base_url.is_empty() || self.door.finds(&self.settings.base_url).await
    }

    /// Whether the target says how this event is carried out.
    pub fn can(&self, event: LifeEvent) -> bool {
        self.settings.flows.contains_key(&event)
    }

    /// Carries out an event for the probe in `ctx`. The first step's latency counts from `intended_at`. Never fails: what
    /// goes wrong is the verdict, by these rules: a definite no is `rejected`; a request that may enroll and got no
    /// trustworthy answer is `indeterminate`; before any such request the flow is `unsent`.
    ///
    /// Once the door's halt is called, nothing more is sent for a flow of which nothing is done yet; one that may have
    /// enrolled somebody goes on within the grace, so that what it did is known.
    pub async fn carry_out(&self, action: impl Into<JourneyStep>, ctx: &Context, intended_at: Instant) -> Answered {
        self.carry_out_again(action, ctx, (intended_at, Earlier::default())).await
    }

    /// The same, where attempts before this one may have left something. Before the first step that may enroll it is written
    /// down, durably, that it may.
    pub async fn carry_out_again(
        &self,
        action: impl Into<JourneyStep>,
        ctx: &Context,
        (intended_at, earlier): (Instant, Earlier),
    ) -> Answered {
        let action = action.into();
        let Some(flow) = self.flow(action.event) else {
            let reason = Some(format!("the target has no flow for `{}`", action.event));
            return Answered {
                submission: Submission::Unsent,
                reason,
                captures: Captures::default(),
                steps: Vec::new(),
                obstacle: Some(Obstacle::Unwritable),
                sent: false,
            };
        };
        let mut progress = self.begin(flow, action, ctx, (intended_at, earlier));
        let ended = self.steps(&mut progress, ctx).await;
        let answered = self.end(progress, ended, ctx);
        self.tell_end(action, &answered);
        answered
    }

    /// A flow before its first step.
    pub(super) fn begin<'a>(
        &self,
        flow: &'a Flow,
        action: JourneyStep,
        ctx: &Context,
        (intended_at, earlier): (Instant, Earlier),
    ) -> Progress<'a> {
        self.shared.note(ctx.household().index, ctx.captures());
        let probe = self.reader.read(ctx);
        let (session, is_own) = self.session(action.event, ctx, &probe);
        Progress {
            flow,
            action,
            earlier,
            began: Instant::now(),
            at: 0,
            turn: None,
            commit_is_told: false,
            session,
            probe,
            trail: Trail::default(),
            taken: Taken::default(),
            distrusts: None,
            created: false,
            acted_at: None,
            log_in: LogIn { is_own, ..LogIn::default() },
            steps: Vec::with_capacity(flow.steps.len()),
            obstacle: None,
            sent: false,
            mark: intended_at,
        }
    }

    /// What a flow came to that ended like this.
    pub(super) fn end(
        &self,
        mut progress: Progress<'_>,
        ended: Result<(), (Submission, String)>,
        ctx: &Context,
    ) -> Answered {
        let (submission, reason) = ended.err().unwrap_or((Submission::Accepted, String::new()));
        let hidden = progress.hidden();
        let clean = |text: &str| hidden.redact(&self.door.redact(text));
        let distrusts = progress.distrusts.take().and_then(|distrusts| distrusts.words(&progress.taken));
        let reason = Some(reason).filter(|_| submission != Submission::Accepted).into_iter().chain(distrusts);
        let reason = reason.reduce(|reason, distrusts| format!("{reason}; {distrusts}")).map(|reason| clean(&reason));
        let obstacle = progress.obstacle.filter(|_| submission != Submission::Accepted);
        let captures = redacted(progress.taken.kept, (|text| self.door.is_secret(text), &clean));
        self.jars.keep(
            (progress.action.event, submission),
            ctx.household().index,
            (progress.session, progress.log_in.is_own),
        );
        Answered { submission, reason, captures, steps: progress.steps, obstacle, sent: progress.sent }
    }

    /// The household's session: where no `session` logs it in anew, with the cookies of its flow before.
    fn session(&self, event: LifeEvent, ctx: &Context, probe: &FactsOfProbe) -> (Session, bool) {
        let session = self.door.session(probe.trace());
        let goes_on = event != LifeEvent::Enroll && self.settings.session.is_empty();
        if goes_on { self.jars.take_up(ctx.household().index, session) } else { (session, false) }
    }

    async fn steps(&self, progress: &mut Progress<'_>, base: &Context) -> Result<(), (Submission, String)> {
        let flow = progress.flow;
        self.log_in(progress, base).await.map_err(|reason| (Submission::Unsent, reason))?;
        let mut ctx = progress.taken.known(base);
        for (at, step) in flow.steps.iter().enumerate() {
            self.turns(progress, (at, step), (base, &mut ctx)).await?;
            self.check_last(progress, at)?;
        }
        let has_act = (0..flow.steps.len()).any(|at| is_wanted_act(progress, at));
        if progress.steps.is_empty() || has_act && progress.acted_at.is_none() {
            let what = if has_act { "step that acts" } else { "step" };
            let reason = format!("no {what} of `{}` was carried out: `when` holds for none", progress.action.event);
            return Err((Submission::Unsent, reason));
        }
        Ok(())
    }

    /// Whether an enrollment ends before any step that may enroll somebody.
    pub fn enrolls_nobody(&self) -> bool {
        let flow = self.flow(LifeEvent::Enroll);
        let ends_before = |last: usize| flow.is_some_and(|flow| (0..last).all(|at| !may_enroll(flow, at)));
        self.last_step.is_some_and(ends_before)
    }

    /// Ends an enrollment after the step that was asked for. What may be enrolled by then is looked for and taken out.
    fn check_last(&self, progress: &mut Progress<'_>, at: usize) -> Result<(), (Submission, String)> {
        let is_last = progress.action.event == LifeEvent::Enroll && self.last_step == Some(at + 1);
        if !is_last || at + 1 >= progress.flow.steps.len() {
            return Ok(());
        }
        progress.obstacle = Some(Obstacle::Ended);
        let may_be_in = progress.trail.touched || progress.trail.committed;
        let submission = if may_be_in { Submission::Indeterminate } else { Submission::Unsent };
        Err((submission, format!("it ends after step {}, as was asked", at + 1)))
    }

    /// Runs the steps of `session` before a flow that comes after the enrollment: what the enrollment's flow was let in by
    /// ended with it, and another process may carry this one out. Nothing of the flow itself was sent where it fails.
    async fn log_in(&self, progress: &mut Progress<'_>, base: &Context) -> Result<(), String> {
        if progress.action.event == LifeEvent::Enroll {
            return Ok(());
        }
        progress.log_in.is_under_way = true;
        for step in &self.settings.session {
            let ctx = progress.taken.known(base);
            if let StepKind::Request(request) = &step.kind
                && is_wanted(step, &ctx)?
            {
                let outcome = self.request(progress, (step, request), (&ctx, step.acts())).await?;
                progress.note(step, &outcome);
                if let Some(reason) = outcome.end.reason() {
                    progress.obstacle = outcome.obstacle.filter(|obstacle| *obstacle == Obstacle::Ended);
                    return Err(format!("`session`: {reason}"));
                }
            }
        }
        progress.log_in.is_under_way = false;
        Ok(())
    }

    /// Runs the steps of `session` once more where a later flow's step was answered 401: what it was let in by has run out, and
    /// nothing was done. `None`: the step's end stands.
    pub(super) async fn let_in_again(&self, progress: &mut Progress<'_>, base: &Context) -> Option<()> {
        let has_run_out = progress.steps.last().is_some_and(|step| step.status == Some(401));
        let may = progress.action.event != LifeEvent::Enroll
            && !self.settings.session.is_empty()
            && !progress.log_in.was_repeated;
        if !has_run_out || !may {
            return None;
        }
        progress.log_in.was_repeated = true;
        self.log_in(progress, base).await.ok()
    }

    /// Carries out one step of the flow, where it is wanted, with what is known by now.
    pub(super) async fn step_at(
        &self,
        progress: &mut Progress<'_>,
        at: usize,
        base: &Context,
    ) -> Result<(), (Submission, String)> {
        let Some(step) = progress.flow.steps.get(at) else { return Ok(()) };
        let mut known = progress.taken.known(base);
        self.turns(progress, (at, step), (base, &mut known)).await
    }

    /// Does what the step says. `Err` where it cannot even be written.
    async fn ask_or_hand_over(
        &self,
        progress: &mut Progress<'_>,
        (at, step): (usize, &FlowStep),
        known: &Known,
    ) -> Result<Outcome, String> {
        match &step.kind {
            StepKind::Request(request) => {
                let acts = progress.flow.acts_at(progress.action.event, at);
                let asked = self.request(progress, (step, request), (known, acts)).await;
                if let Err(reason) = &asked {
                    self.tell_other(progress, step, &format!("! it was not sent: {reason}"));
                }
                asked
            }
            StepKind::HandOver(hand_over) => {
                let handed_over = self.hand_over(progress, (at, step, hand_over), &known.proved).await;
                let end = handed_over.as_ref().map(|outcome| outcome.end.reason()).map_err(String::as_str);
                self.tell_other(progress, step, end.unwrap_or_else(Some).unwrap_or("an 834 was handed over"));
                handed_over
            }
        }
    }

    pub(super) async fn step(
        &self,
        progress: &mut Progress<'_>,
        at: usize,
        step: &FlowStep,
        known: &Known,
    ) -> Result<(), (Submission, String)> {
        let may_enroll = may_enroll(progress.flow, at);
        // a file is written down with its ids before it goes out, which says the same
        let is_told_by_its_file =
            matches!(step.kind, StepKind::HandOver(_)) && progress.taken.kept == Captures::default();
        if may_enroll && !is_told_by_its_file {
            self.tell_commit(progress, &known.proved).await.map_err(|reason| {
                let failed = progress.fail(at, format!("{}: {reason}", step.name));
                progress.obstacle = None;
                failed
            })?;
        }
        let outcome = self.ask_or_hand_over(progress, (at, step), known).await;
        let outcome = outcome.map_err(|reason| progress.fail(at, reason))?;
        progress.note(step, &outcome);
        let Outcome { end, sent, lost, obstacle, status, .. } = outcome;
        progress.sent |= sent;
        if is_wanted_act(progress, at) {
            progress.acted_at = Some(at);
        }
        progress.obstacle = obstacle;
        let enrolls = may_enroll && sent;
        progress.trail.touched |= enrolls && lost;
        let denied = obstacle.is_some_and(Obstacle::is_to_nobody);
        let submission = verdict(&end, progress.trail, enrolls, denied);
        let submission = progress.earlier.mend(submission, &end, (may_enroll, status));
        let is_doubtful =
            progress.flow.acts_at(progress.action.event, at) && is_doubtful_no(progress.action.event, &end, status);
        let submission = if is_doubtful { Submission::Indeterminate } else { submission };
        progress.trail.touched |= enrolls;
        if let Some(reason) = end.reason() {
            return Err((submission, reason.to_owned()));
        }
        // where no step says that it commits, what was created or told an id may be the enrollment; and whatever a later flow was
        // answered yes to may be a part of what it is for
        let is_later = progress.action.event != LifeEvent::Enroll;
        let may_exist = enrolls && (status == Some(201) || captures_something(step) || is_later && step.acts());
        progress.trail.committed |= step.commits == Some(true) || may_exist && !progress.flow.says_what_commits();
        let goes_on = at + 1 < progress.flow.steps.len() || progress.turn.is_some_and(Turn::goes_on);
        if enrolls && goes_on && captures_something(step) {
            // what it told is kept at once: whoever goes on after a crash asks by it, and takes out by it
            self.write_down(progress, Portion::default(), &known.proved)
                .await
                .map_err(|reason| progress.fail(at, reason))?;
        }
        Ok(())
    }

    /// Writes down, once, that the next step may enroll, and what was captured so far.
    async fn tell_commit(&self, progress: &mut Progress<'_>, ctx: &Context) -> Result<(), String> {
        let turn = progress.turn.filter(|turn| turn.each == Each::Groups);
        let line = turn.and_then(|turn| ctx.household().lines.get(turn.index).copied());
        if progress.commit_is_told && line.is_none() {
            return Ok(());
        }
        let portion = Portion { is_one_of_several: enrolling_requests(progress.flow, ctx) > 1, line };
        self.write_down(progress, portion, ctx).await?;
        progress.commit_is_told = true;
        Ok(())
    }

    /// Writes down what an enrollment captured so far. What that takes is not the exchange's time.
    async fn write_down(&self, progress: &mut Progress<'_>, portion: Portion, ctx: &Context) -> Result<(), String> {
        let Some(desks) = self.desks().filter(|_| progress.action.event == LifeEvent::Enroll) else { return Ok(()) };
        let began = Instant::now();
        let hidden = progress.hidden();
        let clean = |text: &str| hidden.redact(&self.door.redact(text));
        let captures = redacted(progress.taken.kept.clone(), (|text| self.door.is_secret(text), clean));
        desks.register().committing(ctx.household().index, (progress.action, portion), captures).await?;
        progress.mark += began.elapsed();
        Ok(())
    }

    async fn hand_over(
        &self,
        progress: &mut Progress<'_>,
        (at, step, hand_over): (usize, &FlowStep, &HandOver),
        ctx: &Context,
    ) -> Result<Outcome, String> {
        let desks = self.desks.as_ref().ok_or_else(|| format!("{}: no file can be handed over here", step.name))?;
        let carried = desks.hand_over((progress.action, at, hand_over), ctx).await;
        progress.taken.kept.add(carried.own);
        let end = carried.end.named(&step.name);
        progress.created |= end.reason().is_none();
        let lost = matches!(end, End::Lost { .. });
        let obstacle = match end {
            End::Refused(_) => Obstacle::Refused,
            End::Lost { .. } | End::Unsent { .. } if self.door.halt().is_called() => Obstacle::Ended,
            End::Lost { .. } => Obstacle::NoAnswer,
            _ => Obstacle::NotHandedOver,
        };
        let (sent, requests) = (carried.sent, u32::from(carried.sent));
        Ok(Outcome { end, sent, lost, status: None, requests, obstacle: Some(obstacle) })
    }
}

/// Whether the step's `when` holds.
pub(super) fn is_wanted(step: &FlowStep, known: &Known) -> Result<bool, String> {
    let Some(when) = &step.when else { return Ok(true) };
    when.holds(&known.passing).map_err(|e| format!("{}: `when` cannot be told: {e}", step.name))
}

/// Whether later steps may ask for more than before.
pub(super) fn captures_something(step: &FlowStep) -> bool {
    match &step.kind {
        StepKind::Request(request) => !request.captures.is_empty(),
        StepKind::HandOver(hand_over) => !hand_over.facts.is_empty(),
    }
}

/// Whether the step at this place is one of those without which nothing was done: of an enrollment those that commit, where some say so.
fn is_wanted_act(progress: &Progress<'_>, at: usize) -> bool {
    match progress.action.event {
        LifeEvent::Enroll => progress.flow.commits_at(at),
        event => progress.flow.acts_at(event, at),
    }
}

/// How many requests of a flow may enroll this household or somebody of it. One of which nobody knows yet whether it is wanted counts.
fn enrolling_requests(flow: &Flow, ctx: &Context) -> usize {
    let acts = |(at, step): &(usize, &FlowStep)| {
        may_enroll(flow, *at) && (!is_safe(step) || step.commits == Some(true)) && !step.reads()
    };
    let is_told = |name: &String| flow.steps.iter().flat_map(FlowStep::captures).any(|capture| capture.name == *name);
    let never = |step: &FlowStep, ctx: &Context| {
        let Some(when) = &step.when else { return false };
        let is_known = || when.names().iter().all(|name| ctx.knows(name) || !is_told(name));
        is_known() && when.holds(ctx).is_ok_and(|holds| !holds)
    };
    let turns = |(_, step): (usize, &FlowStep)| {
        let turns = Turn::all(step.each, ctx).into_iter();
        turns.filter(|turn| !never(step, &turn.map_or_else(|| ctx.clone(), |turn| turn.bind(ctx)))).count()
    };
    flow.steps.iter().enumerate().filter(acts).map(turns).sum()
}

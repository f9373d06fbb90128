//! Setting a run up: a new one, or one that an earlier process left.

use super::engine::{Engine, State, locked};
use super::epoch::Epoch;
use super::first_byte::FirstByte;
use super::flights::Flights;
use super::folders::Folder;
use super::look_ups::LookUps;
use super::met::Listed;
use super::pace::Pacer;
use super::phases::{Done, set_alarm};
use super::register::{InLedger, UnderWay};
use super::relay::Relay;
use super::tried::try_all;
use super::turns::Turns;
use super::watch::Waypoints;
use super::{Error, Job, Listener, News, run_plan};
use crate::clock::Clock;
use crate::exchange::{Exchange, Obstacle, Office};
use crate::generator::Generator;
use crate::issuer::{EdiFolderFeed, EligibilityFeed, Holds, JsonApiFeed, ListFeed, ProbeFeed};
use crate::ledger::{Ledger, Recorder, RunLock, TakenOver};
use crate::model::{
    Change, Destination, Entry, Event, GeneratorVersion, Given, Names, ProbeIndex, RunId, RunPlan, hex,
};
use crate::net::{Door, Halt};
use crate::reconcile::Roster;
use crate::target::{Directory, EdiFolder, Feed, Poll, Waypoint};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What the ledger calls files, and name and digest of those that were read at a waypoint.
type Files<'a> = (&'a Names, BTreeSet<(String, String)>);

/// Says what sends the requests, on every one of them.
pub const USER_AGENT: &str =
    concat!("johndoe/", env!("CARGO_PKG_VERSION"), " (synthetic enrollment probe; not a real person)");

/// One run, set up: ready to go through its phases.
pub struct Prober {
    pub(super) engine: Arc<Engine>,
    pub(super) waypoints: Waypoints,
    pub(super) done: Done,
    /// The harness stopped itself: nothing new is sent, and those who were enrolled are taken out.
    pub(super) safety_stop: AtomicBool,
    /// So long at most is waited for what waypoints are to show; `None`: as their limits say.
    pub(super) patience: Option<Duration>,
    /// Whether people are being taken out: from then on nothing cuts that short but a stop.
    pub(super) takes_out: Mutex<bool>,
    /// When this process took the run up: a deadline counts from here where nothing was sent before.
    pub(super) taken_up: Instant,
    /// When the run's first flow was begun by a process before, where one was.
    pub(super) first_sent_at: Option<DateTime<Utc>>,
    /// Held while this process drives the run.
    _lock: RunLock,
}

/// What the engine is given from outside.
#[derive(Clone)]
pub struct Surroundings {
    /// Wall time: read once when a run is taken up. What is done to it later moves nothing.
    pub clock: Arc<dyn Clock>,
    /// Hears the news.
    pub listener: Arc<dyn Listener>,
    /// Cancelled, it ends the run early and leaves the ledger whole.
    pub stop: CancellationToken,
}

impl Prober {
    /// Sets up a new run: refused where scenario and target do not fit; written down before anything is sent. Complete
    /// files that lie at folder waypoints now are older than the run and never read; a folder that will not let us in ends it here.
    pub async fn begin(job: &Job, ledger: Box<dyn Ledger>, around: &Surroundings) -> Result<Self, Error> {
        Self::begin_within(None, job, ledger, around).await
    }

    /// The same, where the first look at folders ends when this time is up.
    pub async fn begin_within(
        deadline: Option<Duration>,
        job: &Job,
        mut ledger: Box<dyn Ledger>,
        around: &Surroundings,
    ) -> Result<Self, Error> {
        let plan = begun(job, &mut *ledger, around)?;
        let taken = ledger.take_over(&plan.run)?;
        Self::assemble(job, taken, (ledger, around), deadline).await
    }

    /// The same of households that are given, and not drawn: as many as the job's scenario counts, each under a new identity. They
    /// are written down as planned before anything is sent, so that whoever goes on with the run knows them.
    pub async fn begin_given(
        given: &[Given],
        job: &Job,
        mut ledger: Box<dyn Ledger>,
        around: &Surroundings,
    ) -> Result<Self, Error> {
        let plan = begun(job, &mut *ledger, around)?;
        let lock = ledger.claim(&plan.run)?;
        ledger.write_under(lock.claim().clone());
        ledger.append(&planned(given, job, (&plan, around.clock.now())))?;
        drop(lock);
        let taken = ledger.take_over(&plan.run)?;
        Self::assemble(job, taken, (ledger, around), None).await
    }

    /// Looks into every folder for the first time, and asks every system, before anything is sent. What a deadline cuts off is not
    /// waited for: nobody is sent after it.
    async fn baseline(&self, deadline: Option<Duration>) -> Result<(), Error> {
        let _alarm = deadline.map(|deadline| set_alarm(deadline, self.engine.halt.clone()));
        self.engine.begin_epoch().await?;
        let Err(error) = self.look_at_waypoints().await else { return Ok(()) };
        if self.engine.halt.is_called() {
            return Ok(());
        }
        if self.engine.exchange.enrolls_nobody() {
            self.engine.listener.tell(&News::Note(error.to_string()));
            return Ok(());
        }
        // where the exchange is not there either, nobody is enrolled, and that is what has to be told
        if self.engine.exchange.is_there().await {
            self.engine
                .announce(vec![Event::Stopped { reason: error.to_string(), safety: false, next_due_at: None }])
                .await?;
            return Err(error);
        }
        Ok(())
    }

    async fn look_at_waypoints(&self) -> Result<(), Error> {
        for folder in &self.waypoints.folders {
            folder.baseline().await?;
        }
        try_all(&self.engine, &self.waypoints.look_ups).await
    }

    /// Takes over a run that an earlier process left: what it wrote down is what is known. Another text of the target than
    /// the run began with is written down.
    pub async fn adopt(job: &Job, run: &RunId, ledger: Box<dyn Ledger>, around: &Surroundings) -> Result<Self, Error> {
        Self::adopt_within(None, (job, run), ledger, around).await
    }

    /// The same, where the first look at folders, if there was none yet, ends when this time is up.
    pub async fn adopt_within(
        deadline: Option<Duration>,
        (job, run): (&Job, &RunId),
        ledger: Box<dyn Ledger>,
        around: &Surroundings,
    ) -> Result<Self, Error> {
        let (_, header) = ledger.run_plan(run)?;
        let taken = ledger.take_over(run)?;
        let prober = Self::assemble(job, taken, (ledger, around), deadline).await?;
        if header.get("target_text").and_then(|text| text.as_str()) != Some(&job.header.target_text) {
            let (file, digest) = (job.header.target_file.clone(), digest_of(&job.header.target_text));
            prober.engine.announce(vec![Event::Retargeted { file, digest }]).await?;
        }
        Ok(prober)
    }

    /// The same, where waypoints are waited for so long at most, whatever their limits are.
    #[must_use]
    pub fn waiting_at_most(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// Ends submitting and watching now, and takes out whoever is in. Where people are being taken out already, nothing is cut short.
    pub fn take_out_now(&self) {
        let takes_out = locked(&self.takes_out);
        if !*takes_out {
            self.engine.halt.call();
        }
    }

    /// The run's id.
    pub fn run_id(&self) -> &RunId {
        &self.engine.plan.run
    }

    /// What the run was asked to do.
    pub fn plan(&self) -> &RunPlan {
        &self.engine.plan
    }

    /// Whether anything of an enrollment may have left, now or at any later moment.
    pub fn first_byte(&self) -> FirstByte {
        self.engine.first_byte.clone()
    }

    /// What kept the latest flow that was not accepted from being so.
    pub fn obstacle(&self) -> Option<Obstacle> {
        self.engine.obstacle()
    }

    /// Whether an earlier process came to the run's end.
    pub fn is_finished(&self) -> bool {
        self.done.finished
    }

    /// A run that was claimed before it was read: whatever is known of it is known to be all.
    async fn assemble(
        job: &Job,
        taken: TakenOver,
        (ledger, around): (Box<dyn Ledger>, &Surroundings),
        deadline: Option<Duration>,
    ) -> Result<Self, Error> {
        let (lock, plan, entries) = taken.into_parts();
        let epoch = Epoch::after(&entries, Arc::clone(&around.clock));
        let mut prober = Self::connect(job, (lock, plan), (ledger, epoch), around)?;
        for entry in &entries {
            prober.engine.replay(entry);
            if let Event::Committing { probe, captures, .. }
            | Event::Named { probe, captures, .. }
            | Event::Answered { probe, captures, .. } = &entry.event
            {
                prober.engine.exchange.note_told(*probe, captures);
            }
        }
        prober.done = done(&entries);
        let sent = entries.iter().filter(|entry| matches!(entry.event, Event::Sending { .. }));
        prober.first_sent_at = sent.map(|entry| entry.at).min();
        prober.safety_stop = AtomicBool::new(stopped_for_safety(&entries));
        prober.engine.first_byte.replay(entries.iter().map(|entry| &entry.event));
        if !prober.engine.first_byte.has_left() {
            prober.baseline(deadline).await?;
        }
        Ok(prober)
    }

    fn connect(
        job: &Job,
        (lock, plan): (RunLock, RunPlan),
        (ledger, epoch): (Box<dyn Ledger>, Epoch),
        around: &Surroundings,
    ) -> Result<Self, Error> {
        let mut roster = Roster::default();
        for id in ledger.foreign_ids(&plan.run)? {
            roster.add_foreign_id(&id);
        }
        let already_read = (0..plan.waypoints.len())
            .map(|w| ledger.already_read(&plan.run, super::engine::index(w)))
            .collect::<Result<Vec<_>, _>>()?;
        let names = ledger.names();
        let door = Door::new(&job.target, USER_AGENT)?.until(Halt::new(around.stop.clone()));
        let recorder = Recorder::start(ledger, lock.claim())?;
        let (epoch, under_way) = (Arc::new(epoch), UnderWay::default());
        let engine = Arc::new(Engine {
            state: State::new(plan.count, plan.waypoints.len(), roster),
            generator: generator(job, &plan),
            offers: super::offers(&job.target),
            exchange: Exchange::new(door.clone(), &job.target)
                .with_office(office((&recorder, &under_way), job, &epoch), &job.target)
                .witnessed_by(Relay::of(&around.listener, None))
                .up_to(job.header.last_step),
            recorder,
            scenario: Arc::clone(&job.scenario),
            target: Arc::clone(&job.target),
            epoch,
            listener: Arc::clone(&around.listener),
            stop: around.stop.clone(),
            halt: door.halt().clone(),
            flights: Flights::default(),
            pacer: pacer(job),
            first_byte: FirstByte::default(),
            under_way,
            plan,
        });
        let mut waypoints = Waypoints { look_ups: Vec::new(), folders: Vec::new() };
        for ((n, waypoint), read) in job.target.waypoints.iter().enumerate().zip(already_read) {
            add_reader(&mut waypoints, &engine, (n, waypoint), (&door, job, (&names, read)));
        }
        let (done, safety_stop, taken_up) = (Done::default(), AtomicBool::new(false), Instant::now());
        let (patience, first_sent_at, takes_out) = (None, None, Mutex::new(false));
        Ok(Self { engine, waypoints, done, safety_stop, patience, takes_out, taken_up, first_sent_at, _lock: lock })
    }
}

/// A new run, written down.
fn begun(job: &Job, ledger: &mut dyn Ledger, around: &Surroundings) -> Result<RunPlan, Error> {
    let run = RunId::new(uuid::Uuid::now_v7().to_string());
    let plan = run_plan(&job.scenario, &job.target, run, around.clock.now())?;
    let header = serde_json::to_value(&job.header).map_err(|e| Error::Broken(e.to_string()))?;
    ledger.begin_run(&plan, &header)?;
    Ok(plan)
}

/// What is written down of households that are given.
fn planned(given: &[Given], job: &Job, (plan, at): (&RunPlan, DateTime<Utc>)) -> Vec<(RunId, Entry)> {
    let generator = generator(job, plan);
    let of = |(index, given): (u32, &Given)| {
        let household = Box::new(generator.renewed(&given.household, ProbeIndex(index)));
        let event = Event::Planned { household, plans: given.plans.clone() };
        (plan.run.clone(), Entry { at, event })
    };
    (0u32..).zip(given).map(of).collect()
}

/// Draws the people whom the run's plan means, be the newest version another's. Of a version that this program does not have
/// nobody is drawn: whoever is not planned yet is not sent.
fn generator(job: &Job, plan: &RunPlan) -> Generator {
    let version = GeneratorVersion::of_number(plan.generator_version).unwrap_or(GeneratorVersion::NEWEST);
    let population = job.scenario.population.clone().drawn_by(version);
    let generator = Generator::new(&job.scenario.name, &population).of_run(&plan.run);
    let generator = generator.rated_by(&job.target.rating_areas);
    let to_county = |(_, change): (_, Change)| change.to == Some(Destination::County);
    if plan.change_steps().any(to_county) { generator.with_moves() } else { generator }
}

fn pacer(job: &Job) -> Pacer {
    let limits = &job.target.limits;
    Pacer::new(limits.rate_per_second, limits.in_flight, job.scenario.load.in_flight)
}

/// What steps need that hand over an 834.
fn office((recorder, under_way): (&Recorder, &UnderWay), job: &Job, epoch: &Epoch) -> Office {
    let clock = epoch.clock();
    let register = InLedger { recorder: recorder.clone(), clock: Arc::clone(&clock), under_way: under_way.clone() };
    Office { register: Arc::new(register), clock, folder: job.header.folder.clone() }
}

fn add_reader(
    waypoints: &mut Waypoints,
    engine: &Arc<Engine>,
    (n, waypoint): (usize, &Waypoint),
    (door, job, read): (&Door, &Job, Files<'_>),
) {
    let engine = Arc::clone(engine);
    // a look that is under way when everybody is to be taken out is not waited for
    let asking = door.clone().until(door.halt().without_grace());
    match &waypoint.feed {
        Feed::JsonApi(api) => {
            let witness = Relay::of(&engine.listener, Some(waypoint.name.to_string()));
            let feed = JsonApiFeed::new(asking, api).witnessed_by(witness);
            add_look_ups(waypoints, engine, n, (Arc::new(feed), poll(&api.poll, job)));
        }
        Feed::List(api) => {
            let witness = Relay::of(&engine.listener, Some(waypoint.name.to_string()));
            let reader = JsonApiFeed::new(asking, api).witnessed_by(witness);
            let feed = ListFeed::new(reader, api, engine.plan.zone, engine.epoch.clock());
            add_look_ups(waypoints, engine, n, (Arc::new(feed), api.poll.clone()));
        }
        Feed::Eligibility(service) => {
            let feed = EligibilityFeed::new(asking, service, job.target.environment);
            add_look_ups(waypoints, engine, n, (Arc::new(feed), poll(&service.poll, job)));
        }
        Feed::EdiFolder(folder) => {
            let feed = folder_feed(door, folder, job, &engine, read);
            waypoints.folders.push(Arc::new(folder_reader(engine, n, folder, feed)));
        }
        Feed::Ack(acks) => {
            let feed = folder_feed(door, &acks.folder, job, &engine, read).holding(Holds::Acknowledgements);
            let reader = folder_reader(engine, n, &acks.folder, feed);
            waypoints.folders.push(Arc::new(Folder { waiting: Some(Mutex::default()), ..reader }));
        }
    }
}

fn add_look_ups(
    waypoints: &mut Waypoints,
    engine: Arc<Engine>,
    waypoint: usize,
    (feed, poll): (Arc<dyn ProbeFeed>, Poll),
) {
    waypoints.look_ups.push(Arc::new(LookUps {
        engine,
        waypoint,
        feed,
        poll,
        listed: Listed::default(),
        turns: Turns::default(),
    }));
}

fn folder_feed(door: &Door, folder: &EdiFolder, job: &Job, engine: &Engine, files: Files<'_>) -> EdiFolderFeed {
    let folder = rooted(folder, &job.header.folder);
    EdiFolderFeed::new(door, &folder, &job.target.issuers, engine.plan.zone, files)
}

fn folder_reader(engine: Arc<Engine>, waypoint: usize, folder: &EdiFolder, feed: EdiFolderFeed) -> Folder {
    Folder {
        engine,
        waypoint,
        feed: Arc::new(Mutex::new(feed)),
        every: folder.every,
        told: Mutex::default(),
        noted_at: Mutex::default(),
        files_waiting: AtomicUsize::new(0),
        waiting: None,
    }
}

/// When to look: as the target says, but for the first look where the scenario says that.
fn poll(of_target: &Poll, job: &Job) -> Poll {
    let first_after = job.scenario.load.first_look_after.unwrap_or(of_target.first_after);
    Poll { first_after, ..of_target.clone() }
}

/// The folders' paths as this process reaches them: relative ones on this machine start where the run was begun.
fn rooted(settings: &EdiFolder, folder: &Path) -> EdiFolder {
    let mut settings = settings.clone();
    for directory in settings.folders.values_mut() {
        if let Directory::Local(path) = directory {
            *path = folder.join(&*path);
        }
    }
    settings
}

fn stopped_for_safety(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| matches!(entry.event, Event::Stopped { safety: true, .. }))
}

/// SHA-256, hexadecimal.
fn digest_of(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn done(entries: &[Entry]) -> Done {
    let mut done = Done::default();
    for entry in entries {
        match &entry.event {
            Event::PhaseEnded { phase } => done.phases.push(*phase),
            Event::Finished => done.finished = true,
            _ => {}
        }
    }
    done
}

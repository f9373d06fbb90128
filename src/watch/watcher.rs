//! The process of a canary: one task that decides and writes, beside which runs are driven and channels told.

use super::driven::{Driven, TickKey, Told};
use super::ear::{Ear, Say};
use super::mirror::Mirror;
use super::setup::{Jobs, Watching};
use super::{Error, Log, Row, status};
use crate::clock::Clock;
use crate::ledger::{Ledger, WatchLock, WatchLog};
use crate::model::RunId;
use crate::notify::Notifier;
use crate::prober::FirstByte;
use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::alarm::{self, Stop};
use johndoe_vigil::schedule::{Note, Start};
use johndoe_vigil::{Entry, delivery};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

/// Who throws the switch by the file.
const BY_FILE: &str = "the kill switch's file";
/// Nothing is waited for longer than this before what others appended is taken up.
pub(super) const LOOKS_UP: Duration = Duration::from_secs(1);
/// When a process that is asked to end gives up those that answer nobody.
const ENDS_WITHIN: Duration = Duration::from_secs(20);
/// `--once` waits for channels so long after everything else is done.
const TELLS_WITHIN: TimeDelta = TimeDelta::seconds(30);

/// What a canary is given from outside.
#[derive(Clone)]
pub struct Around {
    /// Where the ledger is.
    pub ledger: String,
    /// The time by which is decided.
    pub clock: Arc<dyn Clock>,
    /// The time that runs go by.
    pub run_clock: Arc<dyn Clock>,
    /// Reads what is to be sent.
    pub jobs: Arc<dyn Jobs>,
    /// Hears what goes on, line by line.
    pub say: Say,
    /// Where relative paths of the canary's file start.
    pub folder: PathBuf,
    /// Hears of every run that is driven whether anything has left.
    pub sent: Arc<dyn Fn(FirstByte) + Send + Sync>,
    teller: Option<UnboundedSender<Told>>,
}

impl Around {
    /// All of it.
    pub fn new(
        ledger: &str,
        (clock, run_clock): (Arc<dyn Clock>, Arc<dyn Clock>),
        jobs: Arc<dyn Jobs>,
        say: Arc<dyn Fn(&str) + Send + Sync>,
    ) -> Self {
        let (folder, sent) = (PathBuf::new(), Arc::new(|_| ()));
        Self { ledger: ledger.to_owned(), clock, run_clock, jobs, say, folder, sent, teller: None }
    }

    /// The same, where relative paths of the canary's file start here.
    #[must_use]
    pub fn in_folder(self, folder: PathBuf) -> Self {
        Self { folder, ..self }
    }

    /// The same, where this hears of every run that is driven whether anything has left.
    #[must_use]
    pub fn watched_by(self, sent: impl Fn(FirstByte) + Send + Sync + 'static) -> Self {
        Self { sent: Arc::new(sent), ..self }
    }

    pub(super) fn teller(&self) -> UnboundedSender<Told> {
        self.teller.clone().unwrap_or_else(|| unbounded_channel().0)
    }
}

/// Why a canary stopped watching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It was told to end.
    Ended,
    /// Its file is to be read again.
    Reload,
}

/// A canary at work.
pub struct Watcher {
    pub(super) log: Log,
    pub(super) watching: Watching,
    pub(super) around: Around,
    pub(super) start: Start,
    pub(super) ledger: Box<dyn Ledger>,
    pub(super) notifier: Arc<Notifier>,
    pub(super) driven: BTreeMap<RunId, Driven>,
    /// Ticks whose runs are being set up, and runs that are being taken over.
    pub(super) beginning: BTreeSet<TickKey>,
    pub(super) adopting: BTreeSet<RunId>,
    /// Channels that have not answered yet.
    pub(super) in_flight: BTreeSet<String>,
    /// When runs that are left were last taken up.
    pub(super) taken_up_at: Option<DateTime<Utc>>,
    /// Runs that the harness could not begin, or left before their end.
    pub(super) failures: u64,
    /// Something was written since the last look.
    pub(super) has_news: bool,
    pub(super) stop: CancellationToken,
    pub(super) wake: Arc<Notify>,
    pub(super) mirror: Mirror,
    told: UnboundedReceiver<Told>,
    _lock: WatchLock,
}

impl Watcher {
    /// Takes the ledger's one place for a canary, and reads where it stands. Nothing is sent. Fails with `Watched` where another watches.
    pub fn open(watching: Watching, mut around: Around, start: Start) -> Result<Self, Error> {
        let stored = WatchLog::open(&around.ledger, &watching.canary.name)?;
        let lock = stored.claim()?;
        let ledger = crate::ledger::open(&around.ledger)?;
        let notifier = Arc::new(Notifier::new(&watching.canary).map_err(Error::Setup)?);
        let log = Log::open(stored, watching.setup.clone())?;
        let (teller, told) = unbounded_channel();
        around.teller = Some(teller);
        let mut watcher = Self {
            log,
            watching,
            around,
            start,
            ledger,
            notifier,
            driven: BTreeMap::new(),
            beginning: BTreeSet::new(),
            adopting: BTreeSet::new(),
            in_flight: BTreeSet::new(),
            taken_up_at: None,
            failures: 0,
            has_news: true,
            stop: CancellationToken::new(),
            wake: Arc::default(),
            mirror: Mirror::default(),
            told,
            _lock: lock,
        };
        watcher.note_what_is_configured()?;
        Ok(watcher)
    }

    /// What is shown of it to others.
    pub fn mirror(&self) -> Mirror {
        self.mirror.clone()
    }

    /// Where it stands.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Watches until it is told to end, when what is under way is stopped in good order, or to read its file again.
    pub async fn watch(&mut self, end: &CancellationToken, reload: &Notify) -> Result<Turn, Error> {
        loop {
            self.pass()?;
            tokio::select! {
                () = end.cancelled() => return self.end().await.map(|()| Turn::Ended),
                () = reload.notified() => return Ok(Turn::Reload),
                () = self.hear_one() => {}
            }
        }
    }

    /// Takes the ticks that are due, and what earlier runs left; ends when all of it is over and told, or when it is told to end.
    pub async fn once(&mut self, end: &CancellationToken) -> Result<(), Error> {
        let mut idle_since = None;
        loop {
            self.pass()?;
            if self.is_idle() {
                let since = *idle_since.get_or_insert_with(|| self.around.clock.now());
                if self.has_told() || self.around.clock.now() - since > TELLS_WITHIN {
                    return Ok(());
                }
            }
            tokio::select! {
                () = end.cancelled() => return self.end().await,
                () = self.hear_one() => {}
            }
        }
    }

    /// Another text of its file: what is under way goes on, and what is decided from now on goes by it.
    pub fn reload(&mut self, watching: Watching, jobs: Arc<dyn Jobs>) -> Result<(), Error> {
        if watching.canary.name != self.watching.canary.name {
            return Err(Error::Setup(format!(
                "error: the canary was `{}` and is `{}`; its name is by what its lines are found, so give it back, or start another",
                self.watching.canary.name, watching.canary.name
            )));
        }
        self.notifier = Arc::new(Notifier::new(&watching.canary).map_err(Error::Setup)?);
        self.log.reconfigure(watching.setup.clone())?;
        (self.watching, self.around.jobs, self.has_news) = (watching, jobs, true);
        self.note_what_is_configured()
    }

    /// Everything that can be done now without waiting.
    pub fn pass(&mut self) -> Result<(), Error> {
        let now = self.around.clock.now();
        self.has_news |= self.log.refresh()?;
        self.heed_the_switch(now)?;
        self.hold_back();
        self.take_ticks(now)?;
        self.take_up_what_is_left(now)?;
        self.note_who_was_sent(now)?;
        self.judge_what_moved(now)?;
        self.look(now)?;
        self.deliver(now)?;
        self.mirror.show(status(self.log.state(), &self.watching, now));
        Ok(())
    }

    /// How many runs the harness could not begin, or left before their end.
    pub fn failures(&self) -> u64 {
        self.failures
    }

    /// Whether nothing is under way but messages.
    pub fn is_idle(&self) -> bool {
        self.driven.is_empty() && self.beginning.is_empty() && self.adopting.is_empty()
    }

    /// Whether a channel has not answered yet.
    pub fn is_telling(&self) -> bool {
        !self.in_flight.is_empty()
    }

    /// Whether no channel waits for anything.
    pub fn has_told(&self) -> bool {
        let deliveries = self.log.state().watch.deliveries();
        let waits = |name: &str| deliveries.channel(name).is_some_and(|standing| standing.waiting() > 0);
        self.in_flight.is_empty() && !self.watching.setup.channels.iter().any(|channel| waits(&channel.name))
    }

    /// Waits for one thing to be told, a second at most, and takes it up.
    pub async fn hear_one(&mut self) {
        let told = tokio::select! {
            told = self.told.recv() => told,
            () = self.wake.notified() => None,
            () = tokio::time::sleep(LOOKS_UP) => None,
        };
        if let Some(told) = told
            && let Err(error) = self.hear(told)
        {
            // what cannot be written shows at the next pass, too, which ends the process
            (self.around.say)(&error.to_string());
        }
    }

    /// Stops what is under way in good order.
    async fn end(&mut self) -> Result<(), Error> {
        self.stop.cancel();
        let until = tokio::time::Instant::now() + ENDS_WITHIN;
        while !self.is_idle() && tokio::time::Instant::now() < until {
            self.hear_one().await;
        }
        self.log.refresh().map(drop)
    }

    fn hear(&mut self, told: Told) -> Result<(), Error> {
        let now = self.around.clock.now();
        match told {
            Told::Ready { tick, scenario, ear, prober } => self.drive_new(now, (tick, scenario), ear, prober),
            Told::Adopted { run, schedule, ear, prober, only_clean_up } => {
                self.drive_again(now, (run, schedule), (ear, only_clean_up), prober)
            }
            Told::Ended { run, ending } => self.ended(now, &run, ending),
            Told::Answered { channel, key, answer } => {
                self.in_flight.remove(&channel);
                let answered = delivery::Entry::Answered { channel, key, at: now, answer };
                self.log.note(now, &[Row::Heart(Entry::Delivery(answered))])?;
                self.has_news = true;
                Ok(())
            }
        }
    }

    /// A file that is there stops sending, and lets it go on when it is gone.
    fn heed_the_switch(&mut self, now: DateTime<Utc>) -> Result<(), Error> {
        let Some(file) = &self.watching.canary.kill_switch else { return Ok(()) };
        let is_there = self.around.folder.join(file).exists();
        let by = BY_FILE.to_owned();
        let say = match (self.log.state().watch.may_send(), is_there) {
            (Err(Stop::Killed { by }), true) if by == BY_FILE => return Ok(()),
            (Err(Stop::Killed { by: who }), false) if who == BY_FILE => {
                self.note_alarm(now, alarm::Entry::Released { at: now, by })?;
                "the kill switch's file is gone: sending goes on"
            }
            (Ok(()) | Err(Stop::Residue), true) => {
                self.note_alarm(now, alarm::Entry::Killed { at: now, by })?;
                "the kill switch's file is there: nothing is sent until it is gone; cancellations are"
            }
            _ => return Ok(()),
        };
        (self.around.say)(say);
        Ok(())
    }

    pub(super) fn note_alarm(&mut self, now: DateTime<Utc>, entry: alarm::Entry) -> Result<(), Error> {
        self.has_news = true;
        self.log.note(now, &[Row::Heart(Entry::Alarm(entry))])
    }

    /// While nothing may be sent, whoever is still being sent is taken out.
    fn hold_back(&self) {
        if self.log.state().watch.may_send().is_ok() {
            return;
        }
        let sends = |run: &&Driven| {
            !run.only_cleans_up && (!run.ear.has_sent() || self.watching.with_changes.contains(&run.schedule))
        };
        self.driven.values().filter(sends).for_each(|run| run.prober.take_out_now());
    }

    /// The ticks of schedules whose enrollments were all sent are over: what becomes of their people is watched beside the next.
    fn note_who_was_sent(&mut self, now: DateTime<Utc>) -> Result<(), Error> {
        let state = self.log.state();
        let sent = self.driven.iter().filter(|(_, driven)| driven.ear.has_sent());
        let over = sent.filter_map(|(run, _)| state.runs.get(run));
        let ticks: Vec<TickKey> = over.map(|run| (run.schedule.clone(), run.nominal_at)).collect();
        ticks.iter().try_for_each(|tick| self.finish(now, tick))
    }

    /// The tick is over, where that is not written down yet.
    pub(super) fn finish(&mut self, now: DateTime<Utc>, (schedule, nominal_at): &TickKey) -> Result<(), Error> {
        let rows = self.log.decide(now, |state| {
            let is_open = state.watch.running(schedule).contains(nominal_at);
            let note = Note::Finished { nominal_at: *nominal_at };
            let row = Row::Heart(Entry::Schedule { plan: schedule.clone(), note });
            Ok(if is_open { vec![row] } else { Vec::new() })
        })?;
        self.has_news |= !rows.is_empty();
        Ok(())
    }

    /// A stream that is held to something else begins anew; what is new is only written down.
    fn note_what_is_configured(&mut self) -> Result<(), Error> {
        let now = self.around.clock.now();
        let held_to = self.watching.held_to.clone();
        let rows = self.log.decide(now, |state| {
            if state.configured == held_to {
                return Ok(Vec::new());
            }
            let is_other =
                |(name, held): &(&String, &String)| state.configured.get(*name).is_some_and(|was| was != *held);
            let restarted = held_to.iter().filter(is_other).map(|(name, _)| {
                let entry = alarm::Entry::Restarted { stream: name.clone(), at: now };
                Row::Heart(Entry::Alarm(entry))
            });
            Ok(restarted.chain([Row::Configured { streams: held_to.clone() }]).collect())
        })?;
        for row in rows {
            if let Row::Heart(Entry::Alarm(alarm::Entry::Restarted { stream, .. })) = row {
                (self.around.say)(&format!("`{stream}` is held to something else: what was counted of it begins anew"));
            }
        }
        Ok(())
    }

    pub(super) fn ear(&self, schedule: &str) -> Arc<Ear> {
        Ear::new(schedule, &self.around.say, &self.wake)
    }
}

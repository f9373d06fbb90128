//! A process around the heart: it writes before it acts, and can be killed before any write.

use std::collections::{BTreeMap, BTreeSet};

use johndoe_vigil::alarm::{AlarmId, Detail, Look};
use johndoe_vigil::delivery;
use johndoe_vigil::schedule::{Note, Start};
use johndoe_vigil::stream::{self, Delivered, Fact, Fate};
use johndoe_vigil::{Entry, Setup, Watch};

use super::world::World;

/// Every plan probes the stream of its name with so many people.
const PEOPLE: usize = 3;
/// It looks every so many minutes.
pub const LOOKS: i64 = 5;

/// The process is gone.
pub struct Killed;

/// What is written, and the process that writes it, if there is one.
pub struct Canary {
    setup: Setup,
    pub log: Vec<Entry>,
    process: Option<Process>,
    /// before which writes it is killed
    kills: BTreeSet<usize>,
    pub restarts: usize,
    /// how often it was killed between an answer and the note of it
    pub notes_lost: usize,
}

/// All that is lost with it.
struct Process {
    watch: Watch,
    /// the units that are not decided: their stream, and when they were meant to be sent
    open: BTreeMap<String, (String, i64)>,
    /// the units of each run that are written down
    runs: BTreeMap<(String, i64), usize>,
}

impl Canary {
    pub fn new(setup: Setup, kills: BTreeSet<usize>) -> Self {
        Self { setup, log: Vec::new(), process: None, kills, restarts: 0, notes_lost: 0 }
    }

    /// One minute, by a process that is there unless it sleeps.
    pub fn minute(&mut self, world: &mut World, minute: i64) {
        if world.is_asleep(minute) {
            self.process = None;
            return;
        }
        if !world.has_disk(minute) {
            // nothing can be written, so nothing is done
            return;
        }
        while self.go_on(world, minute).is_err() {
            self.process = None;
        }
    }

    pub fn watch(&self) -> &Watch {
        &self.process.as_ref().unwrap().watch
    }

    fn go_on(&mut self, world: &mut World, minute: i64) -> Result<(), Killed> {
        if self.process.is_none() {
            self.process = Some(self.started(world));
            self.restarts += 1;
        }
        self.poll(world, minute)?;
        self.take_up_runs(world, minute)?;
        for entry in self.watch().ticks(world.at(minute), Start::Watching) {
            self.write(world, entry)?;
        }
        self.take_up_runs(world, minute)?;
        if minute % LOOKS == 0 {
            self.look(world, minute)?;
        }
        self.deliver(world, minute)
    }

    /// Everything that it knows is what was written.
    fn started(&self, world: &World) -> Process {
        let watch = Watch::new(self.setup.clone());
        let mut process = Process { watch, open: BTreeMap::new(), runs: BTreeMap::new() };
        for entry in &self.log {
            process.take_up(world, entry);
        }
        process
    }

    fn write(&mut self, world: &World, entry: Entry) -> Result<(), Killed> {
        if self.kills.remove(&self.log.len()) {
            return Err(Killed);
        }
        self.process.as_mut().unwrap().take_up(world, &entry);
        self.log.push(entry);
        Ok(())
    }

    fn told(&mut self, world: &World, stream: &str, fact: Fact) -> Result<(), Killed> {
        self.write(world, Entry::Stream(stream::Entry::Outcome { stream: stream.to_owned(), fact }))
    }

    fn delivered(&mut self, world: &World, stream: &str, told: Delivered) -> Result<(), Killed> {
        self.write(world, Entry::Stream(stream::Entry::Delivered { stream: format!("{stream} hop"), told }))
    }

    fn poll(&mut self, world: &World, minute: i64) -> Result<(), Killed> {
        let at = world.at(minute);
        let open: Vec<_> = self.process.as_ref().unwrap().open.clone().into_iter().collect();
        for (unit, (stream, sent)) in open {
            let Some((arrived, fate)) = world.seen(&unit, sent, minute) else { continue };
            if arrived {
                self.delivered(world, &stream, Delivered::Arrived { window_at: world.at(window(sent)), at })?;
            }
            if fate == Fate::NoOutcome {
                self.delivered(world, &stream, Delivered::Unknown { window_at: world.at(window(sent)) })?;
            }
            self.told(world, &stream, Fact::Decided { unit, at, fate })?;
        }
        Ok(())
    }

    /// What a run has not sent yet is sent; with that it is over, and what becomes of its people is for later looks.
    fn take_up_runs(&mut self, world: &mut World, minute: i64) -> Result<(), Killed> {
        let plans: Vec<String> = self.setup.plans.iter().map(|plan| plan.name.clone()).collect();
        for plan in plans {
            for nominal_at in self.watch().running(&plan).to_vec() {
                let run = world.minute(nominal_at);
                let known = *self.process.as_ref().unwrap().runs.get(&(plan.clone(), run)).unwrap_or(&0);
                for person in known..PEOPLE {
                    self.send(world, (&plan, run), person, minute)?;
                }
                if known == PEOPLE && minute >= run + world.takes(run) {
                    let note = Note::Finished { nominal_at };
                    self.write(world, Entry::Schedule { plan: plan.clone(), note })?;
                }
            }
        }
        Ok(())
    }

    fn send(&mut self, world: &mut World, (plan, run): (&str, i64), person: usize, minute: i64) -> Result<(), Killed> {
        if self.watch().may_send().is_err() {
            return Ok(());
        }
        let unit = format!("{plan} {run} {person}");
        let at = world.at(minute);
        self.told(world, plan, Fact::Sent { unit: unit.clone(), at, probes: 1 })?;
        if self.kills.remove(&self.log.len()) {
            return Err(Killed);
        }
        if world.submit(plan, &unit, minute) {
            // who was rejected is not on the way
            self.delivered(world, plan, Delivered::Sent { window_at: world.at(window(minute)) })?;
        }
        Ok(())
    }

    fn look(&mut self, world: &World, minute: i64) -> Result<(), Killed> {
        let at = world.at(minute);
        for plan in self.setup.plans.clone() {
            if !world.is_blind(&plan.name, minute) {
                self.delivered(world, &plan.name, Delivered::Looked { at })?;
            }
        }
        let look = Look { at, residue: Some(world.people_left(minute)) };
        for entry in self.watch().look(look, &|_: &AlarmId| Detail::default()) {
            self.write(world, entry)?;
        }
        Ok(())
    }

    fn deliver(&mut self, world: &mut World, minute: i64) -> Result<(), Killed> {
        for sending in self.watch().sendings(world.at(minute), &BTreeSet::new()) {
            let (channel, key) = (sending.channel.clone(), sending.key.clone());
            self.write(world, Entry::Delivery(delivery::Entry::Trying { channel: channel.clone(), key: key.clone() }))?;
            let answer = world.send(&sending, minute);
            let taken = answer == delivery::Answer::Taken;
            let noted = delivery::Entry::Answered { channel, key, at: world.at(minute), answer };
            self.write(world, Entry::Delivery(noted)).inspect_err(|_| self.notes_lost += usize::from(taken))?;
        }
        Ok(())
    }
}

impl Process {
    fn take_up(&mut self, world: &World, entry: &Entry) {
        self.watch.apply(entry);
        let Entry::Stream(stream::Entry::Outcome { stream, fact }) = entry else { return };
        match fact {
            Fact::Sent { unit, at, .. } => {
                self.open.insert(unit.clone(), (stream.clone(), world.minute(*at)));
                let run = unit.split(' ').nth(1).unwrap().parse().unwrap();
                *self.runs.entry((stream.clone(), run)).or_default() += 1;
            }
            Fact::Decided { unit, .. } => {
                self.open.remove(unit);
            }
        }
    }
}

/// The delivery window after a minute: every half hour one.
fn window(minute: i64) -> i64 {
    minute - minute.rem_euclid(30)
}

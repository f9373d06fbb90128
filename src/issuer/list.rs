//! An API that tells everybody of the day: read once for all of our people, and whoever is none of them is dropped at once.

use super::gathered::Unanswered;
use super::json_api::{Everybody, JsonApiFeed, no_address};
use super::look::{Look, Sought, shows_somebody};
use super::probe_feed::{ProbeFeed, Sorting};
use super::tried::Tried;
use crate::clock::Clock;
use crate::model::{GroupRecord, IssuerId, ProbeIndex};
use crate::reconcile::{Keys, Recognise, Standing};
use crate::target::{Context, JsonApi};
use chrono_tz::Tz;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// A waypoint that is read as one list.
#[derive(Debug)]
pub struct ListFeed {
    reader: JsonApiFeed,
    /// A list is read again when the latest reading is so old.
    every: Duration,
    /// The exchange's.
    zone: Tz,
    clock: Arc<dyn Clock>,
    /// Each list; whoever waits for its reading waits at its lock.
    lists: BTreeMap<Option<IssuerId>, Mutex<List>>,
}

/// What is known of one list.
#[derive(Debug, Default)]
struct List {
    latest: Option<Reading>,
    /// So many other people in it were told of.
    told: u64,
}

/// One reading of a list.
#[derive(Debug)]
struct Reading {
    began: Instant,
    /// Not before that moment is it read again, unless somebody needs a newer one.
    until: Instant,
    outcome: Result<Shown, Unanswered>,
}

/// Our people in a list.
#[derive(Debug, Default)]
struct Shown {
    ours: BTreeMap<ProbeIndex, Vec<GroupRecord>>,
    /// Of whom something may be there that shows too little to tell, and whether any of it is in force.
    possible: BTreeMap<ProbeIndex, bool>,
    /// Other people in it.
    strangers: u64,
    /// Why it does not show all that there is.
    partial: Option<String>,
    /// What may be wrong with how it is asked.
    hint: Option<String>,
}

impl ListFeed {
    /// A feed over the lists that `reader` reads. `zone`: the exchange's, for `today` and `yesterday`.
    pub fn new(reader: JsonApiFeed, api: &JsonApi, zone: Tz, clock: Arc<dyn Clock>) -> Self {
        let lists = api.endpoints.keys().map(|issuer| (issuer.clone(), Mutex::default())).collect();
        Self { reader, every: api.poll.every, zone, clock, lists }
    }

    async fn seek(&self, issuer: Option<&IssuerId>, sought: &Sought, roster: &dyn Recognise) -> Look {
        let Some(list) = self.lists.get(&issuer.cloned()).or_else(|| self.lists.get(&None)) else {
            return Look::Blind { reason: no_address(issuer), retry_after: None };
        };
        let mut list = list.lock().await;
        let serves = |reading: &Reading| Instant::now() < reading.until && reading.began >= sought.no_older_than;
        let reading = match list.latest.take().filter(serves) {
            Some(reading) => reading,
            None => self.read(issuer, sought, roster).await,
        };
        let look = list.tell(&reading, sought.household.index);
        list.latest = Some(reading);
        look
    }

    async fn read(&self, issuer: Option<&IssuerId>, sought: &Sought, roster: &dyn Recognise) -> Reading {
        let began = Instant::now();
        let everybody = self.reader.everybody(issuer, &self.context(sought)).await;
        let rest = everybody.as_ref().err().and_then(|failed| failed.retry_after).unwrap_or_default();
        let outcome = everybody.map(|everybody| Shown::of(everybody, roster));
        Reading { began, until: began + self.every.max(rest), outcome }
    }

    fn context(&self, sought: &Sought) -> Context {
        let today = self.clock.now().with_timezone(&self.zone).date_naive();
        let yesterday = today.pred_opt().unwrap_or(today);
        sought.context.with("today", today.to_string().into()).with("yesterday", yesterday.to_string().into())
    }
}

impl List {
    /// What a reading says of one probe. Strangers are told of once, and not to each probe again.
    fn tell(&mut self, reading: &Reading, probe: ProbeIndex) -> Look {
        let shown = match &reading.outcome {
            Ok(shown) => shown,
            Err(failed) => {
                let rest = reading.until.saturating_duration_since(Instant::now());
                let retry_after = failed.retry_after.map(|_| rest);
                return Look::Blind { reason: failed.reason.clone(), retry_after };
            }
        };
        let strangers = shown.strangers.saturating_sub(self.told);
        self.told = self.told.max(shown.strangers);
        Look::InList { age: reading.began.elapsed(), strangers, look: Box::new(shown.look(probe)) }
    }
}

impl Shown {
    /// Keeps our own people of a list.
    fn of(everybody: Everybody, roster: &dyn Recognise) -> Self {
        let mut shown = Self { partial: everybody.partial, hint: everybody.hint, ..Self::default() };
        for record in everybody.groups {
            match roster.stands(&Keys::of_record(&record)) {
                Standing::Ours(recognition) => shown.ours.entry(recognition.probe).or_default().push(record),
                Standing::Possible(probe) => *shown.possible.entry(probe).or_default() |= record.is_in_force(),
                Standing::Stranger => shown.strangers += u64::from(shows_somebody(&record)),
            }
        }
        shown
    }

    fn look(&self, probe: ProbeIndex) -> Look {
        let possible = self.possible.get(&probe).copied();
        match (self.ours.get(&probe), &self.partial) {
            (Some(records), partial) => Look::Found {
                records: records.clone(),
                strangers: 0,
                partial: partial.clone(),
                possible: possible == Some(true),
            },
            (None, Some(reason)) => Look::Blind { reason: reason.clone(), retry_after: None },
            (None, None) => match self.hint.clone().filter(|_| possible.is_none()) {
                Some(words) => Look::NotKnown { words, strangers: 0 },
                None => Look::Absent { strangers: 0, possible: possible.is_some() },
            },
        }
    }
}

impl ProbeFeed for ListFeed {
    fn endpoints(&self) -> Vec<Option<IssuerId>> {
        self.lists.keys().cloned().collect()
    }

    fn look<'a>(&'a self, issuer: Option<&'a IssuerId>, sought: &'a Sought, by: Sorting<'a>) -> BoxFuture<'a, Look> {
        self.seek(issuer, sought, by.roster).boxed()
    }

    fn try_out<'a>(&'a self, issuer: Option<&'a IssuerId>, sought: &'a Sought) -> BoxFuture<'a, Tried> {
        async move { self.reader.try_out(issuer, &self.context(sought)).await }.boxed()
    }
}

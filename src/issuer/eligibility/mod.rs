//! A waypoint that is asked per member whether there is coverage: X12 270 over CAQH CORE connectivity.

mod carrier;
mod questions;
mod records;

use super::look::{Look, Ours, Sought, sift};
use super::probe_feed::{ProbeFeed, Sorting};
use super::tried::Tried;
use crate::clock::{Clock, SystemClock};
use crate::model::{AnswerTimes, IssuerId};
use crate::net::Door;
use crate::reconcile::expect;
use crate::target::{AskedDate, Eligibility, Environment, Payer};
use crate::wire::eligibility::{Answer, Header};
use crate::wire::x12::Usage;
use carrier::Carrier;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use questions::{Asking, questions};
use records::{Told, records};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// ISA13 has nine digits.
const CONTROL_NUMBERS: u32 = 999_999_999;

/// An eligibility waypoint. Clones share connections and control numbers; looks share nothing else.
#[derive(Debug, Clone)]
pub struct EligibilityFeed {
    carrier: Carrier,
    service: Arc<Eligibility>,
    usage: Usage,
    controls: Arc<AtomicU32>,
    /// Of the questions that nobody has asked about yet.
    times: Arc<Mutex<AnswerTimes>>,
}

impl ProbeFeed for EligibilityFeed {
    fn endpoints(&self) -> Vec<Option<IssuerId>> {
        self.service.endpoints.keys().cloned().collect()
    }

    fn look<'a>(&'a self, issuer: Option<&'a IssuerId>, sought: &'a Sought, by: Sorting<'a>) -> BoxFuture<'a, Look> {
        Self::look(self, issuer, sought, by.ours).boxed()
    }

    fn try_out<'a>(&'a self, issuer: Option<&'a IssuerId>, sought: &'a Sought) -> BoxFuture<'a, Tried> {
        self.ask_one(issuer, sought).boxed()
    }

    fn take_times(&self, is_time: &dyn Fn(&AnswerTimes) -> bool) -> Option<AnswerTimes> {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = *times != AnswerTimes::default() && is_time(&times);
        is_due.then(|| std::mem::take(&mut *times))
    }
}

impl EligibilityFeed {
    /// A feed over the waypoint's service, reached through the door. Every question says whether it is a test (ISA15).
    /// Control numbers begin at the moment's milliseconds, so that a process that starts later repeats none of an earlier one's as long
    /// as fewer than a thousand a second were asked, for eleven days.
    pub fn new(door: Door, service: &Eligibility, environment: Environment) -> Self {
        let millis = SystemClock.now().timestamp_millis().rem_euclid(i64::from(CONTROL_NUMBERS));
        let controls = Arc::new(AtomicU32::new(u32::try_from(millis).unwrap_or_default()));
        let service = Arc::new(service.clone());
        let usage = match environment {
            Environment::Test => Usage::Test,
            Environment::Production => Usage::Production,
        };
        Self { carrier: Carrier::new(door, service.within), service, usage, controls, times: Arc::default() }
    }

    /// Asks for each member of the groups that are this issuer's (of all groups, by name, where none is: a record at the
    /// wrong issuer shows itself so). What is found is put together as one record a plan. One question that is not
    /// answered makes the look blind.
    pub async fn look(&self, issuer: Option<&IssuerId>, sought: &Sought, ours: Ours<'_>) -> Look {
        let endpoints = &self.service.endpoints;
        let own = endpoints.get_key_value(&issuer.cloned());
        let Some((owner, payer)) = own.or_else(|| endpoints.get_key_value(&None)) else {
            let name = issuer.map_or("any issuer", IssuerId::as_str);
            return Look::Blind { reason: format!("the target has no address for `{name}`"), retry_after: None };
        };
        let expectation = expect(&sought.household, &sought.plans, &sought.known);
        let today = (self.service.date == AskedDate::Today).then(|| SystemClock.now().date_naive());
        let asking = Asking { service: &self.service, payer, issuer: owner.as_ref(), today };
        let mut told: Vec<Told> = Vec::new();
        let mut words = None;
        for question in questions(asking, &expectation, &sought.issuer_ids) {
            let header = self.header(payer);
            let number = header.control_number;
            let inquiry = question.inquiry(asking, &expectation, number);
            let carried = self.carrier.ask(payer, &header, &inquiry, sought.trace).await;
            self.times.lock().unwrap_or_else(PoisonError::into_inner).add(&carried.times);
            match carried.answer {
                Answer::Active(shown) | Answer::Inactive(shown) => {
                    told.push(Told { question, person: shown.person, words: shown.words, source: carried.source });
                }
                Answer::NotFound { words: said } => words = words.or(Some(said)),
                Answer::CouldNotLook { reason, retry } => {
                    return Look::Blind { reason: self.carrier.redact(&reason), retry_after: retry };
                }
            }
        }
        if told.is_empty() {
            let words = self.carrier.redact(&words.unwrap_or_default());
            return Look::NotKnown { words, strangers: 0 };
        }
        let by_id = told.iter().all(|told| told.question.member_id.is_some());
        sift(records(asking, &expectation, &told), (by_id, true), ours).0
    }

    /// Asks whether an issuer's service (`None`: the one for all) lets itself be asked, by the first question that there is.
    async fn ask_one(&self, issuer: Option<&IssuerId>, sought: &Sought) -> Tried {
        let Some((owner, payer)) = self.service.endpoints.get_key_value(&issuer.cloned()) else {
            return Tried::Answers;
        };
        let expectation = expect(&sought.household, &sought.plans, &sought.known);
        let today = (self.service.date == AskedDate::Today).then(|| SystemClock.now().date_naive());
        let asking = Asking { service: &self.service, payer, issuer: owner.as_ref(), today };
        let Some(question) = questions(asking, &expectation, &sought.issuer_ids).into_iter().next() else {
            return Tried::NotAskable(BTreeSet::new());
        };
        let header = self.header(payer);
        let inquiry = question.inquiry(asking, &expectation, header.control_number);
        let tried = self.carrier.try_out(payer, &header, &inquiry, sought.trace).await;
        tried.cleaned(|words| self.carrier.redact(words))
    }

    fn header(&self, payer: &Payer) -> Header {
        let number = self.controls.fetch_add(1, Ordering::Relaxed) % CONTROL_NUMBERS + 1;
        Header {
            sender: payer.sender_id.clone(),
            receiver: payer.receiver_id.clone(),
            control_number: number,
            at: SystemClock.now().naive_utc(),
            usage: self.usage,
        }
    }
}

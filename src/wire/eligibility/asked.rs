//! Reads a 270: the payer's side.

use super::loops::{Done, Loops};
use super::person::{Level, Person};
use super::read::{Broken, check_control};
use crate::wire::x12::text::decode;
use crate::wire::x12::{Location, PlacedSegment, Segment, Segments, Step};
use chrono::NaiveDate;
use std::io::Read;

/// One person who is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// ISA06 of the question, to whom the answer goes.
    pub sender: String,
    /// ISA08 of the question.
    pub receiver: String,
    /// The person, with the question's TRN, DTP and ids.
    pub person: Person,
    /// The subscriber whom a dependent hangs on.
    pub subscriber: Option<Person>,
    /// NM103 and NM109 of the payer.
    pub payer: [String; 2],
    /// NM103 and NM109 of who asks.
    pub provider: [String; 2],
    /// EQ01, every one.
    pub services: Vec<String>,
}

impl Asked {
    /// TRN02 and TRN03 are repeated in the answer.
    pub fn trace(&self) -> &str {
        self.person.traces.first().map(|trace| trace.number.as_str()).unwrap_or_default()
    }

    /// The day asked for (DTP*291 or 307).
    pub fn date(&self) -> Option<NaiveDate> {
        let of_question = |qualifier: &str| self.person.dates.iter().find(|date| date.qualifier == qualifier);
        ["291", "307"].into_iter().find_map(of_question).map(|date| date.from)
    }
}

/// What is known while a question is read.
#[derive(Default)]
struct Reading {
    sender: String,
    receiver: String,
    loops: Loops,
    level: Vec<u8>,
    payer: [String; 2],
    provider: [String; 2],
    services: Vec<String>,
    subscriber: Option<Person>,
    asked: Vec<Asked>,
    sets: u32,
}

/// Everybody who is asked for in a file of 270s. Fails with the place where it is damaged, holds another kind of set, or
/// is no X12.
pub fn inquiries(source: impl Read) -> Result<Vec<Asked>, Broken> {
    let broken = |what: String, at: Location| Broken { what, at };
    let mut segments = Segments::new(source);
    let mut reading = Reading::default();
    loop {
        match segments.next().map_err(|error| broken(error.to_string(), Location::default()))? {
            Some(Step::Segment(placed)) => reading.take(placed)?,
            Some(Step::Lost(lost)) if !lost.kind.is_damage() => {}
            Some(Step::Lost(lost)) => return Err(broken(lost.kind.to_string(), lost.place.to_location())),
            None => break,
        }
    }
    if segments.place().interchange().is_some() {
        let what = "it ends inside an interchange; expected trailers SE, GE and IEA".to_owned();
        return Err(broken(what, segments.place().to_location()));
    }
    if reading.sets == 0 {
        return Err(broken("it holds no transaction set; expected a 270".to_owned(), segments.place().to_location()));
    }
    Ok(reading.asked)
}

impl Reading {
    fn take(&mut self, placed: PlacedSegment<'_>) -> Result<(), Broken> {
        let segment = placed.segment;
        match segment.id() {
            b"ISA" => (self.sender, self.receiver) = (text(segment, 6), text(segment, 8)),
            b"ST" => {
                self.sets += 1;
                let kind = placed.place.set().map(|set| set.kind.clone()).unwrap_or_default();
                if kind != "270" {
                    let what = format!("found a transaction set `{kind}`, expected a 270");
                    return Err(Broken { what, at: placed.place.to_location() });
                }
            }
            b"SE" => {
                let done = self.loops.end();
                self.finish(done);
                return check_control("SE", placed).map_or(Ok(()), Err);
            }
            b"IEA" => return check_control("IEA", placed).map_or(Ok(()), Err),
            b"GS" | b"GE" | b"TA1" => {}
            _ => self.content(segment, placed),
        }
        Ok(())
    }

    fn content(&mut self, segment: Segment<'_>, placed: PlacedSegment<'_>) {
        let done = self.loops.take(placed);
        self.finish(done);
        match segment.id() {
            b"HL" => self.level = segment.element(3).to_vec(),
            b"NM1" => {
                let party = [text(segment, 3), text(segment, 9)];
                match self.level.as_slice() {
                    b"20" => self.payer = party,
                    b"21" => self.provider = party,
                    _ => {}
                }
            }
            b"EQ" => self.services.push(text(segment, 1)),
            _ => {}
        }
    }

    /// A loop is complete: whoever has a question of their own is asked for, the others only lead to them.
    fn finish(&mut self, done: Option<Done>) {
        let Some(Done::Person(person)) = done else { return };
        let services = std::mem::take(&mut self.services);
        if services.is_empty() && person.traces.is_empty() {
            self.subscriber = Some(*person);
            return;
        }
        let subscriber = if person.level == Level::Dependent { self.subscriber.clone() } else { None };
        self.asked.push(Asked {
            sender: self.sender.clone(),
            receiver: self.receiver.clone(),
            subscriber,
            person: *person,
            payer: self.payer.clone(),
            provider: self.provider.clone(),
            services,
        });
    }
}

fn text(segment: Segment<'_>, number: usize) -> String {
    decode(segment.element(number).trim_ascii()).into_owned()
}

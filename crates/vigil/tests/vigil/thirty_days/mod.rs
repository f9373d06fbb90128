//! Thirty days of a canary, in spring and in autumn: clock changes in three zones, missed ticks, overlaps, outages of every
//! waypoint, the exchange, every channel and the disk, and SIGKILL anywhere. No alarm is lost, none false, none told twice, none
//! ended by missing data.

mod canary;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use johndoe_vigil::alarm::{self, AlarmId, Cause, Kind, Message, Policy, Source};
use johndoe_vigil::delivery::{self, Channel};
use johndoe_vigil::schedule::{CatchUp, Note, Overlap, PassedOver, Plan, Rhythm, Schedule};
use johndoe_vigil::stream::{Budget, Kind as Watched, Objective, Stalled, Streams};
use johndoe_vigil::{Entry, Setup};

use self::canary::{Canary, LOOKS};
use self::world::{LIMIT, Stretch, Trouble, World};
use crate::outcomes::Dice;

const DAYS: i64 = 30;
const SPRING: &str = "2026-03-07T00:00:00Z";
const AUTUMN: &str = "2026-10-03T00:00:00Z";

/// Each stream has the name of the plan that probes it.
const NEW_YORK: &str = "new-york";
const BERLIN: &str = "berlin";
const LORD_HOWE: &str = "lord-howe";

const TROUBLES: &[(&str, Stretch, Trouble)] = &[
    (NEW_YORK, Stretch::day(4, 2, 8), Trouble::Lost),
    (NEW_YORK, Stretch::day(8, 0, 6), Trouble::Exchange),
    (BERLIN, Stretch::day(8, 0, 6), Trouble::Exchange),
    (LORD_HOWE, Stretch::day(8, 0, 6), Trouble::Exchange),
    (BERLIN, Stretch::day(12, 0, 24), Trouble::Altered(400)),
    (LORD_HOWE, Stretch::day(16, 0, 9), Trouble::Stopped),
    (NEW_YORK, Stretch::day(24, 0, 24), Trouble::Altered(150)),
];

fn plan(name: &str, rhythm: Rhythm, spread: i64) -> Plan {
    Plan {
        name: name.to_owned(),
        schedule: Schedule::new(rhythm, TimeDelta::minutes(spread), 7).unwrap(),
        open: Vec::new(),
        closed: Vec::new(),
        overlap: Overlap::Queue,
        catch_up: CatchUp::Latest,
    }
}

fn setup() -> Setup {
    let zone = |zone: Tz| move |text: &str| Rhythm::cron(text, zone).unwrap();
    let plans = vec![
        plan(NEW_YORK, zone(Tz::America__New_York)("*/15 * * * *"), 0),
        plan(BERLIN, zone(Tz::Europe__Berlin)("0,20,40 * * * *"), 5),
        plan(LORD_HOWE, Rhythm::every(TimeDelta::minutes(15), Tz::Australia__Lord_Howe).unwrap(), 10),
    ];
    let budget = Budget::default();
    let mut streams = Streams::default();
    for plan in &plans {
        let a_month = 8640.0;
        let threshold = budget.threshold(Watched::Issuer, 3, a_month);
        streams = streams.with(&plan.name, Objective::new(0.01, a_month, threshold, TimeDelta::days(1)).unwrap());
        let share = budget.share(Watched::Stalled, 3);
        streams = streams.with_stalled(&format!("{} hop", plan.name), Stalled::new(share, 8640.0));
    }
    let channels = ["pager", "mail"].map(|name| Channel { name: name.to_owned(), size: 4000 }).to_vec();
    Setup { plans, streams, policy: Policy::default(), channels }
}

fn world(begins: &str) -> World {
    World {
        begins_at: begins.parse().unwrap(),
        troubles: TROUBLES.to_vec(),
        // one that covers the end of a trouble and twenty hours after, and one with no trouble at all
        blind: vec![
            (BERLIN, Stretch::day(12, 18, 44)),
            (LORD_HOWE, Stretch::day(26, 3, 15)),
            (NEW_YORK, Stretch::day(27, 3, 9)),
        ],
        channels_down: vec![
            ("pager", Stretch::day(4, 3, 7)),
            ("mail", Stretch::day(8, 0, 3)),
            ("pager", Stretch::day(8, 0, 2)),
            ("mail", Stretch::day(24, 0, 26)),
        ],
        // a run takes most of an hour to be sent
        slow: vec![Stretch::day(14, 8, 12)],
        disk_full: vec![Stretch::day(21, 5, 7)],
        asleep: vec![Stretch::day(1, 6, 9), Stretch::day(19, 0, 1)],
        residue: vec![(Stretch::day(28, 0, 4), 9)],
        submitted: BTreeMap::new(),
        taken: BTreeMap::new(),
    }
}

fn lived(begins: &str, kills: BTreeSet<usize>) -> (Canary, World) {
    let (mut canary, mut world) = (Canary::new(setup(), kills), world(begins));
    for minute in 0..DAYS * 24 * 60 {
        canary.minute(&mut world, minute);
    }
    (canary, world)
}

/// Each alarm with the minutes at which it was raised and recovered.
fn alarms(canary: &Canary, world: &World) -> BTreeMap<AlarmId, (i64, Option<i64>)> {
    let mut alarms = BTreeMap::new();
    for entry in &canary.log {
        match entry {
            Entry::Alarm(alarm::Entry::Raised { alarm, at, .. }) => {
                alarms.entry(alarm.clone()).or_insert((world.minute(*at), None));
            }
            Entry::Alarm(alarm::Entry::Recovered { alarm, at, .. }) => {
                let ended = &mut alarms.get_mut(alarm).unwrap().1;
                assert_eq!(ended.replace(world.minute(*at)), None, "{alarm} recovered twice");
            }
            _ => {}
        }
    }
    alarms
}

fn messages(canary: &Canary) -> Vec<&Message> {
    let announced = canary.log.iter().filter_map(|entry| match entry {
        Entry::Alarm(alarm::Entry::Announced(message)) => Some(message),
        _ => None,
    });
    announced.collect()
}

/// Every trouble has its alarm and no alarm is without one.
fn no_alarm_is_lost_or_false_or_ended_by_missing_data(canary: &Canary, world: &World) {
    let alarms = alarms(canary, world);
    for (stream, stretch, trouble) in TROUBLES {
        let of_it = |id: &AlarmId, raised: i64| {
            id.source == Source::Stream((*stream).to_owned())
                && Stretch(stretch.0, stretch.1 + LIMIT + LOOKS).holds(raised)
        };
        let found: Vec<_> = alarms.iter().filter(|(id, (raised, _))| of_it(id, *raised)).collect();
        let [(id, (raised, recovered))] = found[..] else { panic!("{trouble:?} at {stream}: {found:?}") };
        let recovered = recovered.unwrap_or_else(|| panic!("{id} is not over"));
        assert!(recovered >= stretch.1, "{id} of {trouble:?} was over at {recovered}, before {stretch:?} ended");
        // the slowest is 15 % altered: half a day
        assert!(
            raised - stretch.0 < LIMIT + 13 * 60,
            "{id}: raised {} minutes after {trouble:?} began",
            raised - stretch.0
        );
    }
    let blind = world.blind[0].1;
    let berlin = &alarms[&AlarmId { source: Source::Stream(BERLIN.to_owned()), number: 2 }];
    assert!(berlin.1 > Some(blind.1), "it was over while nobody could look: {berlin:?}");
    let others: Vec<String> =
        alarms.keys().filter(|id| !is_of(id, &[NEW_YORK, BERLIN, LORD_HOWE])).map(ToString::to_string).collect();
    assert_eq!(others, ["lord-howe hop#1", "new-york hop#1", "residue#1", "watcher#1", "watcher#2", "watcher#3"]);
    assert_eq!(alarms.len(), TROUBLES.len() + others.len(), "{alarms:?}");
    let hop = alarms.iter().find(|(id, _)| id.to_string() == "lord-howe hop#1").unwrap().1;
    assert!(Stretch::day(16, 0, 9).holds(hop.0), "stalled is told while it lasts: {hop:?}");
    assert_eq!(canary.watch().alarms().firing().count(), 0);
}

fn is_of(id: &AlarmId, streams: &[&str]) -> bool {
    matches!(&id.source, Source::Stream(name) if streams.contains(&name.as_str()))
}

/// Every channel was told of every alarm: once that it fires, once that it recovered.
fn every_channel_was_told_once(canary: &Canary, world: &World) {
    let messages: BTreeMap<&str, &Message> =
        messages(canary).into_iter().map(|message| (message.key.as_str(), message)).collect();
    let mut copies = 0;
    for (channel, taken) in &world.taken {
        let keys: BTreeSet<&str> = taken.iter().map(|(key, _)| key.as_str()).collect();
        copies += taken.len() - keys.len();
        let mut told: BTreeMap<(&AlarmId, Kind), usize> = BTreeMap::new();
        for message in keys.iter().filter_map(|key| messages.get(key)) {
            for alarm in &message.alarms {
                *told.entry((alarm, message.kind)).or_default() += 1;
            }
        }
        for (alarm, _) in alarms(canary, world) {
            let worse = canary.log.iter().filter(|entry| is_raised(entry, &alarm)).count();
            let firing = told.get(&(&alarm, Kind::Firing)).copied().unwrap_or(0);
            assert!((1..=worse).contains(&firing), "{channel} was told {firing} times that {alarm} fires, of {worse}");
            assert_eq!(told.get(&(&alarm, Kind::Recovered)), Some(&1), "{channel} of {alarm}");
        }
        let waiting = canary.watch().deliveries().channel(channel).unwrap().waiting();
        assert_eq!(waiting, 0, "{channel} is still to be told");
    }
    assert_eq!(world.taken.len(), 2);
    assert!(copies <= canary.notes_lost, "{copies} copies, {} notes lost", canary.notes_lost);
}

fn is_raised(entry: &Entry, id: &AlarmId) -> bool {
    matches!(entry, Entry::Alarm(alarm::Entry::Raised { alarm, .. }) if alarm == id)
}

/// From the fact that brought the evidence across to the message that says so there is no more than a tick.
fn every_alarm_is_told_within_a_tick(canary: &Canary) {
    let mut silent_since: BTreeMap<&AlarmId, DateTime<Utc>> = BTreeMap::new();
    for entry in &canary.log {
        match entry {
            Entry::Alarm(alarm::Entry::Raised { alarm, at, cause: Cause::Evidence(episode), .. }) => {
                assert!(*at - episode.crossed_at <= TimeDelta::minutes(LOOKS), "{alarm} raised {at}: {episode:?}");
                silent_since.insert(alarm, *at);
            }
            Entry::Alarm(alarm::Entry::Announced(message)) if message.kind == Kind::Firing => {
                for alarm in &message.alarms {
                    if let Some(raised) = silent_since.remove(alarm) {
                        assert!(message.at - raised <= TimeDelta::minutes(LOOKS), "{alarm}");
                    }
                }
            }
            _ => {}
        }
    }
    assert!(silent_since.is_empty(), "{silent_since:?}");
}

/// Every tick of a schedule has one fate, in order, through both clock changes.
fn every_tick_has_one_fate(canary: &Canary) {
    for plan in setup().plans {
        let (mut taken, mut missed, mut waited) = (Vec::new(), 0, 0);
        let mut queued = BTreeSet::new();
        for entry in &canary.log {
            let Entry::Schedule { plan: name, note } = entry else { continue };
            match note {
                _ if *name != plan.name => {}
                Note::Started { tick, .. } if queued.remove(&tick.nominal_at) => {}
                Note::Started { tick, .. } => taken.push(tick.nominal_at),
                Note::Queued { tick } => {
                    queued.insert(tick.nominal_at);
                    waited += 1;
                    taken.push(tick.nominal_at);
                }
                Note::Passed { first, last, why, .. } => {
                    let next = |at: &DateTime<Utc>| plan.schedule.next_after_tick(*at).map(|tick| tick.nominal_at);
                    let passed =
                        std::iter::successors(Some(first.nominal_at), next).take_while(|at| *at <= last.nominal_at);
                    taken.extend(passed);
                    missed += usize::from(*why == PassedOver::Missed);
                }
                Note::Known { .. } | Note::Finished { .. } => {}
            }
        }
        for two in taken.windows(2) {
            assert_eq!(plan.schedule.next_after_tick(two[0]).unwrap().nominal_at, two[1], "{}", plan.name);
        }
        assert!(missed >= 3, "{}: it slept, twice, and its disk was full", plan.name);
        assert!(waited > 3, "{}: runs overlapped", plan.name);
    }
}

fn hold_all(canary: &Canary, world: &World) {
    no_alarm_is_lost_or_false_or_ended_by_missing_data(canary, world);
    every_channel_was_told_once(canary, world);
    every_alarm_is_told_within_a_tick(canary);
    every_tick_has_one_fate(canary);
}

#[test]
fn thirty_days_with_the_clock_changes_of_spring() {
    let (canary, world) = lived(SPRING, BTreeSet::new());
    hold_all(&canary, &world);
    assert_eq!((canary.restarts, canary.notes_lost), (3, 0));
    let stored = serde_json::to_string(&canary.log).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Entry>>(&stored).unwrap(), canary.log);
}

#[test]
fn thirty_days_with_the_clock_changes_of_autumn() {
    let (canary, world) = lived(AUTUMN, BTreeSet::new());
    hold_all(&canary, &world);
    let down = canary.log.iter().filter(|entry| matches!(entry, Entry::Delivery(delivery::Entry::Down { .. }))).count();
    assert_eq!(down, 3, "each outage of one channel was told on the other");
}

#[test]
fn killed_anywhere_and_often_it_says_the_same() {
    let (undisturbed, world) = lived(AUTUMN, BTreeSet::new());
    let expected = alarms(&undisturbed, &world);
    let mut dice = Dice(2013);
    let mut kills: BTreeSet<usize> = (0..50).map(|_| dice.of(undisturbed.log.len())).collect();
    // and wherever an alarm is in the making, or a channel is being told
    let acts = undisturbed.log.iter().enumerate().filter(|(_, entry)| {
        matches!(
            entry,
            Entry::Alarm(alarm::Entry::Raised { .. } | alarm::Entry::Recovered { .. } | alarm::Entry::Announced(_))
        )
    });
    for (place, _) in acts.step_by(3) {
        kills.extend([place, place + 1, place + 3, place + 4]);
    }
    let (canary, world) = lived(AUTUMN, kills);
    assert!(canary.restarts > 50, "{}", canary.restarts);
    hold_all(&canary, &world);
    let found = alarms(&canary, &world);
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
}

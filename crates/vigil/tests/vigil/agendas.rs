//! What becomes of ticks: overlap, catch-up, windows, `--once`, and being killed in between.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use johndoe_vigil::schedule::{
    Agenda, CatchUp, Note, Overlap, PassedOver, Plan, QUEUE_AT_MOST, Rhythm, Schedule, Start, TimeOfDay, Window,
};
use proptest::prelude::*;

const ZONE: Tz = Tz::America__New_York;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn noon() -> DateTime<Utc> {
    at("2026-06-01T12:00:00-04:00")
}

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

fn plan(expression: &str) -> Plan {
    Plan {
        name: "first".to_owned(),
        schedule: Schedule::new(Rhythm::cron(expression, ZONE).unwrap(), TimeDelta::zero(), 1).unwrap(),
        open: Vec::new(),
        closed: Vec::new(),
        overlap: Overlap::Skip,
        catch_up: CatchUp::Latest,
    }
}

/// Looks at the agenda and takes up what is due; says it in short.
fn look(agenda: &mut Agenda, plan: &Plan, now: DateTime<Utc>, start: Start) -> Vec<String> {
    let notes = agenda.due(plan, now, start);
    for note in &notes {
        agenda.apply(note);
    }
    let clock = |at: DateTime<Utc>| at.with_timezone(&ZONE).format("%H:%M").to_string();
    let said = notes.iter().filter_map(|note| match note {
        Note::Known { .. } | Note::Finished { .. } => None,
        Note::Started { tick, number } => Some(format!("run {number} for {}", clock(tick.at))),
        Note::Queued { tick } => Some(format!("queue {}", clock(tick.at))),
        Note::Passed { first, last, count, why } => {
            Some(format!("pass {count} {}-{} {why:?}", clock(first.at), clock(last.at)))
        }
    });
    said.collect()
}

fn watch(agenda: &mut Agenda, plan: &Plan, now: DateTime<Utc>) -> Vec<String> {
    look(agenda, plan, now, Start::Watching)
}

fn finish(agenda: &mut Agenda) {
    let nominal_at = agenda.running()[0];
    agenda.apply(&Note::Finished { nominal_at });
}

#[test]
fn nothing_before_the_first_start_is_caught_up() {
    let (mut agenda, plan) = (Agenda::default(), plan("*/15 * * * *"));
    assert!(watch(&mut agenda, &plan, noon() + minutes(1)).is_empty());
    assert!(watch(&mut agenda, &plan, noon() + minutes(14)).is_empty());
    assert_eq!(watch(&mut agenda, &plan, noon() + minutes(15)), ["run 1 for 12:15"]);
    assert!(watch(&mut agenda, &plan, noon() + minutes(16)).is_empty());
    assert_eq!(agenda.next(&plan, noon() + minutes(16)).unwrap().at, noon() + minutes(30));
}

#[test]
fn a_tick_during_a_run_is_skipped_or_waits() {
    let (mut agenda, mut plan) = (Agenda::default(), plan("*/15 * * * *"));
    watch(&mut agenda, &plan, noon());
    assert_eq!(watch(&mut agenda, &plan, noon() + minutes(15)), ["run 1 for 12:15"]);
    assert_eq!(watch(&mut agenda, &plan, noon() + minutes(30)), ["pass 1 12:30-12:30 Overlap"]);
    plan.overlap = Overlap::Queue;
    assert_eq!(watch(&mut agenda, &plan, noon() + minutes(45)), ["queue 12:45"]);
    assert_eq!(watch(&mut agenda, &plan, noon() + minutes(60)), ["queue 13:00"]);
    finish(&mut agenda);
    assert_eq!(watch(&mut agenda, &plan, noon() + minutes(61)), ["run 2 for 12:45"]);
    assert!(watch(&mut agenda, &plan, noon() + minutes(62)).is_empty());
    finish(&mut agenda);
    // what waited goes before what is due now
    assert_eq!(watch(&mut agenda, &plan, noon() + minutes(75)), ["run 3 for 13:00", "queue 13:15"]);
}

#[test]
fn a_queue_has_an_end() {
    let (mut agenda, mut plan) = (Agenda::default(), plan("* * * * *"));
    plan.overlap = Overlap::Queue;
    watch(&mut agenda, &plan, noon());
    let said: Vec<String> = (1..=30).flat_map(|minute| watch(&mut agenda, &plan, noon() + minutes(minute))).collect();
    assert_eq!(said.iter().filter(|said| said.starts_with("queue")).count(), QUEUE_AT_MOST);
    assert_eq!(said.last().unwrap(), "pass 1 12:30-12:30 Overlap");
}

#[test]
fn after_sleep_it_goes_by_the_policy() {
    let asleep = |catch_up| {
        let (mut agenda, mut plan) = (Agenda::default(), plan("*/15 * * * *"));
        plan.catch_up = catch_up;
        watch(&mut agenda, &plan, noon());
        watch(&mut agenda, &plan, noon() + minutes(70))
    };
    assert_eq!(asleep(CatchUp::None), ["pass 4 12:15-13:00 Missed"]);
    assert_eq!(asleep(CatchUp::Latest), ["pass 3 12:15-12:45 Missed", "run 1 for 13:00"]);
    assert_eq!(asleep(CatchUp::All), ["run 1 for 12:15", "queue 12:30", "queue 12:45", "queue 13:00"]);
}

#[test]
fn a_tick_that_is_due_anyway_is_the_newest_one_caught_up() {
    let (mut agenda, plan) = (Agenda::default(), plan("*/15 * * * *"));
    watch(&mut agenda, &plan, noon());
    let said = watch(&mut agenda, &plan, noon() + minutes(60));
    assert_eq!(said, ["pass 3 12:15-12:45 Missed", "run 1 for 13:00"]);
}

#[test]
fn maintenance_and_business_hours_pass_ticks_over_with_half_open_ends() {
    let (mut agenda, mut plan) = (Agenda::default(), plan("0 * * * *"));
    let clock = |hour| TimeOfDay::new(hour, 0).unwrap();
    let holiday = NaiveDate::from_ymd_opt(2026, 6, 2).unwrap();
    let week = [Weekday::Mon, Weekday::Tue, Weekday::Wed];
    plan.open = vec![Window::weekly(&week, (clock(9), clock(17)), &[holiday], ZONE).unwrap()];
    plan.closed = vec![
        Window::once("2026-06-01T13:00:00".parse().unwrap(), "2026-06-01T15:00:00".parse().unwrap(), ZONE).unwrap(),
    ];
    watch(&mut agenda, &plan, noon());
    let said: Vec<String> = (1..=48)
        .flat_map(|hour| {
            let said = watch(&mut agenda, &plan, noon() + minutes(60 * hour));
            agenda.running().to_vec().into_iter().for_each(|nominal_at| agenda.apply(&Note::Finished { nominal_at }));
            said
        })
        .filter(|said| said.starts_with("run"))
        .collect();
    assert_eq!(
        said,
        [
            "run 1 for 15:00",
            "run 2 for 16:00",
            "run 3 for 09:00",
            "run 4 for 10:00",
            "run 5 for 11:00",
            "run 6 for 12:00",
        ]
    );
    assert!(plan.check(noon()).is_empty());
    plan.closed.push(Window::weekly(&week, (clock(8), clock(18)), &[], ZONE).unwrap());
    let mistake = plan.check(noon()).remove(0);
    assert_eq!(mistake.place, "first.windows");
    assert!(mistake.found.contains("`0 * * * *` in America/New_York"), "{mistake}");
}

#[test]
fn once_takes_the_tick_it_was_started_for_and_the_next_start_does_not_repeat_it() {
    let plan = plan("0 6 * * *");
    let six = at("2026-06-02T06:00:00-04:00");
    for started in [six - minutes(2), six - TimeDelta::seconds(1), six, six + minutes(1)] {
        let mut agenda = Agenda::default();
        assert_eq!(look(&mut agenda, &plan, started, Start::Once), ["run 1 for 06:00"], "{started}");
        finish(&mut agenda);
        assert!(look(&mut agenda, &plan, six + minutes(1), Start::Once).is_empty(), "{started}");
        assert!(watch(&mut agenda, &plan, six + minutes(1)).is_empty(), "{started}");
        let next = six + minutes(24 * 60 - 1);
        assert_eq!(look(&mut agenda, &plan, next, Start::Once), ["run 2 for 06:00"], "{started}");
    }
    let mut early = Agenda::default();
    early.apply(&Note::Known { at: six - minutes(60) });
    let yesterday = plan.schedule.latest_until(six - minutes(60)).unwrap();
    early.apply(&Note::Started { tick: yesterday, number: 1 });
    early.apply(&Note::Finished { nominal_at: yesterday.nominal_at });
    assert!(look(&mut early, &plan, six - minutes(3), Start::Once).is_empty());
}

#[test]
fn a_window_under_three_periods_and_a_limit_longer_than_it_cannot_work() {
    let plan = plan("*/20 * * * *");
    assert!(plan.check_window(minutes(60), minutes(60), noon()).is_empty());
    let mistakes = plan.check_window(minutes(59), minutes(61), noon());
    let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "59 min at `first.alarm_window`, expected 1 h or more, three periods of 20 min; look further back, or tick more often",
            "a limit of 61 min at `first.limit`, expected at most the alarm window of 59 min; \
         what is late only after the window ends is never in it; widen the window",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Looked at whenever, killed and refolded from its notes at every look: every tick has exactly one fate, in order.
    #[test]
    fn every_tick_has_one_fate_however_it_is_looked_at(
        gaps in prop::collection::vec(0i64..5000, 1..60),
        ends in prop::collection::vec(any::<bool>(), 60),
        policy in (0usize..2, 0usize..3),
    ) {
        let mut plan = plan("*/10 * * * *");
        plan.overlap = [Overlap::Skip, Overlap::Queue][policy.0];
        plan.catch_up = [CatchUp::None, CatchUp::Latest, CatchUp::All][policy.1];
        let mut now = noon();
        let mut notes = Agenda::default().due(&plan, now, Start::Watching);
        for (gap, ends) in gaps.iter().zip(ends) {
            now += TimeDelta::seconds(*gap);
            let mut agenda = Agenda::default();
            let text = serde_json::to_string(&notes).unwrap();
            let stored: Vec<Note> = serde_json::from_str(&text).unwrap();
            for note in &stored {
                agenda.apply(note);
            }
            prop_assert!(agenda.running().len() <= 1);
            if ends && let Some(nominal_at) = agenda.running().first() {
                notes.push(Note::Finished { nominal_at: *nominal_at });
                agenda.apply(notes.last().unwrap());
            }
            notes.extend(agenda.due(&plan, now, Start::Watching));
        }
        let mut fates = std::collections::BTreeMap::new();
        let mut queued = std::collections::BTreeSet::new();
        for note in &notes {
            match note {
                Note::Started { tick, .. } if queued.remove(&tick.at) => {}
                Note::Started { tick, .. } => *fates.entry(tick.at).or_insert(0u64) += 1,
                Note::Queued { tick } => {
                    queued.insert(tick.at);
                    *fates.entry(tick.at).or_insert(0) += 1;
                }
                Note::Passed { first, last, count, why } => {
                    let mut at = *first;
                    let mut passed = 1;
                    *fates.entry(at.at).or_insert(0) += 1;
                    while at != *last {
                        at = plan.schedule.next_after_tick(at.nominal_at).unwrap();
                        *fates.entry(at.at).or_insert(0) += 1;
                        passed += 1;
                    }
                    prop_assert_eq!(passed, *count);
                    prop_assert!(*why != PassedOver::Closed);
                }
                Note::Known { .. } | Note::Finished { .. } => {}
            }
        }
        let mut expected = noon() + minutes(10);
        for (tick, fates) in fates {
            prop_assert_eq!(tick, expected);
            prop_assert_eq!(fates, 1);
            expected += minutes(10);
        }
        prop_assert!(expected > now);
    }
}

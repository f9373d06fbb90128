//! The rules at their edges, by tables written by hand.

use super::{RULES, Selection, begins, day};
use crate::model::{DateRule, EffectiveDates, ExchangeKind, Today};
use chrono::NaiveDate;

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules(rules: ExchangeKind, off: &[DateRule]) -> EffectiveDates {
    EffectiveDates { rules, today: Today::Ours, enroll: DateRule::OpenEnrollment, off: off.to_vec() }
}

/// What is allowed of something selected on a day, in words; `-` where no rule says anything.
fn told(dates: &EffectiveDates, of: DateRule, selected: &str) -> String {
    let allowed = begins(dates, &Selection::new(of, on(selected)));
    allowed.map_or("-".to_owned(), |allowed| allowed.to_string())
}

#[test]
fn open_enrollments_begin_as_they_did_at_the_edges_of_each_year() {
    for (selected, ffm, state) in [
        ("2013-09-30", "-", "-"),
        ("2013-10-01", "2014-01-01", "2014-01-01"),
        ("2013-12-15", "2014-01-01", "2014-01-01"),
        ("2013-12-16", "2014-01-01", "2014-01-01"),
        ("2013-12-23", "2014-01-01", "2014-01-01"),
        ("2013-12-24", "2014-01-01 or 2014-02-01", "2014-01-01 or 2014-02-01"),
        ("2013-12-25", "2014-02-01", "2014-01-01 or 2014-02-01"),
        ("2013-12-31", "2014-02-01", "2014-01-01 or 2014-02-01"),
        ("2014-01-15", "2014-02-01", "2014-02-01"),
        ("2014-01-16", "2014-03-01", "2014-02-01 or 2014-03-01"),
        ("2014-01-31", "2014-03-01", "2014-02-01 or 2014-03-01"),
        ("2014-02-28", "2014-04-01", "2014-03-01 or 2014-04-01"),
        ("2014-03-31", "2014-05-01", "2014-04-01 or 2014-05-01"),
        ("2014-04-01", "-", "-"),
        ("2014-11-14", "-", "-"),
        ("2014-11-15", "2015-01-01", "2015-01-01"),
        ("2014-12-16", "2015-02-01", "2015-01-01 or 2015-02-01"),
        ("2015-02-15", "2015-03-01", "2015-03-01"),
        ("2015-02-16", "-", "-"),
        ("2015-12-15", "2016-01-01", "2016-01-01"),
        ("2015-12-17", "2016-01-01", "2016-01-01 or 2016-02-01"),
        ("2015-12-18", "2016-01-01 or 2016-02-01", "2016-01-01 or 2016-02-01"),
        ("2015-12-19", "2016-02-01", "2016-01-01 or 2016-02-01"),
        ("2016-12-19", "2017-01-01", "2017-01-01 or 2017-02-01"),
        ("2016-12-21", "2017-02-01", "2017-01-01 or 2017-02-01"),
        ("2017-01-31", "2017-03-01", "2017-02-01 or 2017-03-01"),
        ("2017-12-15", "2018-01-01", "2018-01-01"),
        ("2017-12-16", "-", "-"),
        ("2020-11-01", "2021-01-01", "2021-01-01"),
        ("2021-12-15", "2022-01-01", "2022-01-01"),
        ("2021-12-16", "2022-02-01", "2022-01-01 or 2022-02-01"),
        ("2024-01-15", "2024-02-01", "2024-02-01"),
        ("2024-01-16", "2024-02-01", "-"),
        ("2026-01-15", "2026-02-01", "2026-02-01"),
        ("2026-01-16", "-", "-"),
        ("2026-10-31", "-", "-"),
        ("2026-12-31", "2027-01-01", "2027-01-01"),
        ("2027-01-01", "-", "-"),
    ] {
        for (kind, expected) in [(ExchangeKind::Ffm, ffm), (ExchangeKind::State, state)] {
            assert_eq!(told(&rules(kind, &[]), DateRule::OpenEnrollment, selected), expected, "{selected} at {kind}");
        }
    }
}

#[test]
fn special_enrollments_begin_by_the_fifteenth_at_first_and_with_the_next_month_since() {
    use DateRule::{Casework, LossOfCoverage, Marriage, Special};
    for (of, selected, ffm, state) in [
        (Special, "2014-06-15", "2014-07-01", "2014-07-01"),
        (Special, "2014-06-16", "2014-08-01", "2014-07-01 or 2014-08-01"),
        (Special, "2021-12-31", "2022-02-01", "2022-01-01 or 2022-02-01"),
        (Special, "2022-01-16", "2022-02-01", "2022-02-01 or 2022-03-01"),
        (Special, "2024-12-31", "2025-01-01", "2025-01-01 or 2025-02-01"),
        (Special, "2025-01-16", "2025-02-01", "2025-02-01"),
        (Marriage, "2014-01-31", "2014-02-01", "2014-02-01"),
        (Marriage, "2014-02-01", "2014-03-01", "2014-03-01"),
        (LossOfCoverage, "2014-01-16", "2014-02-01", "2014-02-01 or 2014-03-01"),
        (Casework, "2014-01-16", "any day until 2014-03-01", "any day until 2014-03-01"),
    ] {
        for (kind, expected) in [(ExchangeKind::Ffm, ffm), (ExchangeKind::State, state)] {
            assert_eq!(told(&rules(kind, &[]), of, selected), expected, "{of} on {selected} at {kind}");
        }
    }
    let casework = begins(&rules(ExchangeKind::Ffm, &[]), &Selection::new(Casework, on("2014-01-16"))).unwrap();
    assert!(casework.allows(on("2014-01-01")) && casework.allows(on("2014-03-01")));
    assert!(!casework.allows(on("2014-03-02")));
}

#[test]
fn who_is_born_is_covered_from_that_day_and_never_before_the_policy_is() {
    for (selected, born, policy, expected) in [
        ("2014-03-20", "2014-03-11", "2014-01-01", "2014-03-11"),
        ("2014-03-20", "2014-02-28", "2014-03-01", "2014-03-01"),
        ("2013-11-15", "2013-11-05", "2014-01-01", "2014-01-01"),
        // an exchange may let the household choose
        ("2014-04-20", "2014-03-31", "2014-01-01", "2014-03-31 or 2014-04-01 or 2014-05-01 or 2014-06-01"),
    ] {
        let asked = Selection {
            happened: Some(on(born)),
            joins_from: Some(on(policy)),
            ..Selection::new(DateRule::Birth, on(selected))
        };
        let allowed = begins(&rules(ExchangeKind::Ffm, &[]), &asked).unwrap();
        assert_eq!(allowed.to_string(), expected, "born on {born}");
    }
}

#[test]
fn a_renewal_begins_when_the_year_that_is_covered_has_ended() {
    for (covered_from, expected) in [("2014-01-01", "2015-01-01"), ("2014-05-01", "2015-01-01")] {
        let asked =
            Selection { covered_from: Some(on(covered_from)), ..Selection::new(DateRule::Renewal, on("2014-11-20")) };
        assert_eq!(begins(&rules(ExchangeKind::Ffm, &[]), &asked).unwrap().to_string(), expected);
    }
}

#[test]
fn every_rule_can_be_switched_off_and_an_exception_leaves_the_rule_behind_it() {
    use DateRule::{December2013, Extension, OpenEnrollment};
    let without = |off| rules(ExchangeKind::Ffm, off);
    assert_eq!(told(&without(&[December2013]), OpenEnrollment, "2013-12-23"), "2014-02-01");
    assert_eq!(told(&without(&[OpenEnrollment]), OpenEnrollment, "2013-12-23"), "2014-01-01");
    assert_eq!(told(&without(&[OpenEnrollment]), OpenEnrollment, "2013-12-15"), "-");
    assert_eq!(told(&without(&[Extension]), OpenEnrollment, "2016-12-19"), "2017-02-01");
    for name in DateRule::ALL.iter().copied() {
        assert!(RULES.iter().any(|rule| rule.name == name), "no rule is called {name}");
        let named = RULES.iter().find(|rule| rule.name == name).unwrap();
        let dates = rules(named.at.unwrap_or(ExchangeKind::Ffm), &[name]);
        let some = day(named.from).unwrap();
        let asked = Selection { happened: Some(some), covered_from: Some(some), ..Selection::new(named.of, some) };
        assert_ne!(begins(&dates, &asked).map(|allowed| allowed.rule.name), Some(name), "{name}");
    }
}

#[test]
fn every_rule_has_days_of_the_calendar_and_a_source() {
    for rule in RULES {
        assert!(day(rule.from).unwrap() <= day(rule.to).unwrap(), "{rule:?}");
        assert!(rule.source.contains("CFR") || rule.source.contains("FR ") || rule.source.contains("CMS"), "{rule:?}");
    }
}

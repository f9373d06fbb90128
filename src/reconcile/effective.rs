//! Whether a first day of coverage that the exchange told is one that the target's rules of effective dates allow. What it did not tell is judged by
//! no rule, and what comes downstream by what it told.

use super::group::Place;
use super::otherwise::day_told;
use crate::life;
use crate::life::dates::{Allowed, Selection, begins, kind_of};
use crate::model::{BY_THE_RULE, EffectiveDates, Field, Household, JourneyStep, Since, Today};
use chrono::{Days, NaiveDate};

/// A request and its answer are not further apart than this: beyond it a clock was wrong.
const MOST_DAYS: i64 = 62;

/// Why the first day that was told of a policy, by the answer to the step with which it began, is none that a rule allows.
pub(super) fn policy_against_rule(place: &Place<'_>, step: JourneyStep, told: NaiveDate) -> Option<String> {
    let dates = place.court.plan.effective_dates.as_ref()?;
    let change = place.court.plan.change_at(step);
    let covered_from = renewed(place, step).and_then(|group| first_day(place, group));
    let asked = |selected| {
        let of = kind_of(dates, change, selected)?;
        Some(Selection { covered_from, ..Selection::new(of, selected) })
    };
    against_rule(place, (dates, step), told, asked)
}

/// The policy that a renewal follows.
fn renewed(place: &Place<'_>, step: JourneyStep) -> Option<usize> {
    let before = place.case.policies.iter().enumerate().filter(|(_, policy)| policy.opened < step);
    before.filter(|(_, policy)| policy.line == place.expected.line).map(|(group, _)| group).next_back()
}

fn first_day(place: &Place<'_>, group: usize) -> Option<NaiveDate> {
    day_told(&place.case.expectation.groups.get(group)?.facts, Field::BenefitBegin)
}

/// Why the first day that was told of whoever joins a policy that stands is none that a rule allows. It is told once for all policies, and
/// noted at the first.
pub(super) fn join_against_rule(place: &Place<'_>) -> Option<String> {
    let (plan, case) = (place.court.plan, place.case);
    let dates = plan.effective_dates.as_ref()?;
    case.lives.iter().filter(|life| life.act.may_stand()).find_map(|of| {
        let stands = |group: &usize| {
            let policy = case.policies.get(*group);
            policy.is_some_and(|p| p.opened < of.step && p.closed.is_none_or(|closed| closed > of.step))
        };
        let policies: Vec<usize> = (0..case.policies.len()).filter(stands).collect();
        if policies.first() != Some(&place.group) {
            return None;
        }
        let until = case.lives.iter().filter(|life| life.step <= of.step).map(|life| life.change);
        let household = life::after(case.history.household?, until);
        let (at, joiner) = household.members().enumerate().find(|(_, person)| person.since == Some(Since::Joins))?;
        let told = day_told(case.history.answer_to(of.step).members.get(at)?, Field::MemberBenefitBegin)?;
        let against = policies.iter().map(|group| {
            let joins_from = Some(first_day(place, *group)?);
            against_rule(place, (dates, of.step), told, |selected| {
                let rule = kind_of(dates, of.change, selected)?;
                Some(Selection { happened: Some(joiner.birth_date), joins_from, ..Selection::new(rule, selected) })
            })
        });
        // told once, it is right where it is right of one of them
        against.collect::<Option<Vec<String>>>()?.into_iter().next()
    })
}

/// Why a day is not allowed; `None` where it is on one of the days on which it may have been asked for, or no rule speaks on one of them.
fn against_rule(
    place: &Place<'_>,
    (dates, step): (&EffectiveDates, JourneyStep),
    told: NaiveDate,
    asked: impl Fn(NaiveDate) -> Option<Selection>,
) -> Option<String> {
    let household = place.case.history.household?;
    let days = days_of(place, (dates, step), household)?;
    let allowed = |day: NaiveDate| Some((day, begins(dates, &asked(day)?)?));
    let all: Vec<(NaiveDate, Allowed)> = days.into_iter().map(allowed).collect::<Option<_>>()?;
    if all.iter().any(|(_, allowed)| allowed.allows(told)) {
        return None;
    }
    let (day, allowed) = all.first()?;
    let (name, source, event) = (allowed.rule.name, allowed.rule.source, step.in_words());
    Some(format!(
        "{BY_THE_RULE} `{name}` ({source}) what is asked for on {day} may begin on {allowed}, and the exchange says of the {event} \
         that it begins on {told}"
    ))
}

/// The days on which the exchange may have taken it to be asked for: its own clock goes on while a request is under way.
fn days_of(
    place: &Place<'_>,
    (dates, step): (&EffectiveDates, JourneyStep),
    household: &Household,
) -> Option<Vec<NaiveDate>> {
    if dates.today == Today::Ours {
        return Some(vec![household.as_of]);
    }
    let (history, zone) = (place.case.history, place.court.plan.zone);
    let act = history.acts.of(step)?;
    let until = history.answered_at(step).unwrap_or(act.again_at).max(act.sent_at);
    let [first, last] = [act.sent_at, until].map(|at| at.with_timezone(&zone).date_naive());
    if (last - first).num_days() > MOST_DAYS {
        return None;
    }
    let days = std::iter::successors(Some(first), |day| day.checked_add_days(Days::new(1)));
    Some(days.take_while(|day| *day <= last).collect())
}

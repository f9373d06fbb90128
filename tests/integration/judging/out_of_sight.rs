//! What nobody ever looked at, since the target looks elsewhere: neither missing nor gone. And what is wrong of everybody alike, which
//! is more often the target's mistake.

use super::trial::{EDI, ISSUER, Trial, at, family, hop, message, plans, shown, snapshot};
use johndoe::model::{
    Arrival, Cents, Event, Field, GroupRecord, IssuerId, JourneyStep, LifeEvent, Phase, PlanId, ProbeIndex, Submission,
    Verdict, WaypointName,
};
use johndoe::report::{Style, json, text};
use std::collections::BTreeMap;

/// Healthy looks at both waypoints, of all issuers that there are, that find nothing.
fn looked_in_vain(trial: Trial, seconds: i64) -> Trial {
    let looked_at = at(seconds);
    let absent =
        Event::Absent { probe: ProbeIndex(0), waypoint: ISSUER, issuer: None, absent_at: looked_at, words: None };
    trial.push(seconds, Event::Looked { probe: None, waypoint: EDI, looked_at }).push(seconds, absent)
}

/// The only issuers that a waypoint can be asked for.
fn reading_only(mut trial: Trial, waypoint: &str, issuers: &[&str]) -> Trial {
    let issuers = issuers.iter().map(|issuer| IssuerId::new(*issuer)).collect();
    trial.plan.reads_only = BTreeMap::from([(WaypointName::new(waypoint), issuers)]);
    trial
}

#[test]
fn an_issuer_without_an_address_is_blind_and_never_missing() {
    let at_edi = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0));
    let at_issuer = Trial::new().accepted(family(0)).seen(ISSUER, 40, snapshot(&family(0), 0));
    for (trial, unread, waypoint) in [(at_edi, ISSUER, "issuer"), (at_issuer, EDI, "edi_834")] {
        let trial = looked_in_vain(trial, 400).push(401, Event::Finished);
        let with_address = reading_only(trial.clone(), waypoint, &["12345", "54321"]).judged();
        assert_eq!((with_address.verdict, with_address.counts.missing), (Verdict::Fail, 1), "{waypoint}");
        let summary = reading_only(trial, waypoint, &["54321"]).judged();
        assert_eq!(hop(&summary.probes[0], unread).arrival, Arrival::Blind, "{waypoint}");
        assert_eq!((summary.verdict, summary.counts.missing), (Verdict::Blind, 0), "{:?}", summary.reasons);
        assert_eq!(summary.probes[0].first_divergent_hop, None);
        let told = summary.reasons.join("\n");
        assert!(told.contains(&format!("no address for issuer `12345` at `{waypoint}`")), "{told}");
        assert!(told.contains("`per_issuer`"), "{told}");
    }
}

#[test]
fn who_was_never_looked_for_is_not_gone() {
    let trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0)).cancelled(300, 0);
    let trial = trial.seen(EDI, 320, super::trial::cancellation(&family(0), 0));
    let trial = looked_in_vain(trial, 900).phase_ended(901, Phase::Cleanup).push(902, Event::Finished);
    let cleanup = |issuers: &[&str]| {
        let mut judged = reading_only(trial.clone(), "issuer", issuers).judged();
        let probe = judged.probes.remove(0);
        let told = probe.findings.iter().map(|finding| finding.detail.clone()).collect::<Vec<_>>().join("\n");
        (probe.groups[0].cleanup.clone(), told)
    };
    assert_eq!(cleanup(&["12345"]).0, "gone");
    let (word, told) = cleanup(&["54321"]);
    assert_eq!(word, "residue");
    assert!(told.contains("no address for issuer `12345`"), "{told}");
}

#[test]
fn a_folder_that_nobody_looks_into_leaves_nobody_in_who_is_proved_gone_at_the_issuer() {
    let cleanup = |has_gone: bool| {
        let trial = Trial::new().accepted(family(0)).seen(ISSUER, 40, snapshot(&family(0), 0)).cancelled(300, 0);
        let trial = if has_gone { trial.gone(330, 0).looked(900) } else { trial };
        let trial = trial.phase_ended(901, Phase::Cleanup).push(902, Event::Finished);
        reading_only(trial, "edi_834", &["54321"]).judged().probes[0].groups[0].cleanup.clone()
    };
    assert_eq!([true, false].map(cleanup), ["gone", "residue"]);
}

#[test]
fn a_misrouted_record_of_an_issuer_without_an_address_is_found_all_the_same() {
    let trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0));
    let trial = trial.seen_by(ISSUER, Some(IssuerId::new("54321")), 40, snapshot(&family(0), 0));
    let summary = reading_only(trial, "issuer", &["54321"]).push(401, Event::Finished).judged();
    assert_eq!((summary.verdict, summary.counts.misrouted), (Verdict::Fail, 1), "{:?}", summary.reasons);
}

/// So many families seen at the issuer, whose folder is read and holds nothing of theirs.
fn behind_a_folder(households: u32) -> Trial {
    let mut trial = Trial::new();
    for index in 0..households {
        trial = trial.accepted(family(index)).seen(ISSUER, 40, snapshot(&family(index), 0));
    }
    trial.push(400, Event::Looked { probe: None, waypoint: EDI, looked_at: at(400) })
}

#[test]
fn a_folder_into_which_no_file_ever_came_is_the_wrong_one_where_households_are_seen_behind_it() {
    let summary = behind_a_folder(3).push(401, Event::Finished).judged();
    assert_eq!((summary.verdict, summary.counts.missing), (Verdict::Blind, 0), "{:?}", summary.reasons);
    assert!(summary.reasons.join("\n").contains("`edi_834` not one file was found"), "{:?}", summary.reasons);
    // one household may have gone another way, and files of others show that it is the right folder
    let one = behind_a_folder(1).push(401, Event::Finished).judged();
    assert_eq!((one.verdict, one.counts.missing), (Verdict::Fail, 1), "{:?}", one.reasons);
    for (baseline, strangers, damage) in
        [(true, 0, None), (false, 1, None), (false, 1, Some("cut")), (true, 0, Some("no X12"))]
    {
        let file = Event::FileRead {
            waypoint: EDI,
            name: "A.edi".into(),
            digest: "d".into(),
            strangers,
            baseline,
            damage: damage.map(str::to_owned),
            refused: Vec::new(),
            held: Vec::new(),
        };
        let right = behind_a_folder(3).push(10, file).push(401, Event::Finished).judged();
        let is_x12 = strangers > 0 || damage.is_none();
        let expected = if is_x12 { (Verdict::Fail, 3) } else { (Verdict::Blind, 0) };
        assert_eq!((right.verdict, right.counts.missing), expected, "{:?}", right.reasons);
    }
}

fn swap(record: &mut GroupRecord, one: Field, other: Field) {
    for member in &mut record.members {
        let (a, b) = (member.value(one).cloned(), member.value(other).cloned());
        member.set_or_absent(one, b);
        member.set_or_absent(other, a);
    }
}

#[test]
fn what_differs_in_every_record_of_one_waypoint_is_said_to_be_the_targets_mapping_and_the_verdict_stays() {
    let cents = |record: &mut GroupRecord| record.facts.set(Field::PremiumTotal, Cents(6_000_000));
    let sexes = |record: &mut GroupRecord| {
        for member in &mut record.members {
            let other = if member.text(Field::Sex) == Some("female") { "male" } else { "female" };
            member.set(Field::Sex, other);
        }
    };
    let names = |record: &mut GroupRecord| swap(record, Field::NameFirst, Field::NameLast);
    let cases: [(&dyn Fn(&mut GroupRecord), &str); 3] = [
        (&cents, "`group.premium_total` (each is 100 times what is expected"),
        (&sexes, "`member.sex` (`female` and `male` are exchanged)"),
        (&names, "`member.name.last` and `member.name.first` (each stands where the other is expected)"),
    ];
    for (change, words) in cases {
        let summary = shown(3, |_, record| change(record));
        assert_eq!(summary.verdict, Verdict::Fail);
        let told = summary.hints.join("\n");
        assert!(told.contains("every record that `issuer` showed (3)") && told.contains(words), "{told}");
        let page = text(&summary, Style { color: false, width: 200, full: true }).to_string();
        assert!(page.contains("more often the target than the pipeline") && page.contains(words), "{page}");
        assert!(json(&summary).contains("\"hints\""));
        let some = shown(3, |index, record| {
            if index > 0 {
                change(record);
            }
        });
        assert_eq!((some.verdict, some.hints.len()), (Verdict::Fail, 0), "{:?}", some.hints);
    }
    assert!(shown(3, |_, _| {}).hints.is_empty());
}

#[test]
fn what_differs_everywhere_is_said_to_be_what_the_flow_says_or_captures() {
    let mut trial = Trial::new();
    for index in 0..3 {
        let (mut sent, mut held) = (message(&family(index), 0), snapshot(&family(index), 0));
        sent.facts.set(Field::Aptc, Cents(1));
        held.facts.set(Field::Aptc, Cents(1));
        trial = trial.accepted(family(index)).seen(EDI, 20, sent).seen(ISSUER, 40, held);
    }
    let summary = trial.push(400, Event::Finished).judged();
    let told = summary.hints.join("\n");
    assert_eq!((summary.verdict, summary.hints.len()), (Verdict::Fail, 1), "{told}");
    assert!(told.contains("every record at `edi_834` and `issuer` differs in `group.aptc`"), "{told}");
}

#[test]
fn nobody_ever_seen_at_a_waypoint_is_said() {
    let mut trial = Trial::new();
    for index in 0..3 {
        trial = trial.accepted(family(index)).seen(EDI, 20, message(&family(index), 0)).looked(400);
    }
    let summary = trial.push(401, Event::Finished).judged();
    assert_eq!(summary.counts.missing, 3);
    assert!(
        summary.hints.join("\n").contains("no record of 3 households was ever seen at `issuer`"),
        "{:?}",
        summary.hints
    );
}

#[test]
fn where_no_status_stands_coverage_that_ends_as_it_begins_is_out_of_force() {
    let begin = family(0).coverage_begin;
    let cleanup = |days_later: i64, status: Option<&str>, only_members: bool| {
        let mut ended = snapshot(&family(0), 0);
        ended.facts.set_or_absent(Field::PolicyStatus, status);
        let end = begin + chrono::TimeDelta::days(days_later);
        if only_members {
            ended.facts.unset(Field::BenefitBegin);
            ended.facts.unset(Field::BenefitEnd);
            for member in &mut ended.members {
                member.set(Field::MemberBenefitBegin, begin);
                member.set(Field::MemberBenefitEnd, end);
            }
        } else {
            ended.facts.set(Field::BenefitEnd, end);
        }
        let enrolled = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
        let mut trial = enrolled.cancelled(300, 0).seen(EDI, 320, super::trial::cancellation(&family(0), 0));
        trial.plan.cancel_is_probed = true;
        let looked = Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at: at(700) };
        let trial = trial.gone(330, 0).seen(ISSUER, 330, ended).push(700, looked).phase_ended(701, Phase::Cleanup);
        let summary = trial.push(702, Event::Finished).judged();
        (summary.probes[0].groups[0].cleanup.clone(), summary.verdict)
    };
    let (gone, stays) = (("gone".to_owned(), Verdict::Pass), ("residue".to_owned(), Verdict::Fail));
    for only_members in [false, true] {
        assert_eq!(cleanup(0, None, only_members), gone);
        assert_eq!(cleanup(-1, None, only_members), gone);
        assert_eq!(cleanup(30, None, only_members), stays);
        assert_eq!(cleanup(-2, None, only_members), stays);
    }
    assert_eq!(cleanup(0, Some("effectuated"), false), stays, "what is said to be in force is");
}

#[test]
fn an_issuer_may_be_sold_under_another_id_that_the_target_knows_it_by() {
    let mut trial = looked_in_vain(Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0)), 400);
    trial.plan.issuers.insert(IssuerId::new("12345"), vec!["54321".to_owned()]);
    let summary = reading_only(trial, "issuer", &["54321"]).judged();
    assert_eq!(summary.counts.missing, 1, "it is looked at there: {:?}", summary.reasons);
    assert_eq!(plans(&family(0)).into_values().next(), Some(PlanId::new("12345VA001000104")));
}

#[test]
fn what_differs_after_every_change_is_said_to_be_what_its_flow_says_or_captures() {
    let action = JourneyStep { number: 1, event: LifeEvent::ChangeAddress };
    let mut trial = Trial::new();
    trial.plan.changes = vec![action.event.into()];
    for index in 0..3 {
        let mut shown = snapshot(&super::trial::moved(&family(index)), 0);
        shown.facts.set(Field::Aptc, Cents(1));
        trial =
            trial.accepted(family(index)).arrived(&family(index)).change_sent(300, index, Some(Submission::Accepted));
        trial = trial.gone(330, index).seen(ISSUER, 330, shown);
    }
    let summary = trial.push(900, Event::Finished).judged();
    let told = summary.hints.join("\n");
    assert!(
        told.contains("every record of the change of address that `issuer` showed (3) differs in `group.aptc`"),
        "{told}"
    );
}

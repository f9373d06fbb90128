//! The target's own mistakes that look like the pipeline's: people whom its path leaves out, and issuers whose addresses it has
//! exchanged.

use super::trial::{EDI, ISSUER, Trial, differing, family, findings, message, plans, shown, snapshot};
use johndoe::model::{
    Cents, Event, Field, FindingKind, GroupRecord, Household, IssuerId, PlanId, Summary, Verdict, WaypointName,
};
use std::collections::BTreeMap;

/// What is kept of a record of which the target's path takes the first person alone.
fn first_alone(record: &mut GroupRecord) {
    record.members.truncate(1);
    record.facts.set(Field::MemberEnrolled, "`$.people[0]` leads to 1 of 3");
    record.facts.mark_unread(Field::MemberEnrolled);
}

#[test]
fn people_whom_the_targets_path_leaves_out_are_not_missing() {
    let summary = shown(3, |_, record| first_alone(record));
    assert_eq!((summary.verdict, summary.counts.altered), (Verdict::Blind, 0), "{:?}", summary.reasons);
    let told = summary.reasons.join("\n");
    assert!(told.contains("`$.people[0]` leads to 1 of 3"), "{told}");
    assert!(summary.waypoints[usize::from(ISSUER)].not_understood.contains(Field::MemberEnrolled));
}

#[test]
fn people_whom_a_pipeline_loses_of_everybody_are_missing_and_so_are_those_lost_beside_a_household_of_one() {
    let lost = shown(3, |_, record| record.members.truncate(1));
    assert_eq!((lost.verdict, lost.counts.altered), (Verdict::Fail, 3), "{:?}", lost.reasons);
    let some = shown(3, |index, record| {
        if index > 0 {
            first_alone(record);
        }
    });
    assert_eq!((some.verdict, some.counts.altered), (Verdict::Blind, 0), "who is there whole is no proof of the path");
}

/// Two families of the issuer 12345 whose files lie here, and are for 54321 as far as the reading knows.
fn filed_at(source: &str) -> Summary {
    let mut trial = Trial::new();
    for index in 0..2 {
        let mut record = message(&family(index), 0);
        record.facts.set(Field::Issuer, "54321");
        record.place.source = format!("{source}{index}.edi");
        trial = trial.accepted(family(index)).seen(EDI, 20, record).seen(ISSUER, 40, snapshot(&family(index), 0));
    }
    trial.push(400, Event::Finished).judged()
}

#[test]
fn a_folder_of_another_issuer_may_be_the_targets_mistake_and_an_address_in_a_file_is_not() {
    let folder = filed_at("54321/");
    assert_eq!((folder.verdict, folder.counts.misrouted), (Verdict::Inconclusive, 0), "{:?}", folder.reasons);
    for addressed in ["", "12345/"] {
        let addressed = filed_at(addressed);
        assert_eq!((addressed.verdict, addressed.counts.misrouted), (Verdict::Fail, 2), "{:?}", addressed.reasons);
    }
}

#[test]
fn a_file_where_it_belongs_that_is_addressed_to_another_issuer_is_misrouted() {
    let addressed = |to: &str| {
        let mut record = message(&family(0), 0);
        record.place.source = "12345/a.edi".into();
        record.place.addressed_to = Some(to.into());
        Trial::new().accepted(family(0)).seen(EDI, 20, record).probe()
    };
    assert_eq!(findings(&addressed("54321")), [(FindingKind::Misrouted, "edi_834")]);
    assert_eq!(findings(&addressed("12345 by N102 and 54321 by ISA08")), [(FindingKind::Misrouted, "edi_834")]);
    // what lies in the folder that was exchanged in the target may well say whose it is
    assert_eq!(findings(&addressed("12345")), []);
}

/// Families whose plans are of the first issuer, whose messages name the second, and whose records stand at the third.
fn sold<'a>(families: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> Summary {
    offered(families).judged()
}

fn offered<'a>(families: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> Trial {
    let mut trial = Trial::new();
    for (index, (own, named, place)) in (0..).zip(families) {
        let (household, bought) = (family(index), format!("{own}VA001000104"));
        let as_bought = |mut record: GroupRecord, issuer: &str| {
            record.facts.set_plan(&bought);
            record.facts.set(Field::Issuer, issuer);
            record
        };
        trial = trial.accepted(household.clone());
        for entry in &mut trial.entries {
            choose(&mut entry.event, &household, &bought);
        }
        let file = as_bought(message(&household, 0), named);
        let record = as_bought(snapshot(&household, 0), place);
        trial = trial.seen(EDI, 20, file).seen_by(ISSUER, Some(IssuerId::new(place)), 40, record);
    }
    trial.push(400, Event::Finished)
}

/// Families whose plans are of the first issuer and whose records stand at the second.
fn placed(families: &[(&str, &str)]) -> Summary {
    sold(families.iter().map(|(own, place)| (*own, *own, *place)))
}

/// So many families of the issuer 12345 and as many of 54321; where each one's record stands, by its number and issuer.
fn at_issuers(of_each: u32, place: impl Fn(u32, &str) -> &'static str) -> Summary {
    let families: Vec<(&str, &str)> = (0..2 * of_each)
        .map(|index| if index < of_each { "12345" } else { "54321" })
        .zip((0..of_each).cycle())
        .map(|(own, at)| (own, place(at, own)))
        .collect();
    placed(&families)
}

fn choose(event: &mut Event, of: &Household, bought: &str) {
    if let Event::Planned { household, plans: chosen } = event
        && household.index == of.index
    {
        *chosen = plans(of).into_keys().map(|line| (line, PlanId::new(bought))).collect();
    }
}

fn other(issuer: &str) -> &'static str {
    if issuer == "12345" { "54321" } else { "12345" }
}

fn own(issuer: &str) -> &'static str {
    other(other(issuer))
}

#[test]
fn issuers_whose_records_all_stand_at_each_others_place_may_be_the_targets_mistake() {
    let summary = at_issuers(3, |_, issuer| other(issuer));
    assert_eq!(summary.verdict, Verdict::Inconclusive, "{:?}", summary.reasons);
    let counts = &summary.counts;
    assert_eq!((counts.misrouted, counts.missing, counts.altered), (0, 0, 0), "{:?}", summary.reasons);
    assert!(summary.probes.iter().all(|probe| findings(probe).is_empty() && differing(probe, ISSUER).is_empty()));
    let told = summary.reasons.join("\n");
    assert!(told.contains("every record of 6 households stands at another issuer's place"), "{told}");
    assert!(told.contains("`12345` at the place of `54321`, `54321` at the place of `12345`"), "{told}");
}

#[test]
fn what_differs_in_every_record_of_a_few_households_at_several_issuers_is_a_hint_too() {
    let (one, two) = ("12345", "54321");
    let hints = |is_wrong: fn(usize) -> bool| {
        let mut trial = offered([(one, one, one), (two, two, two), (one, one, one), (two, two, two)].into_iter());
        trial.plan.read_apart = BTreeMap::from([(WaypointName::new("issuer"), [one, two].map(IssuerId::new).to_vec())]);
        let shown = trial.entries.iter_mut().filter_map(|entry| match &mut entry.event {
            Event::Seen { sighting } if sighting.waypoint == ISSUER => Some(sighting),
            _ => None,
        });
        for (at, sighting) in shown.enumerate().filter(|(at, _)| is_wrong(*at)) {
            assert!(at < 4);
            sighting.record.facts.set(Field::PremiumTotal, Cents(6_000_000));
        }
        trial.judged().hints
    };
    let told = hints(|_| true);
    assert_eq!(told.len(), 1, "{told:?}");
    let words = "every record that `issuer` showed (4) differs in `group.premium_total` (each is 100 times";
    assert!(told[0].contains(words), "{told:?}");
    assert_eq!(hints(|at| at > 0), Vec::<String>::new(), "one of them is right");
}

#[test]
fn where_one_record_is_right_the_others_are_misrouted() {
    for misplaced in [
        at_issuers(3, |at, issuer| if at == 0 { own(issuer) } else { other(issuer) }),
        at_issuers(3, |_, issuer| if issuer == "54321" { other(issuer) } else { own(issuer) }),
        at_issuers(3, |at, issuer| if at == 0 && issuer == "12345" { own(issuer) } else { other(issuer) }),
    ] {
        assert_eq!(misplaced.verdict, Verdict::Fail, "{:?}", misplaced.reasons);
        assert!(misplaced.counts.misrouted >= 3, "{:?}", misplaced.counts);
    }
    let right = at_issuers(3, |_, issuer| own(issuer));
    assert_eq!((right.verdict, right.counts.misrouted), (Verdict::Pass, 0), "{:?}", right.reasons);
}

#[test]
fn of_three_issuers_two_may_be_exchanged_and_not_where_a_third_ones_records_stand_among_theirs() {
    let (one, two, three) = ("12345", "54321", "67890");
    let exchanged = placed(&[(one, two), (one, two), (two, one), (three, three)]);
    assert_eq!((exchanged.verdict, exchanged.counts.misrouted), (Verdict::Inconclusive, 0), "{:?}", exchanged.reasons);
    let among = placed(&[(one, two), (one, two), (two, one), (two, one), (three, one)]);
    assert_eq!((among.verdict, among.counts.misrouted), (Verdict::Fail, 5), "{:?}", among.reasons);
}

#[test]
fn a_household_alone_at_another_issuer_is_misrouted() {
    let mut trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0));
    trial = trial.seen_by(ISSUER, Some(IssuerId::new("99999")), 40, snapshot(&family(0), 0)).looked(300);
    assert_eq!(findings(&trial.probe()), [(FindingKind::Misrouted, "issuer")]);
}

/// So many families, of each record at the issuer what this leaves.
fn dated(households: u32, change: impl Fn(u32, &mut GroupRecord)) -> (Verdict, Vec<Option<bool>>, String) {
    let summary = shown(households, change);
    let good = summary.probes.iter().map(|probe| probe.good).collect();
    (summary.verdict, good, summary.reasons.join("\n"))
}

fn unread(record: &mut GroupRecord, field: Field, text: &str) {
    record.facts.set(field, text);
    record.facts.mark_unread(field);
}

#[test]
fn a_date_that_was_read_at_others_is_garbled_where_it_was_not_whatever_day_it_is() {
    // the first of January says that dates are read, and not in which order
    let garbled = |index: u32, record: &mut GroupRecord| {
        if index == 0 {
            unread(record, Field::BenefitBegin, "??");
        }
    };
    let (verdict, good, told) = dated(4, garbled);
    assert_eq!((verdict, &good[..2]), (Verdict::Fail, &[Some(false), Some(true)][..]), "{told}");
    let (verdict, _, told) = dated(4, |_, record| unread(record, Field::BenefitBegin, "??"));
    assert_eq!(verdict, Verdict::Blind, "{told}");
}

#[test]
fn what_cannot_be_of_its_field_in_any_record_was_not_understood() {
    type Garble = fn(&mut GroupRecord);
    let cases: [(&str, Garble); 4] = [
        ("group.issuer", |record| record.facts.set(Field::Issuer, "403955")),
        ("group.plan_id", |record| record.facts.set(Field::PlanId, "403955")),
        ("address.state", |record| record.members.iter_mut().for_each(|member| member.set(Field::State, "22030"))),
        ("address.zip", |record| record.members.iter_mut().for_each(|member| member.set(Field::Zip, "VA"))),
    ];
    for (field, garble) in cases {
        let (verdict, good, told) = dated(3, |_, record| garble(record));
        assert_eq!((verdict, good), (Verdict::Blind, vec![Some(true); 3]), "{field}: {told}");
        assert!(told.contains(&format!("{field}` was not understood in all")), "{field}: {told}");
        // where it was read of somebody, the others are what they show
        let (verdict, good, told) = dated(3, |index, record| {
            if index == 1 {
                garble(record);
            }
        });
        assert_eq!((verdict, good[1]), (Verdict::Fail, Some(false)), "{field}: {told}");
    }
    let another = |_, record: &mut GroupRecord| record.facts.set(Field::Issuer, "54321");
    assert_eq!(dated(3, another).0, Verdict::Fail, "another issuer's id is one");
}

/// Families of two issuers whose messages name these instead, and whose records stand where they belong.
fn named(families: &[(&str, &str)]) -> Summary {
    sold(families.iter().map(|(own, named)| (*own, *named, *own)))
}

#[test]
fn issuers_whose_messages_all_name_each_other_may_be_the_targets_mistake() {
    let (one, two) = ("12345", "54321");
    for said in [["54321", "12345"], ["12345 by ISA08 and 54321 by N104", "54321 by ISA08 and 12345 by N104"]] {
        let exchanged = named(&[(one, said[0]), (two, said[1]), (one, said[0])]);
        assert_eq!(
            (exchanged.verdict, exchanged.counts.misrouted),
            (Verdict::Inconclusive, 0),
            "{:?}",
            exchanged.reasons
        );
        let told = exchanged.reasons.join("\n");
        assert!(
            told.contains("every message of 3 households names another issuer") && told.contains("`issuers`"),
            "{told}"
        );
        assert!(exchanged.probes.iter().all(|probe| differing(probe, EDI).is_empty()));
    }
    // one that names its own is proof of what issuers are called, and so is one issuer's whose messages name another's alone
    for misrouted in [
        named(&[(one, two), (two, one), (one, one)]),
        named(&[(one, two), (two, two), (one, two)]),
        named(&[(one, two), (one, two)]),
    ] {
        assert_eq!(misrouted.verdict, Verdict::Fail, "{:?}", misrouted.reasons);
    }
}

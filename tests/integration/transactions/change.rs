//! One element of a file altered or blanked: exactly one difference, at the field and the place where it was done.

use super::every::{Case, after, cases, record, write};
use super::people::{expectation, generator, population};
use super::round_trip::{differences, read};
use johndoe::model::{
    EdgeCase, ExpectedGroup, Fact, Facts, Field, GroupRecord, Position, ProbeIndex, RecordKind, Value,
};
use proptest::prelude::*;
use std::sync::LazyLock;

/// Changing these changes what the transaction is or who belongs to whom, which is no single difference.
const MEANS_MORE: [Field; 7] = [
    Field::Issuer,
    Field::PolicyStatus,
    Field::Subscriber,
    Field::MemberEnrolled,
    Field::MemberChange,
    Field::MemberChangeReason,
    Field::TransactionReason,
];

/// A place in a record: the group, or a member.
type Spot = (Option<usize>, Field, Position);

fn spots(expected: &ExpectedGroup, found: &GroupRecord) -> Vec<Spot> {
    let of = |who: Option<usize>, wanted: &Facts, shown: &Facts| -> Vec<Spot> {
        let both = wanted.stated().intersection(shown.stated());
        let placed = both.iter().filter_map(|field| Some((who, field, shown.position(field)?)));
        placed.filter(|(_, field, _)| is_single(*field, wanted, expected.members.len())).collect()
    };
    let mut spots = of(None, &expected.facts, &found.facts);
    for (at, (wanted, shown)) in expected.members.iter().zip(&found.members).enumerate() {
        if wanted.text(Field::MemberEnrolled) != Some("no") {
            spots.extend(of(Some(at), wanted, shown));
        }
    }
    spots
}

fn is_single(field: Field, wanted: &Facts, members: usize) -> bool {
    // dependents are told by these to which group they belong
    let groups = matches!(field, Field::SubscriberId | Field::CoverageLine) && members > 1;
    // a name in another script is any name in Latin letters; a number needs its qualifier beside it
    let is_loose = wanted.text(field).is_some_and(|text| !text.is_ascii());
    let needs_qualifier = matches!(field, Field::Ssn | Field::County) && wanted.get(field) == Fact::Absent;
    !MEANS_MORE.contains(&field) && !groups && !is_loose && !needs_qualifier
}

/// Another value that the element can hold, unlike the one that is there.
fn other(field: Field, there: &str, wanted: &Facts) -> String {
    let pick = |one: &str, another: &str| if there == one { another.to_owned() } else { one.to_owned() };
    match wanted.value(field) {
        Some(Value::Date(day)) => return day.succ_opt().unwrap().format("%Y%m%d").to_string(),
        Some(Value::Money(_)) => return "98765.43".to_owned(),
        _ => {}
    }
    match field {
        Field::BenefitEnd => "20140630".to_owned(),
        Field::PlanId => there.replacen("VA", "VB", 1),
        Field::CsrVariant => there.get(..14).unwrap_or_default().to_owned() + pick("06", "05").as_str(),
        Field::CoverageLine => pick("DEN", "HLT"),
        Field::Sex => pick("M", "F"),
        Field::Tobacco => pick("T", "N"),
        Field::MaritalStatus => pick("W", "D"),
        Field::Relationship => pick("G8", "38"),
        Field::State | Field::MailState => pick("GU", "PR"),
        Field::Zip | Field::MailZip => pick("96910", "00901"),
        Field::County => pick("66010", "72001"),
        Field::Phone => pick("9075550177", "9075550178"),
        Field::Language => pick("ZUN", "ZUL"),
        _ => "X9X".to_owned(),
    }
}

/// The file with one element of its only set changed.
fn with(bytes: &[u8], at: Position, change: impl Fn(&str) -> String) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut segments: Vec<String> = text.split('~').map(str::to_owned).collect();
    let set = segments.iter().position(|segment| segment.starts_with("ST*")).unwrap();
    let segment = &mut segments[set + at.segment as usize - 1];
    let mut elements: Vec<String> = segment.split('*').map(str::to_owned).collect();
    let number = usize::from(at.element);
    elements.resize_with(elements.len().max(number + 1), String::new);
    elements[number] = change(&elements[number]);
    *segment = elements.join("*");
    segments.join("~").into_bytes()
}

struct Sent {
    case: Case,
    expected: ExpectedGroup,
    bytes: Vec<u8>,
    spots: Vec<Spot>,
}

/// Some files of every kind, and where their values stand.
static SENT: LazyLock<Vec<Sent>> = LazyLock::new(|| {
    let generator = generator(&population(2014, EdgeCase::ALL, 0.5));
    let cases = cases();
    let households = (0..).map(|index| generator.household(ProbeIndex(index)));
    let groups = households
        .flat_map(|h| expectation(&h).groups.into_iter().map(move |group| (h.clone(), group)).collect::<Vec<_>>());
    let sent = cases.iter().cycle().zip(groups).take(4 * cases.len()).map(|(case, (household, group))| {
        let expected = after(*case, &household, &group);
        let bytes = write(&[(*case, record(*case, &expected))]);
        let spots = spots(&expected, &read(&bytes).0[0]);
        Sent { case: *case, expected, bytes, spots }
    });
    sent.collect()
});

/// What differs in the file after a change, as field, member and place.
fn found(sent: &Sent, spot: Spot, change: impl Fn(&str) -> String) -> Vec<(bool, Field, Option<Position>)> {
    let (records, damages) = read(&with(&sent.bytes, spot.2, change));
    assert!(damages.is_empty() && records.len() == 1, "{:?} {spot:?} {damages:?}", sent.case);
    let label = |member: &str| match spot.0 {
        None => member.is_empty(),
        Some(at) => member.split(' ').next() == Some(&(at + 1).to_string()),
    };
    let differences = differences(&sent.expected, &records[0]);
    differences.into_iter().map(|d| (label(&d.member), d.field, d.at)).collect()
}

/// Whether a blank element says that there is none. Of what most records leave out, and of all that a cancellation leaves out,
/// a blank says nothing; one element carries plan and variant; and a total that is left out is added up.
fn says_none(sent: &Sent, who: Option<usize>, field: Field) -> bool {
    const SILENT: [Field; 17] = [
        Field::Tobacco,
        Field::PlanId,
        Field::CsrVariant,
        Field::CsrAmount,
        Field::PremiumTotal,
        Field::ChangeEffective,
        Field::PaidThrough,
        Field::SpecialEnrollment,
        Field::PreviousIssuerPolicyId,
        Field::MemberBenefitBegin,
        Field::MemberBenefitEnd,
        Field::FormerLast,
        Field::FormerFirst,
        Field::CustodialLast,
        Field::CustodialFirst,
        Field::ResponsibleLast,
        Field::ResponsibleFirst,
    ];
    let of_subscribers = matches!(field, Field::MaritalStatus | Field::Language);
    let ends = matches!(sent.case.row.kind, RecordKind::Cancellation | RecordKind::Termination);
    !ends && !SILENT.contains(&field) && (who == Some(0) || !of_subscribers)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn one_element_changed_is_one_difference_at_its_place(
        which in any::<prop::sample::Index>(), spot in any::<prop::sample::Index>(), is_blanked in any::<bool>(),
    ) {
        let sent = &SENT[which.index(SENT.len())];
        let spot = sent.spots[spot.index(sent.spots.len())];
        let (who, field, position) = spot;
        let wanted = who.map_or(&sent.expected.facts, |at| &sent.expected.members[at]);
        let blank = is_blanked && says_none(sent, who, field) && matches!(wanted.get(field), Fact::Value(_));
        let differences = if blank {
            found(sent, spot, |_| String::new())
        } else {
            found(sent, spot, |there| other(field, there, wanted))
        };
        prop_assert_eq!(differences, [(true, field, Some(position))], "{:?} {:?} blank {} of {:?}", sent.case, spot, blank, wanted.value(field));
    }
}

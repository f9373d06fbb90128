//! `rows` of the population: households that the file gives, and what of one may be given.

use super::keys::{EDGE_CASE, EDGE_CASE_LIST, STATE};
use crate::model::{
    Cents, CoverageLine, EdgeCase, GeneratorVersion, PersonName, PlanId, Relationship, Row, RowPerson, Sex, Wishes,
};
use crate::source::{Entry, Fault, Key, Leaf, Node, Report, Shape, Words};
use chrono::{Datelike, NaiveDate};

/// The most people on one application.
const MOST_PEOPLE: usize = 10;
/// The longest text of a value.
const LONGEST_VALUE: usize = 64;
/// With so many digits a value may be somebody's number.
const DIGITS_OF_A_NUMBER: usize = 9;

/// A list of rows.
pub(super) static ROWS: Shape = Shape::List(&ROW);

static ROW: Shape = Shape::Keys {
    name: "a row",
    keys: &[
        Key::optional(
            "include",
            &Shape::Text,
            "In place of everything else: a CSV file, or a list in JSON or YAML, named from the folder of this one; its rows stand here.",
        ),
        Key::optional("state", &STATE, "The state to live in; drawn unless said."),
        Key::optional("income", &DOLLARS, "Yearly income of the household in dollars; drawn unless said."),
        Key::optional("dental", &Shape::Bool, "Whether a dental plan is taken too; drawn unless said."),
        Key::optional("plan", &PLAN, "The medical plan to choose, by its 14 or 16 characters; drawn unless said."),
        Key::optional("dental_plan", &PLAN, "The dental plan to choose; with it `dental` need not be said."),
        Key::optional("edge_cases", &CASES, "The case, or the list of cases, to show; as dealt unless said."),
        Key::optional(
            "people",
            &PEOPLE,
            "Everybody on the application, the household contact first; drawn unless said. In a CSV file each line has one person, in \
             columns such as `people.last_name`, and lines with the same text in the column `household` are one household.",
        ),
        Key::optional(
            "values",
            &VALUES,
            "Free texts that a target's templates know as `values.NAME`; in a CSV file columns such as `values.promo`.",
        ),
    ],
};

static PEOPLE: Shape = Shape::List(&PERSON);
static PERSON: Shape = Shape::Keys {
    name: "a person of a row",
    keys: &[
        Key::optional("first_name", &NAME, "First name; none for whom has but one name."),
        Key::optional("middle_name", &NAME, "Middle name or initial."),
        Key::required("last_name", &NAME, "Family name."),
        Key::optional("suffix", &NAME, "Jr, III and the like."),
        Key::required("birth_date", &BIRTH, "Date of birth, up to `as_of`."),
        Key::required("sex", &SEX, "Administrative sex."),
        Key::optional(
            "relationship",
            &RELATIONSHIP,
            "To the subscriber, who is the first who applies; the first person is the subscriber unless said.",
        ),
        Key::optional("applies", &Shape::Bool, "Whether coverage is asked for; true unless said."),
        Key::optional("tobacco", &Shape::Bool, "Whether tobacco is used; drawn unless said."),
    ],
};

static CASES: Shape = Shape::Either(&[&EDGE_CASE, &EDGE_CASE_LIST]);
static VALUES: Shape = Shape::Map { key: &VALUE_NAME, value: &VALUE };
static VALUE_NAME: Shape = Shape::Leaf(Leaf {
    expected: "a name of letters, digits and `_` that begins with a letter",
    pattern: Some("[A-Za-z][A-Za-z0-9_]*"),
    fault: |s| {
        let begins = s.text.starts_with(|c: char| c.is_ascii_alphabetic());
        Fault::unless(begins && s.text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
    },
});
static VALUE: Shape = Shape::Leaf(Leaf {
    expected: "a text of at most 64 characters with fewer than nine digits and no `@`",
    pattern: None,
    fault: |s| value_fault(&s.text),
});
static DOLLARS: Shape = Shape::Leaf(Leaf {
    expected: "an amount in dollars such as 41000 or 41000.50, at most 10000000",
    pattern: Some("\\d+(\\.\\d{1,2})?"),
    fault: |s| Fault::unless(dollars(&s.text).is_some()),
});
static PLAN: Shape = Shape::Leaf(Leaf {
    expected: "a plan id of 14 or 16 characters, such as 12345VA0010001 or 12345VA001000104",
    pattern: Some("\\d{5}[A-Z]{2}\\d{7}(\\d{2})?"),
    fault: |s| Fault::unless(is_plan(&s.text)),
});
static NAME: Shape = Shape::Leaf(Leaf {
    expected: "a name of at most 100 characters",
    pattern: None,
    fault: |s| somebodys(&s.text).or_else(|| Fault::unless(s.text.chars().count() <= 100)),
});
static BIRTH: Shape = Shape::Leaf(Leaf {
    expected: "a date of birth such as 1980-02-29, from 1890 on",
    pattern: Some("\\d{4}-\\d{2}-\\d{2}"),
    fault: |s| Fault::unless(born(&s.text).is_some()),
});
static SEX: Shape = Shape::Words(Words { what: "sex", words: || Sex::ALL.iter().map(|sex| sex.as_str()).collect() });
static RELATIONSHIP: Shape =
    Shape::Words(Words { what: "relationship", words: || Relationship::ALL.iter().map(|r| r.as_str()).collect() });

fn value_fault(text: &str) -> Option<Fault> {
    somebodys(text).or_else(|| Fault::unless(text.chars().count() <= LONGEST_VALUE))
}

/// What may be somebody's number or mailbox is not sent, be it under whatever name.
fn somebodys(text: &str) -> Option<Fault> {
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    if !text.contains('@') && digits < DIGITS_OF_A_NUMBER {
        return None;
    }
    let mut fault = Fault::message("this may be somebody's number or mailbox, which a row does not give");
    fault.help =
        Some("SSNs, telephones, mailboxes and streets are drawn, so that nobody's real ones are sent".to_owned());
    Some(fault)
}

fn dollars(text: &str) -> Option<Cents> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    Cents::parse_dollars(text).filter(|cents| plain && (0..=1_000_000_000).contains(&cents.0))
}

fn is_plan(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| bytes.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let state = bytes.get(5..7).is_some_and(|part| part.iter().all(u8::is_ascii_uppercase));
    matches!(bytes.len(), 14 | 16) && digits(0, 5) && state && digits(7, bytes.len())
}

fn born(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    (1890..=2100).contains(&day.year()).then_some(day)
}

/// What rows are read for.
pub(super) struct Around {
    /// No one is born after this day.
    pub(super) as_of: NaiveDate,
    /// Who draws what a row does not say.
    pub(super) generator: GeneratorVersion,
}

/// The rows; what cannot be meant goes to the report.
pub(super) fn rows(node: Option<&Node>, around: &Around, report: &mut Report) -> Vec<Row> {
    node.map_or(&[][..], Node::items).iter().map(|item| row(item, around, report)).collect()
}

fn row(node: &Node, around: &Around, report: &mut Report) -> Row {
    if let Some(include) = node.entry("include") {
        report
            .error(include.key_span, "`include` stands alone, in a row of the scenario's own file")
            .help("the rows of that file take its place");
    }
    let text = |key: &str| node.text_of(key);
    let plan = |line, key| Some((line, PlanId::parse(text(key)?)));
    let plans = [plan(CoverageLine::Medical, "plan"), plan(CoverageLine::Dental, "dental_plan")];
    check_dental(node, report);
    let values = node.get("values").map_or(&[][..], Node::entries).iter();
    Row {
        state: state(node.entry("state"), around, report),
        income_cents: text("income").and_then(dollars).map(|cents| cents.0),
        dental: text("dental").map(|word| word == "true"),
        edge_cases: node.entry("edge_cases").map(|entry| cases(entry, node, around, report)),
        people: people(node.get("people"), around, report),
        wishes: Wishes {
            plans: plans.into_iter().flatten().collect(),
            values: values.filter_map(|e| Some((e.key.clone(), e.value.text()?.to_owned()))).collect(),
        },
    }
}

fn check_dental(row: &Node, report: &mut Report) {
    if let (Some(plan), Some("false")) = (row.entry("dental_plan"), row.text_of("dental")) {
        report
            .error(plan.value.span, "a dental plan is asked for, and `dental` is false")
            .help("leave one of them out");
    }
}

fn state(entry: Option<&Entry>, around: &Around, report: &mut Report) -> Option<String> {
    let value = &entry?.value;
    let state = value.text()?;
    if crate::model::STATES.contains(&state) && !around.generator.states().contains(&state) {
        let version = around.generator;
        report
            .error(value.span, format!("version {version} of the generator knows no place in {state}"))
            .help("leave `generator` out: the newest version knows all states");
    }
    Some(state.to_owned())
}

/// The cases of a row: each once, of this row alone, and where nobody is given who shows them or not.
fn cases(entry: &Entry, row: &Node, around: &Around, report: &mut Report) -> Vec<EdgeCase> {
    if row.entry("people").is_some() {
        report
            .error(entry.key_span, "a row says who its people are, or which edge cases are drawn, and not both")
            .help("give the people the names and dates of the case, or leave `people` out");
    }
    let mut cases = Vec::new();
    for item in entry.value.items_or_self() {
        let Some(case) = item.text().and_then(EdgeCase::parse) else { continue };
        let wrong = if case.since() > around.generator {
            Some(format!("version {} of the generator has no `{case}`", around.generator))
        } else if case.is_of_two() {
            Some(format!("`{case}` is a case of two households, and a row is one"))
        } else {
            cases.contains(&case).then(|| format!("`{case}` stands here a second time"))
        };
        match wrong {
            Some(wrong) => drop(report.error(item.span, wrong)),
            None => cases.push(case),
        }
    }
    cases
}

fn people(node: Option<&Node>, around: &Around, report: &mut Report) -> Vec<RowPerson> {
    let Some(node) = node else { return Vec::new() };
    let people: Vec<RowPerson> =
        node.items().iter().enumerate().filter_map(|(place, item)| person(place, item, around, report)).collect();
    if node.items().len() > MOST_PEOPLE {
        let found = node.items().len();
        report.error(node.span, format!("found {found} people, expected at most {MOST_PEOPLE} in a household"));
    }
    if people.len() == node.items().len() {
        check_subscriber(node, &people, report);
    }
    people
}

fn person(place: usize, node: &Node, around: &Around, report: &mut Report) -> Option<RowPerson> {
    let text = |key: &str| node.text_of(key).map(str::to_owned);
    let said = node.text_of("relationship").and_then(Relationship::parse);
    if place > 0 && node.is_map() && node.entry("relationship").is_none() {
        report
            .error(node.span, "`relationship` is missing: what this person is to the subscriber")
            .help("such as `relationship: spouse` or `child`");
    }
    let birth_date = born(node.text_of("birth_date")?)?;
    if let (true, Some(entry)) = (birth_date > around.as_of, node.entry("birth_date")) {
        let message = format!("born on {birth_date}, after `as_of` ({})", around.as_of);
        report.error(entry.value.span, message).help("everybody is born when the household applies");
    }
    let own = if place == 0 { Relationship::SelfSubscriber } else { Relationship::Other };
    Some(RowPerson {
        name: PersonName {
            first: text("first_name").unwrap_or_default(),
            middle: text("middle_name"),
            last: text("last_name")?,
            suffix: text("suffix"),
        },
        birth_date,
        sex: Sex::parse(node.text_of("sex")?)?,
        relationship: said.unwrap_or(own),
        applying: node.text_of("applies") != Some("false"),
        tobacco: node.text_of("tobacco").map(|word| word == "true"),
    })
}

/// The first who applies is the subscriber, and nobody else is.
fn check_subscriber(node: &Node, people: &[RowPerson], report: &mut Report) {
    let Some(first) = people.iter().position(|person| person.applying) else {
        report.error(node.span, "nobody of these people applies").help("leave `applies` out of who is to be covered");
        return;
    };
    for (place, (person, item)) in people.iter().zip(node.items()).enumerate() {
        let is_self = person.relationship == Relationship::SelfSubscriber;
        if is_self != (place == first) {
            let message = if place == first {
                "the first who applies is the subscriber: `relationship: self`"
            } else {
                "`self` is the subscriber, the first who applies, and nobody else"
            };
            let at = item.get("relationship").map_or(item.span, |said| said.span);
            report.error(at, message).help("say of each other what they are to that one");
        }
    }
}

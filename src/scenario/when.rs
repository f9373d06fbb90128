//! `when` of a step: its keys, and what they come to.

use super::keys::{COUNTY, EDGE_CASE, EDGE_CASE_LIST, SHARE, STATE, STATE_LIST};
use crate::model::{Condition, EdgeCase, Population, Sex, Span, When};
use crate::source::{Entry, Fault, Key, Leaf, Node, Report, Shape, Words, share};

/// Conditions that stand alone.
const CONDITIONS: [Key; 14] = [
    Key::optional("size", &SPAN, "So many people are covered: 3, 3.. (or more), ..2 (or fewer), 2..4."),
    Key::optional("subscriber_age", &SPAN, "How old the subscriber is on the first day of coverage."),
    Key::optional("youngest", &SPAN, "How old the youngest who is covered is then."),
    Key::optional("oldest", &SPAN, "How old the oldest who is covered is then."),
    Key::optional("children", &SPAN, "So many children are covered."),
    Key::optional("spouse", &Shape::Bool, "Whether a spouse or life partner is covered."),
    Key::optional("subscriber_sex", &SEX, "The subscriber's sex."),
    Key::optional("state", &STATES, "The state, or one of several, in which the household lives."),
    Key::optional("county", &COUNTIES, "The county, or one of several, by its five digits (FIPS)."),
    Key::optional("subsidy", &Shape::Bool, "Whether the income lies from 100 % to 400 % of the poverty line."),
    Key::optional("dental", &Shape::Bool, "Whether the household has a dental plan, too."),
    Key::optional("edge_case", &EDGE_CASES, "An edge case, or one of several, that the household shows."),
    Key::optional("index", &SPAN, "The household's place in the run, from 0."),
    Key::optional("share", &SHARE, "So large a share of all households, drawn by seed and step: always the same ones."),
];

static ALONE: Shape = Shape::Keys { name: "a condition", keys: &CONDITIONS };

/// `when` of a step.
pub(super) static WHEN: Shape = Shape::Keys { name: "`when`", keys: &WITH_OTHERS };

static WITH_OTHERS: [Key; 16] = {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = CONDITIONS;
    let any = Key::optional("any", &ANY, "At least one of these holds, each with all that it says.");
    let not = Key::optional("not", &ALONE, "This does not hold, with all that it says.");
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, any, not]
};

static ANY: Shape = Shape::List(&ALONE);
static STATES: Shape = Shape::Either(&[&STATE, &STATE_LIST]);
static COUNTIES: Shape = Shape::Either(&[&COUNTY, &COUNTY_LIST]);
static COUNTY_LIST: Shape = Shape::List(&COUNTY);
static EDGE_CASES: Shape = Shape::Either(&[&EDGE_CASE, &EDGE_CASE_LIST]);
static SEX: Shape = Shape::Words(Words { what: "sex", words: || Sex::ALL.iter().map(|sex| sex.as_str()).collect() });
static SPAN: Shape = Shape::Leaf(Leaf {
    expected: "a number or a range such as 3, 3.. (or more), ..2 (or fewer) or 2..4",
    pattern: Some("\\d+|\\d+\\.\\.|\\.\\.\\d+|\\d+\\.\\.\\d+"),
    fault: |s| Fault::unless(Span::parse(&s.text).is_some()),
});

/// What a step's `when` says; what can be true of nobody goes to the report.
pub(super) fn when(node: &Node, people: &Population, report: &mut Report) -> When {
    if node.is_map() && node.entries().is_empty() {
        report.error(node.span, "nothing is asked for here").help("leave it out");
    }
    When(node.entries().iter().filter_map(|entry| condition(entry, people, report)).collect())
}

fn condition(entry: &Entry, people: &Population, report: &mut Report) -> Option<Condition> {
    let value = &entry.value;
    let text = || value.text();
    let span = || Span::parse(text()?);
    let flag = || Some(text()? == "true");
    Some(match entry.key.as_str() {
        "size" => Condition::Size(span()?),
        "subscriber_age" => Condition::SubscriberAge(span()?),
        "youngest" => Condition::Youngest(span()?),
        "oldest" => Condition::Oldest(span()?),
        "children" => Condition::Children(span()?),
        "index" => Condition::Index(span()?),
        "spouse" => Condition::Spouse(flag()?),
        "subsidy" => Condition::Subsidy(flag()?),
        "dental" => Condition::Dental(flag()?),
        "subscriber_sex" => Condition::SubscriberSex(Sex::parse(text()?)?),
        "state" => Condition::State(states(value, people, report)),
        "county" => Condition::County(texts(value).map(str::to_owned).collect()),
        "edge_case" => Condition::EdgeCase(texts(value).filter_map(EdgeCase::parse).collect()),
        "share" => Condition::Share(part(value, report)?),
        "any" => Condition::Any(value.items().iter().map(|item| when(item, people, report)).collect()),
        "not" => Condition::Not(when(value, people, report)),
        _ => return None,
    })
}

fn texts(node: &Node) -> impl Iterator<Item = &str> {
    node.items_or_self().iter().filter_map(Node::text)
}

/// States in which somebody may live at all.
fn states(node: &Node, people: &Population, report: &mut Report) -> Vec<String> {
    for item in node.items_or_self() {
        let Some(state) = item.text().filter(|state| crate::model::STATES.contains(state)) else { continue };
        let lived_in = people.states_lived_in();
        if !lived_in.contains(&state) {
            let known = lived_in.join(", ");
            report.error(item.span, format!("nobody of the population lives in {state}, only in {known}"));
        }
    }
    texts(node).map(str::to_owned).collect()
}

/// A share of some, and not of all or none.
fn part(node: &Node, report: &mut Report) -> Option<f64> {
    let value = node.text().and_then(share)?;
    if value <= 0.0 || value >= 1.0 {
        report
            .error(node.span, format!("found {}%, expected more than 0% and less than 100%", value * 100.0))
            .help("leave `share` out where the step is for everybody, and the step where it is for nobody");
    }
    Some(value)
}

//! The keys of a scenario file: one description for the check and for the JSON Schema.

use super::after::AFTER;
use super::rows::ROWS;
use super::when::WHEN;
use crate::model::{Correction, Decide, Destination, EdgeCase, Field, LifeEvent, Renewal, STATES, SsnPolicy};
use crate::source::{Fault, Key, Leaf, Shape, Words, deadline, duration, rate_per_second, share};
use chrono::NaiveDate;

/// A whole scenario file.
pub(super) static SCENARIO: Shape = Shape::Keys {
    name: "the scenario",
    keys: &[
        Key::required("scenario", &NAME, "Name of the scenario; with the seed it determines the people."),
        Key::optional("population", &POPULATION, "Who applies; ten households in Virginia unless said."),
        Key::required("journey", &JOURNEY, "What happens to each household, in order; `enroll` first."),
        Key::optional("compare", &COMPARE, "How much a difference matters, and which fields are not compared."),
        Key::optional("objective", &OBJECTIVE, "What must hold of the whole run."),
        Key::optional("load", &LOAD, "How fast submissions are sent, and how many at once."),
        Key::optional("grace", &SHARE, "Watching goes on this share of a limit beyond it; 100% unless said."),
    ],
};

static POPULATION: Shape = Shape::Keys {
    name: "`population`",
    keys: &[
        Key::optional("count", &COUNT, "How many households; as many as `rows`, or 10, unless said."),
        Key::optional("seed", &SEED, "Seed of every random stream; 0 unless said."),
        Key::optional("as_of", &DATE, "Day from which ages and coverage dates derive; 2013-11-15 unless said."),
        Key::optional(
            "coverage_begin",
            &DATE,
            "First day of coverage; by the rule of the 15th from `as_of` unless said.",
        ),
        Key::optional("states", &STATE_LIST, "States the households live in; [VA] unless said."),
        Key::optional("household_size", &SIZES, "Weight of each household size; {1: 4, 2: 3, 3: 2, 4: 1} unless said."),
        Key::optional("edge_cases", &EDGE_CASES, "Awkward households: which, and how many."),
        Key::optional(
            "rows",
            &ROWS,
            "Households that are given, each by what it has; what a row does not say is drawn, as are all households beyond the rows.",
        ),
        Key::optional("dental", &SHARE, "Share of households that also take a dental plan; 0 unless said."),
        Key::optional(
            "agents",
            &SHARE,
            "Share of households that an agent helps, who is said in the application; 0 unless said.",
        ),
        Key::optional("ssn", &SSN, "Which Social Security numbers people have; none unless said."),
        Key::optional(
            "generator",
            &GENERATOR,
            "Version of the generator, which decides who a seed stands for: 1 draws the people of before; the newest unless said.",
        ),
    ],
};

static EDGE_CASES: Shape = Shape::Keys {
    name: "`edge_cases`",
    keys: &[
        Key::required("share", &SHARE, "Share of households that show an edge case."),
        Key::optional("include", &EDGE_CASE_LIST, "The cases; the whole catalogue unless said."),
        Key::optional(
            "several",
            &Shape::Bool,
            "Whether a household that shows a case may show others too, where they fit together; true unless said.",
        ),
    ],
};

static JOURNEY: Shape = Shape::List(&STEP);

static STEP: Shape = Shape::Keys {
    name: "an event of `journey`",
    keys: &[
        Key::optional(
            "include",
            &Shape::Text,
            "In place of everything else: a file that holds a list of steps, named from the folder of this one; its steps stand here.",
        ),
        Key::optional(
            "event",
            &EVENT,
            "What happens: `enroll`; `change_address` (a move), `correct_person`, `add_dependent`, \
             `remove_dependent`, `marry`, `divorce`, `report_income`, `change_agent`, each as often as one likes, to those \
             households to whom it can happen; `pay` (the first premium), or `miss_payment`, with which the \
             issuer ends all; `change_plan` and `subscriber_dies`, with which a policy ends and another begins; `renew`, with which \
             another begins for the next year; \
             `terminate`, and `reinstate` after it; `cancel`.",
        ),
        Key::optional(
            "what",
            &CORRECTION,
            "What of the subscriber `correct_person` corrects; `last_name` unless said.",
        ),
        Key::optional(
            "to",
            &DESTINATION,
            "Where a change leads: `change_plan` to another `plan` of the same issuer, or of another `issuer` (plan unless said); \
             `change_address` to another `county` of the state, or of mail alone to a `po_box` (another house in the ZIP code unless said).",
        ),
        Key::optional(
            "how",
            &RENEWAL,
            "How `renew` renews: `passive` (the exchange by itself, in the same plan), `active` (the household chooses the same plan again), \
             in another `plan` of the same issuer, or of another `issuer`; passive unless said.",
        ),
        Key::optional(
            "when",
            &WHEN,
            "To which households the step applies, as they are when its turn comes: all of this must be true; to all unless said.",
        ),
        Key::optional(
            "after",
            &AFTER,
            "What it waits for, once the step before it was answered: `settled` (seen at every waypoint, or given up), `answered`, \
             `{seen: WAYPOINT}`, `{window: WAYPOINT}`, a duration since that one was to be sent, a time of day or a day and time in the \
             exchange's zone; settled unless said.",
        ),
        Key::optional("expect", &EXPECT, "What must be true afterwards."),
    ],
};

static EXPECT: Shape = Shape::Keys {
    name: "`expect`",
    keys: &[
        Key::optional("submission", &SUBMISSION, "How the exchange must answer; accepted unless said."),
        Key::optional("at", &LIMITS, "By when it must be seen at each waypoint; else as the target says, else 15m."),
        Key::optional(
            "policy_status",
            &STATUS,
            "What the event must leave behind where a waypoint shows the status; any that fits the event unless said.",
        ),
    ],
};

static COMPARE: Shape = Shape::Keys {
    name: "`compare`",
    keys: &[
        Key::optional("severity", &SEVERITIES, "How much a difference in a field matters."),
        Key::optional("ignore", &FIELD_LIST, "Fields that are not compared."),
    ],
};

static OBJECTIVE: Shape = Shape::Keys {
    name: "`objective`",
    keys: &[
        Key::optional("error_rate", &BELOW, "Share of groups that are not good; \"< 1%\" unless said."),
        Key::optional("on_time", &AT_LEAST, "Share of groups that are on time; \">= 99%\" unless said."),
        Key::optional("confidence", &CONFIDENCE, "Confidence of the intervals; 0.95 unless said."),
        Key::optional(
            "decide",
            &DECIDE,
            "By what it is decided: `interval` (the widest that applies lies on one side, else inconclusive), `estimate` (the share \
             itself) or `sequential` (a test that `acceptable` belongs to); interval unless said.",
        ),
        Key::optional(
            "acceptable",
            &BELOW,
            "The share of groups that are not good which a sequential test accepts, below that of `error_rate`.",
        ),
    ],
};

static LOAD: Shape = Shape::Keys {
    name: "`load`",
    keys: &[
        Key::optional("rate", &RATE, "Submissions a second; as fast as `in_flight` allows unless said."),
        Key::optional("in_flight", &IN_FLIGHT, "At most so many flows at once; 100 unless said."),
        Key::optional(
            "first_look_after",
            &DURATION,
            "Time from the answer to the first look; as the target says unless said.",
        ),
    ],
};

static NAME: Shape = Shape::Leaf(Leaf {
    expected: "a name of letters, digits, `-`, `_` and `.`, at most 64",
    pattern: Some("[A-Za-z0-9._-]{1,64}"),
    fault: |s| {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        Fault::unless((1..=64).contains(&s.text.len()) && s.text.bytes().all(allowed))
    },
});
static COUNT: Shape = Shape::Integer { min: 1, max: 10_000_000 };
static SEED: Shape = Shape::Integer { min: 0, max: u64::MAX };
static IN_FLIGHT: Shape = Shape::Integer { min: 1, max: 100_000 };
static WEIGHT: Shape = Shape::Integer { min: 0, max: 1_000_000 };
static GENERATOR: Shape = Shape::Integer { min: 1, max: 3 };
static SIZES: Shape = Shape::Map { key: &SIZE, value: &WEIGHT };
static SIZE: Shape = Shape::Leaf(Leaf {
    expected: "a household size from 1 to 10",
    pattern: Some("[1-9]|10"),
    fault: |s| Fault::unless(s.text.parse().is_ok_and(|n: u8| (1..=10).contains(&n))),
});
static DATE: Shape = Shape::Leaf(Leaf {
    expected: "a date such as 2013-11-15, from 1950 to 2100",
    pattern: Some("\\d{4}-\\d{2}-\\d{2}"),
    fault: |s| Fault::unless(date(&s.text).is_some()),
});
pub(super) static SHARE: Shape = Shape::Leaf(Leaf {
    expected: "a share such as 25% or 0.25",
    pattern: None,
    fault: |s| Fault::unless(share(&s.text).is_some_and(|v| v <= 10.0)),
});
static CONFIDENCE: Shape = Shape::Leaf(Leaf {
    expected: "a confidence above 0.5 and below 1, such as 0.95",
    pattern: None,
    fault: |s| Fault::unless(share(&s.text).is_some_and(|v| v > 0.5 && v < 1.0)),
});
static BELOW: Shape = Shape::Leaf(Leaf {
    expected: "an upper bound such as \"< 1%\"",
    pattern: Some("<\\s*[0-9.]+\\s*%?"),
    fault: |s| Fault::unless(bound(&s.text, "<").is_some_and(|v| v > 0.0)),
});
static AT_LEAST: Shape = Shape::Leaf(Leaf {
    expected: "a lower bound such as \">= 99%\"",
    pattern: Some(">=\\s*[0-9.]+\\s*%?"),
    fault: |s| Fault::unless(bound(&s.text, ">=").is_some()),
});
static RATE: Shape = Shape::Leaf(Leaf {
    expected: "a rate such as 5/s, 300/m or 100/h, at least one in a thousand days and at most 1000000/s",
    pattern: Some("[0-9.]+\\s*/\\s*[a-z]+"),
    fault: |s| Fault::unless(rate_per_second(&s.text).is_some()),
});
static DURATION: Shape = Shape::Leaf(Leaf {
    expected: "a duration such as 5s, 15m or 1h30m",
    pattern: None,
    fault: |s| Fault::unless(duration(&s.text).is_some()),
});
static LIMIT: Shape = Shape::Leaf(Leaf {
    expected: "a limit such as 15m, 2 windows or by 06:00",
    pattern: None,
    fault: |s| Fault::unless(deadline(&s.text).is_some()),
});
static LIMITS: Shape = Shape::Map { key: &Shape::Text, value: &LIMIT };
static EVENT: Shape = Shape::Leaf(Leaf {
    expected: "an event such as `enroll`, `change_address`, `pay` or `cancel`",
    pattern: Some(
        "enroll|change_address|correct_person|add_dependent|remove_dependent|marry|divorce|report_income|change_agent|pay|\
         miss_payment|change_plan|renew|subscriber_dies|terminate|reinstate|cancel",
    ),
    fault: |s| event_fault(&s.text),
});
static SUBMISSION: Shape = Shape::Words(Words { what: "submission", words: || vec!["accepted", "rejected"] });
static CORRECTION: Shape =
    Shape::Words(Words { what: "correction", words: || Correction::ALL.iter().map(|what| what.as_str()).collect() });
static DESTINATION: Shape =
    Shape::Words(Words { what: "destination", words: || Destination::ALL.iter().map(|to| to.as_str()).collect() });
static RENEWAL: Shape =
    Shape::Words(Words { what: "renewal", words: || Renewal::ALL.iter().map(|how| how.as_str()).collect() });
static STATUS: Shape =
    Shape::Words(Words { what: "policy status", words: || vec!["initial", "effectuated", "cancelled", "terminated"] });
static DECIDE: Shape =
    Shape::Words(Words { what: "way to decide", words: || Decide::ALL.iter().map(|d| d.as_str()).collect() });
static SEVERITY: Shape = Shape::Words(Words { what: "severity", words: || vec!["minor", "major", "critical"] });
static SEVERITIES: Shape = Shape::Map { key: &FIELD, value: &SEVERITY };
static FIELD: Shape = Shape::Words(Words { what: "field", words: Field::words });
static FIELD_LIST: Shape = Shape::List(&FIELD);
pub(super) static STATE: Shape = Shape::Words(Words { what: "state", words: || STATES.to_vec() });
pub(super) static STATE_LIST: Shape = Shape::List(&STATE);
pub(super) static EDGE_CASE: Shape =
    Shape::Words(Words { what: "edge case", words: || EdgeCase::ALL.iter().map(|c| c.as_str()).collect() });
/// A county.
pub(super) static COUNTY: Shape = Shape::Leaf(Leaf {
    expected: "the five digits of a county (FIPS), such as 51059",
    pattern: Some("\\d{5}"),
    fault: |s| Fault::unless(s.text.len() == 5 && s.text.bytes().all(|b| b.is_ascii_digit())),
});
pub(super) static EDGE_CASE_LIST: Shape = Shape::List(&EDGE_CASE);
static SSN: Shape =
    Shape::Words(Words { what: "SSN policy", words: || SsnPolicy::ALL.iter().map(|p| p.as_str()).collect() });

/// Events of the design that this version does not carry out yet.
const LATER_EVENTS: &[&str] = &["move_state"];

fn event_fault(text: &str) -> Option<Fault> {
    if LifeEvent::parse(text).is_some() {
        return None;
    }
    if LATER_EVENTS.contains(&text) {
        let mut fault = Fault::message(format!("this version does not carry out the event `{text}`"));
        fault.help = Some(format!("this version carries out {}", known_events("and")));
        return Some(fault);
    }
    let near = crate::source::nearest(
        text,
        LifeEvent::ALL.iter().map(|event| event.as_str()).chain(LATER_EVENTS.iter().copied()),
    );
    let help = near.map(|word| format!("did you mean `{word}`?"));
    Some(Fault { message: Some(format!("unknown event `{text}`, expected {}", known_events("or"))), help })
}

fn known_events(last: &str) -> String {
    let words: Vec<String> = LifeEvent::ALL.iter().map(|event| format!("`{event}`")).collect();
    match words.split_last() {
        Some((end, others)) => format!("{} {last} {end}", others.join(", ")),
        None => String::new(),
    }
}

/// A date of this or the last century.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    (1950..=2100).contains(&chrono::Datelike::year(&date)).then_some(date)
}

/// The share of `< 1%` or `>= 99%`, at most one.
pub(super) fn bound(text: &str, sign: &str) -> Option<f64> {
    share(text.trim().strip_prefix(sign)?).filter(|v| *v <= 1.0)
}

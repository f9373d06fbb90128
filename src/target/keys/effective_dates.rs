//! The keys of what is judged of effective dates.

use crate::model::{DateRule, ExchangeKind, Today};
use crate::source::{Key, Shape, Words};

pub(super) static EFFECTIVE_DATES: Shape = Shape::Keys {
    name: "`effective_dates`",
    keys: &[
        Key::required("rules", &RULES, "Whose rules count: `ffm`, or `state` for a state's own exchange."),
        Key::required(
            "today",
            &TODAY,
            "From which day: `ours` where it takes the scenario's `as_of` from the request, `theirs` where it takes the day of sending.",
        ),
        Key::optional("enroll", &OF_ENROLLMENT, "By what the flow `enroll` enrolls; `open_enrollment` unless said."),
        Key::optional("off", &OFF, "Rules by which nothing is judged."),
    ],
};
static RULES: Shape = Shape::Words(Words {
    what: "kind of exchange",
    words: || ExchangeKind::ALL.iter().map(|kind| kind.as_str()).collect(),
});
static TODAY: Shape =
    Shape::Words(Words { what: "day", words: || Today::ALL.iter().map(|today| today.as_str()).collect() });
static OF_ENROLLMENT: Shape = Shape::Words(Words {
    what: "kind of enrollment",
    words: || DateRule::OF_ENROLLMENT.iter().map(|rule| rule.as_str()).collect(),
});
static OFF: Shape = Shape::List(&RULE);
static RULE: Shape =
    Shape::Words(Words { what: "rule", words: || DateRule::ALL.iter().map(|rule| rule.as_str()).collect() });

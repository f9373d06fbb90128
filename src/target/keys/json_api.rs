//! The keys of a JSON or XML API that is asked for each household; those of how answers are read serve whoever else reads such answers.

use super::carries::CARRIES_HERE;
use super::exchange::{AUTH, STATUSES, TEMPLATES, WORD_OR_WORDS, condition_keys, convert_keys};
use super::forms::{ADDRESS, BASE_URL, DATE_FORMAT, DURATION, FIELD, ISSUER, PLACE, RATE, REGEX, TEMPLATE};
use crate::source::{Key, KeysOfKind, Shape, Words};

pub(super) const JSON_API: KeysOfKind = KeysOfKind {
    word: "json_api",
    keys: &[
        Key::optional("base_url", &BASE_URL, "Prefix of every path, where one system answers for all issuers."),
        Key::optional("per_issuer", &PER_ISSUER, "Where each issuer is asked."),
        Key::optional("auth", &AUTH, "Credentials of the observer in HTTP itself."),
        Key::optional("headers", &TEMPLATES, "Headers of every request."),
        Key::optional("lookup", &LOOKUP, "How a probe is asked for."),
        Key::optional(
            "lookups",
            &LOOKUPS,
            "Several ways to ask, strongest first; the first whose names are known is used.",
        ),
        Key::optional(
            "probe",
            &Shape::Text,
            "Path of a GET request that is tried before anybody is enrolled, such as /health; the first look-up that can be asked unless said.",
        ),
        Key::optional("records", &PLACE, RECORDS),
        Key::optional("members", &PLACE, MEMBERS),
        Key::optional("fields", &FIELDS, "Where each field stands."),
        Key::optional("status", &STATUS, "Where the status stands, and what its words mean."),
        Key::optional("absent", &ABSENT, ABSENT_ABOUT),
        Key::optional("poll", &POLL, "When to look."),
        Key::optional("request_within", &DURATION, "One request may take this long; 30s unless said."),
        Key::optional(
            "holds",
            &HOLDS,
            "`applications` where the exchange itself is asked what it took: an application without a trustworthy answer that is not found here after limit and grace was never taken. `enrollments` unless said.",
        ),
    ],
};
pub(super) const RECORDS: &str = "Selects the records in an answer; `$` unless said. Of a list it means the items.";
pub(super) const MEMBERS: &str = "Selects the members within a record; without it each record is one member.";
pub(super) const ABSENT_ABOUT: &str = "How `not there` looks; 404, or no record in a good answer, unless said.";

static HOLDS: Shape = Shape::Words(Words { what: "kind of record", words: || vec!["applications", "enrollments"] });

static PER_ISSUER: Shape = Shape::Map { key: &ISSUER, value: &ISSUER_API };
static ISSUER_API: Shape = Shape::Keys {
    name: "an issuer of `per_issuer`",
    keys: &[
        Key::optional("base_url", &BASE_URL, "Prefix of every path."),
        Key::optional("auth", &AUTH, "Credentials; the waypoint's unless said, as all below."),
        Key::optional("headers", &TEMPLATES, "Headers."),
        Key::optional("lookup", &LOOKUP, "How this issuer is asked."),
        Key::optional("lookups", &LOOKUPS, "Several ways to ask this issuer."),
        Key::optional("probe", &Shape::Text, "The GET request that tries this issuer."),
        Key::optional("records", &PLACE, "The records in this issuer's answers."),
        Key::optional(
            "members",
            &PLACE,
            "The members within a record; with `records` and without this, each record is one member.",
        ),
        Key::optional("fields", &FIELDS, "Where each field stands in this issuer's answers."),
        Key::optional("status", &STATUS, "This issuer's status words."),
        Key::optional("absent", &ABSENT, "How this issuer says `not there`."),
        Key::optional("carries", &CARRIES_HERE, "What this issuer does not tell apart, in place of the waypoint's."),
    ],
};

static LOOKUPS: Shape = Shape::List(&LOOKUP);
static LOOKUP: Shape = Shape::Keys {
    name: "a look-up",
    keys: &[
        Key::optional("get", &ADDRESS, "Path of a GET request."),
        Key::optional("post", &ADDRESS, "Path of a POST request."),
        Key::optional("json", &Shape::Any, "JSON body whose texts are templates."),
        Key::optional("form", &TEMPLATES, "Form body."),
        Key::optional("body", &TEMPLATE, "Body as rendered."),
        Key::optional("content_type", &Shape::Text, "Content type of `body`; application/json unless said."),
        Key::optional(
            "per",
            &PER,
            "Asked once a `household` (unless said), once a `member` with `member` known, or once a `group` with its own ids and plan.",
        ),
        Key::optional("next", &NEXT, "Answers have several pages, and this says where the next one is."),
    ],
};
pub(super) static NEXT: Shape = Shape::Keys {
    name: "`next`",
    keys: &[
        Key::optional("path", &PLACE, "The next page's address stands there in the answer; the last one has none."),
        Key::optional("link", &Shape::Bool, "The `Link` header names the next page (`rel=\"next\"`)."),
        Key::optional(
            "cursor",
            &PLACE,
            "What stands there in the answer is said in the next request, under the name in `as`.",
        ),
        Key::optional(
            "as",
            &Shape::Text,
            "cursor: name of the query parameter, or of a field of the body (`variables.after`).",
        ),
        Key::optional(
            "number",
            &Shape::Text,
            "Pages are counted, and this parameter says which; an empty page ends them.",
        ),
        Key::optional("from", &PAGE, "number: the first page's; 1 unless said."),
        Key::optional(
            "pages",
            &PAGES,
            "So many pages are asked for at most; 50 unless said. Beyond that nobody is said to be missing.",
        ),
    ],
};
static PAGE: Shape = Shape::Integer { min: 0, max: 1_000_000 };
static PAGES: Shape = Shape::Integer { min: 1, max: 10_000 };
static PER: Shape = Shape::Words(Words { what: "`per`", words: || vec!["household", "member", "group"] });

pub(super) static FIELDS: Shape = Shape::Map { key: &FIELD, value: &MAPPING };
static MAPPING: Shape = Shape::Either(&[&PLACE, &MAPPING_KEYS]);
static MAPPING_KEYS: Shape = Shape::Keys {
    name: "a field",
    keys: convert_keys!(
        Key::optional("path", &PLACE, "Where it stands: what is a person's in the member, all else in the record."),
        Key::optional("paths", &PATHS, "Several places, joined."),
        Key::optional(
            "key",
            &Shape::Bool,
            "The name under which the record stands, or the member, in an object keyed by it (`records: $.people.*`).",
        ),
        Key::optional("join", &ANY_TEXT, "Between the texts of several places; one blank unless said."),
        Key::optional("split", &ANY_TEXT, "Splits the text at this separator."),
        Key::optional("part", &PART, "The part to take of a split text, from 0."),
    ),
};
static PATHS: Shape = Shape::List(&PLACE);
static PART: Shape = Shape::Integer { min: 0, max: 100 };
static ANY_TEXT: Shape = Shape::Leaf(crate::source::Leaf { expected: "text", pattern: None, fault: |_| None });

pub(super) static STATUS: Shape = Shape::Keys {
    name: "`status`",
    keys: &[
        Key::required("path", &PLACE, "Where it stands in the record."),
        Key::optional("active", &WORD_OR_WORDS, "Words for coverage in force."),
        Key::optional("pending", &WORD_OR_WORDS, "Words for coverage taken and not paid for yet."),
        Key::optional("cancelled", &WORD_OR_WORDS, "Words for coverage taken out before it began."),
        Key::optional("terminated", &WORD_OR_WORDS, "Words for coverage that has ended."),
    ],
};

pub(super) static ABSENT: Shape = Shape::Keys {
    name: "`absent`",
    keys: condition_keys!(Key::optional("status", &STATUSES, "Statuses that mean `not there`; 404 unless said.")),
};

pub(super) static POLL: Shape = Shape::Keys {
    name: "`poll`",
    keys: &[
        Key::optional("first_after", &DURATION, "First look after the answer to the submission; 1s unless said."),
        Key::optional("every", &DURATION, "Pause after the first look, growing by half each time; 2s unless said."),
        Key::optional("at_most", &DURATION, "Longest pause; 1m unless said."),
        Key::optional("budget", &RATE, "Look-ups a second over all probes; as many as needed unless said."),
    ],
};

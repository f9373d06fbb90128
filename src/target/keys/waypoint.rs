//! The keys of a waypoint.

use super::carries::CARRIES_HERE;
use super::eligibility::{
    ASK_BY, BEFORE_PAYMENT, DATE, DEPENDENTS, ENVELOPE, LOGIN, PARTNER_ID, PAYER, PLAN_NAMES, PROVIDER, TRACE_COMPANY,
};
use super::exchange::{AUTH, STATUSES, TEMPLATES, WORD_OR_WORDS, condition_keys, convert_keys};
use super::forms::{
    ADDRESS, BASE_URL, CLOCK_TIME, DATE_FORMAT, DURATION, FIELD, ISSUER, LIMIT, NAME, PLACE, RATE, REGEX, TEMPLATE,
};
use super::sftp::{FOLDER, SFTP};
use crate::source::{Key, Shape, Words};

pub(super) static WAYPOINT: Shape = Shape::Keys {
    name: "a waypoint",
    keys: &[
        Key::required("name", &NAME, "Its name, in reports and in a scenario's limits."),
        Key::required("feed", &FEED, "How it is read: `json_api`, `edi_folder`, `ack` or `eligibility`."),
        Key::optional("within", &LIMIT, "When an enrollment must be seen, where the scenario gives no limit."),
        Key::optional("windows", &WINDOW, "Its delivery windows."),
        Key::optional("absent_aptc_is_zero", &Shape::Bool, "Whether no APTC and an APTC of zero are the same here."),
        Key::optional("carries", &CARRIES_HERE, "What is not told apart here, beside the target's own `carries`."),
        Key::optional("per_issuer", &PER_ISSUER, "Where each issuer is asked, or where its files lie."),
        Key::optional("path", &FOLDER, "edi_folder, ack: the folder, or `sftp://[user@]host[:port]/path`."),
        Key::optional("sftp", &SFTP, "edi_folder, ack: who logs in to `sftp://`, and the server's host key."),
        Key::optional("names", &NAMES, "edi_folder, ack: names of files to read, with `*` and `?`."),
        Key::optional("every", &DURATION, "edi_folder, ack: pause between two readings of the folder; 1s unless said."),
        Key::optional(
            "cancellations",
            &Shape::Bool,
            "edi_folder: whether cancellations pass here too; true unless said. False where issuers confirm enrollments, which they do not take back.",
        ),
        Key::optional(
            "of",
            &NAME,
            "ack: the `edi_folder` whose files are acknowledged; may be left out where there is one.",
        ),
        Key::optional(
            "base_url",
            &BASE_URL,
            "json_api: prefix of every path, where one system answers for all issuers; eligibility: address of the service.",
        ),
        Key::optional("auth", &AUTH, "json_api, eligibility: credentials of the observer in HTTP itself."),
        Key::optional("headers", &TEMPLATES, "json_api: headers of every request."),
        Key::optional("lookup", &LOOKUP, "json_api: how a probe is asked for."),
        Key::optional(
            "lookups",
            &LOOKUPS,
            "json_api: several ways to ask, strongest first; the first whose names are known is used.",
        ),
        Key::optional("probe", &PROBE, PROBE_DOC),
        Key::optional(
            "records",
            &PLACE,
            "json_api: selects the records in an answer; `$` unless said. Of a list it means the items.",
        ),
        Key::optional(
            "members",
            &PLACE,
            "json_api: selects the members within a record; without it each record is one member.",
        ),
        Key::optional("fields", &FIELDS, "json_api: where each field stands."),
        Key::optional("status", &STATUS, "json_api: where the status stands, and what its words mean."),
        Key::optional(
            "absent",
            &ABSENT,
            "json_api: how `not there` looks; 404, or no record in a good answer, unless said.",
        ),
        Key::optional("poll", &POLL, "json_api, eligibility: when to look."),
        Key::optional(
            "request_within",
            &DURATION,
            "json_api, eligibility: one request may take this long; 30s unless said (1m, as CAQH CORE wants).",
        ),
        Key::optional(
            "holds",
            &HOLDS,
            "json_api: `applications` where the exchange itself is asked what it took: an application without a trustworthy answer that is not found here after limit and grace was never taken. `enrollments` unless said.",
        ),
        Key::optional("login", &LOGIN, "eligibility: user name and password in the envelope."),
        Key::optional("envelope", &ENVELOPE, "eligibility: `soap` (unless said) or `mime`."),
        Key::optional("payer", &PAYER, "eligibility: who is asked (NM1*PR)."),
        Key::optional("provider", &PROVIDER, "eligibility: who asks (NM1*1P)."),
        Key::optional("sender_id", &PARTNER_ID, "eligibility: SenderID of the envelope, ISA06 and GS02."),
        Key::optional("receiver_id", &PARTNER_ID, "eligibility: ReceiverID of the envelope, ISA08 and GS03."),
        Key::optional("trace_company", &TRACE_COMPANY, "eligibility: TRN03, who numbers the questions."),
        Key::optional(
            "ask_by",
            &ASK_BY,
            "eligibility: `member_id` (unless said: the issuer's own, where it was captured or an earlier waypoint showed it, else by name) or `name` (and birth date).",
        ),
        Key::optional(
            "dependents",
            &DEPENDENTS,
            "eligibility: asked for `as_themselves` (unless said), or `under_subscriber` (HL03 23) while their own id is not known.",
        ),
        Key::optional("date", &DATE, "eligibility: the day asked for, `begin` of coverage (unless said) or `today`."),
        Key::optional(
            "before_payment",
            &BEFORE_PAYMENT,
            "eligibility: what the payer answers before the first premium is paid: `active`, or `inactive` (also: not found), which makes nobody missing who has not paid.",
        ),
        Key::optional("plan_names", &PLAN_NAMES, "eligibility: plan ids by the names that answers show (EB05)."),
    ],
};

static PROBE: Shape = Shape::Text;
const PROBE_DOC: &str = "json_api: path of a GET request that is tried before anybody is enrolled, such as /health; the first \
                         look-up that can be asked unless said.";

static FEED: Shape =
    Shape::Words(Words { what: "feed", words: || vec!["json_api", "edi_folder", "ack", "eligibility"] });
static HOLDS: Shape = Shape::Words(Words { what: "kind of record", words: || vec!["applications", "enrollments"] });
static NAMES: Shape = Shape::List(&Shape::Text);

pub(super) static WINDOW: Shape = Shape::Either(&[&TIMES, &WINDOW_KEYS]);
static TIMES: Shape = Shape::List(&CLOCK_TIME);
static WINDOW_KEYS: Shape = Shape::Keys {
    name: "`windows`",
    keys: &[
        Key::optional("at", &TIMES, "Times of day in the exchange's zone."),
        Key::optional("every", &DURATION, "Distance of two windows, counted from 1970."),
        Key::optional(
            "grace",
            &DURATION,
            "Allowed after a window for the batch to be written and read; 15m unless said (2s with `every`).",
        ),
    ],
};

static PER_ISSUER: Shape = Shape::Map { key: &ISSUER, value: &ISSUER_PLACE };
static ISSUER_PLACE: Shape = Shape::Keys {
    name: "an issuer of `per_issuer`",
    keys: &[
        Key::optional("path", &FOLDER, "edi_folder, ack: the folder of this issuer's files, or its `sftp://` address."),
        Key::optional("sftp", &SFTP, "edi_folder, ack: login and host key; the waypoint's unless said."),
        Key::optional("base_url", &BASE_URL, "json_api: prefix of every path; eligibility: address of the service."),
        Key::optional("auth", &AUTH, "json_api, eligibility: credentials; the waypoint's unless said."),
        Key::optional(
            "login",
            &LOGIN,
            "eligibility: user name and password in the envelope; the waypoint's unless said, as all below.",
        ),
        Key::optional("envelope", &ENVELOPE, "eligibility: `soap` or `mime`."),
        Key::optional("payer", &PAYER, "eligibility: who is asked."),
        Key::optional("sender_id", &PARTNER_ID, "eligibility: SenderID, ISA06 and GS02."),
        Key::optional("receiver_id", &PARTNER_ID, "eligibility: ReceiverID, ISA08 and GS03."),
        Key::optional("headers", &TEMPLATES, "json_api: headers; the waypoint's unless said."),
        Key::optional(
            "lookup",
            &LOOKUP,
            "json_api: how this issuer is asked; the waypoint's unless said, as all below.",
        ),
        Key::optional("lookups", &LOOKUPS, "json_api: several ways to ask this issuer."),
        Key::optional("probe", &PROBE, "json_api: the GET request that tries this issuer."),
        Key::optional("records", &PLACE, "json_api: the records in this issuer's answers."),
        Key::optional(
            "members",
            &PLACE,
            "json_api: the members within a record; with `records` and without this, each record is one member.",
        ),
        Key::optional("fields", &FIELDS, "json_api: where each field stands in this issuer's answers."),
        Key::optional("status", &STATUS, "json_api: this issuer's status words."),
        Key::optional("absent", &ABSENT, "json_api: how this issuer says `not there`."),
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
static NEXT: Shape = Shape::Keys {
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

static FIELDS: Shape = Shape::Map { key: &FIELD, value: &MAPPING };
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

static STATUS: Shape = Shape::Keys {
    name: "`status`",
    keys: &[
        Key::required("path", &PLACE, "Where it stands in the record."),
        Key::optional("active", &WORD_OR_WORDS, "Words for coverage in force."),
        Key::optional("pending", &WORD_OR_WORDS, "Words for coverage taken and not paid for yet."),
        Key::optional("cancelled", &WORD_OR_WORDS, "Words for coverage taken out before it began."),
        Key::optional("terminated", &WORD_OR_WORDS, "Words for coverage that has ended."),
    ],
};

static ABSENT: Shape = Shape::Keys {
    name: "`absent`",
    keys: condition_keys!(Key::optional("status", &STATUSES, "Statuses that mean `not there`; 404 unless said.")),
};

static POLL: Shape = Shape::Keys {
    name: "`poll`",
    keys: &[
        Key::optional("first_after", &DURATION, "First look after the answer to the submission; 1s unless said."),
        Key::optional("every", &DURATION, "Pause after the first look, growing by half each time; 2s unless said."),
        Key::optional("at_most", &DURATION, "Longest pause; 1m unless said."),
        Key::optional("budget", &RATE, "Look-ups a second over all probes; as many as needed unless said."),
    ],
};

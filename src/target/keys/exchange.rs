//! The keys of `exchange`: flows, requests, and what their answers must be.

use super::effective_dates::EFFECTIVE_DATES;
use super::forms::{
    ADDRESS, BASE_URL, CAPTURE_NAME, CSS, DATE_FORMAT, DURATION, EXPRESSION, JSON_PATH, NAME, PLACE, REGEX,
    STATUS_CODE, TEMPLATE, VARIABLE, XPATH, ZONE,
};
use super::hand_over::HAND_OVER;
use crate::source::{Key, Shape, Words};

pub(super) static EXCHANGE: Shape = Shape::Keys {
    name: "`exchange`",
    keys: &[
        Key::optional("base_url", &BASE_URL, "Prefix of every path; needed where a step is a request."),
        Key::optional(
            "timezone",
            &ZONE,
            "The exchange's zone: windows and clock-time limits; America/New_York unless said.",
        ),
        Key::optional(
            "effective_dates",
            &EFFECTIVE_DATES,
            "The rules by which the first days of coverage that it tells are judged; by none unless said.",
        ),
        Key::optional("auth", &AUTH, "Sent with every request unless a step says otherwise."),
        Key::optional("headers", &TEMPLATES, "Headers of every request."),
        Key::optional("defaults", &DEFAULTS, "What every request says and expects unless its step says otherwise."),
        Key::optional(
            "parts",
            &PARTS,
            "Steps that several flows have in common, by a name of your own: `- use: NAME` puts them in.",
        ),
        Key::required("flows", &FLOWS, "How each event is carried out."),
        Key::optional(
            "session",
            &STEPS,
            "Requests that log a household in again, before every flow but `enroll`; what they capture is secret.",
        ),
    ],
};

static DEFAULTS: Shape = Shape::Keys {
    name: "`defaults`",
    keys: &[
        Key::optional(
            "headers",
            &TEMPLATES,
            "Headers; a step's own of the same name wins, as does one under `headers`.",
        ),
        Key::optional(
            "expect",
            &EXPECT,
            "What answers must be; what a step says of statuses, of time or of conditions stands in place of what is said of that here.",
        ),
    ],
};

pub(super) static AUTH: Shape = Shape::Keys {
    name: "`auth`",
    keys: &[
        Key::optional("bearer", &Shape::Text, "Token of `Authorization: Bearer`."),
        Key::optional("basic", &BASIC, "User name and password of `Authorization: Basic`."),
        Key::optional(
            "oauth2",
            &OAUTH2,
            "OAuth 2 client credentials: a token is fetched once for all probes, renewed before it ends and after a 401, and never written down.",
        ),
    ],
};
static OAUTH2: Shape = Shape::Keys {
    name: "`oauth2`",
    keys: &[
        Key::required("token_url", &BASE_URL, "Whole address where tokens are given; its host must be allowed."),
        Key::required("client_id", &Shape::Text, "Who asks, best as `${env:NAME}`."),
        Key::required("client_secret", &Shape::Text, "Its secret, best as `${env:NAME}` or `${file:PATH}`."),
        Key::optional("scope", &Shape::Text, "What the token is for; several scopes with blanks between them."),
        Key::optional(
            "client_auth",
            &CLIENT_AUTH,
            "How the token server is told who asks: `basic` (unless said), or `body` for id and secret in the form.",
        ),
    ],
};
static CLIENT_AUTH: Shape = Shape::Words(Words { what: "way to say who asks", words: || vec!["basic", "body"] });
static BASIC: Shape = Shape::Keys {
    name: "`basic`",
    keys: &[
        Key::required("user", &Shape::Text, "User name."),
        Key::required("password", &Shape::Text, "Password, best as `${env:NAME}` or `${file:PATH}`."),
    ],
};
pub(super) static TEMPLATES: Shape = Shape::Map { key: &Shape::Text, value: &TEMPLATE };

static FLOWS: Shape = Shape::Keys {
    name: "`flows`",
    keys: &[
        Key::required("enroll", &FLOW, "Apply, choose a plan, be enrolled."),
        Key::optional("change_address", &FLOW, "Tell that the household moved; templates say where it lives now."),
        Key::optional(
            "correct_person",
            &FLOW,
            "Tell what was wrong of the subscriber; templates say what is right now.",
        ),
        Key::optional("add_dependent", &FLOW, "Tell that a child was born; templates list it among `members`."),
        Key::optional("remove_dependent", &FLOW, "Tell that a dependent leaves, who is among `members` no more."),
        Key::optional("marry", &FLOW, "Tell that the subscriber married, and of the spouse."),
        Key::optional("divorce", &FLOW, "Tell that the spouse leaves, who is among `members` no more."),
        Key::optional(
            "report_income",
            &FLOW,
            "Tell the income of now (`household.income`), and capture what the exchange makes of it.",
        ),
        Key::optional("change_agent", &FLOW, "Tell of another agent (`household.agent.name` and `.npn`)."),
        Key::optional("pay", &FLOW, "Pay the first premium of every policy, which makes it effective."),
        Key::optional(
            "miss_payment",
            &FLOW,
            "Let the time for the payment pass, with whatever a test system has for that: the issuer ends every policy.",
        ),
        Key::optional(
            "change_plan",
            &FLOW,
            "Choose another plan (`groups` hold it), and capture the policy that begins.",
        ),
        Key::optional(
            "renew",
            &FLOW,
            "Renew coverage for the next year (`household.renewal` says how), and capture the policy that begins.",
        ),
        Key::optional(
            "subscriber_dies",
            &FLOW,
            "Tell that the subscriber died; `members` begin with who is the subscriber now. Capture the policies that begin.",
        ),
        Key::optional("terminate", &FLOW, "End coverage that has begun."),
        Key::optional("reinstate", &FLOW, "Put in force again what was terminated."),
        Key::optional("cancel", &FLOW, "Take the enrollment out again; production must have it."),
    ],
};
static PARTS: Shape = Shape::Map { key: &NAME, value: &STEPS };
static FLOW: Shape = Shape::Either(&[&STEPS, &FLOW_KEYS]);
static STEPS: Shape = Shape::List(&STEP);
static FLOW_KEYS: Shape = Shape::Keys {
    name: "a flow",
    keys: &[
        Key::optional(
            "idempotency_header",
            &Shape::Text,
            "`idempotency` in short: its `header`, where keys are known for 24h.",
        ),
        Key::optional(
            "idempotency",
            &IDEMPOTENCY,
            "The exchange knows a repeated request by its key; with it an unanswered request may be sent again.",
        ),
        Key::optional(
            "cancels_paid",
            &Shape::Bool,
            "Of `cancel`: whether it takes out those who have paid, too; a journey with `pay` asks for it.",
        ),
        Key::required("steps", &STEPS, "The steps, in order."),
    ],
};

static IDEMPOTENCY: Shape = Shape::Keys {
    name: "`idempotency`",
    keys: &[
        Key::required(
            "header",
            &Shape::Text,
            "Carries a key of run, probe, event and step on every request of the flow.",
        ),
        Key::optional(
            "for",
            &DURATION,
            "So long the exchange knows a key again, and nothing is repeated later; 24h unless said.",
        ),
    ],
};

static STEP: Shape = Shape::Keys {
    name: "a step",
    keys: &[
        Key::optional("use", &NAME, "Puts in the steps of this part, as they are; stands alone."),
        Key::optional("name", &Shape::Text, "Shown in reports; method and path, or `hand over 834`, unless said."),
        Key::optional("get", &ADDRESS, "Path of a GET request."),
        Key::optional("post", &ADDRESS, "Path of a POST request."),
        Key::optional("put", &ADDRESS, "Path of a PUT request."),
        Key::optional("patch", &ADDRESS, "Path of a PATCH request."),
        Key::optional("delete", &ADDRESS, "Path of a DELETE request."),
        Key::optional("edi", &HAND_OVER, "Hands over the household's 834 instead of a request."),
        Key::optional("query", &TEMPLATES, "Query parameters."),
        Key::optional("headers", &TEMPLATES, "Headers."),
        Key::optional("auth", &STEP_AUTH, "Replaces the exchange's credentials; `none` sends none."),
        Key::optional("json", &Shape::Any, "JSON body whose texts are templates."),
        Key::optional("form", &TEMPLATES, "Form body."),
        Key::optional("body", &TEMPLATE, "Body as rendered."),
        Key::optional("content_type", &Shape::Text, "Content type of `body`; application/json unless said."),
        Key::optional("expect", &EXPECT, "What the answer must be."),
        Key::optional(
            "exists",
            &EXISTS,
            "How the answer looks where an earlier attempt has created it already: then the step holds.",
        ),
        Key::optional("capture", &CAPTURES, "Values taken from the answer, by name."),
        Key::optional("redirects", &Shape::Bool, "Whether redirects are followed; true unless said."),
        Key::optional("retry", &RETRY, "Repeats where sending again is harmless."),
        Key::optional("until", &UNTIL, "Repeats until the answer is final."),
        Key::optional("commits", &Shape::Bool, "From this step on the enrollment may exist."),
        Key::optional(
            "reads",
            &Shape::Bool,
            "Whether it only looks something up, so that no id it finds may be acted on; GET, and paths such as /search, do unless said.",
        ),
        Key::optional(
            "for_each",
            &EACH,
            "Carried out once for each of `members` (`member` in its templates) or `groups` (`group`); what it captures is of that one.",
        ),
        Key::optional(
            "set",
            &SET,
            "Names that are short for expressions, in this step and those after it: `{ref: \"member.id ~ '-' ~ probe.index\"}`.",
        ),
        Key::optional("when", &EXPRESSION, "Carried out only where this expression is true, of each by itself."),
    ],
};
static SET: Shape = Shape::Map { key: &VARIABLE, value: &EXPRESSION };
static EACH: Shape = Shape::Words(Words { what: "whom a step is for", words: || vec!["members", "groups"] });
static STEP_AUTH: Shape = Shape::Either(&[&NO_AUTH, &AUTH]);
static NO_AUTH: Shape = Shape::Words(Words { what: "credentials", words: || vec!["none"] });

pub(super) static STATUSES: Shape = Shape::Either(&[&STATUS_CODE, &STATUS_LIST]);
static STATUS_LIST: Shape = Shape::List(&STATUS_CODE);
pub(super) static TEXT_LIST: Shape = Shape::List(&Shape::Text);

/// The keys of a condition, to be put among others.
macro_rules! condition_keys {
    ($($more:expr),* $(,)?) => {
        &[
            $($more,)*
            Key::optional("jsonpath", &super::forms::JSON_PATH, "Looks into the JSON body."),
            Key::optional("xpath", &super::forms::XPATH, "Looks into the XML body: a path through its elements."),
            Key::optional("css", &super::forms::CSS, "Looks into an HTML page: the text of the elements, or their `attribute`."),
            Key::optional("attribute", &Shape::Text, "css: the attribute that is looked at."),
            Key::optional("header", &Shape::Text, "Looks at a header."),
            Key::optional("cookie", &Shape::Text, "Looks at a cookie of the jar."),
            Key::optional("regex", &REGEX, "Looks into the body as text: first group, or the whole match."),
            Key::optional("url", &Shape::Bool, "Looks at the address after redirects."),
            Key::optional("exists", &Shape::Bool, "There at all (`true`, unless another test is given), or not there (`false`)."),
            Key::optional("equals", &TEMPLATE, "This text."),
            Key::optional("one_of", &super::exchange::TEXT_LIST, "One of these texts."),
            Key::optional("matches", &REGEX, "Matching this expression."),
        ]
    };
}
pub(super) use condition_keys;

static CONDITION: Shape = Shape::Keys { name: "a condition", keys: condition_keys!() };
static CONDITIONS: Shape = Shape::List(&CONDITION);

static EXPECT: Shape = Shape::Keys {
    name: "`expect`",
    keys: condition_keys!(
        Key::optional("status", &STATUSES, "Statuses that are right; any 2xx unless said."),
        Key::optional("within", &DURATION, "One attempt may take this long; 30s unless said."),
        Key::optional("all", &CONDITIONS, "Several conditions, all of which must hold."),
    ),
};

static EXISTS: Shape = Shape::Keys {
    name: "`exists`",
    keys: condition_keys!(
        Key::required("status", &STATUSES, "Statuses that say so, such as 409."),
        Key::optional("all", &CONDITIONS, "Several conditions, all of which must hold."),
    ),
};

static RETRY: Shape = Shape::Keys {
    name: "`retry`",
    keys: &[
        Key::optional("attempts", &ATTEMPTS, "At most so many attempts in all; 3 unless said."),
        Key::optional("pause", &DURATION, "Pause before the second, doubling from there; 500ms unless said."),
    ],
};
static ATTEMPTS: Shape = Shape::Integer { min: 2, max: 20 };

static UNTIL: Shape = Shape::Keys {
    name: "`until`",
    keys: condition_keys!(
        Key::optional("refused", &CONDITION, "Final, and a refusal: stops early."),
        Key::optional("every", &DURATION, "Pause between requests; 1s unless said."),
        Key::optional("within", &DURATION, "In all; 1m unless said."),
    ),
};

static CAPTURES: Shape = Shape::Map { key: &CAPTURE_NAME, value: &CAPTURE };
static CAPTURE: Shape = Shape::Either(&[&PLACE, &CAPTURE_KEYS]);
static CAPTURE_KEYS: Shape = Shape::Keys {
    name: "a capture",
    keys: convert_keys!(
        Key::optional("jsonpath", &JSON_PATH, "Takes it from the JSON body."),
        Key::optional("xpath", &XPATH, "Takes it from the XML body: a path through its elements."),
        Key::optional("css", &CSS, "Takes it from an HTML page: the text of the elements, or their `attribute`."),
        Key::optional("attribute", &Shape::Text, "css: the attribute that is taken."),
        Key::optional(
            "key",
            &Shape::Bool,
            "jsonpath: takes the name under which it stands, in an object keyed by it (`$.people.*`), and not what stands there.",
        ),
        Key::optional("header", &Shape::Text, "Takes it from a header."),
        Key::optional("cookie", &Shape::Text, "Takes it from a cookie of the jar."),
        Key::optional("url", &Shape::Bool, "Takes it from the address after redirects."),
        Key::optional("status", &Shape::Bool, "Takes the status code."),
        Key::optional("per", &PER, "One value for each `member` or `group`, in order; one for all unless said."),
        Key::optional("required", &Shape::Bool, "Whether the step fails without it; true unless said."),
        Key::optional(
            "secret",
            &Shape::Bool,
            "Never written, gone with the flow; true by itself for cookies and for what goes into a header of tokens.",
        ),
    ),
};
static PER: Shape = Shape::Words(Words { what: "`per`", words: || vec!["member", "group"] });

/// The keys that turn a text of another system into a canonical value, to be put among others.
macro_rules! convert_keys {
    ($($more:expr),* $(,)?) => {
        &[
            $($more,)*
            Key::optional("none", &super::exchange::WORD_OR_WORDS, "Words that mean there is none, such as N/A."),
            Key::optional("regex", &REGEX, "First group of the expression, or the whole match."),
            Key::optional("digits", &Shape::Bool, "Keeps digits only."),
            Key::optional("case", &super::exchange::CASE, "Changes letter case: `upper` or `lower`."),
            Key::optional("map", &super::exchange::WORD_MAP, "Their words to ours."),
            Key::optional(
                "date",
                &DATE_FORMAT,
                "Format of a date: `%m/%d/%Y`, `%d-%b-%Y` (18-NOV-2013), `epoch_seconds` or `epoch_millis` (the day in UTC).",
            ),
            Key::optional("unit", &super::exchange::UNIT, "Unit of an amount: `dollars` (unless said) or `cents`."),
            Key::optional("cents", &super::forms::PLACE, "Where the cents of an amount stand, where dollars and cents stand apart."),
        ]
    };
}
pub(super) use convert_keys;

pub(super) static WORD_OR_WORDS: Shape = Shape::Either(&[&Shape::Text, &TEXT_LIST]);
pub(super) static WORD_MAP: Shape = Shape::Map { key: &Shape::Text, value: &Shape::Text };
pub(super) static CASE: Shape = Shape::Words(Words { what: "case", words: || vec!["upper", "lower"] });
pub(super) static UNIT: Shape = Shape::Words(Words { what: "unit", words: || vec!["dollars", "cents"] });

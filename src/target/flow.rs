//! The submitting side: steps, requests among them, and what their answers must be.

use super::condition::{Condition, Test};
use super::context::Context;
use super::convert::Convert;
use super::each::Each;
use super::hand_over::HandOver;
use super::json_template::JsonTemplate;
use super::path::JsonPath;
use super::selector::{Answer, Selector};
use super::template::Template;
use super::tokens::Place;
use crate::model::{EffectiveDates, Field, LifeEvent};
use chrono_tz::Tz;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The submitting side.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Prefix of every path; no trailing slash. Empty where no step is a request.
    pub base_url: String,
    /// The exchange's zone: windows, clock-time limits, dates of instants.
    pub zone: Tz,
    /// By which rules the first days of coverage that it tells are judged; `None`: by none.
    pub effective_dates: Option<EffectiveDates>,
    /// Sent with every request unless a step says otherwise.
    pub auth: Option<Auth>,
    /// Headers of every request: name and template.
    pub headers: Vec<(String, Template)>,
    /// How each event is carried out.
    pub flows: BTreeMap<LifeEvent, Flow>,
    /// The requests that log a household in again, before each flow but `enroll`; empty: none. What they capture is secret.
    pub session: Vec<FlowStep>,
}

/// How a request proves who sends it. `Debug` shows no secret.
#[derive(Clone)]
pub enum Auth {
    /// `Authorization: Bearer …`.
    Bearer(SecretString),
    /// `Authorization: Basic …`.
    Basic {
        /// User name.
        user: String,
        /// Password.
        password: SecretString,
    },
    /// `Authorization: Bearer …` with a token that is fetched.
    OAuth2(Arc<OAuth2>),
}

/// Who gives access tokens, and to whom: OAuth 2 client credentials.
pub struct OAuth2 {
    /// Where tokens are given.
    pub token_url: String,
    /// Who asks.
    pub client_id: SecretString,
    /// Its secret.
    pub client_secret: SecretString,
    /// What for; `None`: what the token server thinks right.
    pub scope: Option<String>,
    /// How the client says who it is.
    pub client_auth: ClientAuth,
}

/// How a client says to a token server who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientAuth {
    /// `Authorization: Basic …`, which every token server takes.
    Basic,
    /// In the form that is sent.
    Body,
}

/// The steps that carry out one event.
#[derive(Debug, Clone)]
pub struct Flow {
    /// In order.
    pub steps: Vec<FlowStep>,
    /// Header that carries an idempotency key of its own on every request of the flow, made of run, probe, event and step; with it
    /// an answer that did not come may be asked for again.
    pub idempotency_header: Option<String>,
    /// How long the exchange knows a key again: after that nothing is repeated by it.
    pub key_is_known_for: Duration,
    /// As a cancellation it takes out those who have paid, too.
    pub cancels_paid: bool,
}

/// One step of a flow.
#[derive(Debug, Clone)]
pub struct FlowStep {
    /// Its name, shown in reports.
    pub name: String,
    /// What it does.
    pub kind: StepKind,
    /// From this step on the enrollment may exist. Where no step of a flow says so, every step but GET and HEAD may
    /// enroll.
    pub commits: Option<bool>,
    /// It only looks something up, whatever its method; `None`: as its method and path say.
    pub reads: Option<bool>,
    /// Carried out once for each of these; `None`: once.
    pub each: Option<Each>,
    /// Carried out only where this expression is true (minijinja expression), of each by itself.
    pub when: Option<Template>,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// Asks over HTTP.
    Request(Box<RequestStep>),
    /// Hands over an 834.
    HandOver(Box<HandOver>),
}

/// One request.
#[derive(Debug, Clone)]
pub struct RequestStep {
    /// HTTP method, upper case.
    pub method: String,
    /// Path under the base address, or a whole address (its host must be allowed).
    pub path: Template,
    /// Query parameters.
    pub query: Vec<(String, Template)>,
    /// Headers.
    pub headers: Vec<(String, Template)>,
    /// Replaces the exchange's credentials; `Some(None)`: send none.
    pub auth: Option<Option<Auth>>,
    /// Body.
    pub body: Body,
    /// What the answer must be.
    pub expect: Expect,
    /// An answer that says that what this step creates is there already: where an earlier attempt of ours may have created it, the
    /// step holds. `within` has no meaning here.
    pub exists: Option<Expect>,
    /// Values taken from the answer.
    pub captures: Vec<Capture>,
    /// Redirects are followed, cookies and all; at most ten.
    pub follow_redirects: bool,
    /// One attempt may take this long.
    pub within: Duration,
    /// Repeats where sending again is harmless.
    pub retry: Option<Retry>,
    /// Repeats until the answer is final.
    pub until: Option<Until>,
}

/// A request's body.
#[derive(Debug, Clone)]
pub enum Body {
    /// None.
    Empty,
    /// JSON whose texts are templates; `Content-Type: application/json`.
    Json(JsonTemplate),
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(String, Template)>),
    /// Sent as rendered.
    Raw {
        /// Its `Content-Type`.
        content_type: String,
        /// The text.
        text: Template,
    },
}

/// What an answer must be for the step to hold.
#[derive(Debug, Clone)]
pub struct Expect {
    /// Statuses that are right; empty: any 2xx (and 3xx where redirects are not followed).
    pub status: Vec<u16>,
    /// Conditions on the body or headers; an answer that breaks one is a refusal.
    pub conditions: Vec<Condition>,
}

impl Expect {
    /// Whether an answer has one of the listed statuses and meets every condition.
    pub fn is_said_by(&self, answer: &Answer, ctx: &Context) -> bool {
        self.status.contains(&answer.status) && self.conditions.iter().all(|condition| condition.holds(answer, ctx))
    }
}

/// A value taken from an answer.
#[derive(Debug, Clone)]
pub struct Capture {
    /// Its name for later steps; a canonical field's name (or alias) also makes it expected downstream.
    pub name: String,
    /// The field of that name, where there is one.
    pub field: Option<Field>,
    /// Where it is.
    pub select: Selector,
    /// Where the cents of an amount stand, where `select` leads to whole dollars.
    pub cents: Option<JsonPath>,
    /// One value, or one for each member or group in order.
    pub per: Per,
    /// How the text becomes canonical.
    pub convert: Convert,
    /// Whether the step fails where it is not found.
    pub required: bool,
    /// Whether it is a credential: it lives in memory for the flow and is never written.
    pub secret: bool,
}

/// For whom a capture speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// For the flow (a group field: for every group).
    Flow,
    /// One each applying person, in the household's order; one alone in a step for each member.
    Member,
    /// One each enrollment group, in the order of the household's lines; one alone in a step for each group.
    Group,
}

/// Repeats of a step where sending again is harmless (no answer was lost: refused connection, 429, 503 with
/// `Retry-After`).
#[derive(Debug, Clone)]
pub struct Retry {
    /// At most so many attempts in all.
    pub attempts: u32,
    /// Pause before the second; doubles from there. `Retry-After` wins.
    pub pause: Duration,
}

/// Repeats of a step until its answer is final.
#[derive(Debug, Clone)]
pub struct Until {
    /// Final and good.
    pub done: Condition,
    /// Final and a refusal.
    pub refused: Option<Condition>,
    /// Pause between requests.
    pub every: Duration,
    /// In all; then the step is indeterminate.
    pub within: Duration,
}

impl Flow {
    /// Whether every step names the probe by what no stranger has and nobody has to tell: its mailbox, marker or key.
    pub fn asks_by_marks_alone(&self) -> bool {
        let names: BTreeSet<String> = self.steps.iter().flat_map(FlowStep::names).collect();
        let is_mark = |name: &String| {
            name.starts_with("probe.") || ["email", "marker"].iter().any(|last| name.rsplit('.').next() == Some(last))
        };
        names.iter().any(is_mark) && names.iter().all(|name| is_mark(name) || name.starts_with("run."))
    }
}

impl FlowStep {
    /// The names its request asks for; none of one that hands over a file, which holds the household and what is proved.
    pub fn names(&self) -> BTreeSet<String> {
        match &self.kind {
            StepKind::Request(request) => request.names(),
            StepKind::HandOver(_) => BTreeSet::new(),
        }
    }

    /// Whether it changes nothing at the far side: its method does not (RFC 9110 section 9.2.1), or it only looks something up.
    pub fn reads(&self) -> bool {
        let StepKind::Request(request) = &self.kind else { return false };
        let by_method = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        self.reads.unwrap_or_else(|| by_method || says_search(&request.path.source))
    }

    /// Whether its path or what follows it gives an order, whatever its method: `/cancel/…`, `/cancellation/…`, `?action=cancel`.
    pub(super) fn says_that_it_acts(&self) -> bool {
        let StepKind::Request(request) = &self.kind else { return true };
        let (path, query) = request.path.source.split_once('?').unwrap_or((&request.path.source, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let fields = request.query.iter().map(|(name, value)| (name.as_str(), value.source.as_str()));
        let is_ordered = |(name, value): (&str, &str)| {
            words_of_path(name).iter().any(|word| VERBS.contains(&word.as_str()))
                && words_of_path(value).iter().any(|word| is_order(word))
        };
        self.reads != Some(true)
            && (words_of_path(path).iter().any(|word| is_order(word)) || pairs.chain(fields).any(is_ordered))
    }

    /// The places that its request reads, the headers of every request with it.
    pub fn places(&self, exchange: &Exchange) -> BTreeSet<String> {
        let StepKind::Request(request) = &self.kind else { return BTreeSet::new() };
        let headers = exchange.headers.iter().map(|(_, template)| template);
        request.placed().into_iter().map(|(_, template)| template).chain(headers).flat_map(Template::places).collect()
    }

    /// The places that the path of its address reads, and not what follows it, whatever is made of them.
    pub fn read_in_path(&self) -> BTreeSet<String> {
        let StepKind::Request(request) = &self.kind else { return BTreeSet::new() };
        let path = request.path.source.split(['?', '#', ';']).next().unwrap_or_default();
        Template::compile(path).map(|path| path.places()).unwrap_or_default()
    }

    /// The places that stand in the path of its address as they are: `{{ application_id }}`, and not `{{ application_id[:3] }}`.
    pub(super) fn places_of_path(&self) -> BTreeSet<String> {
        let StepKind::Request(request) = &self.kind else { return BTreeSet::new() };
        let path = request.path.source.split(['?', '#', ';']).next().unwrap_or_default();
        let expressions = path.split("{{").skip(1).filter_map(|code| Some(code.split_once("}}")?.0.trim()));
        let is_place =
            |code: &&str| code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']'));
        expressions.filter(is_place).map(str::to_owned).collect()
    }

    /// What it takes from its answer.
    pub fn captures(&self) -> &[Capture] {
        match &self.kind {
            StepKind::Request(request) => &request.captures,
            StepKind::HandOver(_) => &[],
        }
    }

    /// Every template in it.
    pub(super) fn templates(&self) -> Vec<&Template> {
        let mut found: Vec<&Template> = self.when.iter().collect();
        match &self.kind {
            StepKind::Request(request) => found.extend(request.templates()),
            StepKind::HandOver(hand_over) => {
                found.push(&hand_over.file);
                found.extend(hand_over.facts.iter().map(|fact| &fact.value));
            }
        }
        found
    }
}

/// Whether a path says that it only looks somebody up: `/members/search`, `/search.do`, `/memberLookup`, `/people-find`.
fn says_search(path: &str) -> bool {
    let words = words_of_path(path);
    let is_whole = |word: &String| ["find", "finds", "finder", "query", "queries"].contains(&word.as_str());
    let is_part = |word: &String| word.contains("search") || word.contains("lookup");
    let is_pair = |pair: &[String]| pair == ["look", "up"];
    words.iter().any(|word| is_whole(word) || is_part(word)) || words.windows(2).any(is_pair)
}

/// Words of paths that are orders.
const ORDERS: [&str; 19] = [
    "end",
    "void",
    "update",
    "change",
    "edit",
    "move",
    "submit",
    "confirm",
    "drop",
    "stop",
    "close",
    "discontinue",
    "deactivate",
    "lapse",
    "expire",
    "abort",
    "purge",
    "destroy",
    "unsubscribe",
];
/// What words hold that are orders, in whatever form: `docancel`, `cancellation`, `termination`.
const ORDERING: [&str; 12] = [
    "cancel",
    "terminat",
    "delet",
    "remov",
    "disenrol",
    "unenrol",
    "deenrol",
    "withdraw",
    "revoke",
    "revocation",
    "rescind",
    "rescission",
];
/// Names of parameters that say what is to be done.
const VERBS: [&str; 11] =
    ["action", "act", "do", "op", "operation", "cmd", "command", "method", "event", "task", "verb"];

fn is_order(word: &str) -> bool {
    ORDERS.contains(&word) || ORDERING.iter().any(|stem| word.contains(stem))
}

/// The words that are written in a path, in small letters.
fn words_of_path(path: &str) -> Vec<String> {
    let path = path.split('?').next().unwrap_or_default();
    // what is filled in says nothing of what the path does
    let written: String = path.split("{{").map(|part| part.rsplit("}}").next().unwrap_or_default()).collect();
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in written.chars() {
        if !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = c.is_ascii_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_lowercase());
        }
    }
    words
}

impl RequestStep {
    /// Every template of the request itself with where it stands; the headers of every request are the exchange's, not its own.
    pub fn placed(&self) -> Vec<(Place<'_>, &Template)> {
        let query = self.query.iter().map(|(name, template)| (Place::Field(name), template));
        let headers = self.headers.iter().map(|(name, template)| (Place::Header(name), template));
        let mut placed: Vec<_> = std::iter::once((Place::Address, &self.path)).chain(query).chain(headers).collect();
        match &self.body {
            Body::Empty => {}
            Body::Json(json) => placed.extend(json.placed()),
            Body::Form(fields) => placed.extend(fields.iter().map(|(name, template)| (Place::Field(name), template))),
            Body::Raw { text, .. } => placed.push((Place::Text, text)),
        }
        placed
    }

    /// The names it asks for.
    pub fn names(&self) -> BTreeSet<String> {
        let pairs = self.query.iter().chain(&self.headers).flat_map(|(_, template)| template.names());
        self.path.names().into_iter().chain(pairs).chain(self.body.names()).collect()
    }

    fn templates(&self) -> Vec<&Template> {
        let pairs = self.query.iter().chain(&self.headers).map(|(_, template)| template);
        let until = self.until.iter().flat_map(|until| std::iter::once(&until.done).chain(&until.refused));
        let exists = self.exists.iter().flat_map(|exists| &exists.conditions);
        let tests =
            self.expect.conditions.iter().chain(exists).chain(until).filter_map(|condition| match &condition.test {
                Test::Equals(template) => Some(template),
                _ => None,
            });
        std::iter::once(&self.path).chain(pairs).chain(tests).chain(self.body.templates()).collect()
    }
}

impl Body {
    /// The names it asks for.
    pub fn names(&self) -> BTreeSet<String> {
        self.templates().into_iter().flat_map(Template::names).collect()
    }

    /// Every template in it.
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::Empty => Vec::new(),
            Self::Json(json) => json.templates().collect(),
            Self::Form(fields) => fields.iter().map(|(_, template)| template).collect(),
            Self::Raw { text, .. } => vec![text],
        }
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bearer(_) => f.write_str("Bearer([REDACTED])"),
            Self::Basic { .. } => f.write_str("Basic([REDACTED])"),
            Self::OAuth2(oauth2) => oauth2.fmt(f),
        }
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { token_url, scope, client_auth, .. } = self;
        write!(f, "OAuth2({token_url:?}, {scope:?}, {client_auth:?}, [REDACTED])")
    }
}

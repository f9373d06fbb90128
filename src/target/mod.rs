//! Where to probe: target text to a checked [`Target`], and the templates and selectors in it. Pure; the caller reads
//! the file and the environment.

use crate::model::{CoverageLine, Field, IssuerId, LifeEvent, Limit, PlanId, WaypointName, Windows};
use chrono_tz::Tz;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// One deployment of an exchange with its issuers, checked.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name; `--confirm` asks for it in production.
    pub name: String,
    /// Test, or production.
    pub environment: Environment,
    /// Where and how events are carried out.
    pub exchange: Exchange,
    /// Places to look, in pipeline order; never empty.
    pub waypoints: Vec<Waypoint>,
    /// Issuers, with the tax ids and names by which 834 files call them.
    pub issuers: BTreeMap<IssuerId, Vec<String>>,
    /// Plans on offer; empty where the flow itself chooses and captures one.
    pub plans: Vec<OfferedPlan>,
    /// Caps that no scenario may exceed.
    pub limits: Caps,
    /// Hosts that may be reached: names, `*.name`, addresses or CIDR blocks.
    pub allow_hosts: Vec<String>,
    /// Extra certificate authorities, PEM.
    pub ca_file: Option<PathBuf>,
}

/// What kind of deployment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// A test box: no real people.
    Test,
    /// The real thing: asks for `--confirm`, one probe by default, and must have a `cancel` flow.
    Production,
}

/// A plan that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedPlan {
    /// 14 or 16 characters.
    pub plan_id: PlanId,
    /// Two-letter state it is offered in.
    pub state: String,
    /// Medical or dental.
    pub line: CoverageLine,
}

/// Caps of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Caps {
    /// Requests that start a flow, a second.
    pub rate_per_second: f64,
    /// Flows at once.
    pub in_flight: u32,
    /// Probes a run.
    pub probes: u32,
    /// Look-ups at once at each waypoint.
    pub look_ups: u32,
}

/// The submitting side.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Prefix of every path; no trailing slash.
    pub base_url: String,
    /// The exchange's zone: windows, clock-time limits, dates of instants.
    pub zone: Tz,
    /// Sent with every request unless a step says otherwise.
    pub auth: Option<Auth>,
    /// Headers of every request: name and template.
    pub headers: Vec<(String, Template)>,
    /// How each event is carried out.
    pub flows: BTreeMap<LifeEvent, Flow>,
}

/// How a request proves who sends it. `Debug` shows no secret.
#[derive(Debug, Clone)]
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
}

/// The requests that carry out one event.
#[derive(Debug, Clone)]
pub struct Flow {
    /// In order.
    pub steps: Vec<FlowStep>,
    /// Header that carries the probe's idempotency key on every request of the flow; with it an answer that did not come
    /// may be asked for again.
    pub idempotency_header: Option<String>,
}

/// One request.
#[derive(Debug, Clone)]
pub struct FlowStep {
    /// Its name, shown in reports.
    pub name: String,
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
    /// From this step on the enrollment may exist. Where no step of a flow says so, every step but GET and HEAD may
    /// enroll.
    pub commits: Option<bool>,
    /// Carried out only where this expression is true (minijinja expression).
    pub when: Option<Template>,
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

/// A condition on an answer.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What is looked at.
    pub select: Selector,
    /// What it must be.
    pub test: Test,
}

/// What a selected value must be.
#[derive(Debug, Clone)]
pub enum Test {
    /// There at all.
    Exists,
    /// Not there.
    Absent,
    /// This text (a template).
    Equals(Template),
    /// One of these texts.
    OneOf(Vec<String>),
    /// Matching this expression.
    Matches(regex::Regex),
}

/// Picks a value out of an answer.
#[derive(Debug, Clone)]
pub enum Selector {
    /// JSONPath over a JSON body (RFC 9535).
    JsonPath(Box<serde_json_path::JsonPath>),
    /// A header's first value.
    Header(String),
    /// A cookie of the jar after the answer.
    Cookie(String),
    /// First group of the expression, or the whole match, over the body as text.
    Regex(regex::Regex),
    /// The status code.
    Status,
    /// The address after redirects.
    Url,
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
    /// One value, or one for each member or group in order.
    pub per: Per,
    /// How the text becomes canonical.
    pub convert: Convert,
    /// Whether the step fails where it is not found.
    pub required: bool,
}

/// For whom a capture speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// For the flow (a group field: for every group).
    Flow,
    /// One each applying person, in the household's order.
    Member,
    /// One each enrollment group, in the order of the household's lines.
    Group,
}

/// Repeats of a step where sending again is harmless (no answer was lost: refused connection, 408, 425, 429, 503).
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

/// How a text of another system becomes a canonical value, applied in the order of the fields here.
#[derive(Debug, Clone, Default)]
pub struct Convert {
    /// `strftime` format of a date (`%m/%d/%Y`).
    pub date: Option<String>,
    /// Unit of an amount: dollars unless said.
    pub unit: Unit,
    /// First group of the expression, or the whole match.
    pub extract: Option<regex::Regex>,
    /// Keeps digits only.
    pub digits: bool,
    /// Changes letter case.
    pub case: Option<Case>,
    /// Their words to ours; compared without regard to case. A word that is not listed stays as it is.
    pub map: BTreeMap<String, String>,
    /// Words that mean "there is none", such as `N/A`.
    pub none: Vec<String>,
}

/// Unit of an amount of money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unit {
    /// `250.58`.
    #[default]
    Dollars,
    /// `25058`.
    Cents,
}

/// A change of letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// To capitals.
    Upper,
    /// To small letters.
    Lower,
}

/// A place to look.
#[derive(Debug, Clone)]
pub struct Waypoint {
    /// Its name.
    pub name: WaypointName,
    /// How it is read.
    pub feed: Feed,
    /// Limit of an enrollment, where the scenario gives none for this name.
    pub within: Option<Limit>,
    /// Delivery windows.
    pub windows: Option<Windows>,
    /// Whether an absent APTC and an APTC of zero are the same here.
    pub absent_aptc_is_zero: bool,
}

/// How a waypoint is read.
#[derive(Debug, Clone)]
pub enum Feed {
    /// JSON over HTTP, asked per probe.
    JsonApi(Box<JsonApi>),
    /// A folder of 834 files.
    EdiFolder(EdiFolder),
}

/// A JSON API asked per probe.
#[derive(Debug, Clone)]
pub struct JsonApi {
    /// Where each issuer is asked; under `None` the one system that answers for all (the exchange itself, a hub).
    pub endpoints: BTreeMap<Option<IssuerId>, Endpoint>,
    /// The look-ups, strongest first; one is used where all its names are known.
    pub lookups: Vec<Lookup>,
    /// Selects the records in an answer; each is one household or one member.
    pub records: serde_json_path::JsonPath,
    /// Selects the members within a household's record; `None`: each record is one member.
    pub members: Option<serde_json_path::JsonPath>,
    /// Where each field stands: group fields relative to the record, member fields relative to the member.
    pub fields: Vec<FieldMapping>,
    /// What the status words mean: `active` (initial or effectuated) and `cancelled`.
    pub status: Option<StatusMapping>,
    /// How absence looks.
    pub absent: Absent,
    /// Time between looks.
    pub poll: Poll,
    /// One request may take this long.
    pub within: Duration,
}

/// Where an issuer's API is asked.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Prefix of every path; no trailing slash.
    pub base_url: String,
    /// Credentials of the observer.
    pub auth: Option<Auth>,
    /// Headers.
    pub headers: Vec<(String, Template)>,
}

/// One way to ask for a probe.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// HTTP method, upper case.
    pub method: String,
    /// Path, with what is known of the probe.
    pub path: Template,
    /// Body.
    pub body: Body,
    /// Asked once per member (with `member` known) rather than once per household.
    pub per_member: bool,
}

/// Where one field stands in a record.
#[derive(Debug, Clone)]
pub struct FieldMapping {
    /// The field.
    pub field: Field,
    /// `JSONPath`s relative to the record (or member); several are joined with `joined_by`.
    pub paths: Vec<serde_json_path::JsonPath>,
    /// Between the texts of several paths; one blank unless said.
    pub joined_by: String,
    /// The n-th part (from 0) of the text split at this separator, where one text holds several fields.
    pub part: Option<(String, usize)>,
    /// How the text becomes canonical.
    pub convert: Convert,
}

/// What a status means.
#[derive(Debug, Clone)]
pub struct StatusMapping {
    /// Where it stands, relative to the record.
    pub path: serde_json_path::JsonPath,
    /// Words for coverage that is (or will be) in force: `policy_status` becomes `effectuated`.
    pub active: Vec<String>,
    /// Words for coverage that was taken but is not paid for yet: `initial`.
    pub pending: Vec<String>,
    /// Words for `cancelled`.
    pub cancelled: Vec<String>,
    /// Words for `terminated`.
    pub terminated: Vec<String>,
}

/// How an API says "not there".
#[derive(Debug, Clone)]
pub struct Absent {
    /// These statuses; 404 unless said. An empty selection of a good answer is absence too.
    pub status: Vec<u16>,
    /// Or an answer that meets this.
    pub condition: Option<Condition>,
}

/// When to look.
#[derive(Debug, Clone, PartialEq)]
pub struct Poll {
    /// First look after the submission was answered.
    pub first_after: Duration,
    /// Pause after the first look; grows by half each time.
    pub every: Duration,
    /// Longest pause.
    pub at_most: Duration,
    /// Look-ups a second over all probes.
    pub budget_per_second: Option<f64>,
}

/// A folder of 834 files.
#[derive(Debug, Clone)]
pub struct EdiFolder {
    /// Folders, with the issuer whose files lie there (`None`: files of all issuers).
    pub folders: BTreeMap<Option<IssuerId>, PathBuf>,
    /// Names of files to read, with `*` and `?`; all but hidden and temporary ones where empty.
    pub names: Vec<String>,
    /// Pause between two readings of the folder.
    pub every: Duration,
}

/// A text with `{{ … }}`, compiled; rendered by minijinja with strict undefined names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// As the file has it (secrets of `${env:}` and `${file:}` not filled in).
    pub source: String,
}

/// A JSON tree whose texts are templates. A text that is one expression and nothing else (`"{{ members }}"`) becomes the
/// expression's JSON value; any other text becomes a JSON string.
#[derive(Debug, Clone)]
pub struct JsonTemplate {
    /// The tree as the file has it.
    pub tree: serde_json::Value,
}

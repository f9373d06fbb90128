//! Places to look, and how each is read.

use super::condition::Condition;
use super::convert::Convert;
use super::eligibility::Eligibility;
use super::flow::{Auth, Body};
use super::path::JsonPath;
use super::sftp::SftpFolder;
use super::template::Template;
use crate::model::{CarriedWords, Field, FieldSet, IssuerId, Limit, WaypointName, Windows};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

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
    /// Whether the exchange's own applications are held here: what is not found here was never taken.
    pub holds_applications: bool,
    /// Whether only enrollments pass here: no cancellation follows them.
    pub without_cancellations: bool,
    /// Words that are not told apart here; under an issuer those that it does not, in place of the waypoint's.
    pub carries: BTreeMap<Option<IssuerId>, CarriedWords>,
}

impl Waypoint {
    /// The only issuers whose records it can show; `None` where one place is everybody's.
    pub fn reads_only(&self) -> Option<Vec<IssuerId>> {
        let places: Vec<&Option<IssuerId>> = match &self.feed {
            Feed::JsonApi(api) | Feed::List(api) => api.endpoints.keys().collect(),
            Feed::EdiFolder(folder) => folder.folders.keys().collect(),
            Feed::Ack(acks) => acks.folder.folders.keys().collect(),
            Feed::Eligibility(service) => service.endpoints.keys().collect(),
        };
        places.into_iter().cloned().collect()
    }
}

/// How a waypoint is read.
#[derive(Debug, Clone)]
pub enum Feed {
    /// JSON or XML over HTTP, asked per probe.
    JsonApi(Box<JsonApi>),
    /// The same of an API that tells everybody of the day: read once for all.
    List(Box<JsonApi>),
    /// A folder of 834 files.
    EdiFolder(EdiFolder),
    /// A folder of acknowledgements.
    Ack(AckFolder),
    /// X12 270 over HTTP, asked per member.
    Eligibility(Box<Eligibility>),
}

impl Feed {
    /// An API whose answers are mapped field by field.
    pub fn api(&self) -> Option<&JsonApi> {
        match self {
            Self::JsonApi(api) | Self::List(api) => Some(api),
            Self::EdiFolder(_) | Self::Ack(_) | Self::Eligibility(_) => None,
        }
    }
}

/// A JSON API, asked per probe or for everybody.
#[derive(Debug, Clone)]
pub struct JsonApi {
    /// Where each issuer is asked; under `None` the one system that answers for all (the exchange itself, a hub).
    pub endpoints: BTreeMap<Option<IssuerId>, Endpoint>,
    /// Time between looks.
    pub poll: Poll,
    /// One request may take this long.
    pub within: Duration,
}

impl JsonApi {
    /// The fields that some answer can show: those of the mappings; the status where it is mapped; the variant along with
    /// the plan; the issuer where each has an API of its own.
    pub fn shows(&self) -> FieldSet {
        let mut shows = self.endpoints.values().map(|e| e.dialect.shows()).fold(FieldSet::EMPTY, FieldSet::union);
        if self.endpoints.keys().any(Option::is_some) {
            shows.insert(Field::Issuer);
        }
        shows
    }
}

impl JsonApi {
    /// The issuers whose answers are read by a mapping of their own, and not by one that is shared.
    pub fn read_apart(&self) -> Vec<IssuerId> {
        let shares = |dialect: &Arc<Dialect>| {
            self.endpoints.values().filter(|other| Arc::ptr_eq(&other.dialect, dialect)).count() > 1
        };
        let named = self.endpoints.iter().filter_map(|(issuer, endpoint)| Some((issuer.clone()?, &endpoint.dialect)));
        let apart = named.filter(|(_, dialect)| self.endpoints.len() > 1 && !shares(dialect));
        apart.map(|(issuer, _)| issuer).collect()
    }
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
    /// Path of a GET request that says whether it lets itself be asked; `None`: a look-up does.
    pub probe: Option<String>,
    /// How it is asked and answers; endpoints that say nothing of their own share the waypoint's.
    pub dialect: Arc<Dialect>,
}

/// How a system is asked for a probe, and how its answers look.
#[derive(Debug, Clone)]
pub struct Dialect {
    /// The look-ups, strongest first; one is used where all its names are known.
    pub lookups: Vec<Lookup>,
    /// Selects the records in an answer; each is one household or one member.
    pub records: JsonPath,
    /// Selects the members within a household's record; `None`: each record is one member.
    pub members: Option<JsonPath>,
    /// Where each field stands: group fields relative to the record, member fields relative to the member.
    pub fields: Vec<FieldMapping>,
    /// What the status words mean: `active` (initial or effectuated) and `cancelled`.
    pub status: Option<StatusMapping>,
    /// How absence looks.
    pub absent: Absent,
}

impl Dialect {
    /// An answer of this system, in which the items of objects keyed by ids say by what they are keyed, where a field asks for that.
    pub fn with_keys(&self, mut answer: Json) -> Json {
        let asks = |mapping: &FieldMapping| mapping.paths.iter().any(JsonPath::is_of_key);
        if self.fields.iter().any(asks) {
            self.records.tell_keys(&mut answer);
            for pointer in self.records.pointers(&answer) {
                if let Some((path, record)) = self.members.as_ref().zip(answer.pointer_mut(&pointer)) {
                    record_items(record).for_each(|record| path.tell_keys(record));
                }
            }
        }
        answer
    }

    fn shows(&self) -> FieldSet {
        let mut shows: FieldSet = self.fields.iter().map(|mapping| mapping.field).collect();
        if self.status.is_some() {
            shows.insert(Field::PolicyStatus);
        }
        if shows.contains(Field::PlanId) {
            shows.insert(Field::CsrVariant);
        }
        // Whoever shows members shows who is among them.
        if shows.iter().any(|field| !field.is_group()) {
            shows.insert(Field::MemberEnrolled);
        }
        shows
    }
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
    /// How often it is asked.
    pub asked: Asked,
    /// Where the next page of an answer is; `None`: answers have one page.
    pub next: Option<Next>,
}

/// How an answer that has several pages is read to its end.
#[derive(Debug, Clone)]
pub struct Next {
    /// Where the next one is.
    pub by: NextBy,
    /// So many pages are asked for at most.
    pub most: u32,
}

/// What says where the next page of an answer is.
#[derive(Debug, Clone)]
pub enum NextBy {
    /// Its address stands there in the answer.
    Address(JsonPath),
    /// The `Link` header.
    Link,
    /// What stands there in the answer is said again under this name: in the query, or in the body where there is one.
    Cursor {
        /// Where it stands.
        path: JsonPath,
        /// The parameter, or dotted names of a JSON body.
        name: String,
    },
    /// Pages have numbers, and the last one is followed by an empty one.
    Number {
        /// The parameter.
        name: String,
        /// The first page's.
        from: u32,
    },
}

/// How often a look-up is asked for one probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Once.
    PerHousehold,
    /// Once for each applying person, with `member` known.
    PerMember,
    /// Once for each enrollment group, with that group's ids and plan under their plain names.
    PerGroup,
}

/// Where one field stands in a record.
#[derive(Debug, Clone)]
pub struct FieldMapping {
    /// The field.
    pub field: Field,
    /// `JSONPath`s relative to the record (or member); several are joined with `joined_by`.
    pub paths: Vec<JsonPath>,
    /// Where the cents of an amount stand, where `paths` leads to whole dollars.
    pub cents: Option<JsonPath>,
    /// Between the texts of several paths; one blank unless said.
    pub joined_by: String,
    /// The n-th part (from 0) of the text split at this separator, where one text holds several fields.
    pub part: Option<(String, usize)>,
    /// How the text becomes canonical.
    pub convert: Convert,
}

/// The records that a place holds: of a list its items.
fn record_items(found: &mut Json) -> std::slice::IterMut<'_, Json> {
    match found {
        Json::Array(items) => items.iter_mut(),
        one => std::slice::from_mut(one).iter_mut(),
    }
}

/// What a status means.
#[derive(Debug, Clone)]
pub struct StatusMapping {
    /// Where it stands, relative to the record.
    pub path: JsonPath,
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

/// Where a folder lies.
#[derive(Debug, Clone)]
pub enum Directory {
    /// On this machine, or mounted here.
    Local(PathBuf),
    /// On another machine.
    Sftp(Box<SftpFolder>),
}

/// Folders of 834 files.
#[derive(Debug, Clone)]
pub struct EdiFolder {
    /// Folders, with the issuer whose files lie there (`None`: files of all issuers).
    pub folders: BTreeMap<Option<IssuerId>, Directory>,
    /// Names of files to read, with `*` and `?`; all but hidden and temporary ones where empty.
    pub names: Vec<String>,
    /// Pause between two readings of the folder.
    pub every: Duration,
}

/// A folder of acknowledgements (TA1, 999, 997).
#[derive(Debug, Clone)]
pub struct AckFolder {
    /// Where they lie, and how often it is read.
    pub folder: EdiFolder,
    /// The waypoint whose 834 files they answer.
    pub of: WaypointName,
}

impl Lookup {
    /// The names it asks for; it can be asked where a context knows them all.
    pub fn names(&self) -> BTreeSet<String> {
        let mut names = self.path.names();
        names.extend(self.body.names());
        names
    }
}

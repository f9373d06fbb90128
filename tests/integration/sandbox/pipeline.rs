//! A sandbox under test: enrolls through its API, delivers by hand, reads its files and its issuers.

use johndoe::clock::ManualClock;
use johndoe::model::{Field, GroupRecord, IssuerId};
use johndoe::sandbox::{Config, Delivery, FaultSpec, Running, start};
use johndoe::wire::ack::{Ack, Acks, Verdict};
use johndoe::wire::x12::{Item, Reader};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A sandbox, with the clock that it goes by and the folder that it writes to.
pub(crate) struct Pipeline {
    pub(crate) running: Running,
    pub(crate) clock: ManualClock,
    pub(crate) client: Client,
    _folder: TempDir,
}

/// What the exchange said to an applicant.
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) application: Value,
    pub(crate) enrollment: Value,
}

impl Told {
    pub(crate) fn application_id(&self) -> &str {
        self.application["applicationId"].as_str().unwrap()
    }

    pub(crate) fn subscriber_id(&self) -> &str {
        self.application["subscriberId"].as_str().unwrap()
    }

    pub(crate) fn policy_id(&self) -> &str {
        self.enrollment["policies"][0]["policyId"].as_str().unwrap()
    }
}

/// A file with the records in it, none where it is not whole.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) is_whole: bool,
    pub(crate) records: Vec<GroupRecord>,
}

/// One thing that an acknowledgement says.
#[derive(Debug, PartialEq)]
pub(crate) struct Acknowledged {
    /// The file that says it.
    pub(crate) file: String,
    /// The interchange answered (ISA13), of a TA1.
    pub(crate) interchange: Option<String>,
    /// The set answered (ST02), of a 999.
    pub(crate) set: Option<String>,
    pub(crate) is_accepted: bool,
    pub(crate) words: String,
}

impl Pipeline {
    /// A sandbox with these faults, whose windows come when [`Pipeline::deliver`] is called.
    pub(crate) async fn with(faults: &str) -> Self {
        Self::with_binder(faults, None).await
    }

    /// The same, whose issuers cancel what is not paid so long after they loaded it.
    pub(crate) async fn with_binder(faults: &str, binder: Option<Duration>) -> Self {
        Self::with_config(faults, |config| config.binder = binder).await
    }

    /// The same, with whatever else is asked for.
    pub(crate) async fn with_config(faults: &str, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::at("2013-11-15T17:00:00Z".parse().unwrap());
        let mut config = Config {
            outbound: folder.path().join("outbound"),
            delivery: Delivery::ByHand,
            load_within: Duration::ZERO,
            seed: 2013,
            faults: FaultSpec::parse(faults).unwrap(),
            truth_log: Some(folder.path().join("truth.jsonl")),
            ..Config::default()
        };
        change(&mut config);
        let running = start(config, Arc::new(clock.clone()), std::future::pending()).await.unwrap();
        // reqwest asks for a provider of cryptography even where nothing is encrypted
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder().no_proxy().build().unwrap();
        Self { running, clock, client, _folder: folder }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.exchange)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.client
            .post(self.url(path))
            .bearer_auth("sandbox")
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    /// Opens an account: its id and its cookie.
    pub(crate) async fn account(&self) -> (String, String) {
        let answer = self.post("/api/accounts", &json!({})).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let body = read(answer).await.1;
        (body["id"].as_str().unwrap().to_owned(), cookie)
    }

    /// Applies, waits for the eligibility, and gives the application's answer with the session's cookie.
    pub(crate) async fn apply(&self, household: &Value) -> (Value, String) {
        let (account, cookie) = self.account().await;
        let path = format!("/api/accounts/{account}/applications");
        let answer = self.post(&path, household).header("cookie", &cookie).send().await.unwrap();
        let (status, application) = read(answer).await;
        assert_eq!(status, StatusCode::CREATED, "{application}");
        let path = format!("/api/applications/{}/eligibility", application["applicationId"].as_str().unwrap());
        loop {
            let look = self.client.get(self.url(&path)).bearer_auth("sandbox").header("cookie", &cookie);
            let (_, eligibility) = read(look.send().await.unwrap()).await;
            if eligibility["status"] == "complete" {
                return (application, cookie);
            }
        }
    }

    /// The request that enrolls an application in these plans.
    pub(crate) fn choose(&self, application: &Value, cookie: &str, plans: &[&str]) -> RequestBuilder {
        let path = format!("/api/applications/{}/enrollments", application["applicationId"].as_str().unwrap());
        self.post(&path, &json!({"plans": plans})).header("cookie", cookie)
    }

    /// Enrolls a household in these plans.
    pub(crate) async fn enroll(&self, household: &Value, plans: &[&str]) -> Told {
        let (application, cookie) = self.apply(household).await;
        let (status, enrollment) = read(self.choose(&application, &cookie, plans).send().await.unwrap()).await;
        Told { status, application, enrollment }
    }

    pub(crate) async fn cancel(&self, told: &Told) -> Value {
        let path = format!("/api/applications/{}/cancel", told.application_id());
        let (status, body) = read(self.post(&path, &json!({})).send().await.unwrap()).await;
        assert_eq!(status, StatusCode::OK);
        body
    }

    /// Tells the exchange that the household lives on another street; the answer.
    pub(crate) async fn move_to(&self, street: &str, household: &Value, told: &Told) -> (StatusCode, Value) {
        let mut moved = household.clone();
        moved["address"]["street_1"] = json!(street);
        self.change_to(&moved, told).await
    }

    /// Tells the exchange that the first person has another family name; the answer.
    pub(crate) async fn called(&self, last: &str, household: &Value, told: &Told) -> (StatusCode, Value) {
        let mut corrected = household.clone();
        corrected["people"][0]["name"]["last"] = json!(last);
        self.change_to(&corrected, told).await
    }

    /// Tells the exchange that the household is like this now; the answer.
    pub(crate) async fn change_to(&self, household: &Value, told: &Told) -> (StatusCode, Value) {
        let path = format!("/api/applications/{}/changes", told.application_id());
        read(self.post(&path, household).send().await.unwrap()).await
    }

    /// Has the household take this plan in place of its own.
    pub(crate) async fn replace_with(&self, household: &Value, told: &Told, plan: &str) -> (StatusCode, Value) {
        let path = format!("/api/applications/{}/replacements", told.application_id());
        let body = serde_json::json!({"application": household, "plans": [plan]});
        read(self.post(&path, &body).send().await.unwrap()).await
    }

    /// Renews an application for the next year in these plans.
    pub(crate) async fn renew_in(&self, household: &Value, told: &Told, plans: &[&str]) -> (StatusCode, Value) {
        let path = format!("/api/applications/{}/renewals", told.application_id());
        let body = serde_json::json!({"application": household, "plans": plans});
        read(self.post(&path, &body).send().await.unwrap()).await
    }

    /// Delivers the next `windows` windows, a second apart.
    pub(crate) async fn deliver(&self, windows: usize) {
        for _ in 0..windows {
            self.running.deliver().await;
            self.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(self.running.troubles(), Vec::<String>::new());
    }

    /// Pays the first premium of every policy.
    pub(crate) async fn pay(&self, told: &Told) {
        let path = format!("/api/applications/{}/payments", told.application_id());
        let (status, body) = read(self.post(&path, &json!({})).send().await.unwrap()).await;
        assert_eq!((status, &body["status"]), (StatusCode::OK, &json!("paid")));
    }

    /// Pays for no policy any more.
    pub(crate) async fn miss_payment(&self, told: &Told) {
        let path = format!("/api/applications/{}/missed-payments", told.application_id());
        let (status, body) = read(self.post(&path, &json!({})).send().await.unwrap()).await;
        assert_eq!((status, &body["status"]), (StatusCode::OK, &json!("missed")));
    }

    /// What the exchange shows of an application.
    pub(crate) async fn at_exchange(&self, told: &Told) -> Vec<Value> {
        let url = self.url(&format!("/api/enrollments?application_id={}", told.application_id()));
        let (status, body) = read(self.client.get(url).bearer_auth("sandbox").send().await.unwrap()).await;
        assert_eq!(status, StatusCode::OK);
        body["households"].as_array().unwrap().clone()
    }

    /// An issuer's answer to a look-up.
    pub(crate) async fn look(&self, issuer: &str, query: &str) -> (StatusCode, Value) {
        let address = self.running.issuers[&IssuerId::new(issuer)];
        let request = self.client.get(format!("http://{address}/members?{query}")).bearer_auth("acme");
        read(request.send().await.unwrap()).await
    }

    /// What an issuer shows for an application's id.
    pub(crate) async fn at_issuer(&self, issuer: &str, told: &Told) -> Vec<Value> {
        let (status, body) = self.look(issuer, &format!("application_id={}", told.application_id())).await;
        assert_eq!(status, StatusCode::OK);
        body["households"].as_array().unwrap().clone()
    }

    /// Every file in the outbound folder, in the order of their names.
    pub(crate) fn files(&self) -> Vec<File> {
        files(&self.running.outbound)
    }

    /// Every file that issuers sent to the exchange, likewise.
    pub(crate) fn replies(&self) -> Vec<File> {
        files(&self.running.inbound)
    }

    /// Every TA1 and every answer to a set in a folder.
    pub(crate) fn acknowledgements(folder: &std::path::Path) -> Vec<Acknowledged> {
        let mut all = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().file_name().to_string_lossy().into_owned();
            let mut acks = Acks::new(fs::File::open(folder.join(&file)).unwrap());
            while let Some(ack) = acks.next().unwrap() {
                let (interchange, set, verdict, words) = match ack {
                    Ack::Interchange(ack) => (Some(ack.control.clone()), None, ack.verdict(), ack.words()),
                    Ack::Set(_, ack) => (None, Some(ack.control.clone()), ack.verdict(), ack.words()),
                    Ack::Group(_) => continue,
                    Ack::Damage(damage) => panic!("{damage:?}"),
                };
                let is_accepted = verdict.is_some_and(Verdict::is_accepted);
                all.push(Acknowledged { file: file.clone(), interchange, set, is_accepted, words });
            }
        }
        all
    }

    /// Every record of an application in the files, in order.
    pub(crate) fn sent(&self, told: &Told) -> Vec<GroupRecord> {
        let ours = |record: &GroupRecord| record.facts.text(Field::ApplicationId) == Some(told.application_id());
        self.files().into_iter().flat_map(|file| file.records).filter(ours).collect()
    }

    /// Names, hops and markers of the planted faults.
    pub(crate) fn planted(&self) -> Vec<(String, String, String)> {
        let truth = self.running.truth();
        truth.into_iter().map(|fault| (fault.fault, fault.hop.to_string(), fault.marker)).collect()
    }
}

/// Every file in a folder, in the order of their names.
fn files(folder: &std::path::Path) -> Vec<File> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.collect();
    paths.sort_by_key(|path| path.file_name().unwrap().to_string_lossy().split_once('.').unwrap().1.to_owned());
    let read = |path: std::path::PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let (records, is_whole) = records(&text);
        File { name: path.file_name().unwrap().to_string_lossy().into_owned(), text, is_whole, records }
    };
    paths.into_iter().map(read).collect()
}

fn records(text: &str) -> (Vec<GroupRecord>, bool) {
    let mut reader = Reader::new(text.as_bytes());
    let mut records = Vec::new();
    while let Some(item) = reader.next().unwrap() {
        if let Item::Group(group) = item {
            records.push(group.to_record("", chrono_tz::America::New_York));
        }
    }
    (records, reader.report().is_complete())
}

pub(crate) async fn read(answer: reqwest::Response) -> (StatusCode, Value) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// Parents and two children in Amherst, with everything that a fault could ask for.
pub(crate) fn family(marker: &str) -> Value {
    let person = |first: &str, born: &str, sex: &str, relationship: &str| {
        json!({"name": {"first": first, "middle": "Q", "last": "O'Neal", "suffix": null}, "birth_date": born,
               "sex": sex, "relationship": relationship, "applying": true, "ssn": null, "tobacco": false,
               "marital_status": "married", "phone": "4135550123", "email": null, "language": null, "address": null})
    };
    let mut people = [
        person("Zoë", "1980-02-29", "female", "self"),
        person("Patrick", "1978-03-14", "male", "spouse"),
        person("Maeve", "2008-06-01", "female", "child"),
        person("Declan", "2010-12-31", "male", "child"),
    ];
    people[0]["email"] = json!(format!("{marker}@example.com"));
    people[0]["language"] = json!("eng");
    people[0]["ssn"] = json!("666451234");
    json!({
        "people": people,
        "address": {"street_1": "12 Elm Street", "street_2": "Apt 3", "city": "Amherst", "state": "MA", "zip": "01002",
                    "county": "25015"},
        "mailing": {"street_1": "PO Box 9", "street_2": null, "city": "Hadley", "state": "MA", "zip": "01035",
                    "county": "25015"},
        "rating_area": "R-MA001", "agent": {"name": "Sam Broker", "npn": "9917654321"}, "income_cents": 4_500_000, "coverage_begin": "2014-01-01", "as_of": "2013-11-15",
        "lines": ["medical"]
    })
}

/// The state's medical plan of the first issuer.
pub(crate) const MEDICAL: &str = "12345MA0010001";
/// The state's dental plan of the second issuer.
pub(crate) const DENTAL: &str = "54321MA0020002";

/// A record as JSON without what the issuer itself assigned.
pub(crate) fn without_issuer_ids(mut household: Value) -> Value {
    household["issuerPolicyId"] = Value::Null;
    household["issuerSubscriberId"] = Value::Null;
    for member in household["members"].as_array_mut().unwrap() {
        member["issuerMemberId"] = Value::Null;
    }
    household
}

/// How often each text is there.
pub(crate) fn tally<T: Ord>(things: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    things.into_iter().fold(BTreeMap::new(), |mut tally, thing| {
        *tally.entry(thing).or_default() += 1;
        tally
    })
}

//! The far side of every socket test: a real server on a port of the system's choosing, which answers as it is told and
//! remembers what it was asked; and the household and target that ask it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of tests fails as a test does")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderName, HeaderValue, Request, Response};
use chrono::NaiveDate;
use johndoe::model::{
    Address, CoverageLine, Household, Person, PersonName, PlanId, ProbeIndex, Relationship, RunId, Sex, Wishes,
};
use johndoe::target::{Context, References, Target};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// An answer as it is told: status, headers, body.
pub(crate) type Told = (u16, Vec<(&'static str, String)>, String);

/// A bare answer.
pub(crate) fn told(status: u16, body: &str) -> Told {
    (status, Vec::new(), body.to_owned())
}

/// A server.
pub(crate) struct FarSide {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl FarSide {
    /// Starts a server. The answer may depend on the request and on how often this method and path were asked before.
    pub(crate) async fn start(answer: impl Fn(&Asked, usize) -> Told + Clone + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<Asked>>>::default());
        let seen = Arc::clone(&asked);
        let handler = move |request: Request<Body>| {
            let (seen, answer) = (Arc::clone(&seen), answer.clone());
            async move {
                let request = taken(request).await;
                let mut seen = seen.lock().unwrap();
                let before = seen.iter().filter(|a| a.method == request.method && a.path == request.path).count();
                let told = answer(&request, before);
                seen.push(request);
                response(told)
            }
        };
        let router = Router::new().fallback(handler);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, asked }
    }

    /// A server that reads each request and then goes silent (`hangs_up`: closes) without a word.
    pub(crate) async fn mute(hangs_up: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<Asked>>>::default());
        let seen = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut silent = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut buffer = [0; 4096];
                let read = stream.read(&mut buffer).await.unwrap_or(0);
                let body = String::from_utf8_lossy(&buffer[..read]).into_owned();
                let (method, path, query) = (String::new(), String::new(), String::new());
                seen.lock().unwrap().push(Asked { method, path, query, headers: Vec::new(), body });
                if !hangs_up {
                    silent.push(stream);
                }
            }
        });
        Self { address, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.asked().iter().map(|a| format!("{} {}", a.method, a.path)).collect()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn taken(request: Request<Body>) -> Asked {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let header = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.iter().map(header).collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

fn response((status, headers, body): Told) -> Response<Body> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(Body::from(body)).unwrap()
}

/// Variables that `${env:…}` finds.
pub(crate) struct Variables(pub(crate) BTreeMap<&'static str, String>);

impl References for Variables {
    fn env(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(format!("`{path}` is not there"))
    }
}

/// A target file's text, checked; `TOKEN` is in the environment.
pub(crate) fn target(text: &str) -> Target {
    let variables = Variables(BTreeMap::from([("TOKEN", "s3cr3t/planted+token".to_owned())]));
    johndoe::target::parse(text, "target.yaml", &variables).unwrap_or_else(|e| panic!("{e}"))
}

/// What templates know of the Does: John, Mary and their child Ann, in run `run-1`.
pub(crate) fn context() -> Context {
    let plans = BTreeMap::from([(CoverageLine::Medical, PlanId::parse("12345VA001000104"))]);
    Context::new(&household(), &plans, &RunId::new("run-1"))
}

/// The Does.
pub(crate) fn household() -> Household {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let john = person("John", day(1970, 1, 2), Sex::Male, Relationship::SelfSubscriber);
    let mary = person("Mary", day(1971, 3, 4), Sex::Female, Relationship::Spouse);
    let ann = person("Ann", day(2010, 5, 6), Sex::Female, Relationship::Child);
    Household {
        index: ProbeIndex(7),
        marker: "jd-7@example.com".to_owned(),
        people: vec![Person { email: Some("jd-7@example.com".to_owned()), ..john }, mary, ann],
        address: Address {
            street_1: "1 Main St".to_owned(),
            street_2: None,
            city: "Richmond".to_owned(),
            state: "VA".to_owned(),
            zip: "23219".to_owned(),
            county: "51760".to_owned(),
        },
        mailing: None,
        moves_to: None,
        renewal: None,
        rating_area: "R-VA007".to_owned(),
        agent: None,
        income_cents: 4_000_000,
        coverage_begin: day(2014, 1, 1),
        as_of: day(2013, 11, 15),
        lines: vec![CoverageLine::Medical],
        edge_cases: Vec::new(),
        wishes: Wishes::default(),
    }
}

fn person(first: &str, birth_date: NaiveDate, sex: Sex, relationship: Relationship) -> Person {
    Person {
        name: PersonName { first: first.to_owned(), middle: None, last: "Doe".to_owned(), suffix: None },
        birth_date,
        sex,
        relationship,
        applying: true,
        ssn: None,
        tobacco: false,
        marital_status: None,
        phone: None,
        email: None,
        language: None,
        address: None,
        tribal_member: false,
        since: None,
    }
}

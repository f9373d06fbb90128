//! The dashboard over a ledger: every page, whoever wrote what stands in it, and who may look.

use crate::cli::{Desk, Told, brief, shipped};
use crate::ledger_history::{at, history, plan};
use johndoe::clock::SystemClock;
use johndoe::dashboard::{Guard, Records, Token, router, serve};
use johndoe::ledger;
use johndoe::model::{Entry, Event, Field, RunId, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Ends a text, a tag and an attribute, and turns the direction of writing.
const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u{202e}";
const TOKEN: &str = "correct horse battery staple";

/// What was answered.
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

/// A dashboard at a port of its own, until it is dropped.
struct Served {
    at: SocketAddr,
    end: CancellationToken,
}

impl Served {
    async fn of(ledger: &Path, token: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        // as it would be where others reach it, when a token is asked for
        let seen_as = if token.is_some() { "192.0.2.1:8834".parse().unwrap() } else { at };
        let guard = Guard::new(seen_as, token.map(|token| Token::new(token).unwrap())).unwrap();
        let records = Records::open(&ledger.to_string_lossy(), Arc::new(SystemClock)).unwrap();
        let end = CancellationToken::new();
        tokio::spawn(serve(listener, router(records, guard), end.clone()));
        Self { at, end }
    }

    async fn asked(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let host = self.at.to_string();
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request += &format!("Host: {host}\r\n");
        }
        request.extend(headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")));
        let mut stream = tokio::net::TcpStream::connect(self.at).await.unwrap();
        stream.write_all(format!("{request}\r\n{body}").as_bytes()).await.unwrap();
        let mut whole = String::new();
        stream.read_to_string(&mut whole).await.unwrap();
        let (head, body) = whole.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let named = lines.map(|line| line.split_once(": ").unwrap());
        let headers = named.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Answer { status, headers, body: body.to_owned() }
    }

    async fn got(&self, path: &str) -> Answer {
        self.asked("GET", path, &[], "").await
    }

    /// Every page that is led to from the first, by its address.
    async fn all(&self) -> BTreeMap<String, String> {
        let (mut known, mut open) = (BTreeMap::new(), BTreeSet::from(["/".to_owned()]));
        while let Some(path) = open.pop_first() {
            let answer = self.got(&path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            is_guarded(&path, &answer);
            open.extend(links(&answer.body).into_iter().filter(|to| *to != path && !known.contains_key(to)));
            known.insert(path, answer.body);
            assert!(known.len() < 300, "there is no end of pages");
        }
        known
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

/// Nothing of a page runs, nobody keeps it, and it frames and is framed by nothing.
#[track_caller]
fn is_guarded(path: &str, answer: &Answer) {
    let of = |name: &str| answer.headers.get(name).map_or("", String::as_str);
    let policy = of("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{path}: {policy}");
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    assert_eq!(of("cache-control"), "no-store", "{path}");
    assert_eq!(of("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(of("referrer-policy"), "no-referrer", "{path}");
    let page = answer.body.to_lowercase();
    for word in ["<script", "<img", "<iframe", " style=", "onerror=alert(1)>", "javascript:", "\u{202e}"] {
        assert!(!page.contains(word), "{path} has `{word}`");
    }
}

/// Where a page leads, as a browser reads the addresses.
fn links(page: &str) -> BTreeSet<String> {
    let addresses = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    addresses.map(|address| address.replace("&amp;", "&")).collect()
}

/// A ledger with a run in which all that others write is hostile.
fn hostile(folder: &Path) -> std::path::PathBuf {
    let at_path = folder.join("hostile.db");
    let mut ledger = ledger::open(&at_path.to_string_lossy()).unwrap();
    let mut plan = plan("0a-hostile", 0);
    (plan.scenario, plan.target) = (HOSTILE.to_owned(), HOSTILE.to_owned());
    ledger.begin_run(&plan, &serde_json::json!({})).unwrap();
    let mut entries: Vec<Entry> = history();
    for entry in &mut entries {
        match &mut entry.event {
            Event::Planned { household, .. } => household.people[0].name.first = HOSTILE.into(),
            Event::Answered { reason, captures, .. } => {
                *reason = reason.as_ref().map(|_| HOSTILE.to_owned());
                for group in &mut captures.groups {
                    group.facts.set(Field::PolicyId, Value::parse(Field::PolicyId, HOSTILE));
                }
            }
            Event::Seen { sighting } => {
                for member in &mut sighting.record.members {
                    member.set(Field::NameLast, Value::parse(Field::NameLast, HOSTILE));
                }
            }
            Event::Blind { reason, .. } => *reason = HOSTILE.to_owned(),
            _ => {}
        }
    }
    let run = RunId::new("0a-hostile");
    let entries: Vec<_> = entries.into_iter().map(|entry| (run.clone(), entry)).collect();
    ledger.append(&entries).unwrap();
    at_path
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_real_ledger_is_there_and_says_what_the_report_says() {
    let (desk, running) = Desk::at_sandbox("lose=0.5").await;
    let scenario = brief("first-enrollment.yaml");
    let words = ["run", &scenario, "--target", &shipped("targets/sandbox.yaml"), "--count", "6", "--json"];
    let run = desk.johndoe(&words);
    running.stop().await;
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}: {}", run.err));
    let id = report["run"]["id"].as_str().unwrap().to_owned();
    let served = Served::of(&desk.path("ledger.db"), None).await;

    let pages = served.all().await;
    for kind in ["/history", "/runs/", "/punch", "/probes/5"] {
        assert!(pages.keys().any(|path| path.contains(kind)), "{kind} is in none of {:?}", pages.keys());
    }
    let (errors, trials) = (&report["error_rate"]["errors"], &report["error_rate"]["trials"]);
    let rate = format!("{errors} of {trials} groups not good");
    for path in ["/", "/history"] {
        assert!(
            pages[path].contains(&rate) && pages[path].contains("FAIL"),
            "`{rate}` is not in {path}: {}",
            pages[path]
        );
    }
    assert!(pages["/"].contains("everybody is out again"), "{}", pages["/"]);
    assert!(pages["/history"].contains("<svg"), "the rate is drawn");

    let punch = served.got("/runs/latest/punch").await.body;
    assert!(punch.contains("enrollment lost before edi_834"), "{punch}");
    let lost = report["probes"].as_array().unwrap().iter().find(|probe| probe["good"] == false).unwrap();
    let probe = served.got(&format!("/runs/{id}/probes/{}", lost["index"])).await.body;
    assert!(
        probe.contains("missing") && probe.contains("What happened") && probe.contains("enroll: accepted"),
        "{probe}"
    );

    // whoever stands in the ledger is found: by name, by the exchange's id, by file
    let plan = desk.johndoe(&["show", &format!("{id}/0")]).out;
    let name = plan.lines().nth(1).unwrap().trim().split_once(' ').unwrap().1.split(" · ").next().unwrap().to_owned();
    let asked = format!("/search?q={}", name.to_lowercase().replace(' ', "+"));
    let found = served.got(&asked).await.body;
    assert!(found.contains("/probes/0\""), "{name} is not found: {found}");
    let file = served.got("/search?q=.edi").await.body;
    assert!(file.contains("file read") && file.contains("segment"), "{file}");
    assert!(served.got("/search?q=nobody-bears-this").await.body.contains("Nothing bears"));

    let head = served.asked("HEAD", "/history", &[], "").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    is_guarded("HEAD", &head);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_wrote_stands_in_pages_and_does_nothing_there() {
    let folder = tempfile::TempDir::new().unwrap();
    let served = Served::of(&hostile(folder.path()), None).await;
    let pages = served.all().await;
    assert!(pages.len() > 5, "{:?}", pages.keys());
    let shown = |path: &str| pages.iter().any(|(at, page)| at.contains(path) && page.contains("&lt;script&gt;"));
    for path in ["/", "/history", "/probes/"] {
        assert!(shown(path), "{path} does not show it");
    }
    let found = served.got("/search?q=%3Cscript%3E").await;
    assert_eq!(found.status, 200);
    is_guarded("/search", &found);
    assert!(found.body.contains("&lt;script&gt;") && found.body.contains("/probes/0"), "{}", found.body);
    for path in ["/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "/%3Cscript%3E", "/runs/%3Cscript%3E"] {
        is_guarded(path, &served.got(path).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_page_and_nothing_can_be_sent() {
    let folder = tempfile::TempDir::new().unwrap();
    let served = Served::of(&hostile(folder.path()), None).await;
    for path in ["/nowhere", "/runs/ffff", "/runs/latest/probes/99", "/runs/latest/probes/x", "/%ff"] {
        let answer = served.got(path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.body);
        is_guarded(path, &answer);
        assert!(answer.body.contains("Not found") && answer.body.contains("href=\"/\""), "{path}: {}", answer.body);
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let answer = served.asked(method, "/", &[], "").await;
        assert_eq!((answer.status, answer.headers["allow"].as_str()), (405, "GET, HEAD"), "{method}");
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "192.0.2.1"] {
        let answer = served.asked("GET", "/", &[("Host", host)], "").await;
        assert_eq!(answer.status, 421, "{host}");
        assert!(!answer.body.contains("0a-hostile") && !answer.body.contains("alert"), "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_others_reach_it_nothing_is_shown_without_the_token() {
    let folder = tempfile::TempDir::new().unwrap();
    let served = Served::of(&hostile(folder.path()), Some(TOKEN)).await;
    for path in ["/", "/history", "/runs/latest", "/search?q=alert", "/nowhere"] {
        let answer = served.got(path).await;
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer", "{path}");
        is_guarded(path, &answer);
        assert!(!answer.body.contains("alert"), "{path}: {}", answer.body);
    }
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(served.asked("GET", "/", &[("Authorization", &bearer)], "").await.status, 200);
    assert_eq!(
        served.asked("GET", "/", &[("Authorization", "Bearer correct horse battery stapl")], "").await.status,
        401
    );

    let wrong = served.asked("POST", "/login", &[], "token=correct+horse").await;
    assert!(wrong.status == 401 && wrong.body.contains("not the token") && !wrong.headers.contains_key("set-cookie"));
    let entered = served.asked("POST", "/login", &[], &format!("token={}", TOKEN.replace(' ', "+"))).await;
    assert_eq!((entered.status, entered.headers["location"].as_str()), (303, "/"));
    let cookie = &entered.headers["set-cookie"];
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains("horse"), "{cookie}");
    let kept = cookie.split(';').next().unwrap();
    assert_eq!(served.asked("GET", "/history", &[("Cookie", kept)], "").await.status, 200);
    assert_eq!(served.asked("GET", "/history", &[("Cookie", &kept[..kept.len() - 1])], "").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_goes_on_is_judged_anew_when_something_is_written_and_the_writer_is_not_held_up() {
    let folder = tempfile::TempDir::new().unwrap();
    let place = folder.path().join("ledger.db");
    let mut ledger = ledger::open(&place.to_string_lossy()).unwrap();
    ledger.begin_run(&plan("0a-growing", 0), &serde_json::json!({})).unwrap();
    let run = RunId::new("0a-growing");
    let served = Served::of(&place, None).await;
    // what is judged, and no moment at which it was
    let judged = |page: &str| page.split("<main>").nth(1).unwrap().split("<footer>").next().unwrap().to_owned();
    let mut before = judged(&served.got("/runs/latest").await.body);
    let mut changed = 0;
    for entry in history() {
        ledger.append(&[(run.clone(), entry)]).unwrap();
        let now = judged(&served.got("/runs/latest").await.body);
        changed += u32::from(now != before);
        before = now;
    }
    assert!(changed >= 3, "the page stood still: {changed}");
    ledger.append(&[(run, Entry { at: at(200), event: Event::Finished })]).unwrap();
    assert!(served.got("/runs/latest").await.body.contains(">finished"));
}

#[test]
fn it_says_what_keeps_it_from_serving() {
    let mut desk = Desk::new();
    desk.johndoe(&["serve", "--listen", "127.0.0.1:0"]).ends(2, &["no ledger at"]);
    assert!(!desk.path("ledger.db").exists(), "looking makes no ledger");
    drop(ledger::open(&desk.path("ledger.db").to_string_lossy()).unwrap());
    let open = ["serve", "--listen", "0.0.0.0:0"];
    desk.johndoe(&open).ends(2, &["`--listen 0.0.0.0:0` is reached from other machines", "--token-file FILE"]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = taken.local_addr().unwrap().to_string();
    desk.johndoe(&["serve", "--listen", &at]).ends(2, &[&format!("nobody can listen at {at}"), "another address"]);
    let file = ["serve", "--listen", "0.0.0.0:0", "--token-file", "token.txt"];
    desk.johndoe(&file).ends(2, &["cannot read the token in `token.txt`"]);
    desk.write("token.txt", "short\n");
    let told = desk.johndoe(&file);
    told.ends(2, &["the token in `token.txt` has 5 characters and needs 16"]);
    desk.set("JOHNDOE_SERVE_TOKEN", "");
    let told = desk.johndoe(&open);
    told.ends(2, &["the token in `JOHNDOE_SERVE_TOKEN` has 0 characters"]);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn it_serves_until_sigterm_and_keeps_its_token_to_itself() {
    use std::io::{BufRead as _, BufReader};
    let mut desk = Desk::new();
    desk.set("JOHNDOE_SERVE_TOKEN", TOKEN);
    drop(ledger::open(&desk.path("ledger.db").to_string_lossy()).unwrap());
    let mut command = desk.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let at =
        first.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address").parse().unwrap();
    let served = Served { at, end: CancellationToken::new() };
    assert_eq!(served.got("/").await.status, 401);
    let answer = served.asked("GET", "/", &[("Authorization", &format!("Bearer {TOKEN}"))], "").await;
    assert!(answer.status == 200 && answer.body.contains("The ledger holds no run yet"), "{}", answer.body);
    assert!(!answer.body.contains(TOKEN) && !first.contains(TOKEN));
    // somebody who stays connected and says nothing holds nothing up
    let _silent = tokio::net::TcpStream::connect(at).await.unwrap();
    let sent = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    Told::of(&child.wait_with_output().unwrap()).ends(0, &[]);
}

//! Scenario and target files: what is shipped is valid, what is wrong is shown in full, and nothing makes a panic.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use johndoe::target::StepKind;
use johndoe::{canary, scenario, target};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file of rating areas.
pub(crate) const AREAS: &str = "state,county,zip,rating_area\nVA,51087,,R-VA007\nVA,51087,23233,R-VA012\n";

/// An environment and files that exist in a map only.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) env: BTreeMap<&'static str, &'static str>,
    pub(crate) files: BTreeMap<&'static str, &'static str>,
}

impl target::References for Given {
    fn env(&self, name: &str) -> Option<String> {
        self.env.get(name).map(|v| (*v).to_owned())
    }

    fn file(&self, path: &str) -> Result<String, String> {
        self.files.get(path).map(|v| (*v).to_owned()).ok_or_else(|| "no such file".to_owned())
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Files of a folder with this ending, sorted, by name and text.
pub(crate) fn files_in(folder: &str, ending: &str) -> Vec<(String, String)> {
    let listed = std::fs::read_dir(root().join(folder)).unwrap().map(|e| e.unwrap().path());
    let mut files: Vec<PathBuf> = listed.filter(|p| p.extension().is_some_and(|e| e == ending)).collect();
    files.sort();
    assert!(!files.is_empty(), "no .{ending} in {folder}");
    let name = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|p| (name(p), std::fs::read_to_string(p).unwrap())).collect()
}

/// The YAML as an editor's reader of YAML 1.2 sees it.
pub(crate) fn as_json(text: &str) -> serde_json::Value {
    let mut report = johndoe::source::Report::new();
    johndoe::source::read(text, &mut report).unwrap().to_json()
}

pub(crate) fn schema_faults(schema: &serde_json::Value, text: &str) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(&as_json(text)).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

#[test]
fn every_shipped_scenario_is_valid_for_parser_and_schema() {
    for (name, text) in files_in("scenarios", "yaml") {
        let scenario = scenario::parse(&text, &name).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(format!("{}.yaml", scenario.name), name, "a scenario is called like its file");
        assert!(text.starts_with("# "), "{name} says what it is for");
        assert_eq!(schema_faults(&scenario::schema(), &text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_shipped_target_is_valid_for_parser_and_schema() {
    for (name, text) in files_in("scenarios/targets", "yaml") {
        let target = target::parse(&text, &name, &Given::default()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(format!("{}.yaml", target.name), name);
        assert!(text.starts_with("# "), "{name} says what it is for");
        assert_eq!(schema_faults(&target::schema(), &text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_valid_corpus_is_valid_for_parser_and_schema() {
    for (name, text) in files_in("tests/fixtures/scenario/valid", "yaml") {
        scenario::parse(&text, &name).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(schema_faults(&scenario::schema(), &text), Vec::<String>::new(), "{name}");
    }
    let given = Given {
        env: [("ACME_TOKEN", "t0ken-acme")].into(),
        files: [("ca/token", "f1le\n"), ("areas.csv", AREAS)].into(),
    };
    for (name, text) in files_in("tests/fixtures/target/valid", "yaml") {
        target::parse(&text, &name, &given).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(schema_faults(&target::schema(), &text), Vec::<String>::new(), "{name}");
    }
}

/// What a canary file says, looked at on the first day of 2026.
pub(crate) fn canary_of(text: &str, name: &str) -> Result<canary::Canary, String> {
    let given = Given {
        env: [("PAGER_ADDRESS", "https://pager.example/s3cret"), ("SET", "s3cret-value")].into(),
        ..Given::default()
    };
    let from = "2026-01-01T00:00:00Z".parse().unwrap();
    canary::parse(text, name, &given, from).map_err(|errors| errors.to_string())
}

#[test]
fn the_valid_canaries_are_valid_for_parser_and_schema_and_show_no_secret() {
    for (name, text) in files_in("tests/fixtures/canary/valid", "yaml") {
        let canary = canary_of(&text, &name).unwrap_or_else(|e| panic!("{e}"));
        assert!(!format!("{canary:?}").contains("s3cret"), "{name}");
        assert_eq!(schema_faults(&canary::schema(), &text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_error_of_a_canary_is_shown_as_its_golden_text_has_it() {
    let folder = "tests/fixtures/canary/invalid";
    for (name, text) in files_in(folder, "yaml") {
        let errors = canary_of(&text, &name).err().unwrap_or_else(|| panic!("{name} is valid"));
        assert!(!errors.contains("s3cret"), "{errors}");
        check_golden(folder, &name, &errors);
    }
}

/// Compares what a wrong file gives with the `.txt` beside it. `JOHNDOE_WRITE_GOLDENS=1` writes it, to be read before it
/// is committed.
fn check_golden(folder: &str, name: &str, found: &str) {
    let golden = root().join(folder).join(name).with_extension("txt");
    if std::env::var_os("JOHNDOE_WRITE_GOLDENS").is_some() {
        std::fs::write(&golden, format!("{found}\n")).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(found, expected.trim_end_matches('\n'), "{name}");
}

#[test]
fn every_error_of_a_scenario_is_shown_as_its_golden_text_has_it() {
    let folder = "tests/fixtures/scenario/invalid";
    for (name, text) in files_in(folder, "yaml") {
        let errors = scenario::parse(&text, &name).err().unwrap_or_else(|| panic!("{name} is valid"));
        check_golden(folder, &name, &errors.to_string());
    }
}

#[test]
fn every_error_of_a_target_is_shown_as_its_golden_text_has_it() {
    let folder = "tests/fixtures/target/invalid";
    let areas = "state,county,zip,rating_area\nVA,51087,,R-OH007\nVA,5187,,R-VA007\n";
    let given = Given { env: [("SET", "s3cret-value")].into(), files: [("wrong.csv", areas)].into() };
    for (name, text) in files_in(folder, "yaml") {
        let errors = target::parse(&text, &name, &given).err().unwrap_or_else(|| panic!("{name} is valid"));
        assert!(!errors.to_string().contains("s3cret"), "{errors}");
        check_golden(folder, &name, &errors.to_string());
    }
}

#[test]
fn the_schema_refuses_what_the_parser_refuses_of_keys() {
    let wrong = "scenario: a\njourny: []\njourney: [{event: enroll}]\n";
    assert!(scenario::parse(wrong, "a.yaml").is_err());
    assert!(!schema_faults(&scenario::schema(), wrong).is_empty());
}

#[test]
fn secrets_show_in_no_debug_output_and_no_error() {
    let text = std::fs::read_to_string(root().join("tests/fixtures/target/valid/secrets.yaml")).unwrap();
    let planted = "s3cr3t \"planted\" value";
    let given = Given { env: [("ACME_TOKEN", planted)].into(), files: [("ca/token", planted)].into() };
    let target = target::parse(&text, "secrets.yaml", &given).unwrap_or_else(|e| panic!("{e}"));
    let shown = format!("{target:?} {target:#?}");
    assert!(!shown.contains("s3cr3t"), "{shown}");
    assert!(!format!("{:?}", target.exchange).contains("s3cr3t"));
    let said = target.secrets.redact(&format!("GET /?key=s3cr3t%20%22planted%22%20value {planted}"));
    assert_eq!(said, "GET /?key=[REDACTED] [REDACTED]");
    let broken = format!("{text}\nunknown: 1\n");
    let errors = target::parse(&broken, "secrets.yaml", &given).unwrap_err();
    assert!(!format!("{errors} {errors:?}").contains("s3cr3t"), "{errors}");
}

#[test]
fn no_prefix_and_no_mutation_of_a_file_makes_a_panic() {
    let mut texts: Vec<String> = files_in("scenarios", "yaml").into_iter().map(|(_, t)| t).collect();
    texts.extend(files_in("tests/fixtures/scenario/invalid", "yaml").into_iter().map(|(_, t)| t));
    for text in &texts {
        for (at, c) in text.char_indices().step_by(7) {
            let _ = scenario::parse(&text[..at], "prefix.yaml").map_err(|e| e.to_string());
            let wrong = ["{", "]", "\t", "é", "&a ", "*a ", ": ", "'", "|"][at % 9];
            let mutated = [&text[..at], wrong, &text[at + c.len_utf8()..]].concat();
            let _ = scenario::parse(&mutated, "mutated.yaml").map_err(|e| e.to_string());
        }
    }
    let target = &files_in("tests/fixtures/target/valid", "yaml")[1].1;
    for (at, c) in target.char_indices().step_by(61) {
        let _ = target::parse(&target[..at], "prefix.yaml", &Given::default()).map_err(|e| e.to_string());
        let wrong = ["{{", "}", "${", "\t", "%}", "$"][at % 6];
        let mutated = [&target[..at], wrong, &target[at + c.len_utf8()..]].concat();
        let _ = target::parse(&mutated, "mutated.yaml", &Given::default()).map_err(|e| e.to_string());
    }
}

#[test]
fn an_event_of_a_later_version_is_refused_in_words() {
    let text = "scenario: s\njourney:\n  - event: enroll\n  - event: move_state\n    expect: {at: {exchange: 1h}, policy_status: effectuated}\n";
    let errors = scenario::parse(text, "s.yaml").unwrap_err();
    assert_eq!(errors.len(), 1, "{errors}");
    assert!(
        errors
            .to_string()
            .contains("this version carries out `enroll`, `change_address`, `correct_person`, `add_dependent`, "),
        "{errors}"
    );
}

#[test]
fn hostile_yaml_is_refused_in_words() {
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nscenario: x\n";
    let deep = format!("scenario: {}", "[".repeat(50_000));
    let wide = format!("scenario: {}", "x".repeat(900_000));
    let keys = (0..5_000).map(|i| format!("k{i}: 1\n")).collect::<Vec<_>>().concat();
    for text in
        [bomb, &deep, &wide, &keys, "scenario: \0", "\u{feff}", "---\n---\n", "? ? ? x", "\t", "%YAML 9.9\n---\na"]
    {
        let errors = scenario::parse(text, "hostile.yaml").unwrap_err();
        assert!(!errors.is_empty());
        assert!(errors.to_string().contains("hostile.yaml"));
    }
}

#[test]
fn every_key_of_a_scenario_arrives_where_it_belongs() {
    use johndoe::model::{
        Correction, Decide, EdgeCase, Field, LifeEvent, Limit, Severity, SsnPolicy, SubmissionExpected,
    };
    use std::time::Duration;
    let text = std::fs::read_to_string(root().join("tests/fixtures/scenario/valid/everything.yaml")).unwrap();
    let scenario = scenario::parse(&text, "everything.yaml").unwrap_or_else(|e| panic!("{e}"));
    let people = &scenario.population;
    assert_eq!((people.count, people.seed, people.dental_share), (1, u64::MAX, 1.0));
    assert_eq!(people.as_of.to_string(), "2024-02-29");
    assert_eq!(people.coverage_begin.unwrap().to_string(), "2024-05-01");
    assert_eq!(people.states, ["MA", "NJ"]);
    assert_eq!(people.household_size, [(1, 1), (10, 2)].into());
    assert_eq!((people.edge_case_share, people.edge_cases.as_slice()), (0.5, &[EdgeCase::ZipLeadingZero][..]));
    assert_eq!((people.ssn, people.agent_share), (SsnPolicy::NeverIssued, 0.5));
    let [enroll, correction, .., cancel] = scenario.journey.as_slice() else { panic!("three events") };
    let all: Vec<LifeEvent> = scenario.journey.iter().map(|step| step.event).collect();
    // what ends a journey in the place of `cancel` stands in `unpaid.yaml`
    let elsewhere = [LifeEvent::ChangeAddress, LifeEvent::MissPayment];
    assert!(LifeEvent::ALL.iter().all(|event| all.contains(event) || elsewhere.contains(event)), "{all:?}");
    assert_eq!((enroll.event, cancel.event), (LifeEvent::Enroll, LifeEvent::Cancel));
    assert_eq!((correction.event, correction.what), (LifeEvent::CorrectPerson, Some(Correction::BirthDate)));
    assert_eq!(correction.at["issuer"], Limit::Within(Duration::from_mins(45)));
    assert_eq!(enroll.submission, SubmissionExpected::Accepted);
    assert_eq!(enroll.at["exchange"], Limit::Within(Duration::from_millis(500)));
    assert_eq!(enroll.at["edi_834"], Limit::Windows(1));
    assert!(matches!(enroll.at["ack_999"], Limit::ClockTime(t) if t.to_string() == "06:00:00"));
    assert_eq!(cancel.at["issuer"], Limit::Windows(2));
    assert_eq!(scenario.severity[&Field::NameMiddle], Severity::Critical);
    assert!(scenario.ignore.contains(Field::Language) && scenario.ignore.contains(Field::MailZip));
    assert_eq!(scenario.objective.error_rate_below, Some(0.001));
    assert_eq!((scenario.objective.on_time_at_least, scenario.objective.confidence), (Some(0.95), 0.99));
    assert_eq!((scenario.objective.decide, scenario.objective.acceptable), (Decide::Sequential, Some(0.0001)));
    assert_eq!((scenario.load.rate_per_second, scenario.load.in_flight), (Some(5.0), 7));
    assert_eq!(scenario.load.first_look_after, Some(Duration::from_millis(250)));
    assert!((scenario.grace_share - 1.5).abs() < 1e-9);
}

#[test]
fn the_smallest_scenario_has_the_documented_defaults() {
    use johndoe::model::{EdgeCase, SubmissionExpected};
    let scenario = scenario::parse("scenario: s\njourney: [{event: enroll}]\n", "s.yaml").unwrap();
    let people = &scenario.population;
    assert_eq!((people.count, people.seed, people.as_of.to_string().as_str()), (10, 0, "2013-11-15"));
    assert_eq!(people.states, ["VA"]);
    assert_eq!(people.household_size, [(1, 4), (2, 3), (3, 2), (4, 1)].into());
    assert_eq!((people.edge_case_share, people.edge_cases.len()), (0.0, 0));
    assert_eq!(scenario.objective.error_rate_below, Some(0.01));
    assert_eq!((scenario.objective.on_time_at_least, scenario.objective.confidence), (Some(0.99), 0.95));
    assert_eq!((scenario.objective.decide, scenario.objective.acceptable), (johndoe::model::Decide::Interval, None));
    assert_eq!((scenario.load.rate_per_second, scenario.load.in_flight, scenario.grace_share), (None, 100, 1.0));
    let all = "scenario: s\npopulation: {edge_cases: {share: 10%}}\njourney: [{event: enroll}]\n";
    assert_eq!(scenario::parse(all, "s.yaml").unwrap().population.edge_cases, EdgeCase::ALL);
    let refusal = "scenario: s\njourney: [{event: enroll, expect: {submission: rejected}}]\n";
    assert_eq!(scenario::parse(refusal, "s.yaml").unwrap().journey[0].submission, SubmissionExpected::Rejected);
}

fn foreign() -> target::Target {
    let text = std::fs::read_to_string(root().join("tests/fixtures/target/valid/foreign.yaml")).unwrap();
    let given = Given {
        env: [("ACME_TOKEN", "t0ken-acme")].into(),
        files: [("ca/token", "f1le\n"), ("areas.csv", AREAS)].into(),
    };
    target::parse(&text, "foreign.yaml", &given).unwrap_or_else(|e| panic!("{e}"))
}

fn request(step: &johndoe::target::FlowStep) -> &johndoe::target::RequestStep {
    match &step.kind {
        StepKind::Request(request) => request,
        StepKind::HandOver(_) => panic!("{step:?}"),
    }
}

#[test]
fn every_key_of_a_step_that_hands_over_arrives_where_it_belongs() {
    use johndoe::model::{Field, LifeEvent};
    use johndoe::target::{Directory, HandOver, Template};
    use std::time::Duration;
    let [(name, text)] = &files_in("tests/fixtures/target/valid", "yaml")
        .into_iter()
        .filter(|(n, _)| n == "edi.yaml")
        .collect::<Vec<_>>()[..]
    else {
        panic!("one file")
    };
    let target = target::parse(text, name, &Given::default()).unwrap_or_else(|e| panic!("{e}"));
    let step = |event: LifeEvent| match &target.exchange.flows[&event].steps[0].kind {
        StepKind::HandOver(step) => HandOver::clone(step),
        StepKind::Request(_) => panic!("a request"),
    };
    let enroll = step(LifeEvent::Enroll);
    assert!(matches!(&enroll.to, Directory::Sftp(at) if at.user == "jd"));
    let (sender, receiver) = (&enroll.sender, &enroll.receiver);
    assert_eq!([&sender.id, &sender.qualifier, &sender.group], ["987654321", "30", "WIDGETS"]);
    assert_eq!([&receiver.id, &receiver.qualifier, &receiver.group], ["HUB", "ZZ", "HUB"]);
    assert_eq!(enroll.sponsor.unwrap().name, "WIDGETS INC");
    assert_eq!(
        (enroll.payer.unwrap().tax_id, enroll.broker.unwrap().npn),
        ("001234567".to_owned(), "1234567".to_owned())
    );
    let facts: Vec<Field> = enroll.facts.iter().map(|fact| fact.field).collect();
    assert_eq!(facts, [Field::SubscriberId, Field::PolicyId, Field::MemberId, Field::PremiumTotal]);
    let acknowledged = enroll.acknowledged.unwrap();
    assert!(matches!(&acknowledged.from, Directory::Sftp(at) if at.user == "jd"), "the step's own login");
    assert_eq!((acknowledged.within, acknowledged.every), (Duration::from_mins(10), Duration::from_secs(5)));
    assert!(!enroll.is_production);
    let cancel = step(LifeEvent::Cancel);
    assert!(matches!(&cancel.to, Directory::Local(path) if path == Path::new("./out")));
    assert_eq!(cancel.file, Template::compile("834_{{ control_number }}.edi").unwrap());
    assert!(cancel.acknowledged.is_none() && cancel.facts.is_empty());
}

#[test]
fn every_key_of_a_flow_arrives_where_it_belongs() {
    use johndoe::model::{Field, LifeEvent};
    use johndoe::target::{Auth, Body, Environment, Per, Test, Unit};
    use std::time::Duration;
    let target = foreign();
    assert_eq!(
        (target.environment, target.exchange.base_url.as_str()),
        (Environment::Production, "https://marketplace.example/ee")
    );
    assert!(matches!(&target.exchange.auth, Some(Auth::Basic { user, .. }) if user == "probe"));
    let flow = &target.exchange.flows[&LifeEvent::Enroll];
    assert_eq!(flow.idempotency_header.as_deref(), Some("X-Request-Id"));
    let requests: Vec<_> = flow.steps.iter().map(request).collect();
    let [open, log_in, apply, dental] = requests.as_slice() else { panic!("four steps") };
    assert!(matches!(open.auth, Some(None)) && !open.follow_redirects && open.within == Duration::from_secs(5));
    assert_eq!((open.method.as_str(), open.expect.status.as_slice()), ("GET", &[200, 302][..]));
    assert!(!open.captures[1].required);
    assert!(matches!(&log_in.body, Body::Form(fields) if fields.len() == 2));
    assert!(matches!(log_in.expect.conditions[1].test, Test::Absent));
    assert!(
        matches!(&apply.body, Body::Raw { content_type, text } if content_type == "application/xml" && text.source.ends_with("</app>\n"))
    );
    let until = apply.until.as_ref().unwrap();
    assert!(matches!(&until.done.test, Test::OneOf(words) if words == &["DONE", "OK"]));
    assert!(until.refused.is_some() && until.within == Duration::from_mins(2));
    assert_eq!((apply.retry.as_ref().unwrap().attempts, flow.steps[2].commits), (2, Some(true)));
    let of = |name: &str| apply.captures.iter().find(|c| c.name == name).unwrap();
    assert_eq!(
        (of("exchange_assigned_member_id").field, of("exchange_assigned_member_id").per),
        (Some(Field::MemberId), Per::Member)
    );
    assert_eq!((of("aptc").field, of("aptc").convert.unit), (Some(Field::Aptc), Unit::Cents));
    assert_eq!((of("ids").field, of("status").field), (None, None), "`status` of a page is not the policy's");
    assert!(of("landed").convert.extract.is_some());
    assert!(flow.steps[3].when.is_some());
    let Body::Json(json) = &dental.body else { panic!("a JSON body") };
    assert_eq!(json.tree["zip"], "01002");
    assert_eq!((&json.tree["agree"], &json.tree["amount"]), (&true.into(), &12.into()));
}

#[test]
fn every_key_of_a_waypoint_arrives_where_it_belongs() {
    use johndoe::model::{Field, IssuerId, Limit, Windows};
    use johndoe::target::{Asked, Case, Feed};
    use std::time::Duration;
    let target = foreign();
    let [edi, exchange, issuer] = target.waypoints.as_slice() else { panic!("three waypoints") };
    assert_eq!(edi.within, Some(Limit::Windows(1)));
    assert!(
        matches!(edi.windows.as_ref().unwrap(), Windows::Daily { times, grace, .. } if times.len() == 2 && *grace == Duration::from_mins(20))
    );
    assert!(
        matches!(&edi.feed, Feed::EdiFolder(f) if f.names.len() == 2 && f.folders.len() == 2 && f.every == Duration::from_secs(30))
    );
    assert!(matches!(&exchange.feed, Feed::JsonApi(api) if api.endpoints[&None].dialect.absent.status == [404, 410]));
    let Feed::JsonApi(api) = &issuer.feed else { panic!("a JSON API") };
    let dialect = &api.endpoints[&Some(IssuerId::new("54321"))].dialect;
    let each_member = dialect.lookups.iter().all(|l| l.asked == Asked::PerMember);
    assert!(issuer.absent_aptc_is_zero && dialect.members.is_none() && each_member);
    assert_eq!(api.endpoints[&Some(IssuerId::new("54321"))].headers[0].1.source, "${file:ca/token}");
    let status = dialect.status.as_ref().unwrap();
    assert_eq!((status.active.len(), status.pending.as_slice()), (2, &["P".to_owned()][..]));
    let of = |field| dialect.fields.iter().find(|f| f.field == field).unwrap();
    assert_eq!(of(Field::NameFirst).part, Some((", ".to_owned(), 1)));
    assert_eq!((of(Field::Phone).paths.len(), of(Field::Phone).joined_by.as_str()), (2, ""));
    assert_eq!(of(Field::Relationship).convert.case, Some(Case::Lower));
    assert_eq!(of(Field::Sex).convert.none, ["U"]);
    assert_eq!((api.poll.at_most, api.poll.budget_per_second), (Duration::from_mins(10), Some(20.0)));
    assert!(matches!(issuer.windows, Some(Windows::Every { .. })));
    assert_eq!(target.issuers[&IssuerId::new("12345")], ["123456789", "ACME"]);
    assert_eq!((target.plans.len(), target.limits.look_ups), (2, 4));
}

#[test]
fn every_key_of_a_login_over_sftp_arrives_where_it_belongs() {
    use johndoe::model::IssuerId;
    use johndoe::target::{Directory, Feed, SftpFolder};
    use std::time::Duration;
    let text = std::fs::read_to_string(root().join("tests/fixtures/target/valid/sftp.yaml")).unwrap();
    let target = target::parse(&text, "sftp.yaml", &Given::default()).unwrap_or_else(|e| panic!("{e}"));
    let folder = |waypoint: usize, issuer: Option<&str>| -> &SftpFolder {
        let Feed::EdiFolder(settings) = &target.waypoints[waypoint].feed else { panic!("no folder") };
        let Directory::Sftp(folder) = &settings.folders[&issuer.map(IssuerId::new)] else { panic!("not over SFTP") };
        folder
    };
    let one = folder(0, None);
    assert_eq!(one.address.to_string(), "sftp://drop.example:2222/~/out bound");
    assert_eq!((one.user.as_str(), one.host_keys.len(), one.key.is_none()), ("jd", 1, true));
    assert_eq!((one.connect_within, one.request_within), (Duration::from_secs(5), Duration::from_mins(1)));
    let several = folder(1, Some("12345"));
    assert_eq!((several.address.host.as_str(), several.address.port, several.user.as_str()), ("::1", 22, "jd"));
    assert_eq!(several.host_keys[0].fingerprint, several.host_keys[1].fingerprint);
    assert_eq!(several.host_keys[1].algorithm.as_deref(), Some("ssh-ed25519"));
    assert_eq!(folder(1, Some("67890")).user, "acme");
    assert_eq!(target.allow_hosts, ["::1", "acme.example", "drop.example", "exchange.example"]);
}

#[test]
fn without_allow_hosts_only_the_hosts_of_the_base_addresses_are_allowed() {
    let text = std::fs::read_to_string(root().join("tests/fixtures/target/valid/secrets.yaml")).unwrap();
    let given = Given {
        env: [("ACME_TOKEN", "t0ken-acme")].into(),
        files: [("ca/token", "f1le\n"), ("areas.csv", AREAS)].into(),
    };
    let target = target::parse(&text, "secrets.yaml", &given).unwrap();
    assert_eq!(target.allow_hosts, ["exchange.example", "issuer.example"]);
}

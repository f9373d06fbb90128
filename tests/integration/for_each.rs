//! Steps that are carried out once for each member or group: what is sent of whom, under which key, and what the answers prove.

use crate::cli::Desk;
use crate::far_side::{Asked, FarSide, Told, context, household, target, told};
use johndoe::exchange::{Answered, Exchange, rehearse};
use johndoe::model::Submission::{self, Accepted, Indeterminate, Rejected};
use johndoe::model::{CoverageLine, Field, Household, LifeEvent, PlanId, RunId};
use johndoe::net::{Door, USER_AGENT};
use johndoe::target::{Context, Target};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::time::Instant;

/// A target whose `exchange` says this (YAML, two blanks in).
fn with_exchange(url: &str, exchange: &str) -> Target {
    target(&text(url, exchange))
}

fn text(url: &str, exchange: &str) -> String {
    let lines: Vec<String> = exchange.lines().map(|line| format!("  {line}")).collect();
    format!(
        "target: t\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {url}\n{}\nwaypoints:\n  - {{name: edi, feed: edi_folder, path: ./out}}\n",
        lines.join("\n")
    )
}

/// One application, one request for each person, and one that ends it.
const PEOPLE: &str = r#"flows:
  enroll:
    idempotency: {header: X-Key}
    steps:
      - {name: open, post: /applications, commits: false, json: {mail: "{{ subscriber.email }}"}, capture: {application_id: $.id}}
      - name: add person
        for_each: members
        post: /applications/{{ application_id }}/people
        json: {first: "{{ member.name.first }}", born: "{{ member.birth_date }}", spouse: "{{ subscriber.name.first }}"}
        when: member.age < 80
        capture:
          exchange_assigned_member_id: $.id
          ref: {header: X-Ref}
      - {name: submit, post: "/applications/{{ application_id }}/submit", commits: true, json: {refs: "{{ ref }}", second: "{{ members[1].ref }}"}}
"#;

fn name_in(asked: &Asked) -> String {
    serde_json::from_str::<Value>(&asked.body).unwrap()["first"].as_str().unwrap_or_default().to_owned()
}

/// An exchange that gives each person an id and a reference.
fn of_people(asked: &Asked) -> Told {
    match asked.path.as_str() {
        "/applications" => told(201, r#"{"id": "APP-1"}"#),
        "/applications/APP-1/people" => {
            let name = name_in(asked);
            (201, vec![("x-ref", format!("ref-{name}"))], json!({"id": format!("M-{name}")}).to_string())
        }
        _ => told(200, "{}"),
    }
}

async fn enroll(target: &Target, ctx: &Context) -> Answered {
    Exchange::new(Door::new(target, USER_AGENT).unwrap(), target)
        .carry_out(LifeEvent::Enroll, ctx, Instant::now())
        .await
}

#[track_caller]
fn is(answered: &Answered, submission: Submission) {
    assert_eq!(answered.submission, submission, "{answered:?}");
}

fn context_of(household: &Household) -> Context {
    let plan = |line, id| (line, PlanId::parse(id));
    let plans = [plan(CoverageLine::Medical, "12345VA001000104"), plan(CoverageLine::Dental, "12345VA0020001")];
    Context::new(household, &BTreeMap::from(plans), &RunId::new("run-1"))
}

#[tokio::test]
async fn each_person_is_sent_alone_under_a_key_of_its_own_and_each_answer_is_of_that_one() {
    let far = FarSide::start(|asked, _| of_people(asked)).await;
    let answered = enroll(&with_exchange(&far.url(), PEOPLE), &context()).await;
    is(&answered, Accepted);
    let asked = far.asked();
    let people: Vec<String> = asked[1..4].iter().map(name_in).collect();
    assert_eq!(people, ["John", "Mary", "Ann"]);
    let keys: Vec<_> = asked.iter().map(|asked| asked.header("x-key").unwrap()).collect();
    let expected = ["1", "2-1", "2-2", "2-3", "3"].map(|of| format!("run-1-7-enroll-{of}"));
    assert_eq!(keys, expected);
    let said: Value = serde_json::from_str(&asked[4].body).unwrap();
    assert_eq!(said, json!({"refs": ["ref-John", "ref-Mary", "ref-Ann"], "second": "ref-Mary"}));
    let ids: Vec<_> = answered.captures.members.iter().map(|facts| facts.text(Field::MemberId).unwrap()).collect();
    assert_eq!(ids, ["M-John", "M-Mary", "M-Ann"]);
    let names: Vec<_> = answered.steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(names, ["open", "add person", "add person", "add person", "submit"]);
}

#[tokio::test]
async fn a_household_larger_than_any_is_sent_whole_and_who_is_not_wanted_is_left_out() {
    let far = FarSide::start(|asked, _| of_people(asked)).await;
    let mut large = household();
    let child = large.people[2].clone();
    for n in 0..40 {
        let mut next = child.clone();
        next.name.first = format!("Kid{n}");
        large.people.push(next);
    }
    large.people[1].birth_date = chrono::NaiveDate::from_ymd_opt(1920, 1, 1).unwrap();
    let target = with_exchange(&far.url(), PEOPLE);
    let answered = enroll(&target, &context_of(&large)).await;
    is(&answered, Accepted);
    assert_eq!(far.asked().len(), 2 + 42, "43 people, of whom one is 93");
    let keys: BTreeSet<_> = far.asked().iter().map(|asked| asked.header("x-key").unwrap().to_owned()).collect();
    assert_eq!(keys.len(), 44);
    assert!(!keys.contains("run-1-7-enroll-2-2") && keys.contains("run-1-7-enroll-2-43"));
    let ids = &answered.captures.members;
    assert_eq!((ids[1].text(Field::MemberId), ids[42].text(Field::MemberId)), (None, Some("M-Kid39")));
    assert_eq!(target.most_members(), None);
    let shown = rehearse(&target.exchange.flows[&LifeEvent::Enroll], &far.url(), &context_of(&large));
    assert!(
        shown[1]
            .starts_with("member 1 of 43: POST /applications/{{ application_id }}/people: an answer before it tells")
    );
    assert_eq!(shown.len(), 44, "and nothing of who is not wanted");
}

#[tokio::test]
async fn an_answer_that_tells_of_several_is_not_taken_for_one() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/applications/APP-1/people" => (201, vec![("x-ref", "r".to_owned())], r#"{"id": ["M-1", "M-2"]}"#.to_owned()),
        _ => of_people(asked),
    })
    .await;
    let answered = enroll(&with_exchange(&far.url(), PEOPLE), &context()).await;
    let reason = answered.reason.unwrap();
    assert!(reason.contains("2 values of `exchange_assigned_member_id` for member 1 of 3 alone"), "{reason}");
    assert_eq!(far.asked().len(), 2, "nobody else is sent after it");
}

#[tokio::test]
async fn a_no_to_the_second_is_a_no_where_nothing_is_taken_yet_and_in_doubt_where_the_first_is() {
    for (commits, expected) in [(false, Rejected), (true, Indeterminate)] {
        let far = FarSide::start(|asked, _| match asked.path.as_str() {
            "/applications/APP-1/people" if name_in(asked) == "Mary" => told(422, "{}"),
            _ => of_people(asked),
        })
        .await;
        let flow = if commits {
            PEOPLE.replace("for_each: members", "for_each: members\n        commits: true")
        } else {
            PEOPLE.to_owned()
        };
        let answered = enroll(&with_exchange(&far.url(), &flow), &context()).await;
        is(&answered, expected);
        assert_eq!(far.asked().len(), 3, "Ann is not sent any more");
        assert_eq!(answered.captures.other["ref"], json!(["ref-John", null, null]));
    }
}

#[tokio::test]
async fn who_was_known_before_is_acted_on_by_nothing_that_this_answer_told_and_the_others_by_theirs() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/applications/APP-1/people" if name_in(asked) == "John" => {
            (200, vec![("x-ref", "ref-of-a-stranger".to_owned())], r#"{"id": "M-S", "existing": true}"#.to_owned())
        }
        _ => of_people(asked),
    })
    .await;
    let last = "- {name: confirm, for_each: members, when: member.ref, post: \"/people/{{ member.ref }}/confirm\", commits: true}\n";
    let flow = format!("{}      {last}", PEOPLE.split("      - {name: submit").next().unwrap());
    let answered = enroll(&with_exchange(&far.url(), &flow), &context()).await;
    let paths = far.paths();
    assert!(paths.ends_with(&["POST /people/ref-Mary/confirm".to_owned(), "POST /people/ref-Ann/confirm".to_owned()]));
    assert!(!paths.iter().any(|path| path.contains("stranger")), "{paths:?}");
    assert_eq!(answered.captures.other["ref"], json!([null, "ref-Mary", "ref-Ann"]));
    assert_eq!(answered.captures.members[0].text(Field::MemberId), None, "a stranger's id is no fact of ours");
    assert_eq!(answered.captures.members[1].text(Field::MemberId), Some("M-Mary"));
}

#[tokio::test]
async fn what_a_page_tells_of_one_takes_nothing_from_what_is_proved_of_the_others() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/applications/APP-1/people" if name_in(asked) == "Ann" => {
            (303, vec![("location", "/landed".to_owned())], String::new())
        }
        "/landed" => (200, vec![("x-ref", "ref-of-a-page".to_owned())], r#"{"id": "M-P"}"#.to_owned()),
        _ => of_people(asked),
    })
    .await;
    let answered = enroll(&with_exchange(&far.url(), PEOPLE), &context()).await;
    assert!(far.paths().contains(&"GET /landed".to_owned()), "{answered:?}");
    assert_eq!(answered.captures.other["ref"], json!(["ref-John", "ref-Mary", null]));
}

#[tokio::test]
async fn each_group_has_a_request_of_its_own_by_its_line_and_its_plan() {
    let far = FarSide::start(|asked, _| {
        let plan = asked.path.rsplit('/').next().unwrap_or_default();
        told(201, &json!({"policy": format!("P-{plan}"), "case": format!("C-{plan}")}).to_string())
    })
    .await;
    let flow = r#"flows:
  enroll:
    idempotency: {header: X-Key}
    steps:
      - name: enroll in a plan
        for_each: groups
        post: /enroll/{{ group.line }}
        json: {plan: "{{ plan_id }}", same: "{{ group.plan_id }}", people: "{{ group.members | length }}"}
        commits: true
        capture: {exchange_assigned_policy_id: $.policy, case: $.case}
      - {for_each: groups, post: "/confirm/{{ exchange_assigned_policy_id }}/{{ group.case }}"}
"#;
    let mut two = household();
    two.lines = vec![CoverageLine::Medical, CoverageLine::Dental];
    let target = with_exchange(&far.url(), flow);
    let answered = enroll(&target, &context_of(&two)).await;
    is(&answered, Accepted);
    let ways = ["enroll/medical", "enroll/dental", "confirm/P-medical/C-medical", "confirm/P-dental/C-dental"];
    assert_eq!(far.paths(), ways.map(|way| format!("POST /{way}")));
    let said: Value = serde_json::from_str(&far.asked()[1].body).unwrap();
    assert_eq!(said, json!({"plan": "12345VA0020001", "same": "12345VA0020001", "people": 3}));
    assert_eq!(far.asked()[1].header("x-key"), Some("run-1-7-enroll-1-dental"));
    let policy = |line| {
        let group = answered.captures.groups.iter().find(|group| group.line == Some(line)).unwrap();
        group.facts.text(Field::PolicyId).unwrap().to_owned()
    };
    assert_eq!([policy(CoverageLine::Medical), policy(CoverageLine::Dental)], ["P-medical", "P-dental"]);
    assert!(target.asks_for_dental());
}

#[tokio::test]
async fn who_is_let_in_again_goes_on_with_the_one_whose_turn_it_was() {
    let far = FarSide::start(|asked, before| match asked.path.as_str() {
        "/leave/ref-Mary" if before == 0 => told(401, ""),
        path if path.starts_with("/leave") => told(200, "{}"),
        "/login" => (200, vec![("set-cookie", format!("sid=session-{before}"))], "{}".to_owned()),
        _ => of_people(asked),
    })
    .await;
    let session = "session: [{post: /login, json: {mail: \"{{ subscriber.email }}\"}}]\n";
    let cancel = "  cancel: [{name: leave, for_each: members, post: \"/leave/{{ member.ref }}\"}]\n";
    let target = with_exchange(&far.url(), &format!("{session}{PEOPLE}{cancel}"));
    let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
    let enrolled = exchange.carry_out(LifeEvent::Enroll, &context(), Instant::now()).await;
    is(&enrolled, Accepted);
    let ctx = context().with_captures(&enrolled.captures);
    is(&exchange.carry_out(LifeEvent::Cancel, &ctx, Instant::now()).await, Accepted);
    let left: Vec<_> = far.paths().into_iter().skip(5).collect();
    let ways = ["/login", "/leave/ref-John", "/leave/ref-Mary", "/login", "/leave/ref-Mary", "/leave/ref-Ann"];
    assert_eq!(left, ways.map(|way| format!("POST {way}")));
}

/// Killed after the second person was asked to wait; the next process goes on. Gives what was posted of whom, key and name, and how many
/// households are said to be taken.
async fn killed_between(keyed: bool) -> (Vec<(Option<String>, String)>, Option<u64>) {
    let is_open = Arc::new(AtomicBool::new(false));
    let open = Arc::clone(&is_open);
    let far = FarSide::start(move |asked, _| match asked.path.as_str() {
        "/apply" if !open.load(Ordering::SeqCst) && asked.body.contains("\"2\"") => {
            (429, vec![("retry-after", "300".to_owned())], String::new())
        }
        "/apply" => told(201, &json!({"id": format!("M-{}", asked.body.len())}).to_string()),
        "/members" => told(200, "[]"),
        _ => told(200, "{}"),
    })
    .await;
    let keys = if keyed { "idempotency: {header: X-Key}" } else { "{}" };
    let steps = "- {for_each: members, post: /apply, json: {first: \"{{ probe.marker }}/{{ member.id }}\", n: \"{{ member.id ~ '' }}\"}, \
                 commits: true, retry: {attempts: 5, pause: 200s}, capture: {exchange_assigned_member_id: $.id, refs: $.id}}\n        \
                 - {get: \"/status/{{ refs[0] }}\"}";
    let flow =
        if keyed { format!("{keys}\n      steps:\n        {steps}") } else { format!("steps:\n        {steps}") };
    let desk = Desk::new();
    desk.write(
        "target.yaml",
        &format!(
            "target: t\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n      {flow}\n    \
             cancel: [{{post: /cancel, json: {{mail: \"{{{{ probe.marker }}}}\"}}}}]\nwaypoints:\n  - name: issuer\n    feed: json_api\n    \
             base_url: {url}\n    poll: {{first_after: 20ms, every: 50ms, at_most: 50ms}}\n    within: 200ms\n    \
             lookup: {{get: '/members?id={{{{ household.marker }}}}'}}\n    records: $[*]\n    fields: {{email: $.mail}}\n",
            url = far.url()
        ),
    );
    desk.write(
        "mine.yaml",
        "scenario: trial\npopulation: {count: 1, seed: 1, as_of: 2013-11-15, states: [VA], household_size: {3: 1}}\njourney:\n  \
         - event: enroll\n    expect: {at: {issuer: 200ms}}\n",
    );
    let mut run = desk.command(&["run", "mine.yaml", "--target", "target.yaml"]).spawn().expect("the program");
    let posted = || far.asked().into_iter().filter(|asked| asked.path == "/apply").collect::<Vec<_>>();
    while posted().len() < 2 {
        assert!(run.try_wait().expect("a process").is_none(), "it ended: {:?}", far.paths());
        tokio::task::yield_now().await;
    }
    run.kill().expect("to be killed");
    run.wait().expect("its end");
    is_open.store(true, Ordering::SeqCst);
    let resumed = desk.johndoe(&["resume", "--json"]);
    let report: Value = serde_json::from_str(&resumed.out).unwrap_or_else(|e| panic!("{e}: {}", resumed.err));
    let of = |asked: &Asked| (asked.header("x-key").map(str::to_owned), name_in(asked));
    (posted().iter().map(of).collect(), report["counts"]["accepted"].as_u64())
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_two_of_them_nobody_is_sent_twice_under_two_keys_nor_at_all_without_any() {
    let (with_keys, taken) = killed_between(true).await;
    assert_eq!(taken, Some(1));
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let names: Vec<String> = with_keys.iter().map(|(_, name)| last(name)).collect();
    assert_eq!(names, ["1", "2", "1", "2", "3"], "each again, under the key that it had");
    let keys: BTreeSet<(String, String)> =
        with_keys.into_iter().map(|(key, name)| (key.expect("a key"), last(&name))).collect();
    assert_eq!(keys.len(), 3, "{keys:?}");
    let (without, taken) = killed_between(false).await;
    let without: Vec<String> = without.iter().map(|(_, name)| last(name)).collect();
    assert_eq!(taken, Some(0), "whose first is taken and whose third was never sent is not taken");
    assert_eq!(without, ["1", "2"], "what was sent and not heard of is looked for, and not sent again");
}

#[test]
fn what_a_step_for_each_cannot_say_is_told_at_its_place() {
    let refused = |flow: &str| {
        let text = text("http://127.0.0.1:9", flow);
        johndoe::target::parse(&text, "t.yaml", &crate::far_side::Variables(BTreeMap::new()))
            .expect_err("it was taken")
            .to_string()
    };
    for (flow, words) in [
        ("flows: {enroll: [{post: /a, for_each: person}]}", "expected one of `members`, `groups`"),
        ("flows: {enroll: [{post: \"/a/{{ member.id }}\"}]}", "`member` is known in steps with `for_each: members`"),
        ("flows: {enroll: [{post: \"/a/{{ member.id }}\", for_each: groups}]}", "`member` is known in steps with"),
        (
            "flows: {enroll: [{post: /a, for_each: members, capture: {x: {jsonpath: $.x, per: group}}}]}",
            "each answer of this step tells of the one whose turn it is",
        ),
        (
            "flows: {enroll: [{post: /a, for_each: members, capture: {aptc: $.x}}]}",
            "`group.aptc` is said once per group, not per member",
        ),
        (
            "flows: {enroll: [{post: /a, for_each: groups, capture: {member.exchange_assigned_member_id: $.x}}]}",
            "is said once per member",
        ),
        ("flows: {enroll: [{post: /a, set: {subscriber: probe.id}}]}", "`subscriber` has a value already"),
        ("flows: {enroll: [{post: /a, set: {x: nobody.id}}]}", "`nobody.id` is not known here"),
        ("flows: {enroll: [{post: /a, set: {x: \"probe.id ~\"}}]}", "template cannot be understood"),
        (
            "flows: {enroll: [{post: /a, set: {x: probe.id}}], cancel: [{post: \"/b/{{ x }}\"}]}",
            "`x` is not known here",
        ),
        (
            "session: [{post: /login, for_each: members}]\nflows: {enroll: [{post: /a}]}",
            "`session` logs the household in, once for all of it",
        ),
    ] {
        let told = refused(flow);
        assert!(told.contains(words), "`{words}` is not in:\n{told}");
    }
}

#[tokio::test]
async fn a_name_that_is_set_is_short_for_its_expression_in_its_step_and_those_after_it() {
    let far = FarSide::start(|asked, _| of_people(asked)).await;
    let flow = PEOPLE
        .replace(
            "for_each: members\n",
            "for_each: members\n        set: {tag: \"member.name.first ~ '/' ~ member.id\", big: \"tag | upper\"}\n",
        )
        .replace("spouse: \"{{ subscriber.name.first }}\"", "spouse: \"{{ big }}\", n: \"{{ member.id + 1 }}\"")
        .replace("when: member.age < 80", "when: big != 'ANN/3'")
        .replace(
            "{name: submit, post:",
            "{name: submit, set: {all: members | length}, headers: {X-All: \"{{ all }}\"}, post:",
        );
    is(&enroll(&with_exchange(&far.url(), &flow), &context()).await, Accepted);
    let asked = far.asked();
    let said: Vec<Value> = asked[1..3].iter().map(|asked| serde_json::from_str(&asked.body).unwrap()).collect();
    assert_eq!(said.iter().map(|said| said["spouse"].as_str().unwrap()).collect::<Vec<_>>(), ["JOHN/1", "MARY/2"]);
    assert_eq!((asked.len(), asked[3].header("x-all")), (4, Some("3")));
}

/// In a later flow a name that is set proves no more than what it is made of.
#[tokio::test]
async fn a_name_made_of_what_strangers_have_too_names_nobody() {
    let far = FarSide::start(|asked, _| of_people(asked)).await;
    let cancel = |made: &str| {
        format!(
            "{PEOPLE}  cancel: [{{name: leave, set: {{case_no: \"{made}\"}}, post: \"/leave\", json: {{id: \"{{{{ case_no }}}}\"}}}}]\n"
        )
    };
    for (made, is_sent) in [
        ("subscriber.name.last ~ '-' ~ subscriber.birth_date", false),
        ("plan_id ~ '-1'", false),
        ("application_id", true),
        ("'X-' ~ application_id", true),
    ] {
        let target = with_exchange(&far.url(), &cancel(made));
        let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
        let enrolled = exchange.carry_out(LifeEvent::Enroll, &context(), Instant::now()).await;
        let ctx = context().with_captures(&enrolled.captures);
        let before = far.paths().len();
        let ended = exchange.carry_out(LifeEvent::Cancel, &ctx, Instant::now()).await;
        assert_eq!(far.paths().len() > before, is_sent, "{made}: {ended:?}");
    }
}

/// A cancellation that broke halfway is carried to its end, where the target says how "no longer in force" looks.
#[tokio::test]
async fn a_cancellation_goes_on_behind_what_is_out_already() {
    for (exists, expected, is_withdrawn) in [(", exists: {status: 409}", Accepted, true), ("", Rejected, false)] {
        let far = FarSide::start(|asked, _| match asked.path.as_str() {
            path if path.starts_with("/end/") => told(409, "{\"error\": \"already terminated\"}"),
            path if path.starts_with("/withdraw/") => told(200, "{}"),
            _ => of_people(asked),
        })
        .await;
        let cancel = format!(
            "{PEOPLE}  cancel:\n      - {{name: end, post: \"/end/{{{{ application_id }}}}\"{exists}}}\n      \
             - {{name: withdraw, post: \"/withdraw/{{{{ application_id }}}}\"}}\n"
        );
        let target = with_exchange(&far.url(), &cancel);
        let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
        let enrolled = exchange.carry_out(LifeEvent::Enroll, &context(), Instant::now()).await;
        let ctx = context().with_captures(&enrolled.captures);
        is(&exchange.carry_out(LifeEvent::Cancel, &ctx, Instant::now()).await, expected);
        assert_eq!(far.paths().iter().any(|path| path.contains("/withdraw/")), is_withdrawn, "{exists}");
    }
}

/// An exchange that takes one request for each plan, and answers the first of the first household with a page of a proxy after it took
/// it. Gives the report.
async fn first_plan_unanswered() -> Value {
    let taken = Arc::new(std::sync::Mutex::new(BTreeMap::<String, (Value, BTreeSet<String>)>::new()));
    let of = Arc::clone(&taken);
    let far = FarSide::start(move |asked, _| {
        let mut taken = of.lock().expect("what is taken");
        let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            ["applications"] => {
                let id = format!("A{}", taken.len());
                let body: Value = serde_json::from_str(&asked.body).expect("JSON");
                taken.insert(id.clone(), (body["mail"].clone(), BTreeSet::new()));
                told(201, &json!({"id": id}).to_string())
            }
            ["applications", id, line] => {
                taken.get_mut(*id).expect("an application").1.insert((*line).to_owned());
                let policy = json!({"policy": format!("{id}-{line}")}).to_string();
                if *id == "A0" { told(502, "<html>bad gateway</html>") } else { told(201, &policy) }
            }
            ["withdraw", id] => {
                taken.remove(*id);
                told(200, "{}")
            }
            ["policies", id] => {
                let (mail, lines) = taken.get(*id).cloned().unwrap_or_default();
                let shown = |line: &String| json!({"number": format!("{id}-{line}"), "kind": line, "mail": mail});
                told(200, &json!(lines.iter().map(shown).collect::<Vec<_>>()).to_string())
            }
            _ => told(404, "{\"error\": \"no such thing\"}"),
        }
    })
    .await;
    let desk = Desk::new();
    desk.write(
        "target.yaml",
        &format!(
            "target: t\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n      \
             - {{post: /applications, json: {{mail: '{{{{ subscriber.email }}}}'}}, commits: false, capture: {{application_id: $.id}}}}\n      \
             - {{for_each: groups, post: '/applications/{{{{ application_id }}}}/{{{{ group.line }}}}', commits: true, \
             capture: {{exchange_assigned_policy_id: $.policy}}}}\n    \
             cancel: [{{post: '/withdraw/{{{{ application_id }}}}'}}]\nwaypoints:\n  - name: issuer\n    feed: json_api\n    base_url: {url}\n    \
             poll: {{first_after: 20ms, every: 50ms, at_most: 50ms}}\n    lookup: {{get: '/policies/{{{{ application_id }}}}'}}\n    \
             records: $[*]\n    fields: {{exchange_assigned_policy_id: $.number, coverage_line: $.kind, email: $.mail}}\n",
            url = far.url()
        ),
    );
    desk.write(
        "mine.yaml",
        "scenario: plans\npopulation: {count: 3, seed: 1, states: [VA], dental: 1, household_size: {1: 1}}\njourney:\n  - event: enroll\n    \
         expect: {at: {issuer: 500ms}}\nobjective: {decide: estimate}\nload: {in_flight: 1}\n",
    );
    let run = desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml", "--json"]);
    serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}: {}", run.err))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_for_which_nobody_was_asked_is_not_missing() {
    let report = first_plan_unanswered().await;
    let at = &report["waypoints"][0];
    assert_eq!((&at["missing"], &at["on_time"]), (&json!(0), &json!(5)), "two of two households, and one: {at}");
    assert_ne!(report["verdict"], "fail", "{}", report["reasons"]);
    let first = &report["probes"][0]["groups"];
    let arrival = |line: &str| {
        let groups = first.as_array().expect("groups");
        let group = groups.iter().find(|group| group["line"] == line).expect("the group");
        group["waypoints"][0]["arrival"].clone()
    };
    assert_eq!((arrival("medical"), arrival("dental")), (json!("on_time"), json!("not_due")), "{first}");
    assert_eq!(report["counts"]["residue"], json!(0), "{}", report["counts"]);
}

/// What one policy's request was answered yes to stands, whatever another's was answered: nobody may call the whole refused.
#[tokio::test]
async fn a_later_flow_of_which_one_request_was_answered_yes_and_another_no_is_in_doubt() {
    let acts = "{for_each: groups, post: '/end/{{ group.line }}', json: {mail: '{{ subscriber.email }}'}}";
    let polls = "{for_each: groups, get: '/jobs/{{ group.line }}', until: {jsonpath: $.s, equals: DONE, \
                 refused: {jsonpath: $.s, equals: DENIED}, every: 1ms, within: 1m}}";
    let medical = "{post: /end/medical, json: {mail: '{{ subscriber.email }}'}}";
    let dental = "{post: /end/dental, json: {mail: '{{ subscriber.email }}'}}";
    let each = format!("[{acts}]");
    let polled = format!("[{acts}, {polls}]");
    let apart = format!("[{medical}, {dental}]");
    let (yes, no) = (|| told(200, r#"{"s": "DONE"}"#), || told(422, r#"{"s": "DENIED"}"#));
    for (flow, refused, expected) in [
        (&each, vec!["/end/dental"], Indeterminate),
        (&each, vec!["/end/medical", "/end/dental"], Rejected),
        (&polled, vec!["/jobs/dental"], Indeterminate),
        (&polled, vec!["/jobs/medical"], Indeterminate),
        (&apart, vec!["/end/dental"], Indeterminate),
        (&apart, vec!["/end/medical"], Rejected),
        (&each, vec![], Accepted),
    ] {
        for event in [LifeEvent::Terminate, LifeEvent::Cancel] {
            let refused = refused.clone();
            let far = FarSide::start(move |asked, _| match refused.contains(&asked.path.as_str()) {
                true if asked.path.starts_with("/jobs") => told(200, r#"{"s": "DENIED"}"#),
                true => no(),
                false => yes(),
            })
            .await;
            let flows = format!("flows:\n  enroll: [{{post: /apply}}]\n  {event}: {flow}\n");
            let target = with_exchange(&far.url(), &flows);
            let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
            let mut both = household();
            both.lines = vec![CoverageLine::Medical, CoverageLine::Dental];
            let answered = exchange.carry_out(event, &context_of(&both), Instant::now()).await;
            assert_eq!(answered.submission, expected, "{event} {flow} {:?}: {answered:?}", far.paths());
        }
    }
    // a cancellation goes on behind a no, and what it did then stands as well
    let far = FarSide::start(move |asked, _| if asked.path == "/end/medical" { no() } else { yes() }).await;
    let target = with_exchange(&far.url(), &format!("flows:\n  enroll: [{{post: /apply}}]\n  cancel: {each}\n"));
    let exchange = Exchange::new(Door::new(&target, USER_AGENT).unwrap(), &target);
    let mut both = household();
    both.lines = vec![CoverageLine::Medical, CoverageLine::Dental];
    is(&exchange.carry_out(LifeEvent::Cancel, &context_of(&both), Instant::now()).await, Indeterminate);
}

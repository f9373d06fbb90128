//! What a canary serves and the rules over it, read by those who will: promtool, and the strict parser of `OpenMetrics`.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Where `tests/run` put promtool; `None` where nobody did, which CI must have.
fn promtool() -> Option<OsString> {
    let promtool = std::env::var_os("JOHNDOE_PROMTOOL");
    if promtool.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "`JOHNDOE_PROMTOOL` must name promtool in CI");
        println!("skipped: `JOHNDOE_PROMTOOL` names no promtool");
    }
    promtool
}

/// Runs it over this input, and gives what it says; fails where it finds fault.
fn passes(mut command: Command, input: &str) {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("to be read");
    let output = child.wait_with_output().expect("its end");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{command:?}: {}\n{input}", String::from_utf8_lossy(&said));
}

/// Both forms are taken by programs that nobody here wrote: answers whole, with their heads.
pub(crate) fn others_read(plain: &str, open: &str) {
    let Some(promtool) = promtool() else { return };
    let body = |answer: &str| answer.split_once("\r\n\r\n").expect("a body").1.to_owned();
    let mut check = Command::new(promtool);
    check.args(["check", "metrics"]);
    passes(check, &body(plain));
    let Some(venv) = std::env::var_os("JOHNDOE_X12VALID") else { return };
    let python = Path::new(&venv).with_file_name("python");
    let mut parse = Command::new(python);
    parse.arg("-c").arg(
        "import sys\nfrom prometheus_client.openmetrics.parser import text_string_to_metric_families\n\
         found = list(text_string_to_metric_families(sys.stdin.read()))\nassert len(found) > 10, found\n",
    );
    passes(parse, &body(open));
}

#[test]
fn the_rules_that_are_shipped_do_what_their_tests_say() {
    let Some(promtool) = promtool() else { return };
    let mut rules = Command::new(promtool);
    rules.args(["test", "rules", "rules_test.yaml"]);
    rules.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/prometheus"));
    passes(rules, "");
}

/// What a rule asks for is served: a metric that is renamed leaves no rule behind.
#[test]
fn every_metric_of_the_rules_is_one_that_is_served() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = std::fs::read_to_string(root.join("deploy/prometheus/rules.yaml")).unwrap();
    let served = std::fs::read_to_string(root.join("src/watch/metrics.rs")).unwrap();
    let page = std::fs::read_to_string(root.join("docs/guide/canary.md")).unwrap();
    let named = regex::Regex::new("johndoe_[a-z_]+").unwrap();
    let asked: Vec<&str> = named.find_iter(&rules).map(|found| found.as_str()).collect();
    assert!(asked.len() > 4, "{asked:?}");
    for name in asked {
        assert!(served.contains(&format!("\"{name}\"")), "no metric `{name}` is served");
        assert!(page.contains(&format!("`{name}")), "the guide has no `{name}`");
    }
}

//! Scenario and target files: what is shipped is valid, what is wrong is shown in full, and nothing makes a panic.

use johndoe::{scenario, target};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// An environment and files that exist in a map only.
#[derive(Default)]
struct Given {
    env: BTreeMap<&'static str, &'static str>,
    files: BTreeMap<&'static str, &'static str>,
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
fn files_in(folder: &str, ending: &str) -> Vec<(String, String)> {
    let listed = std::fs::read_dir(root().join(folder)).unwrap().map(|e| e.unwrap().path());
    let mut files: Vec<PathBuf> = listed.filter(|p| p.extension().is_some_and(|e| e == ending)).collect();
    files.sort();
    assert!(!files.is_empty(), "no .{ending} in {folder}");
    let name = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|p| (name(p), std::fs::read_to_string(p).unwrap())).collect()
}

/// The YAML as an editor's reader of YAML 1.2 sees it.
fn as_json(text: &str) -> serde_json::Value {
    let mut report = johndoe::source::Report::new();
    johndoe::source::read(text, &mut report).unwrap().to_json()
}

fn schema_faults(schema: &serde_json::Value, text: &str) -> Vec<String> {
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
    let given = Given { env: [("ACME_TOKEN", "t0ken-acme")].into(), files: [("ca/token", "f1le\n")].into() };
    for (name, text) in files_in("tests/fixtures/target/valid", "yaml") {
        target::parse(&text, &name, &given).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(schema_faults(&target::schema(), &text), Vec::<String>::new(), "{name}");
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
    let given = Given { env: [("SET", "s3cret-value")].into(), ..Given::default() };
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
        for end in (0..text.len()).filter(|i| text.is_char_boundary(*i)).step_by(3) {
            let _ = scenario::parse(&text[..end], "prefix.yaml").map_err(|e| e.to_string());
        }
    }
    let target = &files_in("scenarios/targets", "yaml")[0].1;
    for end in (0..target.len()).filter(|i| target.is_char_boundary(*i)).step_by(53) {
        let _ = target::parse(&target[..end], "prefix.yaml", &Given::default()).map_err(|e| e.to_string());
    }
}

#[test]
fn hostile_yaml_is_refused_in_words() {
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nscenario: x\n";
    let deep = format!("scenario: {}", "[".repeat(50_000));
    let wide = format!("scenario: {}", "x".repeat(900_000));
    let keys = (0..5_000).map(|i| format!("k{i}: 1\n")).collect::<String>();
    for text in
        [bomb, &deep, &wide, &keys, "scenario: \0", "\u{feff}", "---\n---\n", "? ? ? x", "\t", "%YAML 9.9\n---\na"]
    {
        let errors = scenario::parse(text, "hostile.yaml").unwrap_err();
        assert!(!errors.is_empty());
        assert!(errors.to_string().contains("hostile.yaml"));
    }
}

//! The reference: pages that are written from the program's own tables. With `JOHNDOE_WRITE_GOLDENS=1` they are brought up
//! to date, to be read before they are committed.

use super::blocks::prose;
use super::told::{Row, Shape, shapes};
use super::{root, text};
use crate::cli::{Desk, Told};
use johndoe::model::{EdgeCase, Field};
use johndoe::{canary, sandbox, scenario, target};
use std::collections::{BTreeMap, BTreeSet};

/// What the program prints, as wide as where nobody says how wide.
fn printed(words: &[&str]) -> String {
    let told = Told::of(&Desk::new().command(words).env_remove("COLUMNS").output().expect("the program"));
    assert_eq!(told.code, Some(0), "{words:?}: {}", told.err);
    told.out
}

/// A table in Markdown.
fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let escaped = |cell: &String| cell.replace('|', "\\|");
    let mut text = line(&head.iter().map(ToString::to_string).collect::<Vec<_>>());
    text += &format!("|{}\n", "---|".repeat(head.len()));
    for row in rows {
        text += &line(&row.iter().map(escaped).collect::<Vec<_>>());
    }
    text
}

fn code(name: &str) -> String {
    format!("`{name}`")
}

fn block(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```\n", text.trim_end())
}

/// The commands under `Commands:` of a help.
fn commands_in(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let named = lines.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let first = named.filter_map(|line| line.split_whitespace().next().map(ToOwned::to_owned));
    first.filter(|name| name != "help").collect()
}

fn commands() -> String {
    let help = printed(&["--help"]);
    let mut page = format!("# Commands\n\nWhat `--help` says of each.\n\n## johndoe\n\n{}", block("text", &help));
    for command in commands_in(&help) {
        let help = printed(&[&command, "--help"]);
        page += &format!("\n## johndoe {command}\n\n{}", block("text", &help));
        for tool in commands_in(&help) {
            let help = printed(&[&command, &tool, "--help"]);
            page += &format!("\n### johndoe {command} {tool}\n\n{}", block("text", &help));
        }
    }
    page
}

fn keys(kind: &str, intro: &str, outline: &str) -> String {
    format!("# {kind} keys\n\n{intro}\n\n{}", block("text", outline))
}

fn fields() -> String {
    let severity = |field: &Field| format!("{:?}", field.default_severity()).to_lowercase();
    let rows = Field::ALL.iter().map(|f| vec![code(f.name()), severity(f), f.describe().to_owned()]);
    let closed = Field::ALL.iter().filter_map(|field| {
        let words: Vec<_> = field.closed_list()?.iter().map(|word| code(word)).collect();
        Some(vec![code(field.name()), words.join(" ")])
    });
    format!(
        "# Fields of the canonical record\n\nOne dotted name each, the same in files, ledger, reports and messages. Short names \
         that only one field ends in (`aptc`,\n`birth_date`, `last_name`) are understood in files. `johndoe fields` prints the \
         same.\n\n{}\n## Closed lists\n\nThese words and no others.\n\n{}",
        table(&["field", "severity", "meaning"], rows),
        table(&["field", "its words"], closed),
    )
}

fn edge_cases() -> String {
    let rows = EdgeCase::ALL
        .iter()
        .map(|case| vec![code(&case.to_string()), case.describe().to_owned(), case.since().to_string()]);
    format!(
        "# Edge cases\n\nThese names stand in a scenario's `population.edge_cases.include`: [Edge cases and\n\
         populations](../guide/people.md). `johndoe edge-cases` prints the same. The last column is the version of the generator that\n\
         deals a case, as later ones do.\n\n{}",
        table(&["edge case", "what it is", "since"], rows)
    )
}

fn faults() -> String {
    let rows = sandbox::catalogue().map(|(name, sentence)| vec![code(name), sentence.to_owned()]);
    format!(
        "# Faults\n\nThese names stand behind `johndoe sandbox --fault`, with a probability: `lose=0.02`. Between them stand\n\
         options: `delay@for=14s=0.3`, `alter:member.name.last@issuer=12345=0.1`. See [The sandbox](../guide/sandbox.md). `johndoe\n\
         faults` prints the same.\n\n{}",
        table(&["fault", "what goes wrong"], rows)
    )
}

fn exit_codes() -> String {
    let help = printed(&["--help"]);
    let lines = help.lines().skip_while(|l| *l != "Exit codes:").skip(1);
    let rows =
        lines.map_while(|l| l.trim().split_once("  ")).map(|(code, means)| vec![code.to_owned(), means.to_owned()]);
    format!(
        "# Exit codes\n\n{}\nWhen several apply, the first of 70, 1, 5, 4, 3, 6, 0 wins. No data is never a pass. What a run stops\n\
         itself for: [Safety stops](../guide/running.md#safety-stops).\n",
        table(&["code", "meaning"], rows)
    )
}

fn x12_rules() -> String {
    format!(
        "# Rules of `x12 validate`\n\nWhose each is stands in brackets: the X12 syntax, the implementation guide, or the \
         marketplace (the federal exchange's\ncompanion guide). `johndoe x12 rules` prints the same. See [X12 by \
         hand](../x12.md).\n\n{}",
        block("text", &printed(&["x12", "rules"]))
    )
}

/// `WaypointSummary` to `waypoint summary`.
fn spoken(name: &str) -> String {
    let mut words = String::new();
    for (n, c) in name.chars().enumerate() {
        if c.is_uppercase() && n > 0 {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// `FileRead` to `file_read`, as serde writes variants.
fn snake(name: &str) -> String {
    spoken(name).replace(' ', "_")
}

/// A type in words, with a link to its section where it has one.
fn in_words(kind: &str, known: &BTreeMap<String, String>) -> String {
    let inner = |outer: &str| kind.strip_prefix(outer).and_then(|rest| rest.strip_suffix('>'));
    if let Some(item) = inner("Option<") {
        return format!("{}, or `null`", in_words(item, known));
    }
    if let Some(item) = inner("Vec<") {
        return format!("list: {}", in_words(item, known));
    }
    match kind {
        "String" | "RunId" => "text".to_owned(),
        "u8" | "u16" | "u32" | "u64" | "f64" => "number".to_owned(),
        "[f64; 2]" => "`[lower, upper]`".to_owned(),
        "bool" => "`true` or `false`".to_owned(),
        "DateTime<Utc>" => "moment".to_owned(),
        "ProbeIndex" => "number".to_owned(),
        "FieldSet" => "list: [field](fields.md)".to_owned(),
        "Field" => "[field](fields.md)".to_owned(),
        "EdgeCase" => "[edge case](edge-cases.md)".to_owned(),
        "Severity" => "`minor`, `major` or `critical`".to_owned(),
        "CoverageLine" => "`medical` or `dental`".to_owned(),
        "FeedKind" => "[feed](../guide/waypoints.md)".to_owned(),
        named => known.get(named).cloned().unwrap_or_else(|| panic!("`{named}` needs words in reference.rs")),
    }
}

/// The shapes that the report is made of, in the order of the page.
const OF_THE_REPORT: &[&str] = &[
    "Summary",
    "Verdict",
    "RunFacts",
    "Counts",
    "ErrorRate",
    "ClusteredRate",
    "RateOf",
    "RateBy",
    "PunchLine",
    "Tier",
    "Cause",
    "Proof",
    "Answer",
    "FailureKind",
    "Tries",
    "Factor",
    "PassedOver",
    "Nearest",
    "Objective",
    "Decide",
    "FoldedPeople",
    "Fold",
    "WaypointSummary",
    "ArrivalCounts",
    "ArrivalStep",
    "LatencyQuantiles",
    "AnswerSummary",
    "StepTotals",
    "StepCounts",
    "StepCountsAt",
    "OutcomeCounts",
    "StepSummary",
    "ProbeSummary",
    "Submission",
    "Existence",
    "GroupSummary",
    "StepOfGroup",
    "StepAtWaypoint",
    "StepOutcome",
    "GroupAtWaypoint",
    "NotDue",
    "JourneyStep",
    "LifeEvent",
    "Arrival",
    "Integrity",
    "MatchTier",
    "Discrepancy",
    "Position",
    "Equivalence",
    "Finding",
    "FindingKind",
    "Remaining",
    "DamagedFile",
    "EdgeCaseCoverage",
];

/// The shapes that the report is made of, the report itself first.
fn of_the_report() -> Vec<Shape> {
    let files = [
        "summary",
        "rate",
        "punch",
        "proof",
        "outcome",
        "remaining",
        "carries",
        "event",
        "position",
        "step",
        "run",
        "journey",
    ];
    let all: Vec<_> = files.iter().flat_map(|file| shapes(&format!("src/model/{file}.rs"))).collect();
    let mut all: BTreeMap<_, _> = all.into_iter().map(|shape| (shape.name.clone(), shape)).collect();
    // a position is written with its name, which is made of the others
    let name = Row {
        meaning: "The element as the standard's tables name it: `NM103`.".to_owned(),
        ..Row::of("name", "String")
    };
    all.entry("Position".to_owned()).and_modify(|position| position.rows.push(name));
    OF_THE_REPORT.iter().map(|name| all.remove(*name).unwrap_or_else(|| panic!("no `{name}`"))).collect()
}

fn section(shape: &Shape, known: &BTreeMap<String, String>) -> String {
    let is_words = shape.rows.iter().all(|row| row.kind.is_empty());
    let name = |row: &Row| if row.is_flat { "(its keys)".to_owned() } else { code(&row.name) };
    let absent = |row: &Row| if row.may_be_absent { "; may be left out" } else { "" };
    let key = |row: &Row| vec![name(row), in_words(&row.kind, known) + absent(row), row.meaning.clone()];
    let rows = if is_words {
        table(&["word", "meaning"], shape.rows.iter().map(|row| vec![code(&row.name), row.meaning.clone()]))
    } else {
        table(&["key", "is", "meaning"], shape.rows.iter().map(key))
    };
    format!("\n## {}\n\n{}\n\n{rows}", capitalised(&spoken(&shape.name)), shape.meaning)
}

fn capitalised(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

fn json_report() -> String {
    let shapes = of_the_report();
    let link = |s: &Shape| (s.name.clone(), format!("[{0}](#{1})", spoken(&s.name), spoken(&s.name).replace(' ', "-")));
    let known: BTreeMap<_, _> = shapes.iter().map(link).collect();
    let sections: String = shapes.iter().map(|shape| section(shape, &known)).collect();
    format!(
        "# The JSON report\n\n`--json` and `--report json=PATH` give `johndoe.report/2`. Its names are fixed: keys are added, and none is\n\
         renamed or taken away. `--report json1=PATH` gives `johndoe.report/1`, the version before, which knows journeys of `enroll`,\n\
         `change_address` and `cancel` and is refused for others: it has no `by_step`, `journey` and `not_due`.\n\n\
         In `counts` submissions are households, fates from `good` to `blind` enrollment groups (each counted once, by the worst of its\n\
         waypoints), findings their number. Intervals and quantiles are `[lower, upper]`, and `null` where there is none.\n{sections}"
    )
}

fn ledger() -> String {
    let events = shapes("src/model/event.rs").into_iter().find(|shape| shape.name == "Event").expect("events");
    let rows = events.rows.iter().map(|row| vec![code(&snake(&row.name)), row.meaning.clone()]);
    let folder = root().join("src/ledger/migrations/sqlite");
    let mut names: Vec<_> =
        std::fs::read_dir(folder).expect("migrations").map(|e| e.expect("an entry").file_name()).collect();
    names.sort();
    let tables = names.iter().map(|name| {
        let name = name.to_string_lossy();
        block("sql", &text(&format!("src/ledger/migrations/sqlite/{name}")))
    });
    format!(
        "# The ledger\n\nOne SQLite file, only ever appended to; judging reads nothing else. Where it may lie: [Running, stopping, going\n\
         on](../guide/running.md#where-a-ledger-may-lie). Old ledgers open: migrations are added and never edited, and each payload\n\
         bears the version in which it is written.\n\n## Kinds of entries\n\nColumn `kind` of table `entry`.\n\n{}\n## Tables\n\n{}",
        table(&["kind", "what happened"], rows),
        tables.collect::<Vec<_>>().join("\n"),
    )
}

/// Every page with what it must hold.
fn pages() -> Vec<(&'static str, String)> {
    let of_scenarios = "`johndoe keys scenario` prints the same, `johndoe schema scenario` a JSON Schema. [Writing a \
                        scenario](../guide/scenario.md) has\nexamples.";
    let of_targets = "`johndoe keys target` prints the same, `johndoe schema target` a JSON Schema. [Writing a \
                      target](../guide/target.md) has examples.\nNames and filters of templates stand at the end.";
    let of_canaries = "`johndoe keys canary` prints the same, `johndoe schema canary` a JSON Schema, and `johndoe check` reads such a \
                       file.\nNo command runs one yet.";
    vec![
        ("commands", commands()),
        ("scenario-keys", keys("Scenario", of_scenarios, &scenario::outline())),
        ("target-keys", keys("Target", of_targets, &target::outline())),
        ("canary-keys", keys("Canary", of_canaries, &canary::outline())),
        ("fields", fields()),
        ("edge-cases", edge_cases()),
        ("faults", faults()),
        ("exit-codes", exit_codes()),
        ("json-report", json_report()),
        ("ledger", ledger()),
        ("x12-rules", x12_rules()),
    ]
}

#[test]
fn the_reference_is_what_the_program_says() {
    if cfg!(not(feature = "sftp")) {
        return; // the sandbox has a flag less then
    }
    for (name, page) in pages() {
        let path = format!("docs/reference/{name}.md");
        if std::env::var_os("JOHNDOE_WRITE_GOLDENS").is_some() {
            std::fs::write(root().join(&path), &page).expect("a page");
        }
        assert!(
            std::fs::read_to_string(root().join(&path)).is_ok_and(|found| found == page),
            "{path} is not what the program says now; `JOHNDOE_WRITE_GOLDENS=1 cargo test --test integration docs::` writes it"
        );
    }
}

/// The names of all keys within.
fn keys_of(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, inner) in map {
                found.insert(key.clone());
                keys_of(inner, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys_of(item, found)),
        _ => {}
    }
}

#[test]
fn every_key_of_a_report_is_in_the_reference() {
    let printed = Desk::new().johndoe(&["demo", "--count", "8", "--json", "-q"]);
    let report: serde_json::Value = serde_json::from_str(&printed.ends(0, &[]).out).expect("JSON");
    let (mut keys, page) = (BTreeSet::new(), text("docs/reference/json-report.md"));
    keys_of(&report, &mut keys);
    assert!(keys.len() > 80, "{keys:?}");
    for key in keys {
        assert!(page.contains(&format!("| `{key}` |")), "docs/reference/json-report.md has no `{key}`");
    }
}

#[test]
fn every_command_has_a_place_in_readme_and_in_the_guide() {
    for command in commands_in(&printed(&["--help"])) {
        for page in ["README.md", "docs/guide/running.md"] {
            let found = text(page);
            let is_named = found.contains(&format!("`johndoe {command}")) || found.contains(&format!("`{command}`"));
            assert!(is_named, "{page} has no `{command}`");
        }
    }
}

#[test]
fn every_command_that_prose_names_is_one() {
    let known = commands_in(&printed(&["--help"]));
    let named = regex::Regex::new(r"`johndoe ([a-z][\w-]*)").expect("a regex");
    let mut seen = 0;
    for page in super::pages() {
        for found in named.captures_iter(&prose(&page)) {
            seen += 1;
            assert!(known.iter().any(|command| *command == found[1]), "{page}: there is no `johndoe {}`", &found[1]);
        }
    }
    assert!(seen > 40, "{seen}");
}

/// A finding or a rule that nobody explains is one that nobody believes.
#[test]
fn every_word_of_the_judge_is_explained() {
    let page = text("docs/judging.md");
    let explained = |word: &str| assert!(page.contains(&format!("`{word}`")), "docs/judging.md has no `{word}`");
    for shape in of_the_report()
        .iter()
        .filter(|s| matches!(s.name.as_str(), "Arrival" | "FindingKind" | "Integrity" | "StepOutcome"))
    {
        for row in &shape.rows {
            explained(&row.name);
        }
    }
    let rules = text("src/reconcile/equality.rs");
    let rules = rules.split("#[cfg(test)]").next().expect("code");
    let named = regex::Regex::new(r#"(?:by\(|when\(.*, |Rule::\w+, )"(\w+)"\)"#).expect("a regex");
    let named: Vec<_> = named.captures_iter(rules).map(|found| found[1].to_owned()).collect();
    assert!(named.len() > 15, "{named:?}");
    for rule in named {
        explained(&rule);
    }
}

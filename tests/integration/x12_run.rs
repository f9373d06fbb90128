//! `x12 diff --run`: a run's own files, whole, then with one thing wrong in each.

use super::trial::{Bench, Trial, WHOLE};
use super::x12_mutants::fixture;
use johndoe::model::RunId;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What the sandbox sent in a run to its end, and the program beside it.
struct Sent {
    bench: Bench,
    run: RunId,
    files: Vec<PathBuf>,
}

/// What the program came to.
struct Said {
    code: Option<i32>,
    text: String,
}

impl Sent {
    async fn by_a_run() -> Self {
        let bench = Trial::given("").begin().await;
        let run = bench.start(WHOLE).await;
        let mut files: Vec<_> = fs::read_dir(&bench.running.outbound).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        assert!(files.len() > 1, "{files:?}");
        Self { bench, run, files }
    }

    fn diff(&self, files: &[PathBuf], more: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_johndoe"));
        command.args(["x12", "diff", "--ledger"]).arg(&self.bench.ledger).args(more).args(files);
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        Said { code: output.status.code(), text: text.into_owned() }
    }

    /// A copy of the run's files with one of them changed.
    fn with(&self, change: impl Fn(&str) -> Option<String>) -> Vec<PathBuf> {
        let mut files = self.files.clone();
        let texts = files.iter().map(|path| fs::read_to_string(path).unwrap());
        let (at, text) = texts.enumerate().find_map(|(at, text)| Some((at, change(&text)?))).expect("a file to change");
        files[at] = self.bench.ledger.with_file_name("changed.edi");
        fs::write(&files[at], text).unwrap();
        files
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.bench.ledger.with_file_name(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The files that are addressed to this issuer.
    fn to(&self, issuer: &str) -> Vec<PathBuf> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        self.files.iter().filter(|path| name(path).starts_with(issuer)).cloned().collect()
    }
}

impl Said {
    #[track_caller]
    fn ends(&self, code: i32, said: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.text);
        for words in said {
            assert!(self.text.contains(words), "`{words}` is not in:\n{}", self.text);
        }
    }

    fn summary(&self) -> Value {
        serde_json::from_str(self.text.lines().last().unwrap()).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_a_run_are_what_it_expects_until_something_is_wrong_in_them() {
    let sent = Sent::by_a_run().await;
    let latest = ["--run", "latest"];

    let whole = sent.diff(&sent.files, &["--run", sent.run.as_str(), "--json"]);
    whole.ends(0, &[]);
    let summary = whole.summary();
    let people = summary["same"].as_u64().unwrap();
    let plan = sent.bench.judged(&sent.run);
    let groups: usize = plan.summary.probes.iter().map(|probe| probe.groups.len()).sum();
    assert!(people >= groups as u64 && groups >= 6, "{summary}");
    assert_eq!(summary["taken_out"], groups, "{summary}");
    assert_eq!((&summary["strangers"], &summary["missing"]), (&0.into(), &0.into()));

    // One value of one person.
    let renamed = sent.with(|text| {
        let at = text.find("NM1*IL*1*")? + "NM1*IL*1*".len();
        let end = at + text[at..].find('*')?;
        Some(format!("{}Wrong{}", &text[..at], &text[end..]))
    });
    let said = sent.diff(&renamed, &latest);
    said.ends(
        1,
        &["1 changed, 0 added, 0 missing", "member.name.last: expected `", "found `Wrong` at segment", "(NM103)"],
    );
    said.ends(1, &["changed.edi ISA "]);
    sent.diff(&renamed, &["--run", "latest", "--ignore", "last_name"]).ends(0, &["member.name.last; they are ignored"]);
    let line: Value =
        serde_json::from_str(sent.diff(&renamed, &["--run", "latest", "--json"]).text.lines().next().unwrap()).unwrap();
    assert_eq!((&line["kind"], &line["fields"][0]["found"]), (&"changed".into(), &"Wrong".into()), "{line}");
    assert_eq!(line["fields"][0]["at"]["name"], "NM103", "{line}");

    // One enrollment twice.
    let twice: Vec<_> = sent.files.iter().chain(&sent.files[..1]).cloned().collect();
    let said = sent.diff(&twice, &["--run", "latest", "--json"]);
    said.ends(1, &["enrolled before in these files"]);
    assert_eq!(said.summary()["same"], people);

    // Files for one issuer: nobody of the other's is called missing, unless it is asked for.
    let (own, other) = if sent.to("12345").is_empty() { ("54321", "12345") } else { ("12345", "54321") };
    if !sent.to(other).is_empty() {
        let said = sent.diff(&sent.to(own), &latest);
        said.ends(0, &[&format!("people of issuer {other}; none of the files is addressed there")]);
        let said = sent.diff(&sent.to(own), &["--run", "latest", "--issuer", other]);
        said.ends(1, &["missing    self ", "not in the files"]);
    }
    sent.diff(&sent.files, &["--run", "latest", "--issuer", "99999"]).ends(2, &["expects nothing of issuer 99999"]);
    strangers_and_marks(&sent);
    refusals(&sent);
    sent.bench.running.stop().await;
}

/// A file of strangers to one of the issuers: nothing of them is shown, and everybody whom the run expects there is missing.
fn strangers_and_marks(sent: &Sent) {
    let latest = ["--run", "latest"];
    let family = fixture("initial_family.edi");
    let strangers = sent.write("strangers.edi", &family);
    let all: Vec<_> = sent.files.iter().cloned().chain([strangers.clone()]).collect();
    let said = sent.diff(&all, &latest);
    said.ends(0, &["0 unknown", "3 strangers"]);
    assert!(!said.text.contains("Rivera"), "{}", said.text);
    if !sent.to("54321").is_empty() {
        sent.diff(&[strangers], &latest).ends(1, &["missing    self ", "3 strangers"]);
    }
    let start = family.find("*EM*").unwrap() + 4;
    let end = start + family[start..].find(['~', '*']).unwrap();
    let marked = format!("{}john.doe.0123456789.4@example.org{}", &family[..start], &family[end..]);
    let marked = sent.write("marked.edi", &marked);
    let all: Vec<_> = sent.files.iter().cloned().chain([marked]).collect();
    let said = sent.diff(&all, &latest);
    said.ends(1, &["unknown    john.doe.0123456789.4@example.org (ids ", "marked.edi ISA 000000101", "1 unknown"]);
    assert!(!said.text.contains("Rivera"), "{}", said.text);
}

fn refusals(sent: &Sent) {
    let text = fs::read_to_string(&sent.files[0]).unwrap();
    let cut = sent.write("cut.edi", &text[..text.len() / 2]);
    sent.diff(&[cut], &["--run", "latest"]).ends(2, &["cut.edi` is not whole", "only whole files are compared"]);
    let damaged = sent.write("damaged.edi", &text.replacen("SE*", "SE*9", 1));
    sent.diff(&[damaged], &["--run", "latest"]).ends(1, &["damaged    ", "trailer `SE` counts"]);
    sent.diff(&sent.files[..1], &[]).ends(2, &["one was named", "add --run latest"]);
    sent.diff(&sent.files[..1], &["--run", "nobody's"]).ends(2, &["nobody's"]);
    sent.diff(&sent.files[..1], &["--run", "latest", "--ignore", "nonsense"]).ends(2, &["`johndoe fields`"]);
    let note = sent.write("note.txt", "no EDI at all");
    sent.diff(&[note], &["--run", "latest"]).ends(2, &["expected an X12 interchange header"]);
}

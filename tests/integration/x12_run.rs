//! `x12 diff --run`: a run's own files, whole, then with one thing wrong in each.

use super::feeds::gzip;
use super::trial::{Bench, Trial, WHOLE, scenario_of};
use super::x12_mutants::fixture;
use johndoe::generator::Generator;
use johndoe::model::{ProbeIndex, RunId};
use johndoe::prober::Options;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
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
        Self::of(Trial::given(""), WHOLE).await
    }

    async fn of(trial: Trial, options: Options) -> Self {
        let bench = trial.begin().await;
        let run = bench.start(options).await;
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

    /// What is said of each probe.
    fn kinds(&self) -> BTreeMap<u64, BTreeSet<String>> {
        let mut kinds: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
        for line in self.text.lines() {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {}", self.text));
            if let Some(probe) = line["probe"].as_u64() {
                kinds.entry(probe).or_default().insert(line["kind"].as_str().unwrap().to_owned());
            }
        }
        kinds
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
    said.ends(1, &["the same file again, with the same control numbers"]);
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
    compressed(&sent, &whole.text);
    strangers_and_marks(&sent);
    refusals(&sent);
    sent.bench.running.stop().await;
}

/// Compressed files, and some of each, say the same.
fn compressed(sent: &Sent, whole: &str) {
    let mut packed = sent.files.clone();
    for (n, file) in packed.iter_mut().enumerate().filter(|(n, _)| n % 2 == 0) {
        let name = sent.bench.ledger.with_file_name(format!("{n}.gz"));
        fs::write(&name, gzip(&fs::read_to_string(&*file).unwrap())).unwrap();
        *file = name;
    }
    let said = sent.diff(&packed, &["--run", sent.run.as_str(), "--json"]);
    assert_eq!((said.code, said.text.as_str()), (Some(0), whole));
    let cut = fs::read(&packed[0]).unwrap();
    fs::write(&packed[0], &cut[..cut.len() / 2]).unwrap();
    sent.diff(&packed, &["--run", "latest"]).ends(2, &["0.gz`: read failed: its compressed content (gzip) has no end"]);
}

/// A household with faults, and what must be said of it.
struct Sick {
    fault: &'static str,
    /// The fewest members that it needs.
    size: usize,
    /// Said for certain; a change may come along.
    said: &'static [&'static str],
}

const SICK: [Sick; 7] = [
    Sick { fault: "split", size: 2, said: &["split"] },
    Sick { fault: "drop_dependent", size: 2, said: &["missing"] },
    Sick { fault: "relationship", size: 2, said: &["changed"] },
    Sick { fault: "add_dependent", size: 1, said: &["added"] },
    Sick { fault: "ghost", size: 1, said: &["unexpected"] },
    Sick { fault: "misroute", size: 1, said: &["misrouted"] },
    Sick { fault: "alter:member.phone", size: 1, said: &["changed"] },
];

/// Households for the faults, the first that fit (of less than ten: a fault is planted by the beginning of a marker), and what is to be said of each.
fn planted(scenario: &str) -> (String, BTreeMap<u64, &'static [&'static str]>) {
    let parsed = johndoe::scenario::parse(scenario, "trial.yaml").unwrap_or_else(|e| panic!("{e}"));
    let generator = Generator::new(&parsed.name, &parsed.population);
    let mut faults: Vec<String> = Vec::new();
    let mut expected = BTreeMap::new();
    for sick in &SICK {
        let fits = |index: &u32| {
            let household = generator.household(ProbeIndex(*index));
            household.people.iter().filter(|person| person.applying).count() >= sick.size
                && !expected.contains_key(&u64::from(*index))
        };
        let index = (1..=parsed.population.count).find(fits).expect("a household that fits");
        let marker = generator.household(ProbeIndex(index)).marker;
        faults.push(format!("{}@marker={}=1", sick.fault, marker.split('@').next().unwrap()));
        expected.insert(u64::from(index), sick.said);
    }
    (faults.join(","), expected)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_added_split_misrouted_or_not_to_be_there_is_named_and_nobody_else() {
    let scenario = scenario_of(9, "").replace("dental: 0.2", "dental: 0.0");
    let (faults, expected) = planted(&scenario);
    let sent = Sent::of(Trial::given(&faults).scenario(&scenario), Options { keep: true, ..WHOLE }).await;
    let said = sent.diff(&sent.files, &["--run", "latest", "--json"]);
    said.ends(1, &["the application was rejected, and it is there", "2 policies hold parts of one household"]);
    let kinds = said.kinds();
    assert_eq!(kinds.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{}", said.text);
    for (probe, wanted) in &expected {
        let found = &kinds[probe];
        let along = found.iter().filter(|kind| !wanted.contains(&kind.as_str())).all(|kind| kind == "changed");
        assert!(wanted.iter().all(|kind| found.contains(*kind)) && along, "{probe}: {wanted:?}, not {found:?}");
    }
    let text = sent.diff(&sent.files, &["--run", "latest"]);
    text.ends(
        1,
        &["1 added", "1 missing", "1 split", "1 misrouted", "1 unexpected", "added      ", "split      self "],
    );
    sent.bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_of_a_group_is_compared_and_said_to_be_what_it_is() {
    let sent = Sent::of(Trial::given("").scenario(&scenario_of(3, "")), Options { keep: true, ..WHOLE }).await;
    let text = fs::read_to_string(&sent.files[0]).unwrap();
    let groups = text.matches("ST*834*").count();
    let and = |name: &str, text: &str| [sent.files.clone(), vec![sent.write(name, text)]].concat();
    let renumbered = text.replace(&text[90..99], "999999998");
    let latest = ["--run", "latest"];

    // A copy with new numbers is a duplicate; a file of retransmissions is not, whatever its folder is called.
    let copied = sent.diff(&and("copy.edi", &renumbered), &latest);
    copied.ends(1, &[&format!("{groups} duplicated"), "the same enrollment again, in a new envelope", "copy.edi"]);
    copied.ends(1, &[&format!("compared, too: {groups} initial_enrollment, of groups that came before")]);
    let again = sent.diff(&and("54321.I834RT.D131122.T060000123.P.edi", &renumbered), &latest);
    again.ends(0, &[&format!("initial_enrollment ({groups} retransmitted)")]);

    // What a later record says otherwise is told of it, and what it says again is not told twice.
    let wrong = renumbered.replacen("*EM*", "*EM*wrong.", 1);
    let altered = sent.diff(&and("12345.I834RT.D131122.T060000124.P.edi", &wrong), &latest);
    altered.ends(1, &["1 changed", "in a retransmission", "member.email", "found `wrong."]);
    let both = [and("12345.I834RT.edi", &wrong), vec![sent.write("98765.I834RT.edi", &wrong)]].concat();
    sent.diff(&both, &latest).ends(1, &["1 changed"]);
    let change = renumbered.replacen("*021*EC*", "*001**", 1).replacen("*EM*", "*EM*wrong.", 1);
    sent.diff(&and("change.edi", &change), &latest)
        .ends(1, &["1 changed", "in a change that nobody asked for", "wrong."]);

    // An end that nobody asked for.
    let ended = renumbered.replacen("*021*EC*", "*024*14*", 1);
    let said = sent.diff(&and("ended.edi", &ended), &latest);
    said.ends(1, &["1 unexpected", "a cancellation that nobody asked for", "not compared: 1 cancellations"]);
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

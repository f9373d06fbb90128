//! Commands and files that are shown: typed, checked, and carried out at a sandbox as the reader is told to.

use super::blocks::{Block, blocks};
use super::{pages, root, text};
use crate::cli::{Desk, Told};
use crate::files::{as_json, schema_faults};
use crate::trial::start_sandbox;
use johndoe::sandbox::Running;
use johndoe::{canary, scenario, target};
use serde_json::Value;

/// Variables of shown canaries that hold addresses.
const ADDRESSES: [&str; 6] = ["DEAD_MAN", "SLACK_WEBHOOK", "PAGERDUTY_EVENTS", "TEAMS_WEBHOOK", "ALERTMANAGER", "OWN"];

/// Whatever a shown target asks of the environment or of a file is there.
struct Anything;

impl target::References for Anything {
    fn env(&self, name: &str) -> Option<String> {
        let value = if ADDRESSES.contains(&name) { "https://example.org/" } else { "value-of-" };
        (!name.starts_with("JOHNDOE_")).then(|| format!("{value}{name}"))
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Ok(if path.contains("id_") {
            "-----BEGIN OPENSSH PRIVATE KEY-----".to_owned()
        } else {
            format!("content of {path}")
        })
    }
}

/// `over` put over `base`: mappings key by key, but for flows; lists at the end of lists; anything else in its place.
fn put_over(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) if !over.contains_key("steps") => {
            for (key, value) in over {
                put_over(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(base), Value::Array(over)) => base.extend(over),
        (base, over) => *base = over,
    }
}

/// The whole file that a block shows, or shows a part of.
fn whole(block: &Block) -> String {
    if block.how() != "target-part" {
        return block.text();
    }
    let mut file = as_json(&text("scenarios/targets/sandbox.yaml"));
    put_over(&mut file, as_json(&block.text()));
    // JSON is YAML
    file.to_string()
}

#[test]
fn every_file_that_is_shown_is_one() {
    let (of_scenarios, of_targets, of_canaries) = (scenario::schema(), target::schema(), canary::schema());
    let all = pages().iter().flat_map(|page| blocks(page)).filter(|b| b.language() == "yaml").collect::<Vec<_>>();
    assert!(all.len() > 10, "{}", all.len());
    let mut wrong = Vec::new();
    for block in all {
        let (text, at) = (whole(&block), &block.at);
        let (read, schema) = match block.how() {
            "scenario" => (scenario::parse(&text, at).err().map(|e| e.to_string()), &of_scenarios),
            "canary" => {
                let read = canary::parse(&text, at, &Anything, chrono::DateTime::UNIX_EPOCH);
                (read.err().map(|e| e.to_string()), &of_canaries)
            }
            _ => (target::parse(&text, at, &Anything).err().map(|e| e.to_string()), &of_targets),
        };
        wrong.extend(read);
        wrong.extend(schema_faults(schema, &text).into_iter().map(|fault| format!("{at}: {fault}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A line without its comment, and the exit code that the comment tells.
fn typed(line: &str) -> (String, i32) {
    let (command, comment) = line.split_once(" #").unwrap_or((line, ""));
    let code = comment.trim().strip_prefix("exit code ").map_or(0, |code| code.parse().expect("an exit code"));
    (command.trim().to_owned(), code)
}

fn commands(block: &Block) -> impl Iterator<Item = (String, i32)> + '_ {
    block.lines.iter().map(|line| typed(line)).filter(|(command, _)| !command.is_empty())
}

#[test]
fn every_command_that_is_shown_can_be_typed() {
    let desk = Desk::new();
    let shown = pages().into_iter().flat_map(|page| blocks(&page)).filter(|b| b.language() == "sh");
    let mut tried = 0;
    for block in shown {
        for (command, _) in commands(&block) {
            let words: Vec<_> = command.split_whitespace().take_while(|w| !matches!(*w, "|" | ">")).collect();
            if block.how() == "other" {
                assert!(words[0] != "johndoe", "{}: `{command}` can be tried", block.at);
                continue;
            }
            assert_eq!(words[0], "johndoe", "{}: `{command}`", block.at);
            if cfg!(not(feature = "sftp")) && words.contains(&"--sftp") {
                continue;
            }
            // flags and values before `--help` are still checked
            let told = desk.johndoe(&[&words[1..], &["--help"]].concat());
            assert_eq!(told.code, Some(0), "{}: `{command}`: {}", block.at, told.err);
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried}");
    desk.johndoe(&["run", "x.yaml", "--no-such-flag", "--help"]).ends(2, &["--no-such-flag"]);
}

/// The flags of a shown sandbox that decide what goes wrong in it.
fn faults_and_seed(command: &str) -> (String, u64) {
    let words: Vec<_> = command.split_whitespace().collect();
    let after = |flag: &str| words.iter().position(|w| *w == flag).and_then(|at| words.get(at + 1)).copied();
    (after("--fault").unwrap_or_default().to_owned(), after("--seed").map_or(0, |s| s.parse().expect("a seed")))
}

/// A reader at a desk, with the shipped scenarios at hand and a sandbox running.
struct Reader {
    desk: Desk,
    running: Running,
}

impl Reader {
    async fn new() -> Self {
        let mut desk = Desk::new();
        #[cfg(unix)]
        std::os::unix::fs::symlink(root().join("scenarios"), desk.path("scenarios")).expect("a link");
        let running = start_sandbox(&desk.path("sandbox"), "", 0).await;
        desk.lead_to(&running);
        Self { desk, running }
    }

    /// Ends the sandbox and starts another in its place.
    async fn start_again(mut self, command: &str) -> Self {
        self.running.stop().await;
        std::fs::remove_dir_all(self.desk.path("sandbox")).expect("its folder");
        let (faults, seed) = faults_and_seed(command);
        self.running = start_sandbox(&self.desk.path("sandbox"), &faults, seed).await;
        self.desk.lead_to(&self.running);
        self
    }

    /// What a shell makes of the line.
    fn types(&self, line: &str) -> Told {
        let binary = std::path::Path::new(env!("CARGO_BIN_EXE_johndoe"));
        let mut path = vec![binary.parent().expect("a folder").to_path_buf()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let mut shell = self.desk.program("sh", &["-c", line]);
        shell.env("PATH", std::env::join_paths(path).expect("a path"));
        Told::of(&shell.output().expect("a shell"))
    }
}

/// Everything on a page that is to be carried out, in order.
async fn follow(page: &str) {
    let mut reader = Reader::new().await;
    for block in blocks(page) {
        if let Some(name) = block.saved_as() {
            reader.desk.write(name, &block.text());
        }
        match (block.language(), block.how()) {
            ("sh", "sandbox") => reader = reader.start_again(&block.text()).await,
            ("sh", "run") => {
                for (line, code) in commands(&block) {
                    let told = reader.types(&line);
                    assert_eq!(told.code, Some(code), "{}: `{line}`\n{}\n{}", block.at, told.out, told.err);
                }
            }
            _ => {}
        }
    }
    reader.running.stop().await;
}

/// On a thread of its own: the reader waits for the program while the sandbox goes on answering.
fn follow_to_the_end(page: &str) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    runtime.block_on(follow(page));
}

#[test]
fn what_a_page_tells_to_type_ends_as_the_page_says() {
    let is_run = |page: &String| blocks(page).iter().any(|b| b.language() == "sh" && b.how() == "run");
    let followed: Vec<_> = pages().into_iter().filter(is_run).collect();
    assert!(followed.len() > 5, "{followed:?}");
    std::thread::scope(|threads| {
        for page in &followed {
            threads.spawn(|| follow_to_the_end(page));
        }
    });
}

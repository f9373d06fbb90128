//! The program as a stranger meets it; and the desk that the stranger sits at.

mod beside_markers;
mod composed;
mod elsewhere;
mod ends;
mod evidence;
mod files;
mod going_on;
mod known_before;
mod layered;
mod ledgers;
mod narrowing;
mod no_harm;
mod no_wait;
mod oauth;
mod only_proof;
mod outputs;
mod plans;
mod possible;
mod runs;
mod signals;
mod starting;
mod tried;
mod trying;

use crate::trial::start_sandbox;
use johndoe::sandbox::Running;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A shipped file, where it lies.
pub(crate) fn shipped(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name).to_string_lossy().into_owned()
}

/// A shipped scenario, decided by the share itself: six households prove nothing about one in a hundred.
pub(crate) fn brief(name: &str) -> String {
    let text = std::fs::read_to_string(shipped(name)).expect("a shipped scenario");
    let brief = text.replace("objective: {", "objective: {decide: estimate, ");
    assert_ne!(text, brief, "{name} has an objective");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("brief");
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    // several tests write the same at the same time, and none may read half of it
    let half = folder.join(format!("{name}.{:?}", std::thread::current().id()));
    std::fs::write(&half, brief).expect("a scenario");
    std::fs::rename(half, &path).expect("a scenario");
    path.to_string_lossy().into_owned()
}

/// A folder of its own with a ledger in it, and the program run there with an environment of its own.
pub(crate) struct Desk {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What the program came to.
pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder"), variables: Vec::new() }
    }

    /// A desk at which the shipped target leads to a sandbox.
    pub(crate) async fn at_sandbox(faults: &str) -> (Self, Running) {
        let mut desk = Self::new();
        let running = start_sandbox(desk.folder.path(), faults, 1).await;
        desk.lead_to(&running);
        (desk, running)
    }

    /// From now on the shipped targets lead to this sandbox.
    pub(crate) fn lead_to(&mut self, running: &Running) {
        self.set("JOHNDOE_EXCHANGE_URL", &format!("http://{}", running.exchange));
        self.set("JOHNDOE_OUTBOUND", &running.outbound.to_string_lossy());
        self.set("JOHNDOE_INTAKE", &running.intake.to_string_lossy());
        self.set("JOHNDOE_ANSWERS", &running.acks_to_senders.to_string_lossy());
        for (issuer, address) in &running.issuers {
            self.set(&format!("JOHNDOE_ISSUER_{issuer}_URL"), &format!("http://{address}"));
        }
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    /// The program with these words, to be run in the folder.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        self.program(env!("CARGO_BIN_EXE_johndoe"), words)
    }

    /// Another program in the same place.
    pub(crate) fn program(&self, program: &str, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("JOHNDOE_LEDGER", self.path("ledger.db")).env_remove("NO_COLOR");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program to its end.
    pub(crate) fn johndoe(&self, words: &[&str]) -> Told {
        Told::of(&self.command(words).output().expect("the program"))
    }
}

impl Told {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let told = Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
        assert!(!told.err.contains("panicked"), "{}", told.err);
        told
    }

    /// It ended so, and said each of these on standard error.
    #[track_caller]
    pub(crate) fn ends(&self, code: i32, said: &[&str]) -> &Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        for words in said {
            assert!(self.err.contains(words), "`{words}` is not in:\n{}", self.err);
        }
        self
    }
}

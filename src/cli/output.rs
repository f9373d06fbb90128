//! Where reports go: formats and places, tried before anything is sent.

use super::arguments::Arguments;
use super::console::{print, print_page};
use super::context::World;
use super::failure::Failure;
use super::flags::Reports;
use super::kept::{Kept, unwritable};
use johndoe::model::{LifeEvent, Summary};
use johndoe::report;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A report format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Json1,
    Html,
    Junit,
    Markdown,
    Csv,
}

impl Format {
    const NAMES: [(&str, Self); 7] = [
        ("text", Self::Text),
        ("json", Self::Json),
        ("json1", Self::Json1),
        ("html", Self::Html),
        ("junit", Self::Junit),
        ("md", Self::Markdown),
        ("csv", Self::Csv),
    ];

    fn parse(name: &str) -> Result<Self, Failure> {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, format)| *format).ok_or_else(|| {
            let names = Self::NAMES.map(|(name, _)| name).join(", ");
            Failure::usage(format!("`{name}` is no report format; these are: {names}"))
        })
    }

    /// The report's bytes; of a file, whose text has no colour, or of a format that has none.
    fn drawn(self, summary: &Summary, style: report::Style) -> String {
        match self {
            Self::Text => report::text(summary, style).to_string(),
            Self::Json => report::json(summary),
            Self::Json1 => report::json_1(summary),
            Self::Html => report::html(summary),
            Self::Junit => report::junit(summary),
            Self::Markdown => report::markdown(summary),
            Self::Csv => report::csv(summary),
        }
    }
}

/// Where a report goes.
#[derive(Debug)]
enum Place {
    Output,
    File(PathBuf),
}

/// The reports that were asked for.
#[derive(Debug)]
pub(crate) struct Outputs {
    all: Vec<(Format, Place)>,
    /// Whether the text tells everything.
    full: bool,
}

impl Outputs {
    /// Reads the flags, and tries each file now: a folder that does not exist is told before an hour's run, not after.
    pub(crate) fn new(reports: &Reports) -> Result<Self, Failure> {
        let mut outputs = Vec::new();
        for spec in &reports.report {
            let (format, place) = spec.split_once('=').ok_or_else(|| {
                Failure::usage(format!("`--report {spec}` must be FORMAT=PATH, such as json=report.json"))
            })?;
            let format = Format::parse(format)?;
            let place = if place == "-" { Place::Output } else { Place::File(PathBuf::from(place)) };
            if let Place::File(path) = &place {
                try_out(path)?;
            }
            outputs.push((format, place));
        }
        let on_output = outputs.iter().any(|(_, place)| matches!(place, Place::Output));
        match (reports.json, on_output) {
            (true, false) => outputs.push((Format::Json, Place::Output)),
            (true, true) => return Err(Failure::usage("--json and a report to - both want standard output")),
            (false, true) => {}
            (false, false) => outputs.push((Format::Text, Place::Output)),
        }
        Ok(Self { all: outputs, full: reports.full })
    }

    /// The same, where no report lies at the place of one of these files, which are needed: a ledger holds the only ids of those who are
    /// enrolled. What is no file's name (a ledger in a database server) is passed over.
    pub(crate) fn apart_from(self, needed: &[&str]) -> Result<Self, Failure> {
        let beside = ["", "-wal", "-shm", ".lock"];
        let needed: Vec<PathBuf> =
            needed.iter().flat_map(|name| beside.map(|end| PathBuf::from(format!("{name}{end}")))).collect();
        for (_, place) in &self.all {
            let Place::File(path) = place else { continue };
            if let Some(same) = needed.iter().find(|needed| is_same_file(needed, path)) {
                return Err(Failure::usage(format!(
                    "a report in `{}` would take the place of `{}`, which is needed; {INSTEAD}",
                    path.display(),
                    same.display()
                )));
            }
        }
        Ok(self)
    }

    /// The same, where each format has words for a journey of these events.
    pub(crate) fn able_to_say(self, journey: impl IntoIterator<Item = LifeEvent>) -> Result<Self, Failure> {
        let is_asked = self.all.iter().any(|(format, _)| *format == Format::Json1);
        match report::beyond_json_1(journey).filter(|_| is_asked) {
            None => Ok(self),
            Some(event) => Err(Failure::usage(format!(
                "`--report json1` cannot say what becomes of `{event}`: version 1 of the JSON report knows journeys of `enroll`, \
                 `change_address` and `cancel`; `--report json` says every journey"
            ))),
        }
    }

    /// Writes every report; one that cannot be written does not keep the others from it.
    pub(crate) fn write(&self, summary: &Summary, arguments: &Arguments, world: &World) -> Result<(), Failure> {
        let mut failed = Vec::new();
        for (format, place) in &self.all {
            let colored = matches!(place, Place::Output) && arguments.color.on_output(world);
            let style = report::Style { color: colored, width: world.width, full: self.full };
            let written = match (format, place) {
                (Format::Text, Place::Output) => said(print_page(&report::text(summary, style))),
                (format, Place::Output) => said(print(&format.drawn(summary, style))),
                (format, Place::File(path)) => write(path, &format.drawn(summary, style)),
            };
            failed.extend(written.err());
        }
        if failed.is_empty() {
            return Ok(());
        }
        let again = format!("nothing is lost: `johndoe report {}` reports again", summary.run.id);
        Err(Failure::harness_said(format!("{}\n{again}", failed.join("\n"))))
    }
}

fn said(printed: Result<(), Failure>) -> Result<(), String> {
    printed.map_err(|failure| failure.text().to_owned())
}

/// What to do where a report cannot lie where it should.
const INSTEAD: &str = "name another file with --report, or `-` for standard output";

fn write(path: &Path, text: &str) -> Result<(), String> {
    let written = Kept::begin(path, INSTEAD).and_then(|kept| {
        kept.file().write_all(text.as_bytes()).map_err(|e| unwritable(path, &e))?;
        kept.keep(INSTEAD)
    });
    said(written)
}

/// Whether two names lead to one file, be it there or not yet: a run makes its ledger after its reports were tried out.
fn is_same_file(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    if place(a).is_some() && place(a) == place(b) {
        return true;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let about = |path: &Path| std::fs::metadata(path).map(|about| (about.dev(), about.ino())).ok();
        about(a).is_some() && about(a) == about(b)
    }
    #[cfg(not(unix))]
    {
        let whole = |path: &Path| path.canonicalize().ok();
        whole(a).is_some() && whole(a) == whole(b)
    }
}

/// Whether a report can be written there. An earlier report stays as it is until then.
fn try_out(path: &Path) -> Result<(), Failure> {
    Kept::begin(path, INSTEAD).map(drop)
}

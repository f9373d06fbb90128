//! Where reports go: formats and places, tried before anything is sent.

use super::arguments::{Arguments, Reports};
use super::context::World;
use super::failure::Failure;
use johndoe::model::Summary;
use johndoe::report;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

/// A report format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
}

impl Format {
    fn parse(name: &str) -> Result<Self, Failure> {
        match name {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(Failure::usage(format!("`{other}` is no report format; text and json are"))),
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
pub(crate) struct Outputs(Vec<(Format, Place)>);

impl Outputs {
    /// Reads the flags, and makes each file now: a folder that does not exist is told before an hour's run, not after.
    pub(crate) fn new(reports: &Reports) -> Result<Self, Failure> {
        let mut outputs = Vec::new();
        for spec in &reports.report {
            let (format, place) = spec.split_once('=').ok_or_else(|| {
                Failure::usage(format!("`--report {spec}` must be FORMAT=PATH, such as json=report.json"))
            })?;
            let format = Format::parse(format)?;
            let place = if place == "-" { Place::Output } else { Place::File(PathBuf::from(place)) };
            if let Place::File(path) = &place {
                File::create(path).map_err(|e| Failure::usage(format!("cannot write `{}`: {e}", path.display())))?;
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
        Ok(Self(outputs))
    }

    /// Writes every report.
    pub(crate) fn write(&self, summary: &Summary, arguments: &Arguments, world: &World) -> Result<(), Failure> {
        for (format, place) in &self.0 {
            let colored = matches!(place, Place::Output) && arguments.color.on_output(world);
            let text = match format {
                Format::Text => report::text(summary, report::Style { color: colored, width: world.width }),
                Format::Json => report::json(summary),
            };
            match place {
                Place::Output => print(&text)?,
                Place::File(path) => std::fs::write(path, text.as_bytes())
                    .map_err(|e| Failure::harness(format!("cannot write `{}`: {e}", path.display())))?,
            }
        }
        Ok(())
    }
}

/// Prints to standard output; a reader that has gone away (`| head`) is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let newline = if text.ends_with('\n') { "" } else { "\n" };
    match write!(out, "{text}{newline}").and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::harness(format!("cannot write to standard output: {e}")))
        }
        _ => Ok(()),
    }
}

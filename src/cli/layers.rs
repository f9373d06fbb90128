//! What lies under a file and over it: the files that it extends, and the values that were typed with `--set`.

use super::failure::Failure;
use super::files::Source;
use super::flags::FileKind;
use johndoe::source::{Report, TYPED, Wanted, laid_over, nearest, parts_wanted, read, with_part, written_out};
use johndoe::{scenario, target};
use std::path::{Path, PathBuf};

/// So many files may lie under one.
const DEEPEST: usize = 16;
/// Last parts of ways to what is secret: the ledger keeps what a run was begun with.
const OF_SECRETS: [&str; 6] = ["bearer", "password", "client_secret", "passphrase", "key", "token"];

/// The file over those that it extends, each named by a path from the folder of the file that names it.
pub(crate) fn with_extended(path: &Path, source: Source) -> Result<Source, Failure> {
    let (mut at, mut over) = (path.to_owned(), source);
    let mut seen: Vec<PathBuf> = vec![path.to_owned()];
    let mut top = over.text.clone();
    let mut is_whole = true;
    while let Some(base) = extended(&top) {
        at = at.parent().unwrap_or(Path::new("")).join(base);
        if seen.contains(&at) || seen.len() > DEEPEST {
            let names: Vec<String> = seen.iter().map(|path| path.display().to_string()).collect();
            return Err(Failure::usage(format!("`extends` leads in a circle: {}, {}", names.join(", "), at.display())));
        }
        seen.push(at.clone());
        let below = Source::read_alone(&at).map_err(|failure| {
            Failure::usage(format!("{} (`extends` of `{}` names it)", failure.text(), path.display()))
        })?;
        over.text = laid_over((&below.name, &below.text), (&over.name, &over.text), is_whole);
        (top, is_whole) = (below.text, false);
    }
    Ok(over)
}

/// A scenario with the parts that it includes, each named from the folder of the file that names it.
pub(crate) fn with_parts(source: Source) -> Result<Source, Failure> {
    if source.kind() != FileKind::Scenario {
        return Ok(source);
    }
    let (mut text, mut report) = (source.text.clone(), Report::new());
    let mut known: Vec<String> = Vec::new();
    for Wanted { path, span } in parts_wanted(&source.text, &source.name) {
        if known.contains(&path) {
            continue;
        }
        match Source::read_alone(Path::new(&path)) {
            Ok(part) => text = with_part((&source.name, &text), (&path, &part.text)),
            Err(failure) => drop(report.error(span, failure.text().trim().to_owned())),
        }
        known.push(path);
    }
    if !report.is_empty() {
        return Err(Failure::diagnostics(report.into_diagnostics(&source.text, &source.name)));
    }
    Ok(Source { text, ..source })
}

/// What a file says that it extends.
fn extended(text: &str) -> Option<String> {
    text.lines().any(|line| line.starts_with("extends")).then_some(())?;
    read(text, &mut Report::new())?.text_of("extends").map(str::to_owned)
}

/// The file with those of the typed values over it that are of its kind.
pub(crate) fn with_typed(source: &Source, set: &[String]) -> Result<Source, Failure> {
    let mut lines = String::new();
    for typed in set {
        let (way, value) = way_of(typed)?;
        if kind_of(way)? == source.kind() {
            lines.push_str(&[way, ": ", value, "\n"].concat());
        }
    }
    if lines.is_empty() {
        return Ok(source.clone());
    }
    let text = laid_over((&source.name, &source.text), (TYPED, &lines), true);
    Ok(Source { name: source.name.clone(), text })
}

/// A scenario with what the environment says written out; a target keeps its references, since it holds secrets.
pub(crate) fn with_environment(source: Source) -> Result<Source, Failure> {
    if source.kind() != FileKind::Scenario {
        return Ok(source);
    }
    let mut report = Report::new();
    let text = written_out(&source.text, &|name| std::env::var(name).ok(), &mut report);
    if report.is_empty() {
        return Ok(Source { text, ..source });
    }
    Err(Failure::diagnostics(report.into_diagnostics(&source.text, &source.name)))
}

/// A typed `KEY=VALUE`.
fn way_of(typed: &str) -> Result<(&str, &str), Failure> {
    let pair = typed.split_once('=').map(|(way, value)| (way.trim(), value.trim()));
    let is_way = |way: &str| !way.is_empty() && way.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let Some((way, value)) = pair.filter(|(way, value)| is_way(way) && !value.contains(['\n', '\r'])) else {
        return Err(Failure::usage(format!(
            "--set `{typed}` is no KEY=VALUE, such as limits.rate=2/s or population.count=5"
        )));
    };
    if way == "extends" {
        return Err(Failure::usage(
            "--set extends: the file says what it extends, so that it is the same whoever runs it",
        ));
    }
    let last = way.rsplit('.').next().unwrap_or_default();
    if OF_SECRETS.contains(&last) && !value.contains("${") {
        return Err(Failure::usage(format!(
            "--set {way}: a credential is not typed, since the ledger keeps what was; write {way}='${{env:NAME}}' or \
             {way}='${{file:PATH}}'"
        )));
    }
    Ok((way, value))
}

/// The kind of file that has a key.
fn kind_of(way: &str) -> Result<FileKind, Failure> {
    let first = way.split('.').next().unwrap_or_default();
    let (of_targets, of_scenarios) = (target::keys(), scenario::keys());
    if of_targets.contains(&first) {
        return Ok(FileKind::Target);
    }
    if of_scenarios.contains(&first) {
        return Ok(FileKind::Scenario);
    }
    let near = nearest(first, of_targets.iter().chain(&of_scenarios).copied());
    let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(Failure::usage(format!("--set {way}: neither a target nor a scenario has a key `{first}`{meant}")))
}

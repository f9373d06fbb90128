//! How long it takes to validate and redact an 834, and how much memory.
//!
//! `cargo bench --bench validate` prints CPU time (`/proc/self/schedstat`, so that a busy machine does not count) for a file of
//! 10,000 members, which is what other validators are measured with, and for one of 100,000; then the peak memory of
//! processes that stream the larger file from disk. Given the path of pyx12's `x12valid` in `JOHNDOE_X12VALID`, its CPU time on
//! the same file of 10,000 stands beside ours.

mod files;

use files::file;
use johndoe::redact::{Key, redact};
use johndoe::wire::check::{Checker, History, Options};
use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;

type Answer<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 5;

fn main() -> Answer<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, what, path, ..] = words.as_slice()
        && flag == "--peak"
    {
        return peak(what, Path::new(path));
    }
    let folder = tempfile::tempdir()?;
    let put = |name: &str, text: &str| -> Answer<PathBuf> {
        let path = folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    };
    let small = put("10000.edi", &file(10_000, 0))?;
    compare_with_another(&small)?;
    let first = put("first.edi", &file(100_000, 0))?;
    println!(
        "100,000 members, {} MB, median of {ROUNDS} rounds, CPU time",
        std::fs::metadata(&first)?.len() / 1_000_000
    );
    told("validate", &first, || validate(&first))?;
    told("redact", &first, || copy(&first))?;
    for what in ["validate", "redact"] {
        let output = Command::new(std::env::current_exe()?).args(["--peak", what]).arg(&first).output()?;
        print!("  {}", String::from_utf8_lossy(&output.stdout));
    }
    Ok(())
}

fn compare_with_another(path: &Path) -> Answer<()> {
    let ours = median(|| validate(path))?;
    let size = f64::from(u32::try_from(std::fs::metadata(path)?.len())?) / 1e6;
    println!("10,000 members, {size:.1} MB: validate {:.1} ms of CPU", ours * 1e3);
    let Some(other) = std::env::var_os("JOHNDOE_X12VALID") else { return Ok(()) };
    let before = children_cpu_seconds()?;
    let output = Command::new(other).arg("--quiet").arg(path).output()?;
    let theirs = children_cpu_seconds()? - before;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(": OK"), "the other validator does not take the file: {said}");
    println!("  x12valid {theirs:.1} s of CPU: {:.0} times as long", theirs / ours);
    Ok(())
}

fn told(what: &str, path: &Path, work: impl Fn() -> Answer<()>) -> Answer<()> {
    let seconds = median(work)?;
    let megabytes = f64::from(u32::try_from(std::fs::metadata(path)?.len())?) / 1e6;
    println!("  {what:<30} {:>7.0} ms {:>6.0} MB/s", seconds * 1e3, megabytes / seconds);
    Ok(())
}

fn median(work: impl Fn() -> Answer<()>) -> Answer<f64> {
    let mut seconds = Vec::new();
    for _ in 0..ROUNDS {
        let before = cpu_seconds()?;
        work()?;
        seconds.push(cpu_seconds()? - before);
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds.get(ROUNDS / 2).copied().unwrap_or_default())
}

fn validate(path: &Path) -> Answer<()> {
    let mut checker = Checker::new(File::open(path)?, Options::default(), History::default());
    if let Some(finding) = checker.next()? {
        return Err(finding.to_string().into());
    }
    black_box(checker.totals());
    Ok(())
}

fn copy(path: &Path) -> Answer<()> {
    black_box(redact(File::open(path)?, &Key::new(b"bench"), std::io::sink())?);
    Ok(())
}

/// In a process of its own: does one thing and says how much memory that took.
fn peak(what: &str, path: &Path) -> Answer<()> {
    match what {
        "validate" => validate(path)?,
        _ => copy(path)?,
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("peak memory, {what}: {}", peak.split_whitespace().skip(1).collect::<Vec<_>>().join(" "));
    Ok(())
}

fn cpu_seconds() -> Answer<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat")?;
    Ok(text.split_whitespace().next().unwrap_or_default().parse::<f64>()? / 1e9)
}

/// User and system time of processes that have ended, in the system's ticks of a hundredth of a second.
fn children_cpu_seconds() -> Answer<f64> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let fields: Vec<_> = after_name.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).unwrap_or(&"0").parse::<f64>();
    Ok((ticks(13)? + ticks(14)?) / 100.0)
}

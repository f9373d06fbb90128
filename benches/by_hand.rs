//! How fast files in the hand are shown as JSON and compared, and in how much memory.
//!
//! `cargo bench --bench by_hand` makes 834 files of 100,000 members, reads them from disk as `x12 inspect --json` and
//! `x12 diff` do, and prints megabytes a second, of CPU time of all threads (so that a busy machine does not count) and of time
//! on the wall; then the peak memory of processes of their own. Of a comparison the bytes of both files are counted, each once,
//! though each is read twice where something differs: for who does, and for in what.

mod files;

use files::file;
use johndoe::wire::diff::{Changes, Difference};
use johndoe::wire::outline::Ahead;
use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

type Answer<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 7;
const MEMBERS: u32 = 100_000;

fn main() -> Answer<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, what, first, second, ..] = words.as_slice()
        && flag == "--peak"
    {
        return peak(what, Path::new(first), Path::new(second));
    }
    let folder = tempfile::tempdir()?;
    let [first, second, all] = ["first.edi", "second.edi", "all.edi"].map(|name| folder.path().join(name));
    std::fs::write(&first, file(MEMBERS, 0))?;
    std::fs::write(&second, file(MEMBERS, 1_000))?;
    std::fs::write(&all, file(MEMBERS, 1))?;
    let size = std::fs::metadata(&first)?.len();
    println!("{MEMBERS} members, {} MB, median of {ROUNDS} rounds", size / 1_000_000);
    told("inspect --json", &[&first], || inspect(&first))?;
    told("diff, the same file twice", &[&first, &first], || diff(&first, &first))?;
    told("diff, every 1,000th household changed", &[&first, &second], || diff(&first, &second))?;
    told("diff, every household changed", &[&first, &all], || diff(&first, &all))?;
    for (what, other) in [("inspect", &first), ("diff", &second), ("diff of all", &all)] {
        let output = Command::new(std::env::current_exe()?).args(["--peak", what]).args([&first, other]).output()?;
        print!("  {}", String::from_utf8_lossy(&output.stdout));
    }
    Ok(())
}

fn told(what: &str, files: &[&Path], work: impl Fn() -> Answer<()>) -> Answer<()> {
    let (mut busy, mut waited) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (before, from) = (cpu_seconds()?, Instant::now());
        work()?;
        waited.push(from.elapsed().as_secs_f64());
        busy.push(cpu_seconds()? - before);
    }
    let bytes: u64 = files.iter().map(|path| std::fs::metadata(path).map_or(0, |about| about.len())).sum();
    let megabytes = f64::from(u32::try_from(bytes)?) / 1e6;
    let [busy, waited] = [busy, waited].map(|mut seconds| {
        seconds.sort_by(f64::total_cmp);
        seconds.get(ROUNDS / 2).copied().unwrap_or_default()
    });
    let (of_cpu, on_wall) = (megabytes / busy, megabytes / waited);
    println!(
        "  {what:<38} {:>6.0} ms of CPU {of_cpu:>5.0} MB/s, {:>6.0} ms {on_wall:>5.0} MB/s",
        busy * 1e3,
        waited * 1e3
    );
    Ok(())
}

/// As the command does it: read on one thread, written on another.
fn inspect(path: &Path) -> Answer<()> {
    let mut outline = Ahead::new(File::open(path)?);
    let (mut out, mut bytes) = (Vec::new(), 0);
    while let Some(item) = outline.next()? {
        item.write_json("file.edi", &mut out);
        if out.len() > 1 << 16 {
            bytes += black_box(&out).len();
            out.clear();
        }
    }
    black_box(bytes);
    Ok(())
}

/// As the command does it: both files at once, for who differs, then for in what.
fn diff(first: &Path, second: &Path) -> Answer<()> {
    let difference = Difference::between(File::open(first)?, File::open(second)?, Vec::new());
    let difference = difference.map_err(|(side, why)| format!("{side:?}: {why:?}"))?;
    if difference.is_none() {
        return Ok(());
    }
    for change in Changes::new(File::open(first)?, File::open(second)?, &difference) {
        black_box(change.map_err(|(_, error)| error)?);
    }
    Ok(())
}

/// In a process of its own: does one thing and says how much memory that took.
fn peak(what: &str, first: &Path, second: &Path) -> Answer<()> {
    match what {
        "inspect" => inspect(first)?,
        _ => diff(first, second)?,
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("peak memory, {what}: {}", peak.split_whitespace().skip(1).collect::<Vec<_>>().join(" "));
    Ok(())
}

/// Of the process, threads that have ended among them, in the system's ticks of a hundredth of a second.
fn cpu_seconds() -> Answer<f64> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let fields: Vec<_> = after_name.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).unwrap_or(&"0").parse::<f64>();
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}

//! How long it takes to validate, show, compare and redact an 834, and how much memory.
//!
//! `cargo bench --bench validate` prints CPU time (`/proc/self/schedstat`, so that a busy machine does not count) for a file of
//! 10,000 members, which is what other validators are measured with, and for two files of 100,000; then the peak memory of
//! processes that stream the larger file from disk. Given the path of pyx12's `x12valid` in `JOHNDOE_X12VALID`, its CPU time on
//! the same file of 10,000 stands beside ours.

use johndoe::redact::{Key, redact};
use johndoe::wire::check::{Checker, History, Options};
use johndoe::wire::diff::{Prints, Told, keep};
use johndoe::wire::outline::Outline;
use std::error::Error;
use std::fmt::Write as _;
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
    let second = put("second.edi", &file(100_000, 1_000))?;
    println!(
        "100,000 members, {} MB, median of {ROUNDS} rounds, CPU time",
        std::fs::metadata(&first)?.len() / 1_000_000
    );
    told("validate", &first, 1, || validate(&first))?;
    told("inspect --json", &first, 1, || inspect(&first))?;
    told("diff, the same file twice", &first, 2, || diff(&first, &first))?;
    told("diff, every 1,000th changed", &first, 2, || diff(&first, &second))?;
    told("redact", &first, 1, || copy(&first))?;
    for what in ["validate", "inspect", "diff", "redact"] {
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

fn told(what: &str, path: &Path, files: u32, work: impl Fn() -> Answer<()>) -> Answer<()> {
    let seconds = median(work)?;
    let megabytes = f64::from(u32::try_from(std::fs::metadata(path)?.len())?) / 1e6 * f64::from(files);
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

fn inspect(path: &Path) -> Answer<()> {
    let mut outline = Outline::new(File::open(path)?);
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

fn diff(first: &Path, second: &Path) -> Answer<()> {
    let difference = Prints::read(File::open(first)?, Vec::new())?.compare(File::open(second)?)?;
    if difference.is_none() {
        return Ok(());
    }
    let kept = keep(File::open(first)?, &difference, |change| drop(black_box(change)))?;
    Told { difference, kept }.tell(File::open(second)?, |change| drop(black_box(change)))?;
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
        "inspect" => inspect(path)?,
        "diff" => diff(path, path)?,
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

/// An 834 as the federal exchange sends it: households of two, one a set. Every `changed`th household moves.
fn file(members: u32, changed: u32) -> String {
    let mut out = String::with_capacity(members as usize * 900);
    out += "ISA*00*          *00*          *ZZ*CMSFFM         *ZZ*270549481      *131115*1010*^*00501*000000001*1*T*:~";
    out += "GS*BE*VA0*12345VA0010001*20131115*1010*1*X*005010X220A1~";
    for set in 0..members / 2 {
        let moved = changed > 0 && set % changed == 0;
        let first = household(set, moved);
        let header = format!(
            "BGN*00*{set:06}*20131115*101010*ET***2~QTY*TO*2~QTY*DT*1~N1*P5*JANE DOE*94*{:010}~N1*IN*ACME HEALTH*FI*270549481~",
            set * 2
        );
        let segments = header.matches('~').count() + first.matches('~').count() + 2;
        let _ = write!(out, "ST*834*{set:06}*005010X220A1~{header}{first}SE*{segments}*{set:06}~");
    }
    let _ = write!(out, "GE*{}*1~IEA*1*000000001~", members / 2);
    out
}

fn household(set: u32, moved: bool) -> String {
    let dollars = 100 + set % 400;
    let totals = [
        ("PRE AMT TOT", "9X", format!("{}.00", 2 * dollars)),
        ("APTC AMT", "9V", format!("{dollars}.00")),
        ("TOT RES AMT", "9V", format!("{dollars}.00")),
        ("RATING AREA", "9X", "R-VA007".to_owned()),
    ];
    let subscriber = member(set * 2, "INS*Y*18*021*EC*A***AC~", dollars, &totals, moved);
    subscriber + &member(set * 2 + 1, "INS*N*01*021*EC*A~", dollars, &[], moved)
}

fn member(index: u32, insured: &str, dollars: u32, totals: &[(&str, &str, String)], moved: bool) -> String {
    let household = index / 2 * 2;
    let street = if moved { "NEW ST" } else { "MAIN ST" };
    let mut out = format!(
        "{insured}REF*0F*{household:010}~REF*17*{index:010}~REF*6O*{index:08}~DTP*356*D8*20140101~\
         NM1*IL*1*DOE{household:06}*JANE{index:06}*Q~PER*IP**TE*80455501{:02}*EM*jd-{index:06}@example.com~\
         N3*{index} {street}~N4*RICHMOND*VA*23220**CY*51760~DMG*D8*19{:02}{:02}{:02}*F~HLH*N~LUI*LD*ENG**7~\
         HD*021**HLT~DTP*348*D8*20140101~REF*CE*12345VA001000104~REF*1L*P{household:09}~LS*2700~",
        index % 100,
        40 + index % 50,
        1 + index % 12,
        1 + index % 28,
    );
    let own = ("PRE AMT 1", "9X", format!("{dollars}.00"));
    for (at, (name, qualifier, value)) in std::iter::once(&own).chain(totals).enumerate() {
        let _ = write!(out, "LX*{}~N1*75*{name}~REF*{qualifier}*{value}~DTP*007*D8*20140101~", at + 1);
    }
    out += "LE*2700~";
    out
}

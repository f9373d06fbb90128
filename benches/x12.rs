//! How long decoding an 834 of 100,000 members takes, against nothing but splitting the same bytes into elements.
//!
//! `cargo bench --bench x12` prints CPU time of both in interleaved rounds, their ratio, and the peak memory of a process
//! that streams the file from disk. CPU time is the thread's own (`/proc/self/schedstat`), so that a busy machine does not
//! count.

use johndoe::model::Cents;
use johndoe::wire::x12::{Item, Member, Reader, completeness};
use std::error::Error;
use std::fmt::Write as _;
use std::fs::File;
use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::process::Command;

const MEMBERS: u32 = 100_000;
const MEMBERS_PER_SET: u32 = 500;
const ROUNDS: usize = 9;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--peak") {
        return stream(Path::new(&arguments.next().unwrap_or_default()));
    }
    let folder = tempfile::tempdir()?;
    for (name, per_set) in [("batches of 500 members a set", MEMBERS_PER_SET), ("one household a set", 2)] {
        let text = file(MEMBERS, per_set);
        let path = folder.path().join(format!("{per_set}.edi"));
        std::fs::write(&path, &text)?;
        compare(name, text.as_bytes())?;
        peak(&path)?;
    }
    Ok(())
}

fn compare(name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    let (mut floors, mut decodes, mut checks) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floors.push(cpu_seconds(|| black_box(split(bytes)))?.0);
        let (seconds, sums) = cpu_seconds(|| decode(bytes))?;
        assert_eq!(sums.members, u64::from(MEMBERS), "members");
        decodes.push(seconds);
        checks.push(cpu_seconds(|| black_box(completeness(bytes)).is_ok())?.0);
    }
    let (floor, decode, check) = (median(&mut floors), median(&mut decodes), median(&mut checks));
    let megabytes = f64::from(u32::try_from(bytes.len())?) / 1e6;
    println!("{name}: {megabytes:.1} MB, {MEMBERS} members, median of {ROUNDS} interleaved rounds, CPU time");
    for (what, seconds) in
        [("memchr2 split into elements", floor), ("decode to typed groups", decode), ("completeness", check)]
    {
        let ratio = seconds / floor;
        println!("  {what:<28} {:>7.1} ms {:>7.0} MB/s  {ratio:.2} x", seconds * 1e3, megabytes / seconds);
    }
    Ok(())
}

fn peak(path: &Path) -> Result<(), Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).arg("--peak").arg(path).output()?;
    print!("  {}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// In a process of its own: streams a file and says how much memory that took.
fn stream(path: &Path) -> Result<(), Box<dyn Error>> {
    let sums = decode(File::open(path)?);
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("streaming {} members from disk: {}", sums.members, peak.split_whitespace().collect::<Vec<_>>().join(" "));
    Ok(())
}

/// The floor: every element of every segment as a slice.
fn split(bytes: &[u8]) -> (u64, u64) {
    let (mut start, mut elements, mut length) = (0, 0, 0);
    for at in memchr::memchr2_iter(b'*', b'~', bytes) {
        let element = bytes.get(start..at).unwrap_or_default();
        start = at + 1;
        elements += 1;
        length += element.len() as u64;
    }
    (elements, length)
}

#[derive(Default)]
struct Sums {
    members: u64,
    premiums: i64,
    credits: i64,
    days: i64,
    letters: usize,
}

/// What a feed needs of every member: ids, names, dates, plan, amounts, all typed.
fn decode(source: impl Read) -> Sums {
    let mut sums = Sums::default();
    let mut reader = Reader::new(source);
    while let Ok(Some(item)) = reader.next() {
        match item {
            Item::Group(group) => group.members().for_each(|member| sums.add(&member)),
            // Damage costs members, which the caller counts.
            Item::Damage(damage) => println!("{damage}"),
        }
    }
    black_box(sums)
}

impl Sums {
    fn add(&mut self, member: &Member<'_>) {
        self.members += 1;
        let texts = [
            member.subscriber_id(),
            member.member_id(),
            member.policy_id(),
            member.last_name(),
            member.first_name(),
            member.email(),
            member.ssn(),
            member.plan(),
        ];
        self.letters += texts.iter().flatten().map(|text| text.len()).sum::<usize>();
        let days = [member.birth_date(), member.benefit_begin()];
        self.days += days.iter().flatten().map(|day| i64::from(chrono::Datelike::num_days_from_ce(day))).sum::<i64>();
        self.premiums += member.premium().map_or(0, |Cents(cents)| cents);
        let totals = [member.aptc(), member.premium_total(), member.total_responsibility()];
        self.credits += totals.iter().flatten().map(|Cents(cents)| cents).sum::<i64>();
    }
}

fn cpu_seconds<T>(work: impl FnOnce() -> T) -> Result<(f64, T), Box<dyn Error>> {
    let before = cpu_nanoseconds()?;
    let done = work();
    Ok(((cpu_nanoseconds()? - before) / 1e9, done))
}

fn cpu_nanoseconds() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/schedstat")?;
    Ok(text.split_whitespace().next().unwrap_or_default().parse()?)
}

fn median(seconds: &mut [f64]) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or_default()
}

/// An 834 as the exchange sends it, but for the members a set holds: households of two, no line breaks.
fn file(members: u32, per_set: u32) -> String {
    let mut out = String::with_capacity(members as usize * 700);
    out += "ISA*00*          *00*          *ZZ*CMSFFM         *ZZ*270549481      *131115*1010*^*00501*000000001*1*T*:~";
    out += "GS*BE*VA0*12345VA0010001*20131115*1010*1*X*005010X220A1~";
    let sets = members.div_ceil(per_set);
    for set in 0..sets {
        let first = set * per_set;
        let last = (first + per_set).min(members);
        let body: String = (first..last).map(member).collect();
        let header = format!(
            "BGN*00*{set:06}*20131115*101010*ET***2~QTY*TO*{0}~QTY*DT*{1}~N1*P5*JANE DOE*94*{first}~N1*IN*ACME HEALTH*FI*270549481~",
            last - first,
            (last - first) / 2
        );
        let segments = header.matches('~').count() + body.matches('~').count() + 2;
        let _ = write!(out, "ST*834*{set:06}*005010X220A1~{header}{body}SE*{segments}*{set:06}~");
    }
    let _ = write!(out, "GE*{sets}*1~IEA*1*000000001~");
    out
}

fn member(index: u32) -> String {
    let household = index / 2 * 2;
    let is_subscriber = index == household;
    let (indicator, code, status) = if is_subscriber { ("Y", "18", "***AC") } else { ("N", "01", "") };
    let mut out = format!(
        "INS*{indicator}*{code}*021*EC*A{status}~REF*0F*{household:010}~REF*17*{index:010}~REF*6O*{index:08}~DTP*356*D8*20140101~\
         NM1*IL*1*DOE{household:06}*JANE{index:06}*Q***34*666{:06}~PER*IP**TE*804555{:04}*EM*jd-{index:06}@example.com~\
         N3*{index} MAIN ST~N4*RICHMOND*VA*23220**CY*51760~DMG*D8*19{:02}{:02}{:02}*F*M~HLH*N~LUI*LD*ENG**7~\
         HD*021**HLT~DTP*348*D8*20140101~AMT*P3*{}.{:02}~REF*CE*12345VA001000104~REF*1L*P{household:09}~LS*2700~",
        index % 1_000_000,
        100 + index % 100,
        40 + index % 60,
        1 + index % 12,
        1 + index % 28,
        100 + index % 400,
        index % 100,
    );
    let premium = format!("{}.{:02}", 100 + index % 400, index % 100);
    let mut items = vec![("PRE AMT 1", "9X", premium)];
    if is_subscriber {
        items.push(("PRE AMT TOT", "9X", "568.80".to_owned()));
        items.push(("APTC AMT", "9V", "250.58".to_owned()));
        items.push(("TOT RES AMT", "9V", "318.22".to_owned()));
        items.push(("RATING AREA", "9X", "R-VA007".to_owned()));
    }
    for (at, (name, qualifier, value)) in items.iter().enumerate() {
        let _ = write!(out, "LX*{}~N1*75*{name}~REF*{qualifier}*{value}~DTP*007*D8*20140101~", at + 1);
    }
    out += "LE*2700~";
    out
}

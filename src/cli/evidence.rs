//! `evidence`: a folder of all that is known of one household; nothing is reached.

use super::arguments::Arguments;
use super::console::print;
use super::context::World;
use super::demo;
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Source, references};
use super::flags;
use super::kept::{Kept, unwritable};
use super::run::header_of;
use super::show::OfProbe;
use super::x12::Input;
use johndoe::exchange::rehearse;
use johndoe::issuer::{ByHand, by_hand};
use johndoe::ledger;
use johndoe::model::{Captures, CoverageLine, Entry, Event, Household, IssuerId, LifeEvent, PlanId, RecordKind, hex};
use johndoe::reconcile;
use johndoe::report::{Style, sheet};
use johndoe::target::{Context, Feed, Target};
use johndoe::wire::x12::{Wanted, excerpts};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Columns of its texts.
const WIDTH: u16 = 120;

/// Writes the bundle of one household.
pub(crate) fn evidence(asked: &flags::Evidence, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let of = OfProbe::find(&asked.probe, arguments, world)?;
    let subject = Subject::of(&of, arguments, world)?;
    let style = Style { color: false, width: WIDTH, full: true };
    let judged = of.summary.probes.iter().find(|probe| probe.index == of.index);
    let judged = judged.ok_or_else(|| Failure::usage(format!("nothing was sent for probe {}", of.index)))?;
    let steps = steps(&of);
    let mut files = vec![
        ("SHEET.md", sheet(&of.summary, judged, &steps)),
        ("timeline.txt", of.timeline(style)?.to_string()),
        ("sent.txt", subject.sent()),
        ("again.txt", subject.again(&of)),
        ("record.json", pretty(&json!({"probe": judged, "household": subject.household, "plans": subject.plans}))?),
        ("entries.json", pretty(&json!(own_entries(&of)))?),
    ];
    let segments = segments(&of, &asked.files, (arguments, world))?;
    files.extend(segments.map(|text| ("segments.txt", text)));
    let run: String = of.plan.run.as_str().chars().take(8).collect();
    let folder = asked.folder.clone().unwrap_or_else(|| PathBuf::from(format!("evidence-{run}-{}", of.index)));
    let clean: Vec<(&str, String)> = files.into_iter().map(|(name, text)| (name, subject.redacted(&text))).collect();
    write(&folder, &clean)?;
    let names: Vec<&str> = clean.iter().map(|(name, _)| *name).collect();
    print(&format!("{}: {}, MANIFEST.sha256", folder.display(), names.join(", ")))?;
    Ok(Exit::Done)
}

/// Who was sent where.
struct Subject {
    household: Household,
    plans: BTreeMap<CoverageLine, PlanId>,
    context: Context,
    /// `None` where it cannot be read any more.
    target: Option<Target>,
}

impl Subject {
    fn of(of: &OfProbe, arguments: &Arguments, world: &World) -> Result<Self, Failure> {
        let planned = of.entries.iter().find_map(|entry| match &entry.event {
            Event::Planned { household, plans } if household.index == of.index => Some((household, plans)),
            _ => None,
        });
        let (household, plans) = planned
            .ok_or_else(|| Failure::usage(format!("nothing was sent for probe {} of run {}", of.index, of.plan.run)))?;
        let mut told = Captures::default();
        for entry in &of.entries {
            match &entry.event {
                Event::Committing { probe, captures, .. }
                | Event::Named { probe, captures, .. }
                | Event::Answered { probe, captures, .. }
                    if *probe == of.index =>
                {
                    told.add(captures.clone());
                }
                _ => {}
            }
        }
        let context = Context::new(household, plans, &of.plan.run).with_captures(&told);
        let ledger = ledger::open_to_read(arguments.ledger(world))?;
        let header = header_of(&*ledger, &of.plan.run)?;
        // of a demo nobody can be asked again, and a secret that is not there any more keeps nobody from the rest
        let source = Source { name: header.target_file.clone(), text: header.target_text.clone() };
        let target = if demo::is_demo(&header) { None } else { source.target(&references(world)).ok() };
        Ok(Self { household: household.as_ref().clone(), plans: plans.clone(), context, target })
    }

    /// The requests of its journey as they are rendered with all that is known now.
    fn sent(&self) -> String {
        let Some(target) = &self.target else { return NO_TARGET.to_owned() };
        let mut text =
            "The requests as they are rendered for this household with all that was captured; headers are left out.\n"
                .to_owned();
        for event in LifeEvent::ALL {
            if let Some(flow) =
                target.exchange.flows.get(event).filter(|_| matches!(event, LifeEvent::Enroll | LifeEvent::Cancel))
            {
                let _ = writeln!(text, "\n# {event}\n");
                text.extend(
                    rehearse(flow, &target.exchange.base_url, &self.context)
                        .iter()
                        .map(|request| format!("{request}\n\n")),
                );
            }
        }
        text
    }

    /// How to look again, and how to do it again.
    fn again(&self, of: &OfProbe) -> String {
        let (run, index) = (&of.plan.run, of.index);
        let mut text = format!(
            "# Whatever creates or changes is repeated under ledger and clean-up alone:\n\njohndoe narrow {run} {index}\n\n\
             # Look-ups change nothing; variables stand for credentials:\n"
        );
        let Some(target) = &self.target else { return text + "\n" + NO_TARGET };
        let issuers: Vec<IssuerId> = self.plans.values().filter_map(PlanId::issuer).collect();
        for waypoint in &target.waypoints {
            if let Feed::JsonApi(api) = &waypoint.feed {
                let _ = writeln!(text, "\n# {}", waypoint.name);
                text.extend(by_hand(api, &self.context, &issuers).iter().map(|ask| format!("{}\n", curl(ask))));
            }
        }
        text
    }

    /// Without any secret of the target, and of Social Security numbers the last four digits.
    fn redacted(&self, text: &str) -> String {
        let mut clean = self.target.as_ref().map_or_else(|| text.to_owned(), |target| target.secrets.redact(text));
        for ssn in self.household.people.iter().filter_map(|person| person.ssn.as_ref()) {
            let digits = ssn.as_str();
            let (head, tail) = digits.split_at(digits.len().saturating_sub(4));
            let dashed = format!("{}-{}-{tail}", head.get(..3).unwrap_or_default(), head.get(3..).unwrap_or_default());
            let masked = format!("***-**-{tail}");
            clean = clean.replace(digits, &masked).replace(&dashed, &masked);
        }
        clean
    }
}

const NO_TARGET: &str = "The target of the run cannot be read any more: what it would ask is not known.\n";

/// A look-up as a line for a shell: each header that may hold a credential is a variable.
fn curl(ask: &ByHand) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let mut line = "curl -sS".to_owned();
    if ask.method != "GET" {
        let _ = write!(line, " -X {}", quoted(&ask.method));
    }
    for name in &ask.headers {
        let variable: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        let _ = write!(line, " -H \"{name}: ${variable}\"");
    }
    if let Some((kind, body)) = &ask.body {
        let _ = write!(line, " -H {} --data {}", quoted(&format!("Content-Type: {kind}")), quoted(body));
    }
    line + " " + &quoted(&ask.url)
}

/// What was done to it, each in a line.
fn steps(of: &OfProbe) -> Vec<String> {
    let told = |entry: &Entry| match &entry.event {
        Event::Answered { probe, action, submission, .. } if *probe == of.index => {
            Some(format!("{}: `{action}` was {}", entry.at.format("%Y-%m-%d %H:%M:%SZ"), submission.told()))
        }
        _ => None,
    };
    of.entries.iter().filter_map(told).collect()
}

/// Its own entries, as the ledger has them.
fn own_entries(of: &OfProbe) -> Vec<Value> {
    let sightings = reconcile::evidence(&of.plan, &of.entries, of.index).map(|(_, own)| own).unwrap_or_default();
    let is_own = |entry: &&Entry| match &entry.event {
        Event::Seen { sighting } => sightings.iter().any(|own| std::ptr::eq(*own, sighting.as_ref())),
        Event::Planned { household, .. } => household.index == of.index,
        Event::Acknowledged { acknowledgement } => acknowledgement.probe == of.index,
        Event::Narrowed { proof } => proof.probe == of.index,
        Event::Sending { probe, .. }
        | Event::Committing { probe, .. }
        | Event::Named { probe, .. }
        | Event::Answered { probe, .. }
        | Event::Gone { probe, .. }
        | Event::Absent { probe, .. }
        | Event::Possible { probe, .. } => *probe == of.index,
        Event::Looked { probe, .. } | Event::Blind { probe, .. } => *probe == Some(of.index),
        _ => false,
    };
    of.entries.iter().filter(is_own).map(|entry| json!(entry)).collect()
}

/// The loops of its own members in these files; `None` where none was named.
fn segments(
    of: &OfProbe,
    files: &[PathBuf],
    (arguments, world): (&Arguments, &World),
) -> Result<Option<String>, Failure> {
    if files.is_empty() {
        return Ok(None);
    }
    let wanted = wanted(of);
    let mut text = String::new();
    for path in files {
        let input = Input::open(path, arguments, world)?;
        let name = input.name.clone();
        for loop_of in excerpts(input, &wanted).map_err(|e| Failure::usage(format!("`{name}`: {e}")))? {
            let [isa, gs, st] = &loop_of.controls;
            let _ = writeln!(text, "# {name} ISA {isa} GS {gs} ST {st}, from segment {}", loop_of.first);
            text.extend(loop_of.segments.iter().map(|segment| format!("{segment}\n")));
            text.push('\n');
        }
    }
    if text.is_empty() {
        let all: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        return Err(Failure::usage(format!(
            "no segment of probe {} stands in {}; `johndoe show` names the files in which it was seen",
            of.index,
            all.join(", ")
        )));
    }
    Ok(Some(text))
}

/// Where its own people's facts stand in files, by the ledger: of a record only the members who are like somebody of the household.
fn wanted(of: &OfProbe) -> Vec<Wanted> {
    let household = of.entries.iter().find_map(|entry| match &entry.event {
        Event::Planned { household, .. } if household.index == of.index => Some(household),
        _ => None,
    });
    let (Some((_, sightings)), Some(household)) = (reconcile::evidence(&of.plan, &of.entries, of.index), household)
    else {
        return Vec::new();
    };
    let mut wanted = Vec::new();
    for record in sightings.iter().map(|sighting| &sighting.record).filter(|record| record.kind != RecordKind::Snapshot)
    {
        let place = &record.place;
        let numbers = [&place.interchange, &place.functional_group, &place.transaction_set];
        let own = record.members.iter().filter(|member| household.has_somebody_like(member));
        let at = own
            .flat_map(|member| member.stated().iter().filter_map(|field| member.position(field)).collect::<Vec<_>>());
        let segments: BTreeSet<u32> = at.map(|position| position.segment).collect();
        wanted.push(Wanted { controls: numbers.map(|number| number.clone().unwrap_or_default()), segments });
    }
    wanted
}

fn pretty(value: &Value) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(Failure::harness)
}

/// A folder that was not there, with these files and the sums of each.
fn write(folder: &Path, files: &[(&str, String)]) -> Result<(), Failure> {
    if folder.exists() {
        return Err(Failure::usage(format!("`{}` is there already; name another folder with --to", folder.display())));
    }
    std::fs::create_dir(folder).map_err(|e| unwritable(folder, &e))?;
    let sums = files.iter().map(|(name, text)| format!("{}  {name}\n", hex(&Sha256::digest(text))));
    let manifest = ("MANIFEST.sha256", sums.collect::<String>());
    for (name, text) in files.iter().chain([&manifest]) {
        let place = folder.join(name);
        let kept = Kept::begin(&place, "name another folder with --to")?;
        kept.file().write_all(text.as_bytes()).map_err(|e| unwritable(&place, &e))?;
        kept.keep("name another folder with --to")?;
    }
    Ok(())
}

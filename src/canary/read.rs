//! Canary text to a canary: the tree is checked against its keys first, then for what cannot be meant.

use super::keys::{CANARY, moment, time_of_day};
use super::means::{Means, means};
use crate::source::{Diagnostics, Entry, Node, Report, duration, fill_references, read_layers, share};
use crate::target::{References, look_up};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use johndoe_vigil::Mistake;
use johndoe_vigil::alarm::Policy;
use johndoe_vigil::schedule::{CatchUp, Overlap, Plan, Rhythm, Schedule, Window};
use johndoe_vigil::stream::Budget;
use secrecy::SecretString;

/// A canary, as its file has it.
#[derive(Debug, Clone)]
pub struct Canary {
    /// Its name.
    pub name: String,
    /// What is probed, and when.
    pub watched: Vec<Watched>,
    /// Whom to tell.
    pub channels: Vec<Channel>,
    /// False alarms, for everything together.
    pub budget: Budget,
    /// About alarms.
    pub policy: Policy,
    /// While this file is there, nothing is sent.
    pub kill_switch: Option<String>,
    /// Who is told that the canary lives: an address, which is a secret.
    pub dead_man: Option<SecretString>,
    /// Where `/metrics` is served.
    pub metrics: Option<String>,
}

/// One schedule, with what it probes.
#[derive(Debug, Clone)]
pub struct Watched {
    /// When, and what becomes of each tick.
    pub plan: Plan,
    /// The scenario's file.
    pub scenario: String,
    /// The target's file.
    pub target: String,
    /// Households of each run; `None`: as the scenario says.
    pub count: Option<u32>,
    /// Seed of the first run; `None`: the scenario's.
    pub seed: Option<u64>,
}

/// One channel.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its name and size.
    pub channel: johndoe_vigil::delivery::Channel,
    /// How it is told.
    pub means: Means,
}

/// Reads a canary. `file` is the name shown in errors; references are asked of `references`; what can never run is looked for in
/// the year after `from`. All errors come back at once, in the file's order, and none shows what a reference brought in.
pub fn parse(text: &str, file: &str, references: &dyn References, from: DateTime<Utc>) -> Result<Canary, Diagnostics> {
    let mut report = Report::new();
    let canary = read_layers(text, &mut report).and_then(|mut root| {
        fill_references(&mut root, &|kind, name| look_up(references, kind, name), &mut report);
        CANARY.check(&root, &mut report);
        root.is_map().then(|| Reader { report: &mut report, from }.canary(&root))
    });
    match canary {
        Some(canary) if report.is_empty() => Ok(canary),
        _ => Err(report.into_diagnostics(text, file)),
    }
}

/// Reads a tree that the check has seen: what the check has refused is passed over in silence.
struct Reader<'r> {
    report: &'r mut Report,
    from: DateTime<Utc>,
}

impl Reader<'_> {
    fn canary(&mut self, root: &Node) -> Canary {
        let zone = zone_of(root).unwrap_or(Tz::UTC);
        let mut policy = Policy::default();
        if let Some(every) = span(root, "remind_every") {
            policy.remind_every = every;
        }
        if let Some(people) = number(root, "residue") {
            policy.residue_at_most = people;
        }
        let mut budget = Budget::default();
        if let Some(alarms) = root.text_of("false_alarms").and_then(share) {
            budget.false_alarms_a_month = alarms;
        }
        let schedules = root.get("schedules").map_or(&[][..], Node::items);
        let channels = root.get("channels").map_or(&[][..], Node::items);
        self.refuse_repeated(schedules);
        self.refuse_repeated(channels);
        Canary {
            name: root.text_of("canary").unwrap_or_default().to_owned(),
            watched: schedules.iter().filter_map(|node| self.watched(node, zone)).collect(),
            channels: channels.iter().filter_map(|node| self.channel(node)).collect(),
            budget,
            policy,
            kill_switch: root.text_of("kill_switch").map(ToOwned::to_owned),
            dead_man: root.text_of("dead_man").map(|address| address.to_owned().into()),
            metrics: root.text_of("metrics").map(ToOwned::to_owned),
        }
    }

    fn watched(&mut self, node: &Node, zone: Tz) -> Option<Watched> {
        let zone = zone_of(node).unwrap_or(zone);
        let plan = Plan {
            name: node.text_of("name")?.to_owned(),
            schedule: self.schedule(node, zone)?,
            open: self.windows(node.get("open"), zone),
            closed: self.windows(node.get("closed"), zone),
            overlap: if node.text_of("overlap") == Some("queue") { Overlap::Queue } else { Overlap::Skip },
            catch_up: match node.text_of("catch_up") {
                Some("none") => CatchUp::None,
                Some("all") => CatchUp::All,
                _ => CatchUp::Latest,
            },
        };
        for mistake in plan.check(self.from) {
            let place = node.entry("closed").or_else(|| node.entry("open"));
            self.mistake(node, place, mistake);
        }
        Some(Watched {
            plan,
            scenario: node.text_of("scenario")?.to_owned(),
            target: node.text_of("target")?.to_owned(),
            count: number(node, "count"),
            seed: number(node, "seed"),
        })
    }

    fn schedule(&mut self, node: &Node, zone: Tz) -> Option<Schedule> {
        let (cron, every) = (node.entry("cron"), node.entry("every"));
        let rhythm = match (cron, every) {
            (Some(cron), None) => Rhythm::cron(cron.value.text()?, zone),
            (None, Some(_)) => Rhythm::every(span(node, "every")?, zone),
            (Some(_), Some(every)) => {
                self.report.error(every.key_span, "a schedule with `cron` and `every`, expected one of the two");
                return None;
            }
            (None, None) => {
                let help = "write for example `cron: \"*/15 * * * *\"`, or `every: 15m`";
                self.report
                    .error(node.span, "a schedule without `cron` and `every`, expected one of the two")
                    .help(help);
                return None;
            }
        };
        let rhythm = rhythm.map_err(|mistake| self.mistake(node, cron.or(every), mistake)).ok()?;
        let spread = span(node, "spread").unwrap_or_default();
        // who is probed at what moment depends on the name alone, and stays what it is
        let seed = node
            .text_of("name")
            .unwrap_or_default()
            .bytes()
            .fold(0, |seed: u64, byte| seed.wrapping_mul(0x0100_0000_01B3).wrapping_add(u64::from(byte)));
        let schedule = Schedule::new(rhythm, spread, seed);
        schedule.map_err(|mistake| self.mistake(node, node.entry("spread"), mistake)).ok()
    }

    fn windows(&mut self, node: Option<&Node>, zone: Tz) -> Vec<Window> {
        let items = node.map_or(&[][..], Node::items);
        items.iter().filter_map(|item| self.window(item, zone)).collect()
    }

    fn window(&mut self, node: &Node, zone: Tz) -> Option<Window> {
        let (from, to) = (node.text_of("from")?, node.text_of("to")?);
        let window = if let Some(days) = node.get("days") {
            let days: Vec<_> = days.items().iter().filter_map(|day| day.text()?.parse().ok()).collect();
            let except: Vec<_> = node.get("except").map_or(&[][..], Node::items).iter().collect();
            let except: Vec<_> = except.into_iter().filter_map(|date| date.text()?.parse().ok()).collect();
            let Some(hours) = time_of_day(from).zip(time_of_day(to)) else {
                self.report.error(node.span, "a window on days of the week, whose ends are no times of day");
                return None;
            };
            Window::weekly(&days, hours, &except, zone)
        } else {
            if let Some(except) = node.entry("except") {
                self.report.error(except.key_span, "`except` in a window without `days`, which is once anyway");
            }
            let Some((from, to)) = moment(from).zip(moment(to)) else {
                let help = "write `days: [mon, tue]` beside times of day, or moments such as `2026-06-01 22:00`";
                self.report.error(node.span, "a window without `days`, whose ends are no moments").help(help);
                return None;
            };
            Window::once(from, to, zone)
        };
        window.map_err(|mistake| self.mistake(node, node.entry("to"), mistake)).ok()
    }

    fn channel(&mut self, node: &Node) -> Option<Channel> {
        let means = means(node, self.report)?;
        let size = number(node, "size").unwrap_or(4000);
        let channel = johndoe_vigil::delivery::Channel { name: node.text_of("name")?.to_owned(), size };
        Some(Channel { channel, means })
    }

    fn refuse_repeated(&mut self, items: &[Node]) {
        let mut seen = std::collections::BTreeSet::new();
        for name in items.iter().filter_map(|item| item.get("name")) {
            if let Some(text) = name.text()
                && !seen.insert(text)
            {
                self.report.error(name.span, format!("the name `{text}` stands here a second time"));
            }
        }
    }

    /// What the heart of the canary refuses, at the key that it means.
    fn mistake(&mut self, node: &Node, entry: Option<&Entry>, mistake: Mistake) {
        let span = entry.map_or(node.span, |entry| entry.value.span);
        // what came from outside the file is presumed secret
        let is_given = entry.and_then(|entry| entry.value.scalar()).is_some_and(|scalar| !scalar.filled.is_empty());
        let found = if is_given { "what the reference brought in" } else { &mistake.found };
        let message = format!("found {found}, expected {}", mistake.expected);
        self.report.error(span, message).help(mistake.help);
    }
}

fn zone_of(node: &Node) -> Option<Tz> {
    node.text_of("timezone")?.parse().ok()
}

pub(super) fn span(node: &Node, key: &str) -> Option<TimeDelta> {
    TimeDelta::from_std(duration(node.text_of(key)?)?).ok()
}

pub(super) fn number<T: std::str::FromStr>(node: &Node, key: &str) -> Option<T> {
    node.text_of(key)?.parse().ok()
}

//! The marketplace as a whole: what it holds, its batch, and the issuers' loading.

use super::application::Case;
use super::defect::{At, Defect, Field};
use super::edi::{Enrollment, Habits, Insured, Numbers, file};
use super::roster::Books;
use super::{portal, strangers};
use chrono::{Months, Utc};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// HIOS ids of the two issuers.
pub(super) const ISSUERS: [&str; 2] = ["41001", "52002"];
/// Folders of the two issuers below the outbox.
pub(super) const FOLDERS: [&str; 2] = ["LAUREL", "MONONGAHELA"];
/// What the prober signs in with; none of it may be found in anything it keeps.
pub(super) const PASSWORD: &str = "kEy/st0ne+pass word";
pub(super) const OBSERVER_PASSWORDS: [&str; 2] = ["laurel&observer=1", "m0n0ngahela-0bserver"];
pub(super) const PARTNER_KEY: &str = "partner-key-5d1c77";

const HABITS: [Habits; 2] = [
    Habits {
        element: '|',
        repetition: '!',
        component: '>',
        segment: "~\r\n",
        name: "LAUREL MUTUAL",
        tax_id: "270000001",
    },
    Habits {
        element: '*',
        repetition: '^',
        component: ':',
        segment: "\n",
        name: "MONONGAHELA CARE",
        tax_id: "270000002",
    },
];
/// The batch runs this often.
const BATCH_EVERY: Duration = Duration::from_millis(250);
/// From a file to the issuer's books.
const LOADING: Duration = Duration::from_millis(150);

/// What a run of the pipeline is to do wrong.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble {
    /// One each to households that can show it.
    pub(super) defects: Vec<Defect>,
    /// How late a late record is.
    pub(super) late: Duration,
    /// How long the portal is silent where it does not answer.
    pub(super) silence: Duration,
}

/// A record on its way into a file, and from there into books.
#[derive(Debug, Clone)]
struct Shipment {
    due: Instant,
    folder: usize,
    enrollment: Enrollment,
    loads: Vec<Load>,
}

#[derive(Debug, Clone)]
struct Load {
    due: Instant,
    issuer: usize,
    enrollment: Enrollment,
}

/// How a policy was sent, so that its cancellation goes the same way.
#[derive(Debug, Clone)]
struct Sent {
    shipment: Option<Shipment>,
    case: String,
    withdrawn: bool,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) sessions: HashMap<String, portal::Visit>,
    pub(super) cases: BTreeMap<String, Case>,
    pub(super) truth: BTreeMap<String, Defect>,
    pub(super) enrol_requests: BTreeMap<String, u32>,
    pub(super) books: [Books; 2],
    pub(super) strangers_written: u64,
    pub(super) next: u32,
    to_deal: Vec<Defect>,
    shipments: Vec<Shipment>,
    loads: Vec<Load>,
    sent: HashMap<String, Sent>,
    shared_number: Option<(String, String)>,
    numbers: Numbers,
    files: u32,
    strangers: usize,
}

/// The running pipeline.
#[derive(Debug)]
pub(super) struct Keystone {
    state: Mutex<State>,
    trouble: Trouble,
    pub(super) outbox: PathBuf,
    pub(super) portal_url: String,
    pub(super) issuer_urls: [String; 2],
    /// The issuer's search answers 503.
    pub(super) down: [AtomicBool; 2],
}

/// The pipeline and its tasks, which end with it.
pub(super) struct Running {
    pub(super) keystone: Arc<Keystone>,
    _tasks: JoinSet<()>,
}

impl Keystone {
    /// Starts portal, batch and issuers; the outbox already holds an old file.
    pub(super) async fn start(folder: &Path, trouble: Trouble) -> Running {
        let outbox = folder.join("outbox");
        for name in FOLDERS {
            std::fs::create_dir_all(outbox.join(name)).expect("a folder");
        }
        let mut listeners = Vec::new();
        for _ in 0..3 {
            listeners.push(TcpListener::bind("127.0.0.1:0").await.expect("a port"));
        }
        let url = |n: usize| format!("http://{}", listeners[n].local_addr().expect("an address"));
        let (portal_url, issuer_urls) = (url(0), [url(1), url(2)]);
        let state = State { to_deal: trouble.defects.clone(), ..State::default() };
        let keystone =
            Self { state: Mutex::new(state), trouble, outbox, portal_url, issuer_urls, down: Default::default() };
        let keystone = Arc::new(keystone);
        keystone.leave_an_old_file();
        let mut tasks = JoinSet::new();
        for (n, listener) in listeners.into_iter().enumerate() {
            let app = if n == 0 { portal::app(&keystone) } else { portal::issuer_app(&keystone, n - 1) };
            tasks.spawn(async move { axum::serve(listener, app).await.expect("a server") });
        }
        tasks.spawn(batch(Arc::clone(&keystone)));
        Running { keystone, _tasks: tasks }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic while locked")
    }

    pub(super) fn silence(&self) -> Duration {
        self.trouble.silence
    }

    pub(super) fn is_down(&self, issuer: usize) -> bool {
        self.down[issuer].load(Ordering::Relaxed)
    }

    fn leave_an_old_file(&self) {
        let old = vec![strangers::enrollment(0, "41001PA001000101")];
        let text = file(&HABITS[0], &mut Numbers::default(), &old, Utc::now());
        std::fs::write(self.outbox.join(FOLDERS[0]).join("KEYSTONE.LAUREL.I834.00000.dat"), text).expect("written");
        std::fs::write(self.outbox.join(FOLDERS[0]).join("KEYSTONE.LAUREL.999.dat"), "not for you").expect("written");
    }
}

impl State {
    pub(super) fn number(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}{:07}", 2_000_000 + self.next * 7)
    }

    /// Decides what goes wrong with a case.
    pub(super) fn deal(&mut self, number: &str) {
        let Some(case) = self.cases.get(number) else { return };
        let Some(at) = self.to_deal.iter().position(|defect| defect.suits(case)) else { return };
        let defect = self.to_deal.remove(at);
        self.truth.insert(number.to_owned(), defect);
    }

    /// Defects that no household could show.
    pub(super) fn undealt(&self) -> &[Defect] {
        &self.to_deal
    }

    /// The policies that a case takes with these plans (16 characters).
    pub(super) fn policies(&mut self, case: &Case, plans: &[(bool, String)]) -> Vec<Enrollment> {
        let subscriber = self.number("EA");
        let mut numbers: Vec<String> =
            case.people.iter().map(|p| if p.is_self() { subscriber.clone() } else { self.number("EM") }).collect();
        if self.truth.get(&case.number) == Some(&Defect::NumberTwice) {
            self.share_a_number(case, &mut numbers);
        }
        plans.iter().map(|(dental, plan)| self.policy(case, (*dental, plan), &subscriber, &numbers)).collect()
    }

    fn share_a_number(&mut self, case: &Case, numbers: &mut [String]) {
        let Some(at) = case.people.iter().position(|p| !p.is_self()) else { return };
        match &self.shared_number {
            Some((shared, _)) => numbers[at].clone_from(shared),
            None => self.shared_number = Some((numbers[at].clone(), case.number.clone())),
        }
    }

    fn policy(
        &mut self,
        case: &Case,
        (dental, plan): (bool, &str),
        subscriber: &str,
        numbers: &[String],
    ) -> Enrollment {
        let premium = |person: &super::application::Applicant| match dental {
            true if person.is_self() => 3_820,
            true => 0,
            false => 18_000 + i64::from(person.age_on(case.start).clamp(0, 64)) * 517,
        };
        let people: Vec<Insured> = case
            .people
            .iter()
            .zip(numbers)
            .map(|(who, number)| Insured { number: number.clone(), premium_cents: premium(who), who: who.clone() })
            .collect();
        let premium_cents = people.iter().map(|p| p.premium_cents).sum();
        let wanted = (9_000_000 - case.income_cents).max(0) / 200;
        Enrollment {
            policy: self.number("PN"),
            subscriber: subscriber.to_owned(),
            case: case.number.clone(),
            dental,
            plan: plan.to_owned(),
            start: case.start,
            credit_cents: Some(if dental { 0 } else { wanted.min(premium_cents) }),
            premium_cents,
            area: case.area.clone(),
            people,
            mail: case.mail.clone(),
            guardian: case.guardian.clone(),
            submitted_at: Utc::now(),
            cancelled: false,
        }
    }

    /// Sends policies on their way; only the first one suffers from the case's defect.
    pub(super) fn ship(&mut self, policies: &[Enrollment], late: Duration) {
        for (n, policy) in policies.iter().enumerate() {
            let defect = self.truth.get(&policy.case).copied().filter(|_| n == 0);
            let shipments = shipments(policy, defect, late);
            let sent = Sent { shipment: shipments.first().cloned(), case: policy.case.clone(), withdrawn: false };
            self.sent.insert(policy.policy.clone(), sent);
            self.shipments.extend(shipments);
        }
    }

    /// Takes a policy out; `false` where there is none of that number.
    pub(super) fn withdraw(&mut self, policy: &str) -> bool {
        let by_number = self.sent.get(policy).map(|_| policy.to_owned());
        let as_sent = |sent: &Sent| sent.shipment.as_ref().is_some_and(|s| s.enrollment.policy == policy);
        let Some(key) = by_number.or_else(|| self.sent.iter().find(|(_, s)| as_sent(s)).map(|(k, _)| k.clone())) else {
            return false;
        };
        let Some(sent) = self.sent.get_mut(&key) else { return false };
        if std::mem::replace(&mut sent.withdrawn, true) {
            return true;
        }
        let sent = sent.clone();
        self.send_cancellation(sent);
        true
    }

    fn send_cancellation(&mut self, sent: Sent) {
        let defect = self.truth.get(&sent.case).copied();
        let Some(mut shipment) = sent.shipment.filter(|_| defect != Some(Defect::CancellationUnsent)) else { return };
        let now = Instant::now();
        shipment.due = now;
        shipment.enrollment.cancelled = true;
        shipment.enrollment.submitted_at = Utc::now();
        if defect == Some(Defect::CancellationIgnored) {
            shipment.loads.clear();
        }
        for load in &mut shipment.loads {
            load.due = now;
            load.enrollment.cancelled = true;
        }
        self.shipments.push(shipment);
    }
}

fn shipments(policy: &Enrollment, defect: Option<Defect>, late: Duration) -> Vec<Shipment> {
    let now = Instant::now();
    let own = usize::from(policy.plan.starts_with(ISSUERS[1]));
    let (mut in_file, mut loaded) = (policy.clone(), policy.clone());
    spoil(&mut in_file, defect, At::File);
    spoil(&mut loaded, defect, At::File);
    spoil(&mut loaded, defect, At::Load);
    let mut shipment = Shipment { due: now, folder: own, enrollment: in_file, loads: Vec::new() };
    let mut load = Load { due: now, issuer: own, enrollment: loaded };
    match defect {
        Some(Defect::Lost(At::File)) => return Vec::new(),
        Some(Defect::Lost(At::Load)) => return vec![shipment],
        Some(Defect::Late(At::File)) => (shipment.due, load.due) = (now + late, now + late),
        Some(Defect::Late(At::Load)) => load.due = now + late,
        Some(Defect::Misrouted(At::File)) => (shipment.folder, load.issuer) = (1 - own, 1 - own),
        Some(Defect::Misrouted(At::Load)) => load.issuer = 1 - own,
        Some(Defect::Twice(At::Load)) => shipment.loads.push(load.clone()),
        Some(Defect::Twice(At::File)) => {
            let again = Shipment { due: now + BATCH_EVERY * 2, ..shipment.clone() };
            shipment.loads.push(load);
            return vec![shipment, again];
        }
        _ => {}
    }
    shipment.loads.push(load);
    vec![shipment]
}

fn spoil(policy: &mut Enrollment, defect: Option<Defect>, here: At) {
    match defect {
        Some(Defect::Spoilt(at, field)) if at == here => spoil_field(policy, field),
        Some(Defect::DependentDropped(at)) if at == here => {
            if let Some(n) = policy.people.iter().position(|p| !p.who.is_self()) {
                policy.people.remove(n);
            }
        }
        Some(Defect::DependentAdded(at)) if at == here => add_somebody(policy),
        Some(Defect::NumbersSwapped(at)) if at == here => {
            let others: Vec<usize> = (0..policy.people.len()).filter(|n| !policy.people[*n].who.is_self()).collect();
            if let [first, second, ..] = others[..] {
                let number = policy.people[first].number.clone();
                policy.people[first].number = std::mem::replace(&mut policy.people[second].number, number);
            }
        }
        _ => {}
    }
}

fn add_somebody(policy: &mut Enrollment) {
    let Some(mut child) = policy.people.iter().find(|p| p.who.is_self()).cloned() else { return };
    child.number = format!("{}9", child.number);
    child.who.given = "Zebulon".to_owned();
    child.who.middle.clear();
    child.who.relation = "19".to_owned();
    child.who.born = policy.start - Months::new(12 * 7 + 3);
    child.who.ssn.clear();
    child.who.email.clear();
    policy.people.push(child);
}

fn spoil_field(policy: &mut Enrollment, field: Field) {
    let start = policy.start;
    let Some(at) = policy.people.iter().position(|p| p.who.is_self()) else { return };
    let child = policy.people.iter().position(|p| p.who.relation == "19");
    let who = &mut policy.people[at].who;
    match field {
        Field::FamilyMisspelt => {
            let last = who.family.pop();
            who.family.extend(['x'].into_iter().chain(last));
        }
        Field::GivenMojibake => who.given.insert_str(2, "Ã©"),
        Field::ApostropheLost => who.family = who.family.replace('\'', ""),
        Field::BornDayEarlier => who.born = who.born.pred_opt().unwrap_or(who.born),
        Field::ChildBecomesSpouse => {
            if let Some(child) = child {
                policy.people[child].who.relation = "01".to_owned();
            }
        }
        Field::ZipZeroLost => who.home.zip = who.home.zip.trim_start_matches('0').to_owned(),
        Field::SsnBlank => who.ssn.clear(),
        Field::SexTurned => who.sex = if who.sex == "M" { "F" } else { "M" }.to_owned(),
        Field::StreetBlank => who.home.line_1.clear(),
        Field::CountyWrong => who.home.fips = "42999".to_owned(),
        Field::TobaccoTurned => who.tobacco = !who.tobacco,
        Field::CreditWrong => {
            policy.credit_cents = policy.credit_cents.map(|c| if c > 1_000 { c - 1_000 } else { c + 1_000 })
        }
        Field::CreditBlank => policy.credit_cents = None,
        Field::PremiumWrong => policy.premium_cents += 100,
        Field::VariantWrong => policy.plan.replace_range(14.., if policy.plan.ends_with("01") { "04" } else { "01" }),
        Field::PlanWrong => policy.plan.replace_range(13..14, "9"),
        Field::StartMonthLater => policy.start = start + Months::new(1),
        Field::PolicyNumberWrong => policy.policy.push('7'),
    }
}

impl Keystone {
    /// Ships with this run's lateness.
    pub(super) fn ship(&self, policies: &[Enrollment]) {
        self.state().ship(policies, self.trouble.late);
    }
}

/// The batch: files for what is due, then the issuers load what has arrived.
async fn batch(keystone: Arc<Keystone>) {
    let mut ticks = tokio::time::interval(BATCH_EVERY);
    loop {
        ticks.tick().await;
        let files = due_files(&keystone);
        for (path, text) in files {
            write_in_two_parts(&path, &text).await;
        }
        load_what_is_due(&mut keystone.state());
    }
}

fn due_files(keystone: &Keystone) -> Vec<(PathBuf, String)> {
    let mut state = keystone.state();
    let now = Instant::now();
    let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut state.shipments).into_iter().partition(|s| s.due <= now);
    state.shipments = later;
    let mut files = Vec::new();
    for (folder, habits) in HABITS.iter().enumerate() {
        let own: Vec<Shipment> = due.iter().filter(|s| s.folder == folder).cloned().collect();
        if own.is_empty() {
            continue;
        }
        let mixed = among_strangers(&mut state, own.iter().map(|s| s.enrollment.clone()));
        state.files += 1;
        let name = format!("KEYSTONE.{}.I834.{:05}.dat", FOLDERS[folder], state.files);
        let text = file(habits, &mut state.numbers, &mixed, Utc::now());
        files.push((keystone.outbox.join(FOLDERS[folder]).join(name), text));
        for mut load in own.into_iter().flat_map(|shipment| shipment.loads) {
            load.due = load.due.max(now) + LOADING;
            state.loads.push(load);
        }
    }
    files
}

/// A stranger before every second household.
fn among_strangers(state: &mut State, ours: impl Iterator<Item = Enrollment>) -> Vec<Enrollment> {
    let mut mixed = Vec::new();
    for (n, enrollment) in ours.enumerate() {
        if n % 2 == 0 {
            state.strangers += 1;
            let stranger = strangers::enrollment(state.strangers, &enrollment.plan);
            state.strangers_written += if stranger.cancelled { 1 } else { stranger.people.len() as u64 };
            mixed.push(stranger);
        }
        mixed.push(enrollment);
    }
    mixed
}

/// A file grows under its final name, as a plain copy over a network does.
async fn write_in_two_parts(path: &Path, text: &str) {
    let mut out = tokio::fs::File::create(path).await.expect("a file");
    let (first, second) = text.as_bytes().split_at(text.len() * 3 / 5);
    out.write_all(first).await.expect("written");
    out.flush().await.expect("flushed");
    tokio::time::sleep(Duration::from_millis(60)).await;
    out.write_all(second).await.expect("written");
    out.flush().await.expect("flushed");
}

fn load_what_is_due(state: &mut State) {
    let now = Instant::now();
    let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut state.loads).into_iter().partition(|l| l.due <= now);
    state.loads = later;
    for load in due {
        let books = &mut state.books[load.issuer];
        if load.enrollment.cancelled {
            books.cancel(&load.enrollment.policy);
        } else {
            books.load(load.enrollment);
        }
    }
}

//! One step: the file, its name, its place, and every answer to it.

use super::{
    FACTS, Folders, Objects, PARTIES, indented, notes, nothing, put, refuses_all, refuses_dental, refuses_interchange,
    segment,
};
use crate::far_side::{household, target};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use johndoe::clock::SystemClock;
use johndoe::exchange::{Answered, Exchange, Office};
use johndoe::model::Submission::{Accepted, Indeterminate, Rejected, Unsent};
use johndoe::model::{
    Agent, Captures, CoverageLine, Field, HandedOver, Household, JourneyStep, LifeEvent, PlanId, Portion, ProbeIndex,
    RunId,
};
use johndoe::net::{Door, USER_AGENT};
use johndoe::target::{Context, Target};
use johndoe::wire::ack::answer::ReceivedNumbers;
use johndoe::wire::x12::ControlNumbers;
use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// Counts from 42 on, and writes down what it is told; or cannot.
#[derive(Debug)]
struct Counted {
    next: AtomicU32,
    written: Mutex<Vec<Captures>>,
    is_full: bool,
}

impl Counted {
    fn new(is_full: bool) -> Arc<Self> {
        Arc::new(Self { next: AtomicU32::new(41), written: Mutex::default(), is_full })
    }
}

impl johndoe::exchange::Register for Counted {
    fn take_control_numbers(&self, count: u32) -> BoxFuture<'_, Result<u32, String>> {
        let first = self.next.fetch_add(count, Ordering::Relaxed);
        async move { Ok(first) }.boxed()
    }

    fn committing(&self, _: ProbeIndex, _: (JourneyStep, Portion), _: Captures) -> BoxFuture<'_, Result<(), String>> {
        async { Ok(()) }.boxed()
    }

    fn write_down<'a>(
        &'a self,
        _: ProbeIndex,
        _: JourneyStep,
        own: &'a Captures,
        _: &'a HandedOver,
    ) -> BoxFuture<'a, Result<(), String>> {
        self.written.lock().unwrap().push(own.clone());
        let written = if self.is_full { Err("the disk is full".to_owned()) } else { Ok(()) };
        async move { written }.boxed()
    }
}

/// A sender with folders of its own.
struct Sender {
    _folder: TempDir,
    folders: Folders,
    target: Target,
}

impl Sender {
    /// `more`: further keys of the step.
    fn new(more: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let folders = Folders::below(folder.path());
        let step = indented(&format!("path: intake\n{PARTIES}\n{FACTS}\n{more}"), 10);
        let target = target(&format!(
            "target: mailed\nexchange:\n  flows:\n    enroll:\n      - name: mail\n        edi:\n{step}\n\
             waypoints:\n  - {{name: edi_834, feed: edi_folder, path: outbound}}\n\
             issuers: {{\"12345\": {{name: ACME HEALTH, tax_ids: [\"001234567\"]}}}}\n"
        ));
        Self { _folder: folder, folders, target }
    }

    async fn enroll(&self) -> Answered {
        self.enroll_by(Counted::new(false)).await
    }

    async fn enroll_by(&self, register: Arc<Counted>) -> Answered {
        self.carry_out(&with_dental(), register).await
    }

    async fn carry_out(&self, context: &Context, register: Arc<Counted>) -> Answered {
        let office = Office { register, clock: Arc::new(SystemClock), folder: self.folders.0.clone() };
        let door = Door::new(&self.target, USER_AGENT).unwrap();
        let exchange = Exchange::new(door, &self.target).with_office(office, &self.target);
        exchange.carry_out(LifeEvent::Enroll, context, Instant::now()).await
    }

    /// What comes of a file when its receiver answers like this.
    async fn enroll_with(objects: Objects) -> (Self, Answered) {
        let sender = Self::new(WAITS);
        let _receiver = sender.folders.receiver(objects);
        let answered = sender.enroll().await;
        (sender, answered)
    }
}

const WAITS: &str = "acknowledged: {path: acks, within: 1m, every: 20ms}";
const WAITS_SHORTLY: &str = "acknowledged: {path: acks, within: 300ms, every: 20ms}";

/// The Does, with a dental plan beside the medical one.
fn with_dental() -> Context {
    let plans = BTreeMap::from([
        (CoverageLine::Medical, PlanId::parse("12345VA001000104")),
        (CoverageLine::Dental, PlanId::parse("12345VA0010002")),
    ]);
    let does = Household { lines: vec![CoverageLine::Medical, CoverageLine::Dental], ..household() };
    Context::new(&does, &plans, &RunId::new("run-1"))
}

fn reason(answered: &Answered) -> &str {
    answered.reason.as_deref().unwrap_or_default()
}

#[tokio::test]
async fn the_file_says_what_is_expected_downstream_and_is_there_whole() {
    let sender = Sender::new(
        "sponsor: {name: WIDGETS INC, tax_id: \"112233445\"}\nbroker: {name: SAM BROKER, npn: \"1234567\"}",
    );
    let answered = sender.enroll().await;
    assert_eq!((answered.submission, reason(&answered)), (Accepted, ""));
    assert_eq!(sender.folders.handed_over(), ["834_000000041.edi".to_owned()].into());
    let content = sender.folders.content("834_000000041.edi");
    let isa = segment(&content, "ISA");
    assert_eq!(isa[5..9], ["30", "987654321      ", "ZZ", "HUB            "]);
    assert_eq!((isa[13].as_str(), isa[14].as_str(), isa[15].as_str()), ("000000041", "0", "T"));
    assert_eq!(segment(&content, "GS")[1..4], ["BE", "EMPLOYER", "HUBGROUP"]);
    for said in [
        "~ST*834*0041*",
        "~ST*834*0042*",
        "~N1*P5*WIDGETS INC*FI*112233445~N1*IN*ACME HEALTH*FI*001234567~N1*BO*SAM BROKER*94*1234567~",
        "~INS*Y*18*021*EC*A***AC~REF*0F*S000000041~REF*17*M0000000411~",
        "~INS*N*01*021*EC*A~REF*0F*S000000041~REF*17*M0000000412~",
        "~REF*CE*12345VA001000104~REF*1L*P000000041medical~",
        "~REF*CE*12345VA0010002~REF*1L*P000000041dental~",
        "~PER*IP**EM*jd-7@example.com~",
        "~REF*9X*350.00~",
    ] {
        assert!(content.contains(said), "`{said}` is not in {content}");
    }
    let own: Vec<_> = answered.captures.groups.iter().map(|g| (g.line, g.facts.text(Field::PolicyId))).collect();
    assert_eq!(
        own,
        [
            (Some(CoverageLine::Medical), Some("P000000041medical")),
            (Some(CoverageLine::Dental), Some("P000000041dental")),
        ]
    );
    assert_eq!(answered.captures.members[2].text(Field::MemberId), Some("M0000000413"));
    let [step] = answered.steps.as_slice() else { panic!("{answered:?}") };
    assert_eq!((step.step.as_str(), step.status, step.ok, step.requests), ("mail", None, true, 1));
}

#[tokio::test]
async fn the_households_own_agent_is_told_before_the_broker_of_the_step() {
    let sender = Sender::new("broker: {name: SAM BROKER, npn: \"1234567\"}");
    let own = Agent::of_number(3);
    let helped = Household { agent: Some(own.clone()), ..with_dental().household().clone() };
    let context = Context::new(&helped, &with_dental().plans(), &RunId::new("run-1"));
    let answered = sender.carry_out(&context, Counted::new(false)).await;
    assert_eq!((answered.submission, reason(&answered)), (Accepted, ""));
    let file = sender.folders.contents().remove(0);
    assert_eq!(file.matches(&format!("~N1*BO*Test Agent 4*94*{}~", own.npn.as_str())).count(), 2, "{file}");
    assert!(!file.contains("SAM BROKER"), "{file}");
}

#[tokio::test]
async fn an_accepting_answer_accepts_errors_noted_or_not() {
    for objects in [nothing as Objects, notes] {
        let (sender, answered) = Sender::enroll_with(objects).await;
        assert_eq!((answered.submission, reason(&answered)), (Accepted, ""));
        assert_eq!(segment(&sender.folders.contents()[0], "ISA")[14], "1", "a TA1 is asked for");
    }
}

#[tokio::test]
async fn a_ta1_or_a_999_that_refuses_everything_rejects() {
    let (_, answered) = Sender::enroll_with(refuses_interchange).await;
    assert_eq!(
        (answered.submission, reason(&answered)),
        (Rejected, "mail: TA1 rejected: content of the interchange is invalid [024]")
    );
    let (_, answered) = Sender::enroll_with(refuses_all).await;
    assert_eq!(answered.submission, Rejected);
    let words = reason(&answered);
    assert!(words.starts_with("mail: set 41: transaction set rejected"), "{words}");
    assert!(words.contains("set 42: ") && words.contains("segment 7 (INS)"), "{words}");
}

#[tokio::test]
async fn what_is_refused_in_part_may_exist_in_part() {
    let (_, answered) = Sender::enroll_with(refuses_dental).await;
    assert_eq!(answered.submission, Indeterminate);
    let words = reason(&answered);
    assert!(
        words.starts_with("mail: 1 of 2 sets refused, the rest accepted: set 42: transaction set rejected"),
        "{words}"
    );
}

#[tokio::test]
async fn silence_leaves_it_open_and_strangers_do_not_answer() {
    let sender = Sender::new(WAITS_SHORTLY);
    let acks = sender.folders.of("acks");
    // What lay there before answers nothing; and a TA1 to somebody else, of the same control number.
    let ta1 = |to: &str| {
        format!(
            "ISA*00*          *00*          *ZZ*HUB            *ZZ*{to:<15}*131115*1800*U*00501*000000009*0*T*:~\
             TA1*000000041*131115*1800*R*024~IEA*0*000000009~"
        )
    };
    put(&acks, "earlier", ta1("987654321").as_bytes());
    let later = tokio::spawn({
        let (folders, ack) = (sender.folders.clone(), ta1("SOMEBODY"));
        async move {
            while folders.handed_over().is_empty() {
                tokio::task::yield_now().await;
            }
            put(&folders.of("acks"), "of another", ack.as_bytes());
        }
    });
    let answered = sender.enroll().await;
    later.await.unwrap();
    assert_eq!(answered.submission, Indeterminate);
    assert_eq!(
        reason(&answered),
        "mail: interchange 41 was handed over, and nothing was said of set 41, 42 within 300ms; 1 acknowledgements of \
         others were passed over"
    );
}

#[tokio::test]
async fn an_answer_that_is_being_written_is_waited_for() {
    let sender = Sender::new(WAITS);
    let folders = sender.folders.clone();
    let writer = tokio::spawn(async move {
        while folders.handed_over().is_empty() {
            tokio::task::yield_now().await;
        }
        let name = folders.handed_over().pop_first().unwrap();
        let answer =
            folders.answer(&name, refuses_all, &mut ReceivedNumbers::default(), &mut ControlNumbers::starting_at(1));
        let path = folders.of("acks").join("slow");
        // Up to the end of the first set's answer: the group's verdict is not there yet.
        let text = String::from_utf8(answer).unwrap();
        let half = text.find("AK9*").unwrap();
        fs::write(&path, &text[..half]).unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        fs::write(&path, &text).unwrap();
    });
    let answered = sender.enroll().await;
    writer.await.unwrap();
    assert_eq!(answered.submission, Rejected);
    assert!(reason(&answered).contains("set 42: "), "{answered:?}");
}

#[tokio::test]
async fn nothing_is_sent_before_it_is_written_down_whom_it_enrolls() {
    let sender = Sender::new("");
    let (full, sound) = (Counted::new(true), Counted::new(false));
    let answered = sender.enroll_by(Arc::clone(&full)).await;
    assert_eq!(answered.submission, Unsent, "{:?}", answered.reason);
    assert!(answered.reason.unwrap().contains("the disk is full"));
    assert_eq!(sender.folders.handed_over().len(), 0);
    let answered = sender.enroll_by(Arc::clone(&sound)).await;
    assert_eq!(*sound.written.lock().unwrap(), [answered.captures], "what the file says, and the answer does");
    assert_eq!(sender.folders.handed_over().len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_where_a_folder_is_not_there() {
    let sender = Sender::new(WAITS_SHORTLY);
    fs::remove_dir(sender.folders.of("acks")).unwrap();
    let answered = sender.enroll().await;
    assert_eq!(answered.submission, Unsent);
    assert!(reason(&answered).starts_with("mail: the acknowledgements in `"), "{answered:?}");
    assert!(sender.folders.handed_over().is_empty());

    let sender = Sender::new("");
    fs::remove_dir(sender.folders.of("intake")).unwrap();
    let answered = sender.enroll().await;
    assert_eq!(answered.submission, Unsent);
    assert!(reason(&answered).ends_with("/intake` is not there"), "{answered:?}");
    assert_eq!(answered.steps[0].requests, 0);
}

#[tokio::test]
async fn a_file_that_is_there_is_left_as_it_is() {
    let sender = Sender::new("file: \"{{ probe.index }}.edi\"");
    put(&sender.folders.of("intake"), "7.edi", b"somebody's");
    let answered = sender.enroll().await;
    assert_eq!(answered.submission, Unsent);
    assert!(reason(&answered).ends_with("already, and was left as it is"), "{answered:?}");
    assert_eq!(sender.folders.content("7.edi"), "somebody's");
    let left: Vec<_> = fs::read_dir(sender.folders.of("intake")).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file stays: {left:?}");
}

#[tokio::test]
async fn acknowledgements_that_cannot_be_read_leave_it_open_and_say_why() {
    let sender = Sender::new(WAITS_SHORTLY);
    let (folders, removed) = (sender.folders.clone(), sender.folders.of("acks"));
    let taker = tokio::spawn(async move {
        while folders.handed_over().is_empty() {
            tokio::task::yield_now().await;
        }
        fs::remove_dir(removed).unwrap();
    });
    let answered = sender.enroll().await;
    taker.await.unwrap();
    assert_eq!(answered.submission, Indeterminate);
    assert!(reason(&answered).contains("the acknowledgements in `"), "{answered:?}");
}

#[tokio::test]
async fn names_that_leave_the_folder_or_are_temporary_are_refused() {
    for name in ["../{{ control_number }}", ".{{ control_number }}", "{{ control_number }}.part"] {
        let sender = Sender::new(&format!("file: \"{name}\""));
        let answered = sender.enroll().await;
        assert_eq!(answered.submission, Unsent, "{name}");
        assert!(reason(&answered).contains("is no name for a file that is handed over"), "{answered:?}");
    }
}

#[tokio::test]
async fn what_an_834_must_say_and_nobody_knows_is_named() {
    let mut sender = Sender::new("");
    sender.target.issuers.clear();
    let answered = sender.enroll().await;
    assert_eq!(answered.submission, Unsent);
    assert!(reason(&answered).contains("nothing says name and tax id of issuer `12345`"), "{answered:?}");
    let sender = Sender::new("");
    let without_plans = Context::new(&household(), &BTreeMap::new(), &RunId::new("run-1"));
    let exchange = Exchange::new(Door::new(&sender.target, USER_AGENT).unwrap(), &sender.target);
    let answered = exchange.carry_out(LifeEvent::Enroll, &without_plans, Instant::now()).await;
    assert_eq!((answered.submission, reason(&answered)), (Unsent, "mail: no file can be handed over here"));
}

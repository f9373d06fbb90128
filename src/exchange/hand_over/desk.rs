//! Where files are handed over, one desk for each `edi` step, and how it is done.

use super::file::Letter;
use super::inbox::{Answer, Inbox, Waiter};
use super::{facts, record};
use crate::clock::Clock;
use crate::exchange::verdict::End;
use crate::files::{self, Files, NotPut};
use crate::model::{Captures, HandedOver, IssuerId, JourneyStep, LifeEvent, Portion, ProbeIndex};
use crate::net::Door;
use crate::target::{self, Context, Directory, HandOver, StepKind};
use chrono_tz::Tz;
use futures_util::future::BoxFuture;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What must be certain before a file goes out, or a request that may commit.
pub trait Register: fmt::Debug + Send + Sync {
    /// Writes down that the next step may commit (of an enrollment that part), and what the steps before it have captured, secrets
    /// apart. Returns when that is
    /// durable; fails in words that can be shown.
    fn committing(
        &self,
        probe: ProbeIndex,
        of: (JourneyStep, Portion),
        captures: Captures,
    ) -> BoxFuture<'_, Result<(), String>>;

    /// So many numbers in a row that were never given before, from 1 to 999,999,999; the first of them, once it is certain
    /// that they will not be given again. Fails in words that can be shown.
    fn take_control_numbers(&self, count: u32) -> BoxFuture<'_, Result<u32, String>>;

    /// Writes down by what a file that is about to be handed over will be acknowledged, and what the sender says of its own in it,
    /// such as the ids that it gives out: whoever is in the file can be found and taken out again by these alone. Returns when that is durable; fails in
    /// words that can be shown.
    fn write_down<'a>(
        &'a self,
        probe: ProbeIndex,
        action: JourneyStep,
        own: &'a Captures,
        handed_over: &'a HandedOver,
    ) -> BoxFuture<'a, Result<(), String>>;
}

/// What handing over needs beside the target.
#[derive(Debug, Clone)]
pub struct Office {
    /// Where control numbers come from, and ids are written down.
    pub register: Arc<dyn Register>,
    /// Says when a file was written.
    pub clock: Arc<dyn Clock>,
    /// Folder that relative paths of the target start from.
    pub folder: PathBuf,
}

/// The desks of a target's flows, by event and the step's place in its flow.
#[derive(Debug)]
pub(in crate::exchange) struct Desks {
    office: Office,
    zone: Tz,
    issuers: BTreeMap<IssuerId, Vec<String>>,
    of_step: BTreeMap<(LifeEvent, usize), Desk>,
}

#[derive(Debug)]
struct Desk {
    to: Arc<dyn Files>,
    inbox: Option<Inbox>,
}

/// A hand-over as far as it came.
#[derive(Debug)]
pub(in crate::exchange) struct Carried {
    pub(in crate::exchange) end: End,
    /// What the sender said of its own.
    pub(in crate::exchange) own: Captures,
    /// The file may lie there.
    pub(in crate::exchange) sent: bool,
}

impl Desks {
    /// Where it is written down what must be certain.
    pub(in crate::exchange) fn register(&self) -> &dyn Register {
        &*self.office.register
    }

    /// Desks for every step of the target that hands over; nothing is opened yet.
    pub(in crate::exchange) fn new(office: Office, door: &Door, target: &target::Target) -> Self {
        let mut of_step = BTreeMap::new();
        for (event, flow) in &target.exchange.flows {
            for (at, step) in flow.steps.iter().enumerate() {
                if let StepKind::HandOver(step) = &step.kind {
                    of_step.insert((*event, at), Desk::new(step, door, &office));
                }
            }
        }
        Self { office, zone: target.exchange.zone, issuers: target.issuers.clone(), of_step }
    }

    /// Hands the household's 834 over and waits for what is said of it, where the step asks for that.
    pub(in crate::exchange) async fn hand_over(
        &self,
        (action, at, step): (JourneyStep, usize, &HandOver),
        context: &Context,
    ) -> Carried {
        let mut carried = Carried { end: End::Done, own: Captures::default(), sent: false };
        let ended = self.carry_out((action, at, step), context, &mut carried).await;
        carried.end = ended.err().unwrap_or(End::Done);
        carried
    }

    /// Takes away what a broken-off attempt left of a file under its temporary name. Where that cannot be done it stays: its name
    /// says that nobody should read it.
    pub(in crate::exchange) async fn discard(&self, event: LifeEvent, handed_over: &HandedOver) {
        let Some(desk) = self.of_step.get(&(event, handed_over.step as usize)) else { return };
        let (folder, name) = (Arc::clone(&desk.to), handed_over.file.clone());
        if !name.is_empty() {
            let _ = tokio::task::spawn_blocking(move || folder.discard(&name)).await;
        }
    }

    /// Begins to listen for what is said of a file that an earlier process handed over, and says how long the step waits.
    /// Whoever is listened for before the folder is first looked into is heard, whenever the answer came. `None`: the step asks
    /// for no acknowledgement.
    pub(in crate::exchange) async fn listen_again(
        &self,
        (event, step): (LifeEvent, &HandOver),
        handed_over: &HandedOver,
    ) -> Option<(Waiter<'_>, Duration)> {
        let inbox = self.of_step.get(&(event, handed_over.step as usize))?.inbox.as_ref()?;
        inbox.open_as_left().await;
        Some((inbox.listen_for(handed_over, &step.sender.id), inbox.within()))
    }

    async fn carry_out(
        &self,
        (action, at, step): (JourneyStep, usize, &HandOver),
        context: &Context,
        carried: &mut Carried,
    ) -> Result<(), End> {
        let Some(desk) = self.of_step.get(&(action.event, at)) else {
            return Err(unsent("the step has no desk".to_owned()));
        };
        if let Some(inbox) = &desk.inbox {
            inbox.open().await.map_err(unsent)?;
        }
        let groups = u32::try_from(context.group_count()).unwrap_or(u32::MAX).max(1);
        let first = self.office.register.take_control_numbers(groups).await.map_err(unsent)?;
        let context = context.with("control_number", format!("{first:09}").into());
        carried.own = facts::own(step, &context).map_err(unsent)?;
        let context = context.with_captures(&carried.own);
        let name = file_name(step, &context).map_err(unsent)?;
        let now = self.office.clock.now();
        let records = record::records(action.event, &context, now).map_err(unsent)?;
        let agent = context.household().agent.as_ref();
        let letter = Letter { step, first, at: now, zone: self.zone, issuers: &self.issuers, agent };
        let bytes = letter.write(&records).map_err(unsent)?;
        let probe = context.household().index;
        let handed_over = HandedOver {
            step: u32::try_from(at).unwrap_or(u32::MAX),
            first,
            sets: u32::try_from(records.len()).unwrap_or(u32::MAX),
            file: name.clone(),
        };
        let awaited =
            desk.inbox.as_ref().map(|inbox| (inbox.listen_for(&handed_over, &step.sender.id), inbox.within()));
        self.office.register.write_down(probe, action, &carried.own, &handed_over).await.map_err(unsent)?;
        carried.sent = true;
        desk.put(name, bytes, &mut carried.sent).await?;
        match awaited {
            Some((awaited, within)) => awaited.answer(within).await.into_end(),
            None => Ok(()),
        }
    }
}

impl Desk {
    fn new(step: &HandOver, door: &Door, office: &Office) -> Self {
        let open = |directory: &Directory| files::at(&rooted(directory, office), door);
        let inbox = step
            .acknowledged
            .as_ref()
            .map(|acks| Inbox::new(open(&acks.from), (acks.within, acks.every), door.halt().clone()));
        Self { to: open(&step.to), inbox }
    }

    /// `sent` becomes false where the file is certainly not there.
    async fn put(&self, name: String, content: Vec<u8>, sent: &mut bool) -> Result<(), End> {
        let (folder, file) = (Arc::clone(&self.to), name.clone());
        let put = tokio::task::spawn_blocking(move || folder.put(&file, &content)).await;
        let put = put.unwrap_or_else(|e| Err(NotPut { error: io::Error::other(e), may_be_there: true }));
        let Err(NotPut { error, may_be_there }) = put else { return Ok(()) };
        let folder = self.to.shown();
        *sent = may_be_there;
        if may_be_there {
            let reason = format!("nobody knows whether `{name}` lies in `{folder}`: {error}");
            return Err(End::Lost { reason, transient: false, retry_after: None });
        }
        Err(unsent(match error.kind() {
            io::ErrorKind::NotFound => format!("`{name}` was not handed over: the folder `{folder}` is not there"),
            io::ErrorKind::AlreadyExists => format!("`{name}` lies in `{folder}` already, and was left as it is"),
            _ => format!("`{name}` was not handed over to `{folder}`: {error}"),
        }))
    }
}

impl Answer {
    fn into_end(self) -> Result<(), End> {
        match self {
            Self::Accepted => Ok(()),
            Self::Refused(words) => Err(End::Refused(words)),
            Self::Unknown(reason) => Err(End::Lost { reason, transient: false, retry_after: None }),
        }
    }
}

fn unsent(reason: String) -> End {
    End::Unsent { reason, temporary: false }
}

/// The folder as this process reaches it: relative ones on this machine start where the run was begun.
fn rooted(directory: &Directory, office: &Office) -> Directory {
    match directory {
        Directory::Local(path) => Directory::Local(office.folder.join(path)),
        Directory::Sftp(_) => directory.clone(),
    }
}

/// A name that stays in its folder, and that readers of drop folders do not pass over.
fn file_name(step: &HandOver, context: &Context) -> Result<String, String> {
    let name = step.file.render(context).map_err(|e| format!("`file`: {e}"))?;
    let is_plain =
        !name.is_empty() && name.len() <= 200 && !name.chars().any(|c| matches!(c, '/' | '\\') || c.is_control());
    if is_plain && !files::is_temporary(&name) {
        return Ok(name);
    }
    Err(format!("`{name}` is no name for a file that is handed over; change `file`"))
}

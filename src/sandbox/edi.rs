//! The sandbox's 834 files, in both directions: as an interchange, and read again.

use super::acknowledge::Admitted;
use super::world::World;
use crate::model::{Direction, Field, GroupRecord, IssuerId};
use crate::wire::x12::{
    Agent, Envelope, FunctionalGroup, Item, Options, Qualifiers, ReadError, Reader, SetHeader, Usage, WriteError,
    Writer,
};
use chrono::NaiveDateTime;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

/// The federal exchange's name on its interchanges, and on those sent to it.
pub(super) const EXCHANGE: &str = "CMSFFM";

/// One transaction.
#[derive(Debug, Clone)]
pub(super) struct Transaction {
    pub(super) record: GroupRecord,
    /// BGN02. An issuer returns the exchange's number (CMS companion guide v7.2 p. 31); `None` in what is to be written: a number
    /// of its own.
    pub(super) reference: Option<String>,
}

impl Transaction {
    /// A transaction under a number of its own.
    pub(super) fn new(record: GroupRecord) -> Self {
        Self { record, reference: None }
    }
}

/// Who writes to whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) direction: Direction,
    pub(super) issuer: &'a IssuerId,
}

/// The interchange: a functional group for each plan, a transaction set for each transaction.
pub(super) fn encode(world: &World, way: Way<'_>, transactions: &[Transaction]) -> Vec<u8> {
    let at = world.clock.now().with_timezone(&world.config.zone).naive_local();
    let mut writer = Writer::new(Options::default());
    if let Err(error) = write(world, way, transactions, at, &mut writer) {
        world.trouble(&error);
    }
    writer.finish()
}

/// The admitted transactions of a file. Blocks while it reads.
pub(super) fn read(world: &World, path: &Path, admitted: &Admitted) -> Result<Vec<Transaction>, ReadError> {
    let mut found = read_all(world, path)?;
    found.retain(|transaction| admitted.admits(&transaction.record));
    Ok(found)
}

/// Every transaction of a file that can be read. Blocks while it reads.
pub(super) fn read_all(world: &World, path: &Path) -> Result<Vec<Transaction>, ReadError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut reader = Reader::new(File::open(path)?);
    let mut found = Vec::new();
    while let Some(item) = reader.next()? {
        if let Item::Group(group) = item {
            let reference = group.reference().map(Cow::into_owned);
            found.push(Transaction { record: group.to_record(&name, world.config.zone), reference });
        }
    }
    Ok(found)
}

fn write(
    world: &World,
    way: Way<'_>,
    transactions: &[Transaction],
    at: NaiveDateTime,
    writer: &mut Writer,
) -> Result<(), WriteError> {
    let (sender, receiver) = way.sides(EXCHANGE.to_owned(), way.issuer.to_string());
    let control_number = world.numbers.control();
    let (usage, wants_acknowledgement) = (Usage::Test, true);
    let qualifiers = Qualifiers::default();
    let envelope = Envelope { sender, receiver, qualifiers, control_number, at, usage, wants_acknowledgement };
    writer.open_interchange(&envelope)?;
    for ((exchange, plan), transactions) in by_plan(transactions) {
        let (sender, receiver) = way.sides(exchange.clone(), plan);
        writer.open_group(&FunctionalGroup { sender, receiver, control_number: world.numbers.control(), at })?;
        for transaction in transactions {
            let header = set_header(world, way, (transaction, exchange.clone()), at);
            if let Err(error) = writer.write(&header, &transaction.record) {
                world.trouble(&error);
            }
        }
    }
    Ok(())
}

impl Way<'_> {
    /// Sender and receiver, of the exchange's name and the issuer's.
    fn sides(self, exchange: String, issuer: String) -> (String, String) {
        match self.direction {
            Direction::ToIssuer => (exchange, issuer),
            Direction::ToExchange => (issuer, exchange),
        }
    }
}

/// By the two sides of a functional group: the exchange of the record's state, and the plan at whom it is addressed to.
fn by_plan(transactions: &[Transaction]) -> BTreeMap<(String, String), Vec<&Transaction>> {
    let mut plans: BTreeMap<_, Vec<&Transaction>> = BTreeMap::new();
    for transaction in transactions {
        let text = |field| transaction.record.facts.text(field).unwrap_or_default();
        let plan = text(Field::PlanId);
        let state = plan.get(5..7).unwrap_or("XX");
        let plan = format!("{}{}", text(Field::Issuer), plan.get(5..).unwrap_or_default());
        plans.entry((format!("{state}0"), plan)).or_default().push(transaction);
    }
    plans
}

/// Who helped (loop 1000C); a record keeps the number alone, and no name.
fn agent(record: &GroupRecord) -> Option<Agent> {
    let npn = record.facts.text(Field::AgentNpn)?;
    Some(Agent { name: format!("AGENT {npn}"), npn: npn.to_owned() })
}

fn set_header(
    world: &World,
    way: Way<'_>,
    (transaction, exchange): (&Transaction, String),
    created_at: NaiveDateTime,
) -> SetHeader {
    let control_number = world.numbers.control();
    let config = world.issuers.get(way.issuer).map(|issuer| &issuer.config);
    SetHeader {
        direction: way.direction,
        control_number,
        reference: transaction.reference.clone().unwrap_or_else(|| format!("{control_number:09}")),
        created_at,
        zone: world.config.zone,
        exchange,
        issuer_name: config.map(|issuer| issuer.name.clone()).unwrap_or_default(),
        issuer_tax_id: config.map(|issuer| issuer.tax_id.clone()).unwrap_or_default(),
        sponsor: None,
        agent: agent(&transaction.record),
    }
}

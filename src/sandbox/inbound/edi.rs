//! An issuer's replies as an X12 interchange.

use super::Reply;
use crate::model::{Direction, IssuerId};
use crate::sandbox::outbound::{EXCHANGE, parties};
use crate::sandbox::world::World;
use crate::wire::x12::{Envelope, FunctionalGroup, Options, SetHeader, Usage, WriteError, Writer};
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// The interchange: a functional group for each plan, a transaction set for each reply.
pub(super) fn encode(world: &World, issuer: &IssuerId, replies: &[Reply]) -> Vec<u8> {
    let at = world.clock.now().with_timezone(&world.config.zone).naive_local();
    let mut writer = Writer::new(Options::default());
    if let Err(error) = write(world, issuer, replies, at, &mut writer) {
        world.trouble(&error);
    }
    writer.finish()
}

fn write(
    world: &World,
    issuer: &IssuerId,
    replies: &[Reply],
    at: NaiveDateTime,
    writer: &mut Writer,
) -> Result<(), WriteError> {
    writer.open_interchange(&Envelope {
        sender: issuer.to_string(),
        receiver: EXCHANGE.to_owned(),
        control_number: world.numbers.control(),
        at,
        usage: Usage::Test,
        wants_acknowledgement: true,
    })?;
    for ((exchange, plan), replies) in by_plan(replies) {
        let group =
            FunctionalGroup { sender: plan, receiver: exchange.clone(), control_number: world.numbers.control(), at };
        writer.open_group(&group)?;
        for reply in replies {
            let header = set_header(world, issuer, (reply, exchange.clone()), at);
            if let Err(error) = writer.write(&header, &reply.record) {
                world.trouble(&error);
            }
        }
    }
    Ok(())
}

fn by_plan(replies: &[Reply]) -> BTreeMap<(String, String), Vec<&Reply>> {
    let mut plans: BTreeMap<_, Vec<&Reply>> = BTreeMap::new();
    for reply in replies {
        plans.entry(parties(&reply.record)).or_default().push(reply);
    }
    plans
}

fn set_header(
    world: &World,
    issuer: &IssuerId,
    (reply, exchange): (&Reply, String),
    created_at: NaiveDateTime,
) -> SetHeader {
    let control_number = world.numbers.control();
    let config = world.issuers.get(issuer).map(|issuer| &issuer.config);
    SetHeader {
        direction: Direction::ToExchange,
        control_number,
        reference: reply.reference.clone().unwrap_or_else(|| format!("{control_number:09}")),
        created_at,
        zone: world.config.zone,
        exchange,
        issuer_name: config.map(|issuer| issuer.name.clone()).unwrap_or_default(),
        issuer_tax_id: config.map(|issuer| issuer.tax_id.clone()).unwrap_or_default(),
        agent: None,
    }
}

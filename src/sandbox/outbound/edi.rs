//! A batch as an X12 interchange.

use super::file::Batch;
use crate::model::{Field, GroupRecord};
use crate::sandbox::config::IssuerConfig;
use crate::sandbox::world::World;
use crate::wire::x12::{Envelope, FunctionalGroup, Options, SetHeader, Usage, WriteError, Writer};
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// The federal exchange's name on its interchanges.
const SENDER: &str = "CMSFFM";

/// The interchange of a batch: a functional group for each plan, a transaction set for each record.
pub(super) fn encode(world: &World, batch: &Batch) -> Vec<u8> {
    let at = world.clock.now().with_timezone(&world.config.zone).naive_local();
    let mut writer = Writer::new(Options::default());
    if let Err(error) = write(world, batch, at, &mut writer) {
        world.trouble(&error);
    }
    writer.finish()
}

fn write(world: &World, batch: &Batch, at: NaiveDateTime, writer: &mut Writer) -> Result<(), WriteError> {
    writer.open_interchange(&Envelope {
        sender: SENDER.to_owned(),
        receiver: batch.issuer.to_string(),
        control_number: world.numbers.control(),
        at,
        usage: Usage::Test,
        wants_acknowledgement: true,
    })?;
    let issuer = world.issuers.get(&batch.issuer).map(|issuer| &issuer.config);
    for ((sender, receiver), records) in by_plan(batch) {
        let header = FunctionalGroup { sender, receiver, control_number: world.numbers.control(), at };
        writer.open_group(&header)?;
        for record in records {
            let header = set_header(world, issuer, &header.sender, at);
            if let Err(error) = writer.write(&header, record) {
                world.trouble(&error);
            }
        }
    }
    Ok(())
}

/// Records by GS02 and GS03: the exchange of their state, and the plan at whom they are addressed to.
fn by_plan(batch: &Batch) -> BTreeMap<(String, String), Vec<&GroupRecord>> {
    let mut plans: BTreeMap<_, Vec<&GroupRecord>> = BTreeMap::new();
    for record in &batch.records {
        let text = |field| record.facts.text(field).unwrap_or_default();
        let plan = text(Field::PlanId);
        let state = plan.get(5..7).unwrap_or("XX");
        let receiver = format!("{}{}", text(Field::Issuer), plan.get(5..).unwrap_or_default());
        plans.entry((format!("{state}0"), receiver)).or_default().push(record);
    }
    plans
}

fn set_header(world: &World, issuer: Option<&IssuerConfig>, exchange: &str, at: NaiveDateTime) -> SetHeader {
    let control_number = world.numbers.control();
    SetHeader {
        control_number,
        reference: format!("{control_number:09}"),
        created_at: at,
        zone: world.config.zone,
        exchange: exchange.to_owned(),
        issuer_name: issuer.map(|issuer| issuer.name.clone()).unwrap_or_default(),
        issuer_tax_id: issuer.map(|issuer| issuer.tax_id.clone()).unwrap_or_default(),
    }
}

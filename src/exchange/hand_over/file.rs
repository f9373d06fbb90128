//! The file: one interchange, one functional group, one transaction set for each enrollment group.

use crate::model::{self, Direction, Field, GroupRecord, IssuerId};
use crate::target::{HandOver, Organization};
use crate::wire::x12::{
    Agent, Envelope, FunctionalGroup, Options, Qualifiers, SetHeader, Sponsor, Usage, WriteError, Writer,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// What is handed over, before it is written.
pub(super) struct Letter<'a> {
    pub(super) step: &'a HandOver,
    /// ISA13, GS06 and the first set's ST02; each further set has the next number.
    pub(super) first: u32,
    pub(super) at: DateTime<Utc>,
    /// The exchange's zone.
    pub(super) zone: Tz,
    /// Tax ids first, then the name, of each issuer that the target knows.
    pub(super) issuers: &'a BTreeMap<IssuerId, Vec<String>>,
    /// The household's own agent, who is told before the step's broker.
    pub(super) agent: Option<&'a model::Agent>,
}

impl Letter<'_> {
    /// The file's bytes. Fails where somebody's name or id is not known, or a record cannot be written.
    pub(super) fn write(&self, records: &[GroupRecord]) -> Result<Vec<u8>, String> {
        let at = self.at.with_timezone(&self.zone).naive_local();
        let mut writer = Writer::new(Options::default());
        self.open(&mut writer, at).map_err(|e| e.to_string())?;
        for (control_number, record) in (self.first..).zip(records) {
            let header = self.header(control_number, record, at)?;
            writer.write(&header, record).map_err(|e| e.to_string())?;
        }
        Ok(writer.finish())
    }

    fn open(&self, writer: &mut Writer, at: NaiveDateTime) -> Result<(), WriteError> {
        let HandOver { sender, receiver, is_production, acknowledged, .. } = self.step;
        writer.open_interchange(&Envelope {
            sender: sender.id.clone(),
            receiver: receiver.id.clone(),
            qualifiers: Qualifiers { sender: sender.qualifier.clone(), receiver: receiver.qualifier.clone() },
            control_number: self.first,
            at,
            usage: if *is_production { Usage::Production } else { Usage::Test },
            wants_acknowledgement: acknowledged.is_some(),
        })?;
        let (sender, receiver) = (sender.group.clone(), receiver.group.clone());
        writer.open_group(&FunctionalGroup { sender, receiver, control_number: self.first, at })
    }

    fn header(
        &self,
        control_number: u32,
        record: &GroupRecord,
        created_at: NaiveDateTime,
    ) -> Result<SetHeader, String> {
        let payer = self.payer(record)?;
        let sponsor = |by: &Organization| Sponsor { name: by.name.clone(), tax_id: by.tax_id.clone() };
        Ok(SetHeader {
            direction: Direction::ToIssuer,
            control_number,
            reference: format!("{control_number:09}"),
            created_at,
            zone: self.zone,
            exchange: self.step.sender.group.clone(),
            issuer_name: payer.name,
            issuer_tax_id: payer.tax_id,
            sponsor: self.step.sponsor.as_ref().map(sponsor),
            agent: self.agent(),
        })
    }

    fn agent(&self) -> Option<Agent> {
        let own = self.agent.map(|own| (own.name.as_str(), own.npn.as_str()));
        let (name, npn) = own.or_else(|| self.step.broker.as_ref().map(|by| (by.name.as_str(), by.npn.as_str())))?;
        Some(Agent { name: name.to_owned(), npn: npn.to_owned() })
    }

    /// As the step says, or as the target's `issuers` call the plan's issuer.
    fn payer(&self, record: &GroupRecord) -> Result<Organization, String> {
        if let Some(payer) = &self.step.payer {
            return Ok(payer.clone());
        }
        let issuer = IssuerId::new(record.facts.text(Field::Issuer).unwrap_or_default());
        let called = self.issuers.get(&issuer).map(Vec::as_slice);
        match called {
            Some([tax_id, .., name]) => Ok(Organization { name: name.clone(), tax_id: tax_id.clone() }),
            _ => Err(format!(
                "nothing says name and tax id of issuer `{issuer}`, which an 834 must (N1*IN): say both under `issuers`, or \
                 `payer` in the step"
            )),
        }
    }
}

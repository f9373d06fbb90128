//! Loading an 834 file into an issuer's records.

use crate::model::{Field, RecordKind};
use crate::sandbox::edi::{Transaction, read};
use crate::sandbox::outbound::Written;
use crate::sandbox::world::World;

/// Receives a file that lies in the outbound folder: acknowledges it, and loads the transaction sets that were not refused.
/// Blocks while it reads.
pub(in crate::sandbox) fn load(world: &World, written: &Written) {
    let Some(issuer) = world.issuers.get(&written.issuer) else { return };
    let admitted = match issuer.reception().receive(world, &written.issuer, &written.path) {
        Ok(admitted) => admitted,
        Err(error) => return world.trouble(&error),
    };
    let loaded = match read(world, &written.path, &admitted) {
        Ok(loaded) => loaded,
        Err(error) => return world.trouble(&error),
    };
    let mut bills = Vec::new();
    let mut books = issuer.books();
    for Transaction { record, reference } in loaded {
        let (kind, policy) = (record.kind, record.facts.text(Field::PolicyId).map(str::to_owned));
        books.take(world, record);
        let is_billed = |policy: &String| match kind {
            RecordKind::InitialEnrollment | RecordKind::AutomaticReenrollment => true,
            // what was paid for before it ended is not billed again
            RecordKind::Reinstatement => books.is_unpaid(policy),
            _ => false,
        };
        bills.extend(policy.filter(is_billed).map(|policy| (policy, reference)));
    }
    drop(books);
    let (mut premiums, now) = (issuer.premiums(), world.clock.now());
    for (policy, reference) in bills {
        premiums.bill(&policy, reference, now);
    }
}

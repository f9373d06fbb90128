//! Loading an 834 file into an issuer's records.

use crate::model::{Field, GroupRecord, RecordKind};
use crate::sandbox::outbound::Written;
use crate::sandbox::world::World;
use crate::wire::x12::{Item, ReadError, Reader};
use chrono_tz::Tz;
use std::fs::File;
use std::path::Path;

/// Loads a file that lies in the outbound folder. One that is damaged or incomplete is refused as a whole, and so is an
/// interchange whose control number was seen before (TA1 note 025). Blocks while it reads.
pub(in crate::sandbox) fn load(world: &World, written: &Written) {
    let Some(issuer) = world.issuers.get(&written.issuer) else { return };
    let records = match read(&written.path, world.config.zone) {
        Ok(records) => records,
        Err(error) => return world.trouble(&error),
    };
    let mut bills = Vec::new();
    let mut books = issuer.books();
    let control = records.first().and_then(|loaded| loaded.record.place.interchange.as_deref());
    if control.is_some_and(|control| books.is_new_interchange(control)) {
        for Loaded { record, reference } in records {
            let is_enrollment = !matches!(record.kind, RecordKind::Cancellation | RecordKind::Termination);
            let policy = record.facts.text(Field::PolicyId).map(str::to_owned).filter(|_| is_enrollment);
            books.take(world, record);
            bills.extend(policy.map(|policy| (policy, reference)));
        }
    }
    drop(books);
    let (mut premiums, now) = (issuer.premiums(), world.clock.now());
    for (policy, reference) in bills {
        premiums.bill(&policy, reference, now);
    }
}

/// A transaction, and the number that the issuer's reply returns (BGN02).
struct Loaded {
    record: GroupRecord,
    reference: Option<String>,
}

/// The records of a file; none where it is not whole.
fn read(path: &Path, zone: Tz) -> Result<Vec<Loaded>, ReadError> {
    let mut reader = Reader::new(File::open(path)?);
    let mut records = Vec::new();
    while let Some(item) = reader.next()? {
        if let Item::Group(group) = item {
            let reference = group.reference().map(std::borrow::Cow::into_owned);
            records.push(Loaded { record: group.to_record("", zone), reference });
        }
    }
    if !reader.report().is_complete() {
        records.clear();
    }
    Ok(records)
}

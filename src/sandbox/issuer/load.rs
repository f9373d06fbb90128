//! Loading an 834 file into an issuer's records.

use crate::model::{Field, GroupRecord, RecordKind};
use crate::sandbox::acknowledge::Admitted;
use crate::sandbox::outbound::Written;
use crate::sandbox::world::World;
use crate::wire::x12::{Item, ReadError, Reader};
use chrono_tz::Tz;
use std::fs::File;
use std::path::Path;

/// Receives a file that lies in the outbound folder: acknowledges it, and loads the transaction sets that were not refused.
/// Blocks while it reads.
pub(in crate::sandbox) fn load(world: &World, written: &Written) {
    let Some(issuer) = world.issuers.get(&written.issuer) else { return };
    let admitted = match issuer.reception().receive(world, &written.path) {
        Ok(admitted) => admitted,
        Err(error) => return world.trouble(&error),
    };
    let loaded = match read(&written.path, world.config.zone, &admitted) {
        Ok(loaded) => loaded,
        Err(error) => return world.trouble(&error),
    };
    let mut bills = Vec::new();
    let mut books = issuer.books();
    for Loaded { record, reference } in loaded {
        let is_enrollment = !matches!(record.kind, RecordKind::Cancellation | RecordKind::Termination);
        let policy = record.facts.text(Field::PolicyId).map(str::to_owned).filter(|_| is_enrollment);
        books.take(world, record);
        bills.extend(policy.map(|policy| (policy, reference)));
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

/// The admitted transactions of a file.
fn read(path: &Path, zone: Tz, admitted: &Admitted) -> Result<Vec<Loaded>, ReadError> {
    let mut reader = Reader::new(File::open(path)?);
    let mut loaded = Vec::new();
    while let Some(item) = reader.next()? {
        if let Item::Group(group) = item {
            let reference = group.reference().map(std::borrow::Cow::into_owned);
            let record = group.to_record("", zone);
            if admitted.admits(&record) {
                loaded.push(Loaded { record, reference });
            }
        }
    }
    Ok(loaded)
}

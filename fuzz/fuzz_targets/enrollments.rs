//! Any bytes as an 834 file: read to the end, every group made a record. Nothing panics, the reader's counts agree with what
//! it gave out, and places are in the file.

#![no_main]

use johndoe_fuzz::wire::x12::{Item, Reader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut reader = Reader::new(bytes);
    let (mut groups, mut members, mut damages) = (0_u64, 0_u64, 0_u64);
    while let Ok(Some(item)) = reader.next() {
        match item {
            Item::Group(group) => {
                groups += 1;
                members += group.members().count() as u64;
                assert!(group.location().offset < bytes.len() as u64, "a group that begins after the file");
                let record = group.to_record("fuzz", chrono_tz::UTC);
                assert!(record.members.len() as u64 <= members, "a record holds members that the group does not");
                assert!(group.receiver_ids().interchange.len() <= 2 * bytes.len(), "a receiver longer than the file");
            }
            Item::Damage(damage) => {
                damages += 1;
                assert!(!damage.to_string().is_empty(), "a damage without words");
                assert!(damage.at.offset <= bytes.len() as u64, "damage after the file");
            }
        }
    }
    let report = reader.report();
    assert_eq!((report.enrollment_groups, report.members, report.damages), (groups, members, damages));
    // A member is an INS segment: `INS`, and a terminator before the next.
    assert!(members <= 3 * (bytes.len() as u64 / 4 + 1), "more members than the file has room for: {members}");
});

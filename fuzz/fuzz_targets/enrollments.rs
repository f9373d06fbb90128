//! Any bytes as an 834 file: read to the end, every group made a record. Nothing panics, and the reader's counts agree with
//! what it gave out.

#![no_main]

use johndoe::wire::x12::{Item, Reader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut reader = Reader::new(bytes);
    let (mut groups, mut members, mut damages) = (0_u64, 0_u64, 0_u64);
    while let Ok(Some(item)) = reader.next() {
        match item {
            Item::Group(group) => {
                groups += 1;
                members += group.members().count() as u64;
                let record = group.to_record("fuzz", chrono_tz::UTC);
                assert!(record.members.len() as u64 <= members, "a record holds members that the group does not");
            }
            Item::Damage(damage) => {
                damages += 1;
                assert!(!damage.to_string().is_empty(), "a damage without words");
            }
        }
    }
    let report = reader.report();
    assert_eq!((report.enrollment_groups, report.members, report.damages), (groups, members, damages));
});

//! Any bytes as a file that may still be growing: whether it is whole is said, and said the same of the same bytes read in
//! pieces.

#![no_main]

use johndoe_fuzz::dripping::Dripping;
use johndoe_fuzz::wire::x12::{Completeness, completeness};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let whole = completeness(bytes).map_err(|error| error.to_string());
    let dripped = completeness(Dripping(bytes)).map_err(|error| error.to_string());
    assert_eq!(format!("{whole:?}"), format!("{dripped:?}"));
    if let Ok(Completeness::Incomplete { reason, .. }) = whole {
        assert!(!reason.is_empty(), "incomplete without a reason");
    }
});

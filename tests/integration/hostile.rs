//! Files that broke a reader once, each as small as it still did.

use johndoe::wire::x12::{Completeness, Item, Reader, completeness};

const ISA: &str =
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1010*^*00501*000000001*0*T*:~";

fn damages(file: &str) -> Vec<String> {
    let mut reader = Reader::new(file.as_bytes());
    let mut told = Vec::new();
    while let Some(item) = reader.next().unwrap() {
        if let Item::Damage(damage) = item {
            told.push(damage.to_string());
        }
    }
    told
}

/// A segment whose identifier only begins as a header's does was read again and again, as the header it is not.
#[test]
fn a_segment_called_nearly_like_a_header_does_not_stop_the_reader() {
    for id in ["ISAIEA", "ISA1", "ISAX"] {
        let file = format!("{ISA}GS*BE*A*B*20131115*1010*1*X*005010X220A1~GE*0*1~{id}*1*000000001~IEA*1*000000001~");
        let told = damages(&file);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(&format!("segment `{id}` stands outside a transaction set")), "{told:?}");
        assert!(matches!(completeness(file.as_bytes()).unwrap(), Completeness::Incomplete { closed: true, .. }));
    }
}

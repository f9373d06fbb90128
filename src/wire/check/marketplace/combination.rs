//! Which maintenance type, maintenance reason and additional reason go together, in which direction.

use super::envelope::Way;
use crate::model::Direction;
use crate::wire::x12::{Transaction, same_words};

/// Beside the transactions that are written: an issuer's maintenance may leave its reason out (CMS companion guide v7.2 p. 113).
const BESIDE: &[(Direction, [&str; 3])] = &[(Direction::ToExchange, ["001", "", "ISSUER MAINT"])];

/// Maintenance type, reason and additional reason of everything that goes that way, as the table of transactions has them.
fn rows(way: Way) -> impl Iterator<Item = [&'static str; 3]> {
    let goes = move |said: Direction| way.direction().is_none_or(|way| way == said);
    let listed = Transaction::ALL.iter().filter(move |row| way.direction().is_none_or(|way| row.goes(way)));
    let listed = listed.map(|row| [row.maintenance_type, row.maintenance_reason, row.additional]);
    listed.chain(BESIDE.iter().filter(move |(said, _)| goes(*said)).map(|(_, codes)| *codes))
}

/// Whether a combination is one of the exchange's. A dependent need not repeat the subscriber's additional reason. The audit
/// (030) is the X12 guide's own; the federal exchange has no table for it.
pub(super) fn is_known(
    way: Way,
    is_subscriber: bool,
    (maintenance, reason, additional): (&[u8], &[u8], &[u8]),
) -> bool {
    let may_omit = !is_subscriber && additional.is_empty();
    maintenance == b"030"
        || rows(way).any(|[kind, why, more]| {
            kind.as_bytes() == maintenance
                && why.as_bytes() == reason
                && (may_omit || same_words(additional, more.as_bytes()))
        })
}

/// The additional reasons that go with a maintenance type and reason.
pub(super) fn additional_for(way: Way, maintenance: &[u8], reason: &[u8]) -> Vec<&'static str> {
    let rows = rows(way).filter(|[kind, why, _]| kind.as_bytes() == maintenance && why.as_bytes() == reason);
    rows.map(|[.., more]| if more.is_empty() { "none" } else { more }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Way, is_known};

    #[test]
    fn reasons_are_known_as_the_guide_spells_them() {
        for (reason, additional) in [
            ("41", "PASSIVE - NEW SUBSCRIBER (B2S)"),
            ("41", "PASSIVE \u{2013} B2S"),
            ("EC", "PASSIVE REENROLL - NEW TO ISSUER (B2S)"),
            ("EC", ""),
        ] {
            let codes = (&b"021"[..], reason.as_bytes(), additional.as_bytes());
            assert!(is_known(Way::ToIssuer, true, codes) && !is_known(Way::ToExchange, true, codes), "{additional}");
        }
        let change = (&b"001"[..], &b""[..], &b"ISSUER MAINT"[..]);
        assert!(is_known(Way::ToExchange, true, change) && !is_known(Way::ToIssuer, true, change));
    }
}

//! Which maintenance type, maintenance reason and additional reason go together, in which direction.

use super::envelope::Way;

struct Row {
    way: Way,
    maintenance: &'static str,
    reason: &'static str,
    /// Additional reasons without blanks and hyphens; an empty one where none is needed.
    additional: &'static [&'static str],
}

const fn row(way: Way, maintenance: &'static str, reason: &'static str, additional: &'static [&'static str]) -> Row {
    Row { way, maintenance, reason, additional }
}

use Way::{ToExchange, ToIssuer};

/// CMS companion guide v7.2 p. 111 to 113; spaces and dashes vary there too.
const ROWS: &[Row] = &[
    row(ToIssuer, "021", "EC", &["", "CIC", "PASSIVEREENROLLNEWTOISSUER", "PASSIVEREENROLLNEWTOISSUERB2S"]),
    row(
        ToIssuer,
        "021",
        "41",
        &["PASSIVE", "PASSIVEB2S", "PASSIVEINITIAL", "PASSIVENEWSUBSCRIBER", "PASSIVENEWSUBSCRIBERB2S"],
    ),
    row(ToIssuer, "024", "14", &["CANCEL", "CANCELCIC", "CANCELOTHCOVERAGE", "TERM", "TERMCIC", "TERMOTHCOVERAGE"]),
    row(ToIssuer, "024", "07", &["CANCELNLE", "CANCELFRD", "TERMNLE"]),
    row(ToIssuer, "024", "03", &["CANCELPDM", "TERMPDM"]),
    row(ToIssuer, "024", "", &["CANCELCARRYFORWARD", "CANCELOTH", "TERMOTH"]),
    row(
        ToIssuer,
        "001",
        "",
        &["FINANCIALCHANGE", "CSRVARIANTCHANGE", "AGENTBROKERINFO", "DEMOGRAPHICCHANGE", "NOCHANGE"],
    ),
    row(ToIssuer, "001", "25", &["DEMOGRAPHICCHANGE"]),
    row(ToIssuer, "001", "43", &["DEMOGRAPHICCHANGE"]),
    row(ToExchange, "021", "28", &["CONFIRM"]),
    row(ToExchange, "024", "59", &["CANCEL", "TERM"]),
    row(ToExchange, "024", "14", &["CANCELFLC"]),
    row(ToExchange, "024", "07", &["CANCELFRD", "CANCELRESCIND"]),
    row(ToExchange, "024", "26", &["CANCELHICS", "TERMHICS"]),
    row(
        ToExchange,
        "024",
        "",
        &["CANCELOTH", "CANCELANTIDUPLICATION", "CANCELOUTOFAREA", "TERMOTH", "TERMANTIDUPLICATION"],
    ),
    row(ToExchange, "001", "25", &["ISSUERMAINT"]),
    row(ToExchange, "001", "", &["ISSUERMAINT", "NOCHANGE"]),
    row(ToExchange, "025", "", &["ISSUERREINSTATEMENT"]),
];

/// Whether a combination is one of the exchange's. A dependent need not repeat the subscriber's additional reason. The audit (030)
/// and what an exchange reinstates (025 with 41) are the X12 guide's own; the federal exchange has no table for them.
pub(super) fn is_known(
    way: Way,
    is_subscriber: bool,
    (maintenance, reason, additional): (&[u8], &[u8], &[u8]),
) -> bool {
    let is_reinstated = way != Way::ToExchange && (maintenance, reason, additional) == (b"025", b"41", b"");
    if maintenance == b"030" || is_reinstated {
        return true;
    }
    let goes = |row: &&Row| {
        (way == Way::Unknown || row.way == way)
            && row.maintenance.as_bytes() == maintenance
            && row.reason.as_bytes() == reason
    };
    let may_omit = !is_subscriber && additional.is_empty();
    ROWS.iter().filter(goes).any(|row| may_omit || row.additional.iter().any(|known| known.as_bytes() == additional))
}

/// The additional reasons that go with a maintenance type and reason.
pub(super) fn additional_for(way: Way, maintenance: &[u8], reason: &[u8]) -> Vec<&'static str> {
    let rows = ROWS.iter().filter(|row| {
        (way == Way::Unknown || row.way == way)
            && row.maintenance.as_bytes() == maintenance
            && row.reason.as_bytes() == reason
    });
    rows.flat_map(|row| row.additional.iter().map(|known| if known.is_empty() { "none" } else { *known })).collect()
}

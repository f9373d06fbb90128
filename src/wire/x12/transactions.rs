//! Every kind of transaction and the codes that say it: one table, looked up both ways.

use super::text::same_words;
use crate::model::{Direction, RecordKind, TransactionReason};
use Direction::{ToExchange, ToIssuer};
use RecordKind::{
    Audit, AutomaticReenrollment, Cancellation, Effectuation, InitialEnrollment, Maintenance, Reinstatement,
    Termination,
};
use TransactionReason as Why;

/// How one kind of transaction, sent for one reason, is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transaction {
    /// What it does.
    pub kind: RecordKind,
    /// Why; `None` where the codes name no reason.
    pub reason: Option<TransactionReason>,
    /// INS03.
    pub maintenance_type: &'static str,
    /// INS04; empty is a legal value.
    pub maintenance_reason: &'static str,
    /// ADDL MAINT REASON; empty where there is none.
    pub additional: &'static str,
    ways: &'static [Direction],
}

/// One row: kind, reason, codes, directions.
const fn row(
    kind: RecordKind,
    reason: Option<TransactionReason>,
    [maintenance_type, maintenance_reason, additional]: [&'static str; 3],
    ways: &'static [Direction],
) -> Transaction {
    Transaction { kind, reason, maintenance_type, maintenance_reason, additional, ways }
}

const OUT: &[Direction] = &[ToIssuer];
const IN: &[Direction] = &[ToExchange];
const BOTH: &[Direction] = &[ToIssuer, ToExchange];

/// CMS companion guide v7.2 p. 111 to 113, the meanings p. 19 and 20; audits and an exchange's own reinstatements, which the
/// guide does not have, by the standard (005010X220A1: INS03 030 and 025, INS04 XN and 41, re-enrollment). Of several reasons of one kind in one direction the first is the one meant where none is named.
const TABLE: &[Transaction] = &[
    row(InitialEnrollment, None, ["021", "EC", ""], OUT),
    row(InitialEnrollment, Some(Why::ChangeInCircumstances), ["021", "EC", "CIC"], OUT),
    row(Effectuation, Some(Why::PaymentConfirmed), ["021", "28", "CONFIRM"], IN),
    row(AutomaticReenrollment, Some(Why::Passive), ["021", "41", "PASSIVE"], OUT),
    row(AutomaticReenrollment, Some(Why::PassiveBronzeToSilver), ["021", "41", "PASSIVE - B2S"], OUT),
    row(AutomaticReenrollment, Some(Why::PassiveInitial), ["021", "41", "PASSIVE - INITIAL"], OUT),
    row(AutomaticReenrollment, Some(Why::PassiveNewSubscriber), ["021", "41", "PASSIVE - NEW SUBSCRIBER"], OUT),
    row(
        AutomaticReenrollment,
        Some(Why::PassiveNewSubscriberBronzeToSilver),
        ["021", "41", "PASSIVE - NEW SUBSCRIBER B2S"],
        OUT,
    ),
    row(AutomaticReenrollment, Some(Why::PassiveNewToIssuer), ["021", "EC", "PASSIVE REENROLL - NEW TO ISSUER"], OUT),
    row(
        AutomaticReenrollment,
        Some(Why::PassiveNewToIssuerBronzeToSilver),
        ["021", "EC", "PASSIVE REENROLL - NEW TO ISSUER B2S"],
        OUT,
    ),
    row(Cancellation, Some(Why::Voluntary), ["024", "14", "CANCEL"], OUT),
    row(Cancellation, Some(Why::ChangeInCircumstances), ["024", "14", "CANCELCIC"], OUT),
    row(Cancellation, Some(Why::OtherCoverage), ["024", "14", "CANCEL-OTH-COVERAGE"], OUT),
    row(Cancellation, Some(Why::NoLongerEligible), ["024", "07", "CANCEL-NLE"], OUT),
    row(Cancellation, Some(Why::Death), ["024", "03", "CANCEL-PDM"], OUT),
    row(Cancellation, Some(Why::CarryForward), ["024", "", "CANCEL-CARRYFORWARD"], OUT),
    row(Cancellation, Some(Why::NonPayment), ["024", "59", "CANCEL"], IN),
    row(Cancellation, Some(Why::FreeLook), ["024", "14", "CANCEL-FLC"], IN),
    row(Cancellation, Some(Why::Fraud), ["024", "07", "CANCEL-FRD"], BOTH),
    row(Cancellation, Some(Why::Rescission), ["024", "07", "CANCEL-RESCIND"], IN),
    row(Cancellation, Some(Why::Casework), ["024", "26", "CANCEL-HICS"], IN),
    row(Cancellation, Some(Why::Other), ["024", "", "CANCEL-OTH"], BOTH),
    row(Cancellation, Some(Why::AntiDuplication), ["024", "", "CANCEL-ANTIDUPLICATION"], IN),
    row(Cancellation, Some(Why::OutOfArea), ["024", "", "CANCEL-OUT-OF-AREA"], IN),
    row(Termination, Some(Why::Voluntary), ["024", "14", "TERM"], OUT),
    row(Termination, Some(Why::ChangeInCircumstances), ["024", "14", "TERMCIC"], OUT),
    row(Termination, Some(Why::OtherCoverage), ["024", "14", "TERM-OTH-COVERAGE"], OUT),
    row(Termination, Some(Why::NoLongerEligible), ["024", "07", "TERM-NLE"], OUT),
    row(Termination, Some(Why::Death), ["024", "03", "TERM-PDM"], OUT),
    row(Termination, Some(Why::NonPayment), ["024", "59", "TERM"], IN),
    row(Termination, Some(Why::Casework), ["024", "26", "TERM-HICS"], IN),
    row(Termination, Some(Why::Other), ["024", "", "TERM-OTH"], BOTH),
    row(Termination, Some(Why::AntiDuplication), ["024", "", "TERM-ANTIDUPLICATION"], IN),
    row(Maintenance, Some(Why::NoChange), ["001", "", "NO CHANGE"], BOTH),
    row(Maintenance, Some(Why::FinancialChange), ["001", "", "FINANCIAL CHANGE"], OUT),
    row(Maintenance, Some(Why::VariantChange), ["001", "", "CSR VARIANT CHANGE"], OUT),
    row(Maintenance, Some(Why::AgentChange), ["001", "", "AGENT BROKER INFO"], OUT),
    row(Maintenance, Some(Why::DemographicChange), ["001", "", "DEMOGRAPHIC CHANGE"], OUT),
    row(Maintenance, Some(Why::IdentityChange), ["001", "25", "DEMOGRAPHIC CHANGE"], OUT),
    row(Maintenance, Some(Why::ResidenceChange), ["001", "43", "DEMOGRAPHIC CHANGE"], OUT),
    row(Maintenance, Some(Why::IssuerIdChange), ["001", "25", "ISSUER MAINT"], IN),
    row(Reinstatement, Some(Why::IssuerReinstatement), ["025", "", "ISSUER - REINSTATEMENT"], IN),
    row(Reinstatement, None, ["025", "41", ""], OUT),
    row(Audit, None, ["030", "XN", ""], BOTH),
];

impl Transaction {
    /// Every transaction that can be written.
    pub const ALL: &'static [Self] = TABLE;

    /// Whether it is sent in a direction.
    pub fn goes(&self, way: Direction) -> bool {
        self.ways.contains(&way)
    }

    /// How a kind is coded in a direction, for a reason or for the usual one; `None` where the exchange knows no such
    /// transaction.
    pub fn of(kind: RecordKind, reason: Option<TransactionReason>, way: Direction) -> Option<&'static Self> {
        TABLE
            .iter()
            .find(|row| row.kind == kind && row.ways.contains(&way) && (reason.is_none() || row.reason == reason))
    }

    /// The transaction that codes of either direction say; `None` where no row of the table has them. An additional reason
    /// that only one row has is enough without INS04, which some senders leave out; its spelling varies, and blanks and
    /// hyphens do not count.
    pub fn of_codes(maintenance_type: &[u8], maintenance_reason: &[u8], additional: &[u8]) -> Option<&'static Self> {
        let fits = |row: &&Self| {
            row.maintenance_type.as_bytes() == maintenance_type && same_words(additional, row.additional.as_bytes())
        };
        let mut fitting = TABLE.iter().filter(fits);
        let exact = fitting.clone().find(|row| row.maintenance_reason.as_bytes() == maintenance_reason);
        let only = || fitting.next().filter(|_| fitting.next().is_none() && !additional.is_empty());
        exact.or_else(only)
    }

    /// The directions in which it is sent.
    pub fn ways(&self) -> &'static [Direction] {
        self.ways
    }
}

#[cfg(test)]
mod tests {
    use super::Transaction;
    use crate::model::{Direction, RecordKind, TransactionReason as Why};

    #[test]
    fn every_row_is_found_by_its_codes_and_by_its_meaning() {
        for row in Transaction::ALL {
            let [kind, reason, more] = [row.maintenance_type, row.maintenance_reason, row.additional];
            let read = Transaction::of_codes(kind.as_bytes(), reason.as_bytes(), more.as_bytes()).unwrap();
            assert_eq!(read, row);
            for way in row.ways() {
                let meant = Transaction::of(row.kind, row.reason, *way).unwrap();
                assert!(meant == row || row.reason.is_none(), "{row:?} {meant:?}");
            }
        }
    }

    #[test]
    fn every_reason_is_in_the_table() {
        for why in Why::ALL {
            assert!(Transaction::ALL.iter().any(|row| row.reason == Some(*why)), "{why}");
        }
    }

    #[test]
    fn the_usual_reason_depends_on_who_speaks() {
        let usual = |way| Transaction::of(RecordKind::Cancellation, None, way).unwrap().reason;
        assert_eq!(usual(Direction::ToIssuer), Some(Why::Voluntary));
        assert_eq!(usual(Direction::ToExchange), Some(Why::NonPayment));
        assert_eq!(Transaction::of(RecordKind::Effectuation, None, Direction::ToIssuer), None);
        assert_eq!(Transaction::of(RecordKind::Snapshot, None, Direction::ToIssuer), None);
    }

    #[test]
    fn spelling_and_a_missing_code_do_not_hide_the_reason() {
        let read = |more: &[u8]| Transaction::of_codes(b"024", b"", more).map(|row| (row.kind, row.reason));
        assert_eq!(read(b"TERM - NLE"), Some((RecordKind::Termination, Some(Why::NoLongerEligible))));
        assert_eq!(read(b"Cancel- FLC"), Some((RecordKind::Cancellation, Some(Why::FreeLook))));
        assert_eq!(read(b"CANCEL"), None, "voluntary, or not paid for");
        assert_eq!(read(b"CANCEL-WHIM"), None);
        assert_eq!(read(b""), None);
        let passive = Transaction::of_codes(b"021", b"41", b"PASSIVE - NEW SUBSCRIBER (B2S)").unwrap();
        assert_eq!(passive.reason, Some(Why::PassiveNewSubscriberBronzeToSilver));
    }
}

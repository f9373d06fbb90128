//! 834 Benefit Enrollment and Maintenance, 005010X220A1.

mod coverage;
mod header;
mod member;
mod other_people;
mod person;
mod reporting;
mod shared;

use super::notation::{Guide, Node};
use header::{ACTION_DATE, BEGIN, BROKER, MASTER_POLICY, PAYER, SPONSOR, TOTALS};

/// The guide.
pub(super) static X220A1: Guide = Guide {
    version: "005010X220A1",
    set: "834",
    group: "BE",
    name: "benefit enrollment and maintenance",
    content: &[
        Node::Segment(&BEGIN),
        Node::Segment(&MASTER_POLICY),
        Node::Segment(&ACTION_DATE),
        Node::Segment(&TOTALS),
        Node::Loop(&SPONSOR),
        Node::Loop(&PAYER),
        Node::Loop(&BROKER),
        Node::Loop(&member::MEMBER),
    ],
};

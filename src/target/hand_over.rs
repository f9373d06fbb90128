//! A step that hands over an 834 instead of asking over HTTP, as an employer, a union or a state exchange enrolls.

use super::template::Template;
use super::waypoint::Directory;
use crate::model::Field;
use std::time::Duration;

/// Hands over the household's 834: what is expected downstream, as a new enrollment or as its cancellation.
#[derive(Debug, Clone)]
pub struct HandOver {
    /// Where the file is put.
    pub to: Directory,
    /// Its name; `control_number` is known too.
    pub file: Template,
    /// Who sends it.
    pub sender: TradingPartner,
    /// For whom it is.
    pub receiver: TradingPartner,
    /// Who sponsors the coverage; `None`: the subscriber.
    pub sponsor: Option<Organization>,
    /// Whose plans they are; `None`: each plan's issuer, by the target's `issuers`.
    pub payer: Option<Organization>,
    /// Who helped, where somebody did.
    pub broker: Option<Broker>,
    /// Whether the file says that it is production data (ISA15).
    pub is_production: bool,
    /// What the sender itself decides, and so expects downstream.
    pub facts: Vec<OwnFact>,
    /// Where its acknowledgements come; `None`: the step is done once the file is in place.
    pub acknowledged: Option<Acknowledged>,
}

/// One side of an interchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradingPartner {
    /// ISA06 or ISA08.
    pub id: String,
    /// ISA05 or ISA07.
    pub qualifier: String,
    /// GS02 or GS03.
    pub group: String,
}

/// Somebody by name and tax id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// N102.
    pub name: String,
    /// N104 with `FI`.
    pub tax_id: String,
}

/// An agent or broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    /// N102.
    pub name: String,
    /// N104: the National Producer Number.
    pub npn: String,
}

/// A value that the sender decides: an id that it assigns, a premium that it deducts.
#[derive(Debug, Clone)]
pub struct OwnFact {
    /// The field: rendered once for each group, with `line` known, or once for each member, with `member` known.
    pub field: Field,
    /// The value; `control_number` is known too.
    pub value: Template,
}

/// Where and how long acknowledgements are waited for.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    /// Where TA1 and 999 come.
    pub from: Directory,
    /// So long after the hand-over; then nobody knows what became of it.
    pub within: Duration,
    /// Pause between two readings of the folder.
    pub every: Duration,
}

impl HandOver {
    /// What only the sender can decide; everything else is the household's or the plan's. A person's own data is not among
    /// it: people stay synthetic.
    pub const OWN: &'static [Field] = &[
        Field::PlanId,
        Field::ApplicationId,
        Field::PolicyId,
        Field::SubscriberId,
        Field::MemberId,
        Field::PremiumTotal,
        Field::Aptc,
        Field::TotalResponsibility,
        Field::CsrAmount,
        Field::Premium,
        Field::RatingArea,
        Field::SpecialEnrollment,
    ];
}

//! What interchange and group say: whether they are the federal exchange's, which tenant, which plan.

use super::super::Profile;
use super::super::checker::severity;
use super::super::finding::ElementPlace;
use super::super::rule::Rule;
use super::super::sink::{Here, Sink, shown};
use super::Marketplace;
use super::short::Short;
use crate::model::Direction;
use crate::wire::x12::{Segment, SegmentPlace, is_exchanges, is_tenant};

/// Who sends a transaction to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Way {
    ToIssuer,
    ToExchange,
    #[default]
    Unknown,
}

impl Way {
    /// As the model says it; `None` where it is not known.
    pub(super) fn direction(self) -> Option<Direction> {
        match self {
            Self::ToIssuer => Some(Direction::ToIssuer),
            Self::ToExchange => Some(Direction::ToExchange),
            Self::Unknown => None,
        }
    }
}

/// The envelope around a set.
#[derive(Debug, Default)]
pub(super) struct EnvelopeFacts {
    is_federal_interchange: bool,
    pub(super) way: Way,
    /// ISA14 as it should not be, until it is known that the interchange holds more than acknowledgements, which ask for none.
    unasked: Option<(SegmentPlace, String)>,
    /// State and 0, such as `VA0`.
    pub(super) tenant: Short,
    /// Fourteen characters.
    pub(super) plan: Short,
}

/// Issuer, state, product and component: five digits, two letters, seven digits.
pub(super) fn is_plan(code: &[u8]) -> bool {
    let digits = |part: Option<&[u8]>| part.is_some_and(|p| p.iter().all(u8::is_ascii_digit));
    let letters = code.get(5..7).is_some_and(|p| p.iter().all(u8::is_ascii_uppercase));
    code.len() == 14 && digits(code.get(..5)) && letters && digits(code.get(7..))
}

impl Marketplace {
    pub(in super::super) fn isa(&mut self, isa: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        let [_, information, _, security, _, sender_kind, _, receiver_kind]: [&[u8]; 8] = isa.elements();
        self.envelope = EnvelopeFacts { is_federal_interchange: is_exchanges(isa), ..EnvelopeFacts::default() };
        sink.marketplace = severity(self.profile, self.envelope.is_federal_interchange);
        let is_asked = self.profile == Profile::Federal || self.envelope.is_federal_interchange;
        if self.profile == Profile::Guide || !is_asked {
            return;
        }
        let wanted = [(1, information, "00"), (3, security, "00"), (5, sender_kind, "ZZ"), (7, receiver_kind, "ZZ")];
        for (number, value, code) in wanted {
            if value != code.as_bytes() {
                sink.add(Rule::Envelope, here, ElementPlace::of(number), || (shown(value), format!("`{code}`")));
            }
        }
        let asks = isa.element(14);
        self.envelope.unasked = (asks != b"1").then(|| (here.place.clone(), shown(asks)));
    }

    pub(in super::super) fn gs(&mut self, gs: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        let [_, kind, sender, receiver, ..]: [&[u8]; 9] = gs.elements();
        if let Some((place, found)) = self.envelope.unasked.take_if(|_| kind != b"FA") {
            let isa = Here { place: &place, segment: b"ISA", in_loop: "" };
            sink.add(Rule::Envelope, isa, ElementPlace::of(14), || (found, "`1`".to_owned()));
        }
        let (way, tenant, plan) = match (is_tenant(sender), is_tenant(receiver)) {
            (true, _) => (Way::ToIssuer, sender, receiver),
            (_, true) => (Way::ToExchange, receiver, sender),
            _ => (Way::Unknown, &b""[..], &b""[..]),
        };
        let plan = if is_plan(plan) { plan } else { b"" };
        self.envelope.way = way;
        self.envelope.tenant = Short::new(tenant);
        self.envelope.plan = Short::new(plan);
        let is_federal = self.envelope.is_federal_interchange || way != Way::Unknown;
        sink.marketplace = severity(self.profile, is_federal);
        let is_asked = kind == b"BE" && (is_federal || self.profile == Profile::Federal);
        let is_of_state = plan.get(5..7) == tenant.get(..2);
        if self.profile == Profile::Guide || !is_asked || (!tenant.is_empty() && !plan.is_empty() && is_of_state) {
            return;
        }
        sink.add(Rule::Parties, here, ElementPlace::of(2), || {
            let found = format!("{} and {}", shown(sender), shown(receiver));
            (
                found,
                "a tenant, such as `VA0`, and a plan of 14 characters in that state, such as `12345VA0010001`"
                    .to_owned(),
            )
        });
    }

    pub(in super::super) fn st(&mut self, st: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        let control = st.element(2);
        let is_enrollment = st.element(1) == b"834" && self.profile != Profile::Guide;
        if is_enrollment && !control.iter().all(u8::is_ascii_digit) {
            sink.add(Rule::NumberReused, here, ElementPlace::of(2), || {
                (shown(control), "a control number of digits only".to_owned())
            });
        }
    }
}

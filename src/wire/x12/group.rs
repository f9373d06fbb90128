//! An enrollment group as it stands in a transaction set, borrowed from the reader.

use super::damage::Location;
use super::envelope::Envelope;
use super::held::{Held, MemberSpan, ReadyGroup};
use super::locate::Locator;
use super::member::Member;
use super::segment::Segment;
use super::text::present;
use super::walk::Walk;
use std::borrow::Cow;

/// Everybody in one plan under one subscriber, as one transaction set shows them. Nothing is copied before
/// [`to_record`](Self::to_record) is asked for, so that people who are none of our business are dropped for nothing.
#[derive(Clone, Copy)]
pub struct EnrollmentGroup<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) separator: u8,
    pub(super) envelope: &'a Envelope,
    pub(super) held: &'a Held,
    pub(super) ready: &'a ReadyGroup,
    pub(super) offset: u64,
}

/// By what names a file calls the issuer that it is addressed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverIds<'a> {
    /// ISA08: trading partner, a tax id or HIOS id with or without a suffix character.
    pub interchange: Cow<'a, str>,
    /// GS03: the 14-character plan id where the federal exchange sends (CMS companion guide v7.2 p. 29).
    pub functional_group: Cow<'a, str>,
    /// N104 of N1*IN: mostly the tax id.
    pub insurer_id: Option<Cow<'a, str>>,
    /// N102 of N1*IN.
    pub insurer_name: Option<Cow<'a, str>>,
}

impl ReceiverIds<'_> {
    /// The issuer's HIOS id, where GS03 or ISA08 shows it, alone or as the beginning of a plan id.
    pub fn issuer(&self) -> Option<&str> {
        [&self.functional_group, &self.interchange].into_iter().find_map(|id| hios_of(id))
    }
}

impl<'a> EnrollmentGroup<'a> {
    /// The members in the order of the file, each read when it is asked for.
    pub fn members(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        let Self { bytes, separator, held, ready, .. } = *self;
        self.loops().map(move |span| Walk::member(bytes, span.segments(&held.segments), separator, ready.line))
    }

    /// The members, each with its segments for finding where something stands.
    pub(super) fn located(&self) -> impl Iterator<Item = (Member<'a>, Locator<'a>)> + use<'a> {
        let Self { bytes, separator, held, ready, .. } = *self;
        self.loops().map(move |span| {
            let segments = span.segments(&held.segments);
            let member = Walk::member(bytes, segments, separator, ready.line);
            (member, Locator::new(bytes, separator, segments, span.number))
        })
    }

    fn loops(&self) -> impl Iterator<Item = &'a MemberSpan> + use<'a> {
        let ready = self.ready;
        self.spans().iter().filter(move |span| span.is_in(ready.line, ready.is_first_line))
    }

    /// The subscriber, or whoever stands first where the group shows none.
    pub fn subscriber(&self) -> Option<Member<'a>> {
        self.members().find(Member::is_subscriber).or_else(|| self.members().next())
    }

    /// Who the file is addressed to; the issuer's HIOS id, where GS03 or ISA08 shows it, is also `group.issuer` of the
    /// record. Tax ids are for the caller to translate.
    pub fn receiver_ids(&self) -> ReceiverIds<'a> {
        let insurer = self.insurer();
        ReceiverIds {
            interchange: Cow::Borrowed(self.envelope.isa(8)),
            functional_group: Cow::Borrowed(self.envelope.gs(3)),
            insurer_id: insurer.and_then(|[_, _, _, _, id]| present(id)),
            insurer_name: insurer.and_then(|[_, _, name, _, _]| present(name)),
        }
    }

    /// Whether it stands in a damaged set, which a receiver refuses as a whole: its content may be cut.
    pub fn is_refused(&self) -> bool {
        self.ready.is_refused
    }

    /// BGN02, which an issuer returns when it confirms (CMS companion guide v7.2 p. 31).
    pub fn reference(&self) -> Option<Cow<'a, str>> {
        present(self.bgn(2))
    }

    /// Where the group begins in the file.
    pub fn location(&self) -> Location {
        let owned = |text: &str| Some(text.to_owned());
        Location {
            interchange: owned(self.envelope.isa(13)),
            functional_group: owned(self.envelope.gs(6)),
            transaction_set: owned(&self.envelope.set_control),
            segment: self.spans().first().map_or(0, |span| span.number),
            offset: self.offset,
        }
    }

    pub(super) fn bgn(&self, number: usize) -> &'a [u8] {
        let bgn = self.header().find(|segment| segment.element(0) == b"BGN");
        bgn.map_or(&[], |segment| segment.element(number))
    }

    fn insurer(&self) -> Option<[&'a [u8]; 5]> {
        self.party(b"IN")
    }

    /// The National Producer Number of the agent or broker who helped (N104 of N1*BO); empty where none did.
    pub(super) fn agent(&self) -> &'a [u8] {
        self.party(b"BO").map_or(&[], |[.., id]| id)
    }

    fn party(&self, role: &[u8]) -> Option<[&'a [u8]; 5]> {
        self.header().map(Segment::elements::<5>).find(|[id, of, ..]| *id == b"N1" && *of == role)
    }

    fn header(&self) -> impl Iterator<Item = Segment<'a>> + use<'a> {
        let Self { held, separator, .. } = *self;
        let mut start = 0;
        held.header_ends.iter().map(move |end| {
            let content = held.header.get(start..*end).unwrap_or_default();
            start = *end;
            Segment::new(content, separator)
        })
    }

    fn spans(&self) -> &'a [MemberSpan] {
        self.held.members.get(self.ready.members.clone()).unwrap_or_default()
    }
}

impl std::fmt::Debug for EnrollmentGroup<'_> {
    /// The place and the number of members; never anybody's data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let members = self.members().count();
        f.debug_struct("EnrollmentGroup").field("at", &self.location()).field("members", &members).finish()
    }
}

/// Text of a GS or ISA element as an issuer's HIOS id: five digits alone, or at the head of a plan id.
pub(super) fn hios_of(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let is_plan = bytes.len() >= 14 && bytes.iter().skip(5).take(2).all(u8::is_ascii_alphabetic);
    (digits == 5 && (bytes.len() == 5 || is_plan)).then(|| text.get(..5)).flatten()
}

#[cfg(test)]
mod tests {
    use super::hios_of;

    #[test]
    fn the_issuer_is_read_from_plan_ids_and_not_from_tax_ids() {
        assert_eq!(hios_of("12345VA0010001"), Some("12345"));
        assert_eq!(hios_of("12345"), Some("12345"));
        assert_eq!(hios_of("270549481T"), None);
        assert_eq!(hios_of("12345678901234"), None);
        assert_eq!(hios_of("CAREPLUS"), None);
    }
}

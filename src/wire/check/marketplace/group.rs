//! The set as a whole: header, totals, one subscriber, identifiers in common, sum of premiums.

use super::super::finding::ElementPlace;
use super::super::rule::Rule;
use super::super::sink::{Here, Sink, masked, shown};
use super::super::values::digits;
use super::asked::{Kind, said};
use super::envelope::Way;
use super::member::{MemberFacts, money};
use super::segments::{age, day};
use super::short::Short;
use super::{At, tell};
use crate::wire::x12::Segment;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Member ids of a set are compared up to this many.
const MEMBERS: usize = 1 << 18;

/// What a set has said.
#[derive(Debug, Default)]
pub(super) struct GroupFacts {
    created: Option<u32>,
    action: Option<(Short, At)>,
    totals: Option<(u32, At)>,
    dependents: Option<(u32, At)>,
    sponsor: Option<(Short, Short, At)>,
    members: u32,
    subscribers: u32,
    subscriber: Option<Subscriber>,
    first: Option<(Short, Short, Short, Short)>,
    ids: HashSet<u64>,
    own_premiums: i64,
    lacks_premium: bool,
    /// Dependents in a dental plan, and those of them whose premium is 0.
    dental: (u32, u32),
    has_audit: bool,
}

/// What is needed of the subscriber at the end.
#[derive(Debug)]
struct Subscriber {
    id: Short,
    ssn: Short,
    is_added: bool,
    is_ended: bool,
    is_reinstated: bool,
    told: u32,
    premium: i64,
    premium_at: At,
    at: At,
}

impl GroupFacts {
    pub(super) fn clear(&mut self) {
        let mut ids = std::mem::take(&mut self.ids);
        ids.clear();
        *self = Self { ids, ..Self::default() };
    }

    /// Takes in a segment before the first member.
    pub(super) fn header(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        match (here.segment, here.in_loop) {
            (b"BGN", _) => self.begin(segment, here, sink),
            (b"QTY", _) => {
                let [_, qualifier, total] = segment.elements();
                let found = digits(total).map(|total| (total, At::new("QTY", here)));
                let is_again = match qualifier {
                    b"TO" => self.totals.is_some(),
                    b"DT" => self.dependents.is_some(),
                    _ => false,
                };
                if is_again {
                    sink.add(Rule::Members, here, ElementPlace::of(1), || {
                        (format!("QTY*{} again", String::from_utf8_lossy(qualifier)), "it once".to_owned())
                    });
                }
                match qualifier {
                    b"TO" => self.totals = found,
                    b"DT" => self.dependents = found,
                    _ => {}
                }
            }
            (b"N1", "1000A") => {
                let [_, _, _, qualifier, id] = segment.elements();
                self.sponsor = Some((Short::new(qualifier), Short::new(id), At::new("N1", here)));
            }
            _ => {}
        }
    }

    fn begin(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        let [_, purpose, reference, created, _, _, _, _, action] = segment.elements();
        self.created = day(created);
        self.action = Some((Short::new(action), At::new("BGN", here)));
        let mut wrong = |element, found: &[u8], expected: &str| {
            sink.add(Rule::Header, here, ElementPlace::of(element), || (shown(found), expected.to_owned()));
        };
        if purpose != b"00" {
            wrong(1, purpose, "`00` (original), also when sent again");
        }
        if !matches!(reference.len(), 4..=9) || !reference.iter().all(u8::is_ascii_digit) {
            wrong(2, reference, "4 to 9 digits");
        }
        if !matches!(action, b"2" | b"4") {
            wrong(8, action, "`2` (change), or `4` (verify) with INS03 030");
        }
    }

    /// Takes in a member that has been read.
    pub(super) fn add(&mut self, member: &MemberFacts, way: Way, here: Here<'_>, sink: &mut Sink) {
        self.members += 1;
        self.has_audit |= member.maintenance.bytes() == b"030";
        self.check_common(member, here, sink);
        self.check_duplicate(member, here, sink);
        self.check_person(member, here, sink);
        if !member.is_ended() {
            self.own_premiums += member.amounts.own_premium;
            self.lacks_premium |= member.amounts.told & said::OWN_PREMIUM == 0 || member.amounts.is_unsure;
            if !member.is_subscriber && member.line.bytes() == b"DEN" {
                self.dental.0 += 1;
                self.dental.1 += u32::from(member.amounts.own_premium == 0);
            }
        }
        if member.is_subscriber {
            self.subscribers += 1;
            if self.subscribers == 2 {
                tell(Rule::Subscriber, member.at, 1, (here, &mut *sink), || {
                    ("a second subscriber".to_owned(), "one subscriber in a set".to_owned())
                });
            }
            self.subscriber = Some(Subscriber {
                id: member.subscriber_id,
                ssn: member.ssn,
                is_added: member.is_added(),
                is_ended: member.is_ended(),
                is_reinstated: member.kind(way) == Kind::Reinstatement,
                told: member.amounts.told,
                premium: member.amounts.premium,
                premium_at: member.amounts.premium_at,
                at: member.at,
            });
        }
    }

    /// Subscriber number, policy, plan and line are the same for all.
    fn check_common(&mut self, member: &MemberFacts, here: Here<'_>, sink: &mut Sink) {
        let own = (member.subscriber_id, member.policy, member.plan, member.line);
        let Some(first) = &self.first else {
            self.first = Some(own);
            return;
        };
        let compared = [
            (Rule::Identifiers, "REF*0F", own.0, first.0),
            (Rule::Coverage, "REF*1L", own.1, first.1),
            (Rule::Plan, "REF*CE", own.2, first.2),
            (Rule::Coverage, "HD03", own.3, first.3),
        ];
        for (rule, name, own, first) in compared {
            if own != first && !own.is_empty() && !first.is_empty() {
                tell(rule, member.at, 0, (here, &mut *sink), || {
                    (
                        format!("{name} {}", shown(own.bytes())),
                        format!("{}, as of the first member", shown(first.bytes())),
                    )
                });
            }
        }
    }

    fn check_duplicate(&mut self, member: &MemberFacts, here: Here<'_>, sink: &mut Sink) {
        if member.member_id.is_empty() || self.ids.len() >= MEMBERS {
            return;
        }
        let mut hasher = DefaultHasher::new();
        member.member_id.bytes().hash(&mut hasher);
        if !self.ids.insert(hasher.finish()) {
            tell(Rule::Duplicate, member.at, 0, (here, sink), || {
                (format!("member {} again", shown(member.member_id.bytes())), "each member once".to_owned())
            });
        }
    }

    fn check_person(&self, member: &MemberFacts, here: Here<'_>, sink: &mut Sink) {
        let (Some((birth, at)), Some(created)) = (member.birth, self.created) else { return };
        if age(birth, created) > 120 {
            tell(Rule::OldBirth, at, 2, (here, &mut *sink), || {
                (format!("`{birth}`"), format!("a day at most 120 years before `{created}`"))
            });
        }
        let Some(at) = member.tobacco else { return };
        let (found, expected) = if !member.is_added() {
            ("HLH on a change or an end", "it on enrollments only")
        } else if age(birth, created) < 18 {
            ("HLH of a child", "it of adults only")
        } else {
            return;
        };
        tell(Rule::Demographics, at, 0, (here, sink), || (found.to_owned(), expected.to_owned()));
    }

    /// Judges the set at its end.
    pub(super) fn finish(&mut self, here: Here<'_>, sink: &mut Sink) {
        if self.members == 0 {
            return;
        }
        self.check_totals(here, sink);
        let Some(subscriber) = &self.subscriber else {
            return sink.add(Rule::Subscriber, here, ElementPlace::default(), || {
                ("no subscriber".to_owned(), "one member with INS*Y*18".to_owned())
            });
        };
        let alone = match subscriber {
            Subscriber { is_ended: true, .. } => Some(Rule::EndsWhole),
            Subscriber { is_reinstated: true, .. } => Some(Rule::Asked),
            _ => None,
        };
        if let Some(rule) = alone.filter(|_| self.members > self.subscribers) {
            let dependents = self.members - self.subscribers;
            tell(rule, subscriber.at, 0, (here, &mut *sink), || {
                (
                    format!("{dependents} dependents beside the subscriber"),
                    "the subscriber alone: it is of the whole policy".to_owned(),
                )
            });
        }
        self.check_sponsor(subscriber, here, sink);
        self.check_sum(subscriber, here, sink);
        if let Some((action, at)) = &self.action
            && action.bytes() == b"4"
            && !self.has_audit
        {
            tell(Rule::Header, *at, 8, (here, sink), || {
                ("`4` without an audit".to_owned(), "`2`, or INS03 030".to_owned())
            });
        }
    }

    fn check_totals(&self, here: Here<'_>, sink: &mut Sink) {
        let Some((total, at)) = self.totals else {
            return sink.add(Rule::Members, here, ElementPlace::default(), || {
                ("no QTY*TO".to_owned(), "the number of members".to_owned())
            });
        };
        let is_added = self.subscriber.as_ref().is_some_and(|subscriber| subscriber.is_added);
        let members = self.members;
        if is_added && total != members {
            tell(Rule::Members, at, 2, (here, &mut *sink), || {
                (format!("`{total}`"), format!("`{members}`, as counted"))
            });
        }
        match self.dependents {
            Some((dependents, at)) if dependents == 0 || dependents + 1 != total => {
                tell(Rule::Members, at, 2, (here, sink), || {
                    let expected = if total <= 1 { "no QTY*DT".to_owned() } else { format!("`{}`", total - 1) };
                    (format!("`{dependents}` dependents of {total} members"), expected)
                });
            }
            None if total > 1 => {
                tell(Rule::Members, at, 0, (here, sink), || ("no QTY*DT".to_owned(), format!("QTY*DT*{}", total - 1)));
            }
            _ => {}
        }
    }

    fn check_sponsor(&self, subscriber: &Subscriber, here: Here<'_>, sink: &mut Sink) {
        let Some((qualifier, id, at)) = &self.sponsor else { return };
        let (expected, what) = match qualifier.bytes() {
            b"94" => (&subscriber.id, "the subscriber number"),
            b"FI" => (&subscriber.ssn, "the subscriber's SSN"),
            _ => return,
        };
        if id != expected {
            tell(Rule::Sponsor, *at, 4, (here, sink), || {
                (masked(id.bytes()), format!("{what}, {}", masked(expected.bytes())))
            });
        }
    }

    fn check_sum(&self, subscriber: &Subscriber, here: Here<'_>, sink: &mut Sink) {
        let is_known = subscriber.told & said::PREMIUM != 0 && !self.lacks_premium && subscriber.is_added;
        let is_family_rated = self.dental.0 > 0 && self.dental.0 == self.dental.1;
        if is_known && !is_family_rated && self.own_premiums != subscriber.premium {
            tell(Rule::PremiumSum, subscriber.premium_at, 2, (here, sink), || {
                let sum = money(self.own_premiums);
                (format!("PRE AMT TOT {}", money(subscriber.premium)), format!("{sum}, the sum of PRE AMT 1"))
            });
        }
    }
}

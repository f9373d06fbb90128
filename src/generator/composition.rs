//! Who lives together: how many people, and what they are to each other.

use super::cases::Cases;
use super::draw::Stream;
use crate::model::{EdgeCase, Relationship};

/// The most people in a household.
pub(super) const MOST_PEOPLE: u8 = 10;

/// How somebody's date of birth follows from the others'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Birth {
    /// The first person: an adult under 65.
    Head,
    /// About as old as the first person.
    Peer,
    /// A generation older than the first person.
    Elder,
    /// A child, or another young dependent: a generation younger than the first two adults.
    Young,
    /// Born on the day of the person before.
    Twin,
    /// Born on the day after the person before.
    NextDay,
    /// An adult dependent, a generation younger.
    Ward,
    /// By the household's awkward case.
    Awkward,
}

/// One person to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) relationship: Relationship,
    pub(super) birth: Birth,
    pub(super) applying: bool,
}

impl Role {
    fn new(relationship: Relationship, birth: Birth) -> Self {
        Self { relationship, birth, applying: true }
    }
}

/// A household to be.
#[derive(Debug, Clone)]
pub(super) struct Composition {
    /// The household contact first.
    pub(super) roles: Vec<Role>,
    /// The youngest that the first person and peers may be, in years at the reference date.
    pub(super) adults_from: u32,
    /// Years between the younger of the first two adults and the oldest of the young.
    pub(super) gap: u32,
    /// The oldest that the young may be, in years: under 26, and younger than a sibling whose age a case fixes.
    pub(super) young_to: u32,
    /// The youngest that the young may be, in days: born well before a newborn sibling.
    pub(super) young_from_days: u32,
}

impl Composition {
    /// Whether somebody is an adult of the first person's generation who stands second: a partner, as a rule.
    pub(super) fn is_second_adult(&self, place: usize) -> bool {
        place == 1 && self.roles.get(1).is_some_and(|role| role.birth == Birth::Peer)
    }
}

/// Composes a household. `size`: how many people are wanted; cases that need more get more.
pub(super) fn compose(size: u8, cases: &Cases, stream: &mut Stream) -> Composition {
    let size = size.clamp(1, MOST_PEOPLE);
    let whole = cases.find(|case| whole(case, size, stream));
    let roles = whole.or_else(|| with_somebody_more(size, cases, stream)).unwrap_or_else(|| ordinary(size, stream));
    let young = u32::try_from(roles.iter().filter(|role| role.birth == Birth::Young).count()).unwrap_or(0);
    let mut composition = Composition { roles, adults_from: 19 + 2 * young, gap: 17, young_to: 25, young_from_days: 1 };
    make_room(&mut composition, cases);
    composition
}

/// Adjusts the ages so that everybody's fit together.
fn make_room(composition: &mut Composition, cases: &Cases) {
    if composition.roles.iter().any(|role| role.relationship == Relationship::Grandchild) {
        (composition.gap, composition.adults_from) = (36, 54);
    }
    for case in cases.iter() {
        let (adults_from, gap) = room_above(case);
        let (young_to, young_from_days) = room_of_the_young(case);
        composition.adults_from = adults_from.unwrap_or(composition.adults_from);
        composition.gap = composition.gap.max(gap);
        composition.young_to = composition.young_to.min(young_to);
        composition.young_from_days = composition.young_from_days.max(young_from_days);
    }
}

/// How old adults are at least, where a case says it, and how much older than children.
fn room_above(case: EdgeCase) -> (Option<u32>, u32) {
    match case {
        EdgeCase::TurnsTwentySix => (Some(46), 0),
        EdgeCase::TurnsNineteen => (Some(38), 0),
        EdgeCase::OverAgeWard => (Some(50), 0),
        // up to a year older than drawn
        EdgeCase::TwinsAcrossNewYear => (None, 19),
        EdgeCase::TwinsAcrossMidnight => (None, 18),
        _ => (None, 0),
    }
}

/// The oldest that the young are, in years, and the youngest, in days.
fn room_of_the_young(case: EdgeCase) -> (u32, u32) {
    match case {
        EdgeCase::TurnsTwentySix | EdgeCase::TwentySixNewYearsEve | EdgeCase::TwentySixNewYearsDay => (20, 0),
        EdgeCase::TurnsNineteen => (16, 0),
        // custody ends at 18, the Children's Health Insurance Program at 19
        EdgeCase::ChildOnly => (17, 0),
        // for the latter: under 21 still when coverage begins
        EdgeCase::MixedEligibility | EdgeCase::FourChildren => (18, 0),
        EdgeCase::TwinsAcrossNewYear => (24, 0),
        // siblings are at least eleven months older
        EdgeCase::Newborn | EdgeCase::BornToday => (u32::MAX, 340),
        _ => (u32::MAX, 0),
    }
}

const HEAD: Role = Role { relationship: Relationship::SelfSubscriber, birth: Birth::Head, applying: true };

/// A household with no case that says who is in it.
fn ordinary(size: u8, stream: &mut Stream) -> Vec<Role> {
    match size {
        1 => vec![HEAD],
        2 => pair(stream),
        _ => match stream.below(100) {
            0..78 => family(size, true, stream),
            78..92 => family(size, false, stream),
            _ => extended_family(size, stream),
        },
    }
}

fn pair(stream: &mut Stream) -> Vec<Role> {
    match stream.below(100) {
        0..58 => vec![HEAD, partner(stream)],
        58..88 => family(2, false, stream),
        88..94 => vec![HEAD, Role::new(Relationship::Sibling, Birth::Peer)],
        _ => vec![HEAD, Role::new(Relationship::Parent, Birth::Elder)],
    }
}

/// The first person, a partner or none, and children up to the size wanted.
fn family(size: u8, with_partner: bool, stream: &mut Stream) -> Vec<Role> {
    let mut roles = vec![HEAD];
    if with_partner {
        roles.push(partner(stream));
    }
    while roles.len() < usize::from(size) {
        roles.push(Role::new(child(with_partner, stream), Birth::Young));
    }
    roles
}

/// A family with a relative of another kind as its last member.
fn extended_family(size: u8, stream: &mut Stream) -> Vec<Role> {
    let mut roles = family(size - 1, true, stream);
    roles.push(match stream.below(5) {
        0 => Role::new(Relationship::Parent, Birth::Elder),
        1 => Role::new(Relationship::Sibling, Birth::Peer),
        2 => Role::new(Relationship::Grandchild, Birth::Young),
        3 => Role::new(Relationship::CollateralDependent, Birth::Young),
        _ => Role::new(Relationship::Other, Birth::Peer),
    });
    roles
}

fn partner(stream: &mut Stream) -> Role {
    let relationship = if stream.percent(88) { Relationship::Spouse } else { Relationship::LifePartner };
    Role::new(relationship, Birth::Peer)
}

fn child(of_a_couple: bool, stream: &mut Stream) -> Relationship {
    let kind = stream.weighted(
        &[
            (86, Relationship::Child),
            (4, Relationship::AdoptedChild),
            (3, Relationship::FosterChild),
            (1, Relationship::CourtAppointed),
            (2, Relationship::NieceOrNephew),
            (4, Relationship::Stepchild),
        ],
        Relationship::Child,
    );
    // a stepchild is a partner's child
    if kind == Relationship::Stepchild && !of_a_couple { Relationship::Child } else { kind }
}

/// The people of a case that says who everybody is; `None` of any other.
fn whole(case: EdgeCase, size: u8, stream: &mut Stream) -> Option<Vec<Role>> {
    let spouse = Role::new(Relationship::Spouse, Birth::Peer);
    let young = |relationship| Role::new(relationship, Birth::Young);
    Some(match case {
        EdgeCase::Single
        | EdgeCase::Centenarian
        | EdgeCase::TurnsTwentyOne
        | EdgeCase::AllUnderThirty
        | EdgeCase::Namesakes => vec![HEAD],
        EdgeCase::Couple
        | EdgeCase::SharedMailbox
        | EdgeCase::SameSexSpouses
        | EdgeCase::TurnsThirty
        | EdgeCase::TurnsSixtyFour => {
            vec![HEAD, spouse]
        }
        EdgeCase::SpouseNotApplying => vec![HEAD, Role { applying: false, ..spouse }],
        EdgeCase::SiblingsOnly => {
            let siblings = usize::from(size.clamp(2, 4)) - 1;
            [vec![HEAD], vec![Role::new(Relationship::Sibling, Birth::Peer); siblings]].concat()
        }
        EdgeCase::TeenParent | EdgeCase::PersonOnTwoPolicies => vec![HEAD, AWKWARD],
        EdgeCase::ExSpouse => {
            let children = usize::from(size.clamp(2, 4)) - 2;
            let ex_spouse = vec![Role::new(Relationship::ExSpouse, Birth::Peer)];
            [vec![HEAD], vec![young(Relationship::Child); children], ex_spouse].concat()
        }
        EdgeCase::TurnsSixtyFive => ordinary(size, stream),
        EdgeCase::FourChildren => [vec![HEAD, spouse], vec![young(Relationship::Child); 4]].concat(),
        EdgeCase::TenMembers => [vec![HEAD, spouse], vec![young(Relationship::Child); 8]].concat(),
        EdgeCase::OverAgeWard => vec![HEAD, spouse, Role::new(Relationship::Ward, Birth::Ward)],
        EdgeCase::GrandparentHeaded => {
            let grandchildren = usize::from(size.clamp(2, 4)) - 1;
            [vec![HEAD], vec![young(Relationship::Grandchild); grandchildren]].concat()
        }
        EdgeCase::ChildOnly => vec![
            Role { relationship: Relationship::Parent, applying: false, ..HEAD },
            young(Relationship::SelfSubscriber),
        ],
        EdgeCase::DomesticPartner => {
            let partner = Role::new(Relationship::LifePartner, Birth::Peer);
            let children = usize::from(size.clamp(2, 4)) - 2;
            [vec![HEAD, partner], vec![young(Relationship::Child); children]].concat()
        }
        _ => return None,
    })
}

const AWKWARD: Role = Role { relationship: Relationship::Child, birth: Birth::Awkward, applying: true };

/// A family with those whom cases want among its children; `None` where no case wants anybody.
fn with_somebody_more(size: u8, cases: &Cases, stream: &mut Stream) -> Option<Vec<Role>> {
    // whom a case knows by being last stands there
    let (last, others): (Vec<EdgeCase>, Vec<EdgeCase>) = cases.iter().partition(|case| LAST.contains(case));
    let more: Vec<Role> = others.into_iter().chain(last).flat_map(somebody_more).collect();
    if more.is_empty() {
        return None;
    }
    let is_across = cases.has_one_of(&[EdgeCase::TwinsAcrossMidnight, EdgeCase::TwinsAcrossNewYear]);
    let size = if is_across { size.min(4) } else { size };
    // a stepchild is a partner's
    let with_partner = u8::try_from(more.len()).unwrap_or(0) + 2;
    let size = if cases.has(EdgeCase::Stepchild) { size.max(with_partner) } else { size };
    Some(ending_with(size, &more, stream))
}

const LAST: &[EdgeCase] = &[
    EdgeCase::TwinsOneLetter,
    EdgeCase::SameNameInFamily,
    EdgeCase::MemberElsewhere,
    EdgeCase::ComposedBesideDecomposed,
];

/// Whom a case wants among the children.
fn somebody_more(case: EdgeCase) -> Vec<Role> {
    let young = |relationship| Role::new(relationship, Birth::Young);
    let child = young(Relationship::Child);
    match case {
        EdgeCase::Newborn
        | EdgeCase::BornToday
        | EdgeCase::TurnsNineteen
        | EdgeCase::TurnsTwentySix
        | EdgeCase::TwentySixNewYearsEve
        | EdgeCase::TwentySixNewYearsDay => vec![AWKWARD],
        EdgeCase::Twins | EdgeCase::TwinsOneLetter => vec![child, Role::new(Relationship::Child, Birth::Twin)],
        EdgeCase::TwinsAcrossMidnight | EdgeCase::TwinsAcrossNewYear => {
            vec![child, Role::new(Relationship::Child, Birth::NextDay)]
        }
        EdgeCase::AdoptedChild => vec![young(Relationship::AdoptedChild)],
        EdgeCase::FosterChild => vec![young(Relationship::FosterChild)],
        EdgeCase::Stepchild => vec![young(Relationship::Stepchild)],
        EdgeCase::SameNameInFamily | EdgeCase::MemberElsewhere | EdgeCase::ComposedBesideDecomposed => vec![child],
        EdgeCase::MixedEligibility => vec![Role { applying: false, ..child }],
        _ => Vec::new(),
    }
}

/// A family whose last members are given: of the size wanted, or larger where that is too small for them.
fn ending_with(size: u8, last: &[Role], stream: &mut Stream) -> Vec<Role> {
    let before = size.saturating_sub(u8::try_from(last.len()).unwrap_or(0)).max(1);
    let mut roles = family(before, before > 1, stream);
    roles.extend_from_slice(last);
    roles
}

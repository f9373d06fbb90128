//! Spells in which a waypoint could not be read, coalesced so that an hour of failed looks is one entry.

use crate::model::{Event, IssuerId};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Where a spell is: a waypoint, and the issuer asked there.
type Spot = (u16, Option<IssuerId>);

#[derive(Debug, Clone)]
struct Spell {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    reason: String,
}

/// Open spells by spot.
#[derive(Debug, Default)]
pub(super) struct Blindness {
    open: BTreeMap<Spot, Spell>,
}

impl Blindness {
    /// A look failed. Returns whether this begins a spell.
    pub(super) fn failed(&mut self, waypoint: u16, issuer: Option<IssuerId>, at: DateTime<Utc>, reason: &str) -> bool {
        let mut began = false;
        let spell = self.open.entry((waypoint, issuer)).or_insert_with(|| {
            began = true;
            Spell { from: at, until: at, reason: reason.to_owned() }
        });
        spell.until = spell.until.max(at);
        began
    }

    /// A look succeeded: the spell that was open there, as an event.
    pub(super) fn healthy(&mut self, waypoint: u16, issuer: Option<IssuerId>) -> Option<Event> {
        let spot = (waypoint, issuer);
        let spell = self.open.remove(&spot)?;
        Some(event(spot, spell))
    }

    /// A look at the whole waypoint succeeded: every spell that was open there, as events.
    pub(super) fn healthy_everywhere(&mut self, waypoint: u16) -> Vec<Event> {
        let (here, elsewhere) = std::mem::take(&mut self.open).into_iter().partition(|((w, _), _)| *w == waypoint);
        self.open = elsewhere;
        let here: BTreeMap<Spot, Spell> = here;
        here.into_iter().map(|(spot, spell)| event(spot, spell)).collect()
    }

    /// Every open spell as an event; a phase ends.
    pub(super) fn close_all(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.open).into_iter().map(|(spot, spell)| event(spot, spell)).collect()
    }
}

fn event((waypoint, issuer): Spot, spell: Spell) -> Event {
    Event::Blind { waypoint, issuer, probe: None, from: spell.from, until: spell.until, reason: spell.reason }
}

#[cfg(test)]
mod tests {
    use super::{Blindness, DateTime, Event};

    #[test]
    fn failed_looks_in_a_row_are_one_spell() {
        let at = |s| DateTime::from_timestamp(s, 0).unwrap();
        let mut blindness = Blindness::default();
        assert!(blindness.failed(1, None, at(10), "503"));
        assert!(!blindness.failed(1, None, at(20), "503"));
        let Some(Event::Blind { from, until, .. }) = blindness.healthy(1, None) else { panic!("a spell") };
        assert_eq!((from, until), (at(10), at(20)));
        assert!(blindness.healthy(1, None).is_none());
    }
}

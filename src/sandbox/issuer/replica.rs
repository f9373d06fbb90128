//! A copy of an issuer's record that lags one change behind, and answers every other look.

use super::keys::Key;
use crate::model::GroupRecord;
use crate::sandbox::fault::Planted;
use crate::sandbox::world::World;

/// The copy of one policy.
#[derive(Debug)]
pub(super) struct Replica {
    planted: Planted,
    /// The record as it was before its last change.
    before: Option<GroupRecord>,
    /// By what it was asked for first since then: a look that asks by several keys is one look.
    by: Option<Key>,
    is_next: bool,
    is_noted: bool,
}

impl Replica {
    pub(super) fn of(planted: Planted) -> Self {
        Self { planted, before: None, by: None, is_next: true, is_noted: false }
    }

    /// The record changes, and the copy does not yet.
    pub(super) fn lag(&mut self, world: &World, before: GroupRecord) {
        if !self.is_noted {
            world.note(&self.planted, &before, "every other look after a change shows the state before it");
            self.is_noted = true;
        }
        (self.before, self.by, self.is_next) = (Some(before), None, true);
    }

    /// The copy is as the record.
    pub(super) fn catch_up(&mut self) {
        self.before = None;
    }

    /// A look begins: the record answers first, then the copy, and so on by turns.
    pub(super) fn asked(&mut self, key: &Key) {
        if self.before.is_some() && self.by.get_or_insert_with(|| key.clone()) == key {
            self.is_next = !self.is_next;
        }
    }

    /// What the copy answers, where it is its turn.
    pub(super) fn answers(&self) -> Option<&GroupRecord> {
        self.before.as_ref().filter(|_| self.is_next)
    }
}

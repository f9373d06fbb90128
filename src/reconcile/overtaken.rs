//! An enrollment that a system shows first as a later step has made it, since that step did not wait for it to be seen.

use super::case::Seen;
use super::findings::Finds;
use super::group::{Place, integrity};
use super::timeliness::Due;
use super::told::owed;
use crate::model::GroupAtWaypoint;

impl<'a> Place<'a> {
    /// What is said of the enrollment where only states of a later step are shown, which was sent before the enrollment could be given up:
    /// it came with the first of them, and what no step changed is compared. `None` where it was not overtaken.
    pub(super) fn overtaken(&self, due: Due, shown: &[&Seen<'a>], finds: &mut Finds) -> Option<GroupAtWaypoint> {
        let first = shown.first().filter(|_| !self.is_edi())?;
        let life = first.life?;
        self.case.lives.get(life).filter(|life| life.act.sent_at < due.given_up_at)?;
        let after = self.after(life)?;
        let of_step: Vec<&Seen<'a>> = shown.iter().copied().filter(|seen| seen.life == Some(life)).collect();
        let mut at = Place { expected: after, ..*self }.seen(due, first, &of_step, finds);
        let changed = owed(self.expected, after);
        at.discrepancies.retain(|found| !changed.contains(found.field));
        at.integrity = Some(integrity(&at.discrepancies));
        Some(at)
    }
}

//! Control numbers that have been received: none may come twice.

use crate::wire::ack::plain_number;
use std::collections::HashSet;

/// The control numbers of every interchange and functional group received so far, by sender. Whoever answers several files
/// keeps this value between them.
#[derive(Debug, Clone, Default)]
pub struct ReceivedNumbers {
    interchanges: HashSet<(String, String)>,
    groups: HashSet<(String, String, String)>,
}

impl ReceivedNumbers {
    /// Notes an interchange (ISA06, ISA13); false where it had been received.
    pub(super) fn interchange(&mut self, sender: &str, control: &str) -> bool {
        self.interchanges.insert((sender.to_owned(), plain_number(control).to_owned()))
    }

    /// Notes a functional group (ISA06, GS01, GS06); false where it had been received.
    pub(super) fn group(&mut self, sender: &str, functional_id: &str, control: &str) -> bool {
        self.groups.insert((sender.to_owned(), functional_id.to_owned(), plain_number(control).to_owned()))
    }
}

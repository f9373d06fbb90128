//! Which channel still has to be told what: a ledger of its own, so that telling never holds up probing.
//!
//! Every message goes to every channel at least once, with a key by which a receiver knows it again. What was begun and of
//! which no answer was noted is sent again: only a kill or a time-out between the answer and our note makes two of one message.

mod channel;
mod deliveries;
mod entry;

pub use channel::{Channel, Standing};
pub use deliveries::{Deliveries, Sending};
pub use entry::{Answer, Entry};

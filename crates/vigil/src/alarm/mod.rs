//! Alarms: raised of changes in streams, reminded of, acknowledged, silenced, and ended by recovery alone.
//!
//! [`Alarms`] is a fold over [`Entry`]. [`Alarms::next`] compares it with where the streams stand and says which entries come
//! next, messages among them: who writes them down and is killed gets the same ones again. Missing data, blindness and silence
//! never end an alarm.

mod alarms;
mod entry;
mod message;
mod next;
mod silence;
mod words;

pub use alarms::{Alarm, Alarms, Posted, Stop};
pub use entry::{AlarmId, Cause, Entry, Source};
pub use message::{Kind, Message};
pub use next::{Detail, Look, Policy};
pub use silence::{Matcher, Silence};

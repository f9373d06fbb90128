//! Who is to be looked for when, at one waypoint: one timer structure for any number of probes.

use crate::clock::seconds;
use crate::model::ProbeIndex;
use futures_util::StreamExt;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;
use tokio_util::time::DelayQueue;

/// Appointments, and how often each probe has been looked for.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    queue: DelayQueue<Appointment>,
    /// How often each probe was begun with anew.
    begun: HashMap<ProbeIndex, u16>,
}

/// A look to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Appointment {
    /// For whom.
    pub(super) probe: ProbeIndex,
    /// Looks before this one: the pause grows with them.
    pub(super) looks: u16,
    /// How often the probe had been begun with anew when it was made.
    begun: u16,
}

impl Appointment {
    /// The first look for a probe that nobody has begun with anew.
    pub(super) fn first(probe: ProbeIndex) -> Self {
        Self { probe, looks: 0, begun: 0 }
    }

    /// The look after this one.
    pub(super) fn and_again(self) -> Self {
        Self { looks: self.looks.saturating_add(1), ..self }
    }
}

impl Agenda {
    /// Begins with a probe, be it anew: what was appointed before is called off.
    pub(super) fn begin(&mut self, probe: ProbeIndex, after: Duration) {
        let begun = self.begun.entry(probe).and_modify(|begun| *begun = begun.saturating_add(1)).or_default();
        self.queue.insert(Appointment { begun: *begun, ..Appointment::first(probe) }, after);
    }

    /// Makes an appointment, unless the probe was begun with anew since the one before it.
    pub(super) fn add(&mut self, appointment: Appointment, after: Duration) {
        if self.holds(appointment) {
            self.queue.insert(appointment, after);
        }
    }

    fn holds(&self, appointment: Appointment) -> bool {
        self.begun.get(&appointment.probe).copied().unwrap_or_default() == appointment.begun
    }

    /// The next appointment whose time has come; never ends while there is none.
    pub(super) async fn due(&mut self) -> Appointment {
        loop {
            if self.queue.is_empty() {
                std::future::pending::<()>().await;
            }
            if let Some(expired) = self.queue.next().await
                && self.holds(*expired.get_ref())
            {
                return expired.into_inner();
            }
        }
    }
}

/// The pause after the n-th look: it grows by half each time up to a cap, and is spread by a tenth either way so that
/// probes that began together do not stay together. The spread is a function of probe and look, not of chance.
pub(super) fn pause(every: Duration, at_most: Duration, appointment: Appointment) -> Duration {
    let growth = 1.5_f64.powi(i32::from(appointment.looks.min(40)));
    let grown = every.as_secs_f64() * growth;
    let capped = grown.min(at_most.max(every).as_secs_f64());
    let mut hasher = DefaultHasher::new();
    (appointment.probe.0, appointment.looks).hash(&mut hasher);
    let permille = u32::try_from(hasher.finish() % 201).unwrap_or(100);
    seconds(capped * (0.9 + f64::from(permille) / 1000.0))
}

#[cfg(test)]
mod tests {
    use super::{Agenda, Appointment, Duration, ProbeIndex, pause};

    fn appointment(probe: u32, looks: u16) -> Appointment {
        Appointment { looks, ..Appointment::first(ProbeIndex(probe)) }
    }

    #[test]
    fn pauses_grow_to_the_cap_and_are_spread() {
        let second = Duration::from_secs(1);
        let first = pause(second, second * 60, appointment(0, 0));
        assert!((0.9..=1.1).contains(&first.as_secs_f64()), "{first:?}");
        let late = pause(second, second * 60, appointment(0, 60_000));
        assert!((54.0..=66.0).contains(&late.as_secs_f64()), "{late:?}");
        let spread: std::collections::BTreeSet<_> =
            (0..100).map(|n| pause(second, second, appointment(n, 0))).collect();
        assert!(spread.len() > 50);
    }

    #[tokio::test(start_paused = true)]
    async fn appointments_come_in_time_order() {
        let mut agenda = Agenda::default();
        agenda.add(appointment(1, 0), Duration::from_secs(5));
        agenda.add(appointment(2, 0), Duration::from_secs(3));
        assert_eq!(agenda.due().await.probe, ProbeIndex(2));
        assert_eq!(agenda.due().await.probe, ProbeIndex(1));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_begun_with_anew_has_one_appointment() {
        let (mut agenda, second) = (Agenda::default(), Duration::from_secs(1));
        agenda.begin(ProbeIndex(1), 3 * second);
        agenda.begin(ProbeIndex(1), second);
        let first = agenda.due().await;
        assert_eq!((first.probe, first.looks), (ProbeIndex(1), 0));
        agenda.begin(ProbeIndex(1), 5 * second);
        // a look that was under way then makes no other one
        agenda.add(first.and_again(), second);
        agenda.begin(ProbeIndex(2), 4 * second);
        assert_eq!(agenda.due().await.probe, ProbeIndex(2));
        let again = agenda.due().await;
        agenda.add(again.and_again(), second);
        assert_eq!(agenda.due().await.looks, 1);
        assert!(agenda.queue.is_empty());
    }
}

//! When batches leave, and when issuers load them.

use super::inbound;
use super::issuer::load;
use super::outbound::Written;
use super::world::World;
use crate::model::Windows;
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use std::sync::Arc;
use std::time::Duration;

/// Delivers at each window until the sandbox stops.
pub(super) async fn by_window(world: Arc<World>, windows: Windows) {
    loop {
        let now = world.clock.now();
        let pause = (next_window(&windows, now) - now).to_std().unwrap_or_default();
        tokio::select! {
            () = tokio::time::sleep(pause) => deliver(Arc::clone(&world), true).await,
            () = world.stop.cancelled() => return,
        }
    }
}

/// Writes what is due, and has the issuers load it after the load delay; without a delay, before it returns. Files that others put
/// into the issuers' folder are loaded, too: where `must_lie_still`, once they were there at the window before.
pub(super) async fn deliver(world: Arc<World>, must_lie_still: bool) {
    let (writer, answering) = (Arc::clone(&world), Arc::clone(&world));
    // What issuers have to tell was settled in earlier windows.
    drop(tokio::task::spawn_blocking(move || inbound::deliver(&answering, must_lie_still)).await);
    let written = tokio::task::spawn_blocking(move || writer.outbound.deliver(&writer)).await.unwrap_or_default();
    if written.is_empty() {
        return;
    }
    let delay = world.config.load_within;
    if delay.is_zero() {
        load_all(world, written).await;
        return;
    }
    tokio::spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(delay) => load_all(Arc::clone(&world), written).await,
            () = world.stop.cancelled() => {}
        }
    });
}

async fn load_all(world: Arc<World>, written: Vec<Written>) {
    let loading = tokio::task::spawn_blocking(move || written.iter().for_each(|file| load(&world, file)));
    // a loader that panicked is a bug that its own test shows; the servers go on
    drop(loading.await);
}

/// The first window after a moment.
fn next_window(windows: &Windows, now: DateTime<Utc>) -> DateTime<Utc> {
    match windows {
        Windows::Every { period, .. } => next_multiple(*period, now),
        Windows::Daily { times, zone, .. } => next_time_of_day(times, *zone, now),
    }
}

fn next_multiple(period: Duration, now: DateTime<Utc>) -> DateTime<Utc> {
    let period = i64::try_from(period.as_micros()).unwrap_or(i64::MAX).max(1);
    let next = now.timestamp_micros().div_euclid(period).saturating_add(1).saturating_mul(period);
    DateTime::from_timestamp_micros(next).unwrap_or(now)
}

/// Looks through today's, tomorrow's and the next day's times: a time that a clock change skips is left out.
fn next_time_of_day(times: &[NaiveTime], zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let days = (0..3).filter_map(|n| today.checked_add_days(Days::new(n)));
    let moments = days
        .flat_map(|day| times.iter().filter_map(move |time| day.and_time(*time).and_local_timezone(zone).earliest()));
    let next = moments.map(|moment| moment.with_timezone(&Utc)).find(|moment| *moment > now);
    next.unwrap_or_else(|| now + TimeDelta::days(1))
}

#[cfg(test)]
mod tests {
    use super::{DateTime, Duration, NaiveTime, Utc, Windows, next_window};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn windows_are_counted_from_the_epoch_and_the_next_is_never_now() {
        let windows = Windows::Every { period: Duration::from_secs(2), grace: Duration::ZERO };
        assert_eq!(next_window(&windows, at("2013-11-15T10:00:01.5Z")), at("2013-11-15T10:00:02Z"));
        assert_eq!(next_window(&windows, at("2013-11-15T10:00:02Z")), at("2013-11-15T10:00:04Z"));
    }

    #[test]
    fn daily_windows_are_in_the_exchanges_zone() {
        let times = ["06:00", "18:00"].map(|t| NaiveTime::parse_from_str(t, "%H:%M").unwrap()).to_vec();
        let windows = Windows::Daily { times, zone: chrono_tz::America::New_York, grace: Duration::ZERO };
        assert_eq!(next_window(&windows, at("2013-11-15T10:59:59Z")), at("2013-11-15T11:00:00Z"));
        assert_eq!(next_window(&windows, at("2013-11-15T11:00:00Z")), at("2013-11-15T23:00:00Z"));
        assert_eq!(next_window(&windows, at("2013-11-16T00:00:00Z")), at("2013-11-16T11:00:00Z"));
    }
}

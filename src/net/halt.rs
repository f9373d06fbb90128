//! How every wait on a peer comes to an end when the run, or its time, does.
//!
//! One halt is shared by everything that waits: requests, pauses between them, folders that are listed and files that are
//! read. Once it is called nothing new begins, pauses end at once, and what is under way has a grace; what has not come by
//! then is not waited for.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// So long may what is under way take to come to its end once a halt is called.
const GRACE: Duration = Duration::from_secs(5);

/// Ends waits; clones are the same halt.
#[derive(Debug, Clone)]
pub struct Halt {
    inner: Arc<Inner>,
    /// So long may what is under way take once it is called.
    grace: Duration,
}

#[derive(Debug)]
struct Inner {
    /// Ends everything, for good.
    stop: CancellationToken,
    current: Mutex<Called>,
}

/// A halt that is, or will be, called, and when.
#[derive(Debug, Clone)]
struct Called {
    token: CancellationToken,
    /// When it was first noticed.
    at: Arc<OnceLock<Instant>>,
}

impl Halt {
    /// A halt that is called when `stop` is cancelled, at the latest.
    pub fn new(stop: CancellationToken) -> Self {
        let current = Mutex::new(Called::after(&stop));
        Self { inner: Arc::new(Inner { stop, current }), grace: GRACE }
    }

    /// A halt that nobody calls.
    pub fn never() -> Self {
        Self::new(CancellationToken::new())
    }

    /// The same halt for what does nothing but look: it is given up at once, and leaves the time to what acts.
    #[must_use]
    pub fn without_grace(&self) -> Self {
        Self { grace: Duration::ZERO, ..self.clone() }
    }

    /// Calls it: time is up for what is waited for now.
    pub fn call(&self) {
        self.current().token.cancel();
    }

    /// Takes a call back, for what comes after; one that came by `stop` stands.
    pub fn renew(&self) {
        *self.locked() = Called::after(&self.inner.stop);
    }

    /// Whether it was called: nothing new is to begin.
    pub fn is_called(&self) -> bool {
        self.current().token.is_cancelled()
    }

    /// Whether the grace is over too: nothing is to be waited for.
    pub fn is_over(&self) -> bool {
        let called = self.current();
        called.token.is_cancelled() && called.at().elapsed() >= self.grace
    }

    /// Ends when it is called.
    pub async fn called(&self) {
        let called = self.current();
        called.token.cancelled().await;
        called.at();
    }

    /// Ends when it is called and the grace is over.
    pub async fn over(&self) {
        let called = self.current();
        called.token.cancelled().await;
        tokio::time::sleep_until(called.at() + self.grace).await;
    }

    /// Pauses; `false` where the halt was called before the pause was over.
    pub async fn pause(&self, pause: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.called() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }

    /// What the work comes to; `None` where it did not end within the grace.
    pub async fn await_or_give_up<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            ended = work => Some(ended),
            () = self.over() => None,
        }
    }

    fn current(&self) -> Called {
        self.locked().clone()
    }

    fn locked(&self) -> MutexGuard<'_, Called> {
        self.inner.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Called {
    fn after(stop: &CancellationToken) -> Self {
        Self { token: stop.child_token(), at: Arc::default() }
    }

    fn at(&self) -> Instant {
        *self.at.get_or_init(Instant::now)
    }
}

#[cfg(test)]
mod tests {
    use super::{GRACE, Halt};
    use std::future::pending;
    use std::time::Duration;
    use tokio::time::Instant;
    use tokio_util::sync::CancellationToken;

    #[tokio::test(start_paused = true)]
    async fn a_pause_ends_at_once_and_work_under_way_within_one_grace_for_all() {
        let halt = Halt::never();
        assert!(halt.pause(Duration::from_secs(9)).await && !halt.is_called());
        let began = Instant::now();
        halt.call();
        assert!(!halt.pause(Duration::from_mins(5)).await);
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert_eq!(halt.await_or_give_up(async { 7 }).await, Some(7));
        for _ in 0..2 {
            assert_eq!(halt.await_or_give_up(pending::<()>()).await, None);
            assert_eq!(began.elapsed(), GRACE);
        }
        assert!(halt.is_over());
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_after_a_deadline_has_its_own_time_and_a_stop_stands() {
        let stop = CancellationToken::new();
        let halt = Halt::new(stop.clone());
        halt.call();
        halt.renew();
        assert!(!halt.is_called() && halt.pause(Duration::from_secs(1)).await);
        stop.cancel();
        assert!(halt.is_called());
        halt.renew();
        assert!(halt.is_called());
    }
}

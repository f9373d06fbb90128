//! A waypoint that is asked for each probe, whatever language it speaks.

use super::look::{Look, Ours, Sought};
use super::tried::Tried;
use crate::model::{AnswerTimes, IssuerId};
use crate::reconcile::Recognise;
use futures_util::future::BoxFuture;
use std::fmt::Debug;

/// Says whose the records of an answer are.
#[derive(Clone, Copy)]
pub struct Sorting<'a> {
    /// Whether one is the probe's own that is looked for.
    pub ours: Ours<'a>,
    /// Sorting of all our people one is.
    pub roster: &'a dyn Recognise,
}

/// A waypoint that is asked for each probe. A new kind of it is a file here that implements this, and a line where waypoints are opened.
pub trait ProbeFeed: Debug + Send + Sync {
    /// Where it can be asked: each issuer with an endpoint of its own, or `None` alone for the one system that answers for
    /// all.
    fn endpoints(&self) -> Vec<Option<IssuerId>>;

    /// Looks for a probe at an issuer (`None`: at the one system for all).
    fn look<'a>(&'a self, issuer: Option<&'a IssuerId>, sought: &'a Sought, by: Sorting<'a>) -> BoxFuture<'a, Look>;

    /// Asks whether an issuer (`None`: the one system for all) lets itself be asked, with what is known of `sought`.
    fn try_out<'a>(&'a self, issuer: Option<&'a IssuerId>, sought: &'a Sought) -> BoxFuture<'a, Tried>;

    /// How long answers took since they were last taken from here, where a rule says how long they may and it is time to
    /// take them.
    fn take_times(&self, _is_time: &dyn Fn(&AnswerTimes) -> bool) -> Option<AnswerTimes> {
        None
    }
}

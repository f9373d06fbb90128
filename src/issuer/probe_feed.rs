//! A waypoint that is asked per probe, whatever language it speaks.

use super::eligibility::EligibilityFeed;
use super::json_api::JsonApiFeed;
use super::look::{Look, Ours, Sought};
use super::tried::Tried;
use crate::model::{AnswerTimes, IssuerId};

/// A waypoint that is asked per probe.
#[derive(Debug, Clone)]
pub enum ProbeFeed {
    /// JSON over HTTP.
    JsonApi(JsonApiFeed),
    /// X12 270 and 271 over HTTP.
    Eligibility(EligibilityFeed),
}

impl ProbeFeed {
    /// Where it can be asked: each issuer with an endpoint of its own, or `None` alone for the one system that answers for
    /// all.
    pub fn endpoints(&self) -> Vec<Option<IssuerId>> {
        match self {
            Self::JsonApi(feed) => feed.endpoints().map(Option::<&IssuerId>::cloned).collect(),
            Self::Eligibility(feed) => feed.endpoints().map(Option::<&IssuerId>::cloned).collect(),
        }
    }

    /// Looks for a probe at an issuer (`None`: at the one system for all).
    pub async fn look(&self, issuer: Option<&IssuerId>, sought: &Sought, ours: Ours<'_>) -> Look {
        match self {
            Self::JsonApi(feed) => feed.look(issuer, (&sought.context, sought.is_thorough), ours).await,
            Self::Eligibility(feed) => feed.look(issuer, sought, ours).await,
        }
    }

    /// Asks whether an issuer (`None`: the one system for all) lets itself be asked, with what is known of `sought`.
    pub async fn try_out(&self, issuer: Option<&IssuerId>, sought: &Sought) -> Tried {
        match self {
            Self::JsonApi(feed) => feed.try_out(issuer, &sought.context).await,
            Self::Eligibility(feed) => feed.try_out(issuer, sought).await,
        }
    }

    /// How long answers took since they were last taken from here, where a rule says how long they may and it is time to
    /// take them.
    pub fn take_times(&self, is_time: impl FnOnce(&AnswerTimes) -> bool) -> Option<AnswerTimes> {
        match self {
            Self::JsonApi(_) => None,
            Self::Eligibility(feed) => feed.take_times(is_time),
        }
    }
}

//! What keeps the engine from going on.

use thiserror::Error;

/// The harness could not do its work; the pipeline under test is not judged by this.
#[derive(Debug, Error)]
pub enum Error {
    /// The ledger failed; nothing is sent that cannot be written down first.
    #[error(transparent)]
    Ledger(#[from] crate::ledger::Error),
    /// No client could be built.
    #[error(transparent)]
    Net(#[from] crate::net::Error),
    /// The target has no flow for what the scenario does.
    #[error("target `{target}` has no flow `{event}`, and the scenario needs one; add `exchange.flows.{event}`")]
    NoFlow {
        /// The target.
        target: String,
        /// The life event.
        event: String,
    },
    /// More probes than the target allows.
    #[error(
        "{count} probes are asked for, and target `{target}` allows {allowed} a run (`limits.probes`); use --count"
    )]
    TooMany {
        /// Asked for.
        count: u32,
        /// The target.
        target: String,
        /// The cap.
        allowed: u32,
    },
    /// No plan for somebody whom the scenario would send.
    #[error(
        "target `{target}` offers {lacking}, and the scenario enrolls people there; add one to the target's `plans`, leave the \
         state out of `population.states`{by_line}"
    )]
    NotOffered {
        /// The target.
        target: String,
        /// Lines and states without a plan, in words.
        lacking: String,
        /// What else helps.
        by_line: &'static str,
    },
    /// A row that the target cannot meet.
    #[error("row {row} of `population.rows` {what} (target `{target}`)")]
    Row {
        /// From 1, in the order of the scenario.
        row: u32,
        /// The target.
        target: String,
        /// What is wrong with it, in words.
        what: String,
    },
    /// A value that only rows give, asked for of households that are drawn.
    #[error(
        "a flow of target `{target}` asks for `{{{{ values.{value} }}}}`, which only a row of the scenario's `population.rows` gives, and          some households have none: give one a household, or ask with `default`"
    )]
    NoValue {
        /// The target.
        target: String,
        /// The value's name.
        value: String,
    },
    /// A step that ends policies, or begins others, as an 834 that nobody writes yet.
    #[error(
        "the flow `{event}` of target `{target}` hands over an 834, which this version writes of enrollments, of changes that keep the \
         policy and of cancellations; tell this one by a request"
    )]
    NotHandedOver {
        /// The target.
        target: String,
        /// The flow.
        event: String,
    },
    /// No other plan for whoever changes theirs.
    #[error(
        "in {states} target `{target}` lists no {what}, so that nobody there could change to one (`{event}`); add one to its `plans`, \
         leave the state out of `population.states`, or say `{otherwise}`"
    )]
    NoOtherPlan {
        /// The target.
        target: String,
        /// The states.
        states: String,
        /// What is not there, in words.
        what: &'static str,
        /// The step.
        event: String,
        /// The other choice.
        otherwise: String,
    },
    /// Of a household that has two policies of a line only one would be taken out.
    #[error(
        "the journey has `renew`, after which a household has a policy for each year, and the flow `cancel` of target `{target}` takes out \
         one policy, or does not say that it takes out both: have `cancel` name the application (`application_id`), the subscriber or the \
         mailbox, and no policy, or leave `renew` out of the journey"
    )]
    TakenOutInPart {
        /// The target.
        target: String,
    },
    /// A dental plan that nobody would ask for.
    #[error(
        "the scenario's households take dental plans (`population.dental`), and nothing in the flow `enroll` of target `{target}` \
         asks for one; send `dental_plan_id` or `groups` there, or set `population.dental` to 0"
    )]
    NoDental {
        /// The target.
        target: String,
    },
    /// Agents of whom nobody would be told.
    #[error(
        "agents help the scenario's households (`population.agents`), and nothing in the flow `enroll` of target `{target}` says which; \
         send `household.agent.npn` there (`{{{{ application }}}}` says it, too), or leave `population.agents` out"
    )]
    NoAgent {
        /// The target.
        target: String,
    },
    /// A change that no request says.
    #[error(
        "the flow `{event}` of target `{target}` says nothing of what {what} changes, so that nobody would be told of it: say with \
         `{{{{ … }}}}` how it is now (`{{{{ application }}}}` says all of it)"
    )]
    NeverSaid {
        /// The target.
        target: String,
        /// The flow.
        event: String,
        /// The change, in words.
        what: &'static str,
    },
    /// Whoever has paid could not be taken out.
    #[error(
        "the journey has `pay`, and target `{target}` says nowhere that its `cancel` takes out whoever has paid: say `cancels_paid: true` \
         in its flow `cancel` where it does, or leave `pay` out of the journey"
    )]
    PaidForGood {
        /// The target.
        target: String,
    },
    /// Premiums would be paid in production.
    #[error(
        "the journey has `{event}`, and production target `{target}` allows no payment: say `allow_payment: true` in it where money may be \
         paid for people who do not exist, or leave `{event}` out of the journey"
    )]
    PaysInProduction {
        /// The target.
        target: String,
        /// The step.
        event: String,
    },
    /// A change that no waypoint shows.
    #[error(
        "no waypoint of target `{target}` shows what {what} changes, so that nobody could say whether it arrived: read it under \
         `fields`, or leave the step out of the journey"
    )]
    NeverShown {
        /// The target.
        target: String,
        /// The change, in words.
        what: &'static str,
    },
    /// A change of which only the exchange's answer could say what came of it, and nothing is captured.
    #[error(
        "the `{event}` flow of target `{target}` captures none of {fields}: only the exchange's answer says what {what} makes of them; \
         add a `capture` of at least one"
    )]
    NeverTold {
        /// The target.
        target: String,
        /// The event.
        event: String,
        /// The change, in words.
        what: &'static str,
        /// What could be captured.
        fields: String,
    },
    /// Look-ups by what changes.
    #[error(
        "every look-up of waypoint `{waypoint}` asks by what {what} changes: whoever is asked for by what is new is not found \
         before it has arrived; add one that asks by an id or the mailbox"
    )]
    AskedByWhatChanges {
        /// The waypoint.
        waypoint: String,
        /// The change, in words.
        what: &'static str,
    },
    /// Households with more people than can be sent.
    #[error(
        "{households} of the households that would be sent are too large for target `{target}`: probe {probe}: {why}; make \
         `population.household_size` smaller, or let the target carry more"
    )]
    TooManyMembers {
        /// The target.
        target: String,
        /// How many of those that were looked at.
        households: usize,
        /// The first of them.
        probe: u32,
        /// Its size, and what the target carries.
        why: String,
    },
    /// A limit in delivery windows where there are none.
    #[error(
        "the limit of `{event}` at waypoint `{waypoint}` is a number of delivery windows, and target `{target}` gives \
         that waypoint none; add `windows.{waypoint}` to the target, or write a duration such as 15m in the scenario"
    )]
    NoWindows {
        /// The life event.
        event: String,
        /// The waypoint.
        waypoint: String,
        /// The target.
        target: String,
    },
    /// A step waits for a waypoint that the target does not have.
    #[error(
        "`{event}` waits for waypoint `{waypoint}` (`after`), and target `{target}` has {known}; name one of these"
    )]
    WaitsNowhere {
        /// The life event.
        event: String,
        /// The waypoint.
        waypoint: String,
        /// The target.
        target: String,
        /// The waypoints that it has, in words.
        known: String,
    },
    /// A step waits for a delivery window where there are none.
    #[error(
        "`{event}` waits for a delivery window of waypoint `{waypoint}` (`after`), and target `{target}` gives that waypoint none; add \
         `windows.{waypoint}` to the target, or write a duration such as 15m"
    )]
    WaitsForNoWindow {
        /// The life event.
        event: String,
        /// The waypoint.
        waypoint: String,
        /// The target.
        target: String,
    },
    /// A step waits for a moment that is over.
    #[error(
        "`{event}` is to be sent on {moment} ({zone}), which has passed, so that it would be sent at once; give a moment to come, a time of \
         day such as 06:00, or leave `after` out"
    )]
    HasPassed {
        /// The life event.
        event: String,
        /// The moment, as the exchange's clock shows it.
        moment: String,
        /// That clock's zone.
        zone: String,
    },
    /// A waypoint will not let us in: a login is refused, a host key is another.
    #[error("waypoint `{waypoint}` cannot be watched, so nobody was enrolled: {reason}")]
    Refused {
        /// The waypoint.
        waypoint: String,
        /// In what words.
        reason: String,
    },
    /// No request could be made, and it would be the same for everybody.
    #[error("target `{target}` cannot be used, and nothing was sent: {reason}")]
    TargetFault {
        /// The target.
        target: String,
        /// The step, what is wrong with it, and what to do.
        reason: String,
    },
    /// What a run is to go on at is not what it was begun at.
    #[error(
        "run {run} was begun at another target, so nothing was sent: {differences}. Set the environment as it was when \
         the run was begun, or begin a new run"
    )]
    OtherTarget {
        /// The run.
        run: String,
        /// What differs, by key.
        differences: String,
    },
    /// Nothing says whether it is the same target.
    #[error(
        "run {run} was begun by a version that did not write down where it enrolled, so nothing was sent; see that the \
         environment is as it was then, and say so with --confirm {target}, or name the target's file with --target FILE"
    )]
    NoFingerprint {
        /// The run.
        run: String,
        /// The target.
        target: String,
    },
    /// Production without its confirmation.
    #[error("target `{target}` is production; type --confirm {target} to send synthetic people there")]
    NotConfirmed {
        /// The target.
        target: String,
    },
    /// A part of the engine broke off; a bug.
    #[error("a part of the engine broke off: {0}")]
    Broken(String),
}

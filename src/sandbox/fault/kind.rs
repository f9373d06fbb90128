//! The catalogue of faults.

use std::fmt;

/// The place on the pipeline at which a fault first shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hop {
    /// The exchange's own answer or records.
    Exchange,
    /// The exchange's acknowledgements of what is handed over to it.
    Intake,
    /// The 834 files.
    #[serde(rename = "edi_834")]
    Edi834,
    /// The issuer's acknowledgements.
    Ack,
    /// The issuer's records or API.
    Issuer,
    /// The issuer's 834 files to the exchange.
    Effectuation,
    /// The issuer's eligibility service.
    Eligibility,
}

impl Hop {
    /// Every hop, in pipeline order.
    pub const ALL: &'static [Self] =
        &[Self::Exchange, Self::Intake, Self::Edi834, Self::Ack, Self::Issuer, Self::Effectuation, Self::Eligibility];

    /// Its word, also the waypoint's name in the shipped target.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::Intake => "intake",
            Self::Edi834 => "edi_834",
            Self::Ack => "ack",
            Self::Issuer => "issuer",
            Self::Effectuation => "effectuation",
            Self::Eligibility => "eligibility",
        }
    }
}

impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! kinds {
    ($($variant:ident = $name:literal, $hop:ident, $doc:literal;)*) => {
        /// A kind of fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FaultKind {
            $(#[doc = $doc] $variant,)*
        }

        impl FaultKind {
            /// Every kind, in the order the catalogue shows them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, as `--fault` takes it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One sentence for people.
            pub fn describe(self) -> &'static str {
                match self { $(Self::$variant => $doc,)* }
            }

            /// Where it first shows, unless the text of the fault says `@hop=`.
            pub fn hop(self) -> Hop {
                match self { $(Self::$variant => Hop::$hop,)* }
            }
        }
    };
}

kinds! {
    Reject = "reject", Exchange, "A sound application is refused (422), and nothing exists.";
    RateLimit = "rate_limit", Exchange, "The enrollment is put off (429 with Retry-After); `times=` times, once unless said.";
    ErrorAfterAccept = "error_after_accept", Exchange, "The enrollment is made, and the answer is 502.";
    TimeoutAfterAccept = "timeout_after_accept", Exchange, "The enrollment is made, and no answer ever comes.";
    Slow = "slow", Exchange, "The answer takes `for=` (8 s); with `@hop=issuer` the issuer's look-ups do.";
    LoseAtExchange = "lose_at_exchange", Exchange, "The enrollment is answered 201, and nobody remembers it.";
    BeginsLate = "begins_late", Exchange, "Coverage begins a month later than it was asked for, and the answer says so.";
    Ghost = "ghost", Edi834, "The application is refused (422), and enrolled downstream all the same.";
    Lose = "lose", Edi834, "The enrollment is never written to an 834 file.";
    Delay = "delay", Edi834, "It is held back for `windows=` (2) more windows, or `for=`; with `@hop=issuer` it is loaded late.";
    OutOfOrder = "out_of_order", Edi834, "The enrollment is sent only after its cancellation.";
    CancelLost = "cancel_lost", Edi834, "The cancellation is accepted and never sent.";
    ChangeLost = "change_lost", Edi834, "A change of the enrollment is accepted and never sent.";
    ChangeMisapplied = "change_misapplied", Edi834, "A correction of one person is told of another; needs dependents, and a journey with `correct_person`.";
    ChangeKeepsAmounts = "change_keeps_amounts", Edi834, "A change is told with the amounts of before; needs a journey that changes them, such as `report_income`.";
    JoinsAsSpouse = "joins_as_spouse", Edi834, "A child who joins is told as the spouse; needs a journey with `add_dependent`.";
    LeavingUntold = "leaving_untold", Edi834, "Who leaves is not told of; needs a journey with `remove_dependent` or `divorce`.";
    AreaKept = "area_kept", Edi834, "A move to another county is told with the county and the rating area of before; needs a journey with `change_address` to `county`.";
    MailAsHome = "mail_as_home", Edi834, "Where mail goes from now on is told as the residence; needs a journey with `change_address` to `po_box`.";
    NewPolicyLost = "new_policy_lost", Edi834, "A policy that begins in another's place is accepted and never sent; needs a journey with `change_plan` or `subscriber_dies`.";
    NewPolicyStale = "new_policy_stale", Edi834, "A policy that begins in another's place is told with the plan, the people and the amounts of before; needs a journey with `change_plan` or `subscriber_dies`.";
    RenewalUntold = "renewal_untold", Edi834, "The policy of the next year is accepted and never sent; needs a journey with `renew`.";
    RenewalEndsOld = "renewal_ends_old", Edi834, "With the policy of the next year the one of this year is cancelled; needs a journey with `renew`.";
    DuplicateFile = "duplicate_file", Edi834, "The file that holds the enrollment comes again in the next window, under a new name.";
    DuplicateEnvelope = "duplicate_envelope", Edi834, "The enrollment comes again in the next window, or `windows=` windows later, in a new file with new control numbers.";
    ReplayFile = "replay_file", Edi834, "After its cancellation has left, the file that holds the enrollment comes again, `windows=` (1) windows later, under its old control numbers.";
    Retransmit = "retransmit", Edi834, "After its cancellation has left, the enrollment comes again, `windows=` (1) windows later, in a file of retransmissions (I834RT) with new control numbers, and no cancellation behind it.";
    Misroute = "misroute", Edi834, "The enrollment goes to another issuer.";
    Split = "split", Edi834, "One enrollment group becomes two, with a policy each; needs dependents.";
    Merge = "merge", Edi834, "The members are put into another household's group that leaves for the same issuer within three windows; with none, nothing is done.";
    TruncateFile = "truncate_file", Edi834, "The file that holds the enrollment is cut off before its end (no IEA), for good.";
    PartialUpload = "partial_upload", Edi834, "The file that holds the enrollment lies there by half under its real name, and is whole `windows=` (1) windows later.";
    Alter = "alter", Edi834, "A field gets another value: `alter:member.name.last`, of `value=` if said; `@hop=issuer` alters it at loading.";
    Blank = "blank", Edi834, "A field is left empty: `blank:member.phone`; `@hop=issuer` empties it at loading.";
    Relationship = "relationship", Edi834, "A child becomes a spouse (a spouse a child where there are no children); needs dependents.";
    SwapPeople = "swap_people", Edi834, "Two members change places: each has the other's id and relationship; needs dependents.";
    DropDependent = "drop_dependent", Edi834, "The last dependent is left out; needs dependents.";
    AddDependent = "add_dependent", Edi834, "A child that nobody applied for is added.";
    IdTwice = "id_twice", Edi834, "The last dependent has the subscriber's member id; needs dependents.";
    Subsidy = "subsidy", Edi834, "The tax credit is wrong, and so is what the subscriber owes.";
    Variant = "variant", Edi834, "The plan's cost-sharing variant is wrong.";
    EffectiveDate = "effective_date", Edi834, "Coverage begins a month late.";
    BirthDateOffByOne = "birth_date_off_by_one", Edi834, "One member was born a day earlier, as when a zone is taken off twice.";
    Mojibake = "mojibake", Edi834, "UTF-8 is read as Latin-1: `PeÃ±a`; needs a letter outside ASCII.";
    ApostropheLost = "apostrophe_lost", Edi834, "`O'Neal` becomes `ONeal`; needs an apostrophe.";
    LeadingZeroLost = "leading_zero_lost", Edi834, "ZIP code `01002` becomes `1002`; needs a leading zero.";
    AccentLost = "accent_lost", Edi834, "A letter with an accent is left out: `Peña` becomes `Pea`; needs one in a name.";
    Normalize = "normalize", Edi834, "Letter and accent come apart, and the accent becomes a question mark: `Pen?a`; needs a letter with an accent in a name.";
    HtmlEntity = "html_entity", Edi834, "`O'Neal` becomes `O&#39;Neal`, as a page would show it; needs an apostrophe, a quote, `&`, `<` or `>` in a name or street.";
    Backslash = "backslash", Edi834, "`O'Neal` becomes `O\\'Neal`, as a database would take it; needs an apostrophe or a quote in a name or street.";
    TruncateName = "truncate_name", Edi834, "A family name loses its second half; needs four letters.";
    Ta1Reject = "ta1_reject", Ack, "The interchange that holds the enrollment is refused (TA1), and nothing of it is loaded; with `@hop=intake` the one that is handed over to the exchange is.";
    SetReject = "set_reject", Ack, "The enrollment's transaction set is refused (999), the others of its file are not; also `@hop=intake`.";
    SilentAck = "silent_ack", Ack, "The file that holds the enrollment is loaded and never acknowledged; also `@hop=intake`.";
    LoseAtIssuer = "lose_at_issuer", Issuer, "The enrollment is in the 834 file and is not loaded.";
    DuplicateAtIssuer = "duplicate_at_issuer", Issuer, "The enrollment is loaded twice, under two issuer ids.";
    Flapping = "flapping", Issuer, "Look-ups find it, then `times=` (1) look-ups do not, then they do again.";
    StaleReplica = "stale_replica", Issuer, "Every other look-up after a change shows the state before it; needs a journey with a change.";
    Outage = "outage", Issuer, "Look-ups are answered 503 for `for=` (10 s) after the enrollment.";
    EffectuationLost = "effectuation_lost", Effectuation, "The first premium is paid, and the exchange is never told.";
    LapseUntold = "lapse_untold", Effectuation, "An issuer ends a policy that is not paid for, and the exchange is never told; needs a journey with `miss_payment`, or a binder's time that runs out.";
    EligibilityContradicts = "eligibility_contradicts", Eligibility, "The 271 says inactive of what the 834 and the issuer's records say is covered.";
    PayerBusy = "payer_busy", Eligibility, "The 271 says AAA 42 (unable to respond at current time) for `for=` (10 s) after the enrollment.";
}

impl FaultKind {
    /// Finds a kind by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether it wants a field after a colon.
    pub fn takes_field(self) -> bool {
        matches!(self, Self::Alter | Self::Blank)
    }

    /// Whether it changes what a record says, and nothing of how it travels.
    pub(in crate::sandbox) fn changes_record(self) -> bool {
        self >= Self::Alter && self <= Self::TruncateName
    }

    /// Whether the issuer can be told to do it instead (`@hop=issuer`).
    pub(super) fn may_be_at_issuer(self) -> bool {
        self.changes_record() || self.hop() == Hop::Issuer || matches!(self, Self::Delay | Self::Slow)
    }

    /// Whether the exchange can be told to do it to an 834 that is handed over (`@hop=intake`).
    pub(super) fn may_be_at_intake(self) -> bool {
        self.hop() == Hop::Ack
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Name and one sentence of every kind, for help texts.
pub fn catalogue() -> impl Iterator<Item = (&'static str, &'static str)> {
    FaultKind::ALL.iter().map(|kind| (kind.name(), kind.describe()))
}

//! Why a transaction was sent, and in which direction.

use super::words::words;

words! {
    /// Which way a message travels.
    Direction {
        /// Exchange to issuer ("outbound" in the federal exchange's words).
        ToIssuer = "to_issuer",
        /// Issuer to exchange ("inbound").
        ToExchange = "to_exchange",
    }
}

words! {
    /// Why a transaction was sent, as the exchange and issuers say it with INS04 and ADDL MAINT REASON together (CMS companion
    /// guide v7.2 p. 19, 20 and 111 to 113). What a reason means depends on the record's kind: non-payment cancels or terminates.
    TransactionReason {
        /// The new half of a change-in-circumstance pair, or the old half that it ends (CIC).
        ChangeInCircumstances = "change_in_circumstances",
        /// The first premium was paid (CONFIRM).
        PaymentConfirmed = "payment_confirmed",
        /// Renewed without the consumer, in the same or a similar plan (PASSIVE).
        Passive = "passive",
        /// The same, moved from bronze to silver (B2S).
        PassiveBronzeToSilver = "passive_bronze_to_silver",
        /// The same, of a policy still in its initial state.
        PassiveInitial = "passive_initial",
        /// The same, under a new subscriber.
        PassiveNewSubscriber = "passive_new_subscriber",
        /// The same, under a new subscriber, moved from bronze to silver.
        PassiveNewSubscriberBronzeToSilver = "passive_new_subscriber_bronze_to_silver",
        /// The same, with an issuer that did not have the household before.
        PassiveNewToIssuer = "passive_new_to_issuer",
        /// The same, with a new issuer, moved from bronze to silver.
        PassiveNewToIssuerBronzeToSilver = "passive_new_to_issuer_bronze_to_silver",
        /// The consumer asked for it.
        Voluntary = "voluntary",
        /// A premium was not paid.
        NonPayment = "non_payment",
        /// Covered elsewhere (OTH-COVERAGE).
        OtherCoverage = "other_coverage",
        /// No longer eligible (NLE).
        NoLongerEligible = "no_longer_eligible",
        /// Fraud (FRD).
        Fraud = "fraud",
        /// Rescinded by the issuer (RESCIND).
        Rescission = "rescission",
        /// Found dead by periodic data matching (PDM).
        Death = "death",
        /// A renewal that was not to be (CARRYFORWARD).
        CarryForward = "carry_forward",
        /// Within the free look (FLC).
        FreeLook = "free_look",
        /// Directed by casework (HICS).
        Casework = "casework",
        /// Another reason (OTH).
        Other = "other",
        /// One enrollment too many (ANTIDUPLICATION).
        AntiDuplication = "anti_duplication",
        /// Lives outside the service area.
        OutOfArea = "out_of_area",
        /// Amounts changed.
        FinancialChange = "financial_change",
        /// The cost-sharing variant changed, on the same policy.
        VariantChange = "variant_change",
        /// The agent or broker changed.
        AgentChange = "agent_change",
        /// Something about a person changed.
        DemographicChange = "demographic_change",
        /// What identifies a person changed: name, birth date, SSN.
        IdentityChange = "identity_change",
        /// The residence changed.
        ResidenceChange = "residence_change",
        /// Nothing changed; the record is only sent again.
        NoChange = "no_change",
        /// The issuer's own ids changed.
        IssuerIdChange = "issuer_id_change",
        /// The issuer restores coverage.
        IssuerReinstatement = "issuer_reinstatement",
    }
}

words! {
    /// What happens to one member where it is not what happens to the group.
    MemberChange {
        /// Joins a group that exists (021 in a maintenance).
        Added = "added",
        /// Leaves a group that goes on (024 in a maintenance).
        Removed = "removed",
    }
}

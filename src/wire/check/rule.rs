//! The catalogue of rules: what each says, whose it is, what a receiver answers, and what to do.

/// Whose rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The X12 standard (X12.5, X12.6, data element dictionary), whatever the transaction.
    Syntax,
    /// The implementation guide of the transaction set (005010X220A1 and others).
    Guide,
    /// The federal exchange (CMS X12 834 Companion Guide v7.2).
    Marketplace,
}

impl Layer {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Guide => "guide",
            Self::Marketplace => "marketplace",
        }
    }
}

macro_rules! rules {
    ($($rule:ident $id:literal $layer:ident $says:literal; $remedy:literal)*) => {
        /// A rule. The words of each are in [`Rule::says`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "what a rule says is its documentation, and stands beside it as text")]
        pub enum Rule { $($rule),* }

        impl Rule {
            /// Every rule, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$rule),*];

            /// Its name, which does not change from release to release.
            pub fn id(self) -> &'static str {
                match self { $(Self::$rule => $id),* }
            }

            /// Whose it is.
            pub fn layer(self) -> Layer {
                match self { $(Self::$rule => Layer::$layer),* }
            }

            /// What it asks for.
            pub fn says(self) -> &'static str {
                match self { $(Self::$rule => $says),* }
            }

            /// What to do about it.
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$rule => $remedy),* }
            }
        }
    };
}

rules! {
    Stray "stray-bytes" Syntax
        "everything between interchanges and segments is a segment (TA1 022)";
        "remove the bytes, or restore the segment that they were part of"
    SegmentName "segment-name" Syntax
        "segment identifiers are two or three capital letters and digits (IK304 1)";
        "write segment identifiers in capitals"
    OutsideEnvelope "outside-envelope" Syntax
        "segments stand inside their envelopes: GS in ISA, ST in GS, content in ST (TA1 022, 999 IK304 6)";
        "restore the header that is missing before it, or move the segment into a transaction set"
    Unclosed "unclosed-envelope" Syntax
        "every envelope is closed by its own trailer: ISA by IEA, GS by GE, ST by SE (TA1 023, AK905 3, IK502 2)";
        "add the trailer; if the file was cut off, send it again whole"
    Unterminated "unterminated-segment" Syntax
        "every segment ends with the terminator that ISA announces (TA1 004)";
        "add the terminator; if the file was cut off, send it again whole"
    ControlDiffers "control-number-differs" Syntax
        "a trailer repeats its header's control number (TA1 001, AK905 4, IK502 3)";
        "write the header's control number into the trailer"
    ControlRepeated "control-number-repeated" Syntax
        "control numbers are unique: ISA13 of a sender in a file, GS06 in an interchange, ST02 in a group (TA1 025, AK905 6, IK502 23)";
        "number interchanges, groups and sets one after the other, and never use a number again"
    Count "wrong-count" Syntax
        "trailers count what they close: SE01 segments with ST and SE, GE01 sets, IEA01 groups (IK502 4, AK905 5, TA1 021)";
        "write the number that was counted; if something was lost on the way, send the file again whole"
    Version "unknown-version" Syntax
        "GS01, GS08, ST01 and ST03 agree, and name an implementation guide that is known (AK905 2, IK502 I6)";
        "name the guide that the set follows, the same in GS08 and ST03"
    OlderVersion "superseded-version" Guide
        "GS08 and ST03 name the guide with its errata, such as 005010X220A1";
        "name the guide with its errata; without them it is not the version that law prescribes"
    Characters "character-set" Syntax
        "elements hold characters of X12's extended character set only (IK403 6)";
        "replace the characters: letters without accents, no control characters"
    Separator "separator-in-element" Syntax
        "separators stand in elements only where the guide allows components or repetitions (IK403 3, 12 or 13)";
        "choose separators in ISA that do not occur in the data, or take the character out"
    TrailingSeparator "trailing-separator" Syntax
        "empty elements at a segment's end are left out with their separators (X12.6)";
        "end the segment after its last element that holds something"
    TooManyElements "too-many-elements" Syntax
        "a segment has no more elements, components or repetitions than its table (IK403 3, 12 or 13)";
        "take the surplus out; a separator too many earlier in the segment moves everything after it"
    TooShort "too-short" Syntax
        "elements are as long as the dictionary's minimum (IK403 4)";
        "fill the element as the guide says: zeros before numbers, blanks after texts of fixed length"
    TooLong "too-long" Syntax
        "elements are no longer than the dictionary's maximum (IK403 5)";
        "shorten the element"
    NotANumber "not-a-number" Syntax
        "numbers consist of digits, with a leading minus and an explicit decimal point where needed (IK403 6)";
        "write the number with digits only: no plus, no thousands separator, no currency, no exponent"
    NotADate "not-a-date" Syntax
        "dates exist, as CCYYMMDD, periods as two of them with a hyphen, first before last (IK403 8)";
        "write a day that is in the calendar"
    NotATime "not-a-time" Syntax
        "times exist, as HHMM, HHMMSS or with hundredths (IK403 9)";
        "write a time of day from 0000 to 2359"
    Blanks "needless-blanks" Syntax
        "texts do not begin or end with blanks, unless their length is fixed (X12.6)";
        "take the blanks out"
    Together "elements-together" Syntax
        "elements that need or exclude one another follow the segment's syntax notes (IK403 2 or 10)";
        "add the element that is missing, or take out the one that must not be there"
    MissingElement "missing-element" Guide
        "elements that the guide requires are there (IK403 1)";
        "add the element"
    UnusedElement "unused-element" Guide
        "elements that the guide marks as not used are not there (IK403 I10)";
        "take the element out"
    Code "unknown-code" Guide
        "coded elements hold a code of the guide's list (IK403 7)";
        "use one of the codes that the guide allows at this place"
    MissingSegment "missing-segment" Guide
        "segments and loops that the guide requires are there (IK304 3)";
        "add the segment"
    TooOften "too-often" Guide
        "segments and loops occur no more often than the guide allows (IK304 5 or 4)";
        "take the surplus out, or begin a new loop before it"
    OutOfOrder "out-of-order" Guide
        "segments follow one another in the guide's order (IK304 7)";
        "move the segment to its place"
    UnknownSegment "unknown-segment" Guide
        "only segments that the guide has at this place are there (IK304 1, 2 or I4)";
        "take the segment out, or restore what should stand before it"
    Qualifier "unknown-qualifier" Guide
        "a segment that begins a loop carries a qualifier that the guide has at this place (IK403 7)";
        "use one of the qualifiers that the guide allows at this place"
    EndBeforeBegin "end-before-begin" Guide
        "nothing ends before it begins: 349 and 348, 357 and 356, and the other pairs of days; an end on the day before cancels";
        "correct the day that is wrong"
    BirthDate "birth-date" Guide
        "nobody is born after the day that the file was made (GS04, BGN03)";
        "correct the birth date"
    Envelope "exchange-envelope" Marketplace
        "ISA01 and ISA03 are 00, ISA05 and ISA07 ZZ; ISA14 is 1, but for acknowledgements (p. 26 to 28)";
        "fill the interchange header as the exchange asks"
    Parties "exchange-parties" Marketplace
        "of GS02 and GS03 one is the tenant (state and 0), the other a plan of 14 characters in that state (p. 13, 29)";
        "name the tenant, such as VA0, and the plan without its variant"
    NumberReused "control-number-reused" Marketplace
        "ISA13, GS06 and ST02 are numeric and never used again, in any file, on any date (p. 10)";
        "continue the numbers of the previous file"
    Header "exchange-header" Marketplace
        "BGN01 is 00, BGN02 has 4 to 9 digits, BGN08 is 2, or 4 with INS03 030 (p. 31, 32)";
        "fill BGN as the exchange asks; an issuer returns the BGN02 that it received"
    Members "member-totals" Marketplace
        "QTY*TO counts the members, QTY*DT the dependents and is left out where there are none (p. 33)";
        "count the members of the set, or restore those who were lost"
    Sponsor "sponsor" Marketplace
        "N1*P5 is the subscriber: FI with the SSN of NM109, or 94 with the subscriber number of REF*0F (p. 36)";
        "write the subscriber's own SSN or subscriber number"
    Subscriber "one-subscriber" Marketplace
        "exactly one member is the subscriber, and INS01 is Y exactly where INS02 is 18 (p. 37)";
        "mark the subscriber with INS*Y*18 and all others with INS*N and their relationship"
    Status "member-status" Marketplace
        "INS05 is A, and INS08 is AC, or TE where coverage ends, of the subscriber only (p. 37, 57)";
        "write A in INS05, and INS08 for the subscriber only"
    Identifiers "member-identifiers" Marketplace
        "REF*0F is the same for all members, REF*17 each member's own, and the subscriber's equals REF*0F (p. 18, 38)";
        "write the exchange-assigned ids as the exchange issued them"
    Duplicate "duplicate-member" Marketplace
        "no member id (REF*17) occurs twice in a set (p. 18)";
        "send each member once"
    OldIdentifiers "old-identifiers" Marketplace
        "old issuer ids (REF*Q4, REF*ABB) come with the new ones (REF*ZZ, REF*23) (p. 79, 80)";
        "send the new id beside the old one"
    Combination "reason-combination" Marketplace
        "maintenance type, maintenance reason and additional reason are one of the exchange's combinations (p. 111 to 113)";
        "choose the combination that the transaction is; `johndoe x12 inspect` says what each code means"
    EndsWhole "ends-whole-group" Marketplace
        "a cancellation or termination has the subscriber only, no HD, and the policy id as REF*1L of loop 2000 (p. 54 to 67)";
        "leave out dependents and coverage: the end applies to everybody under the policy id"
    Asked "asked-by-transaction" Marketplace
        "effectuations have DTP*543 and the submit timestamp, of the subscriber (p. 51, 52); a reinstatement has the subscriber only, with DTP*356, plan and policy (p. 68 to 72); an issuer's maintenance has DTP*356 (p. 80); an end has DMG (p. 54 to 67)";
        "send what the guide's table of this transaction has, and nothing that it has not"
    Coverage "coverage" Marketplace
        "every member who is added has one HD, HLT or DEN, the same for all, with DTP*348, REF*CE and REF*1L (p. 35, 44)";
        "send medical and dental in sets of their own, each with plan id, policy id and benefit begin"
    Plan "plan-id" Marketplace
        "REF*CE has 16 characters, the same for all, its first 14 those of GS02 or GS03, its last two a variant from 00 to 06 (p. 13, 29)";
        "write issuer, state, product, component and variant without hyphen; a set goes to its plan's group"
    Dates "exchange-dates" Marketplace
        "initial enrollments have no end date and 348 equals 356; a cancellation ends as it begins, an issuer's also the day before, a termination later (p. 18, 58, 61)";
        "correct the date, or choose the transaction that it belongs to"
    Ssn "dummy-ssn" Marketplace
        "an SSN is nine digits, not one digit repeated; who has none has no NM108 and NM109 (p. 17, 39)";
        "leave NM108 and NM109 out where no SSN is known"
    Contact "dummy-contact" Marketplace
        "telephone numbers have ten digits, ZIP codes five or nine, and neither is one digit repeated (p. 14)";
        "leave the number out where it is not known"
    Demographics "demographics" Marketplace
        "marital status is the subscriber's only, HLH is T or N on initial enrollments of adults only, DMG05 holds codes of the exchange's table, N406 a county code, and addresses have a state, with ZIP code and county in it (p. 15, 40, 41, 110)";
        "leave out what does not belong to this member or transaction, and add what an address lacks"
    OldBirth "birth-long-ago" Marketplace
        "nobody is born more than 120 years before the day that the set was created";
        "correct the birth date"
    Category "reporting-category" Marketplace
        "reporting categories are numbered from 1, and have a known name, its qualifier and a value of its form or table (p. 45, 46, 109)";
        "write name, REF01 and REF02 as the exchange's table has them"
    CategoryDate "category-date" Marketplace
        "every category but REQUEST SUBMIT TIMESTAMP has one DTP*007 with a day, never an end (p. 21, 95)";
        "add DTP*007*D8 with the day from which the value holds"
    CategoryOwner "category-owner" Marketplace
        "in an enrollment PRE AMT 1 is told of every member with coverage, APTC AMT, PRE AMT TOT, TOT RES AMT and RATING AREA of the subscriber; of a dependent they never are (p. 21, 45)";
        "move the category to the member it belongs to; an APTC of nothing is sent as 0"
    Balance "balance" Marketplace
        "TOT RES AMT is PRE AMT TOT less APTC AMT and what others pay (p. 21)";
        "correct the amount that is wrong; compare with the exchange's record"
    PremiumSum "premium-sum" Marketplace
        "PRE AMT TOT is the sum of everybody's PRE AMT 1, except in family-rated dental plans (p. 21)";
        "correct the amount that is wrong, or restore the member who was lost"
}

#[cfg(test)]
mod tests {
    use super::Rule;
    use std::collections::HashSet;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_says_what_to_do() {
        let names: HashSet<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        assert_eq!(names.len(), Rule::ALL.len());
        for (at, rule) in Rule::ALL.iter().enumerate() {
            assert_eq!(*rule as usize, at);
            assert!(!rule.says().is_empty() && !rule.remedy().ends_with('.'), "{}", rule.id());
        }
    }
}

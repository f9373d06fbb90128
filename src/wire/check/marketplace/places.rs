//! Which ZIP codes and counties are in which state.

/// The first three digits of ZIP codes, from and to, with the state of their post offices, written down without the postal
/// service's own lists (publication 65, labeling list L002) at hand, and compared with the 42,789 codes of the open data set
/// `zipcodes` 3.0.0 of 2026. What is not in it is not known to be anywhere.
const ZIPS: &[(u16, u16, &str)] = &[
    (5, 5, "NY"),
    (6, 7, "PR"),
    (8, 8, "VI"),
    (9, 9, "PR"),
    (10, 27, "MA"),
    (28, 29, "RI"),
    (30, 38, "NH"),
    (39, 49, "ME"),
    (50, 54, "VT"),
    (55, 55, "MA"),
    (56, 59, "VT"),
    (60, 69, "CT"),
    (70, 89, "NJ"),
    (90, 98, "AE"),
    (100, 149, "NY"),
    (150, 196, "PA"),
    (197, 199, "DE"),
    (200, 200, "DC"),
    (201, 201, "VA"),
    (202, 205, "DC"),
    (206, 219, "MD"),
    (220, 246, "VA"),
    (247, 268, "WV"),
    (270, 289, "NC"),
    (290, 299, "SC"),
    (300, 319, "GA"),
    (320, 339, "FL"),
    (340, 340, "AA"),
    (341, 349, "FL"),
    (350, 369, "AL"),
    (370, 385, "TN"),
    (386, 397, "MS"),
    (398, 399, "GA"),
    (400, 427, "KY"),
    (430, 459, "OH"),
    (460, 479, "IN"),
    (480, 499, "MI"),
    (500, 528, "IA"),
    (530, 549, "WI"),
    (550, 567, "MN"),
    (569, 569, "DC"),
    (570, 577, "SD"),
    (580, 588, "ND"),
    (590, 599, "MT"),
    (600, 629, "IL"),
    (630, 658, "MO"),
    (660, 679, "KS"),
    (680, 693, "NE"),
    (700, 714, "LA"),
    (716, 729, "AR"),
    (730, 732, "OK"),
    (733, 733, "TX"),
    (734, 749, "OK"),
    (750, 799, "TX"),
    (800, 816, "CO"),
    (820, 831, "WY"),
    (832, 838, "ID"),
    (840, 847, "UT"),
    (850, 865, "AZ"),
    (870, 884, "NM"),
    (885, 885, "TX"),
    (889, 898, "NV"),
    (900, 961, "CA"),
    (962, 966, "AP"),
    (967, 968, "HI"),
    (970, 979, "OR"),
    (980, 994, "WA"),
    (995, 999, "AK"),
];

/// ZIP codes whose post office is in another state than those around it.
const APART: &[(&[u8], &str)] =
    &[(b"06390", "NY"), (b"20588", "MD"), (b"20598", "VA"), (b"73960", "TX"), (b"83414", "WY"), (b"96799", "AS")];

/// ZIP codes that serve people of a second state: the census' tabulation areas of 2010 that cross a state line, and one of which
/// lists disagree.
const SHARED: &[(&[u8], &str)] = &[
    (b"02861", "MA"),
    (b"42223", "TN"),
    (b"59221", "ND"),
    (b"63673", "IL"),
    (b"71749", "LA"),
    (b"72643", "MO"),
    (b"73949", "TX"),
    (b"81137", "NM"),
    (b"84536", "AZ"),
    (b"86044", "UT"),
    (b"86515", "NM"),
    (b"88063", "TX"),
    (b"89439", "CA"),
    (b"97635", "CA"),
];

/// The first two digits of a county's code (FIPS 5-2).
const COUNTIES: &[(&[u8], &str)] = &[
    (b"01", "AL"),
    (b"02", "AK"),
    (b"04", "AZ"),
    (b"05", "AR"),
    (b"06", "CA"),
    (b"08", "CO"),
    (b"09", "CT"),
    (b"10", "DE"),
    (b"11", "DC"),
    (b"12", "FL"),
    (b"13", "GA"),
    (b"15", "HI"),
    (b"16", "ID"),
    (b"17", "IL"),
    (b"18", "IN"),
    (b"19", "IA"),
    (b"20", "KS"),
    (b"21", "KY"),
    (b"22", "LA"),
    (b"23", "ME"),
    (b"24", "MD"),
    (b"25", "MA"),
    (b"26", "MI"),
    (b"27", "MN"),
    (b"28", "MS"),
    (b"29", "MO"),
    (b"30", "MT"),
    (b"31", "NE"),
    (b"32", "NV"),
    (b"33", "NH"),
    (b"34", "NJ"),
    (b"35", "NM"),
    (b"36", "NY"),
    (b"37", "NC"),
    (b"38", "ND"),
    (b"39", "OH"),
    (b"40", "OK"),
    (b"41", "OR"),
    (b"42", "PA"),
    (b"44", "RI"),
    (b"45", "SC"),
    (b"46", "SD"),
    (b"47", "TN"),
    (b"48", "TX"),
    (b"49", "UT"),
    (b"50", "VT"),
    (b"51", "VA"),
    (b"53", "WA"),
    (b"54", "WV"),
    (b"55", "WI"),
    (b"56", "WY"),
    (b"60", "AS"),
    (b"66", "GU"),
    (b"69", "MP"),
    (b"72", "PR"),
    (b"78", "VI"),
];

/// The state that a ZIP code is in, where it is known.
pub(super) fn state_of_zip(zip: &[u8]) -> Option<&'static str> {
    let whole = zip.get(..5)?;
    if let Some((_, state)) = APART.iter().find(|(known, _)| *known == whole) {
        return Some(state);
    }
    let prefix = zip
        .get(..3)?
        .iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u16::from(byte - b'0')))?;
    ZIPS.iter().find(|(from, to, _)| (*from..=*to).contains(&prefix)).map(|(.., state)| *state)
}

/// Whether a ZIP code is known to serve people of a state that its post office is not in.
pub(super) fn serves_also(zip: &[u8], state: &[u8]) -> bool {
    let whole = zip.get(..5).unwrap_or_default();
    SHARED.iter().any(|(known, other)| *known == whole && other.as_bytes() == state)
}

/// The state that a county's code is of, where it is known.
pub(super) fn state_of_county(county: &[u8]) -> Option<&'static str> {
    let state = county.get(..2)?;
    COUNTIES.iter().find(|(known, _)| *known == state).map(|(_, state)| *state)
}

#[cfg(test)]
mod tests {
    use super::{COUNTIES, SHARED, ZIPS, serves_also, state_of_county, state_of_zip};
    use crate::wire::guide::codes::{STATE, meaning};

    #[test]
    fn ranges_follow_one_another_and_name_states() {
        assert!(ZIPS.windows(2).all(|pair| pair[0].1 < pair[1].0));
        let states = ZIPS.iter().map(|row| row.2).chain(COUNTIES.iter().map(|row| row.1));
        for state in states {
            assert!(meaning(STATE, state.as_bytes()).is_some(), "{state}");
        }
    }

    #[test]
    fn codes_are_in_their_states() {
        for (zip, state) in [
            ("22030", "VA"),
            ("90210", "CA"),
            ("20101", "VA"),
            ("00501", "NY"),
            ("06390", "NY"),
            ("73960", "TX"),
            ("99501", "AK"),
        ] {
            assert_eq!(state_of_zip(zip.as_bytes()), Some(state), "{zip}");
        }
        assert_eq!(state_of_zip(b"42223"), Some("KY"));
        assert!(serves_also(b"42223", b"TN") && serves_also(b"422235555", b"TN") && !serves_also(b"42223", b"OH"));
        assert!(SHARED.iter().all(|(zip, other)| state_of_zip(zip).is_some_and(|own| own != *other)));
        assert_eq!((state_of_zip(b"00001"), state_of_zip(b"2203"), state_of_zip(b"ABCDE")), (None, None, None));
        assert_eq!((state_of_county(b"51059"), state_of_county(b"99001")), (Some("VA"), None));
    }
}

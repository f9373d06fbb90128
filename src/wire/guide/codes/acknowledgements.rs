//! What acknowledgements say: TA1, 999.

use super::Codes;

/// TA104, element I17.
pub const INTERCHANGE_ANSWER: Codes = &[("A", "accepted"), ("E", "accepted with errors"), ("R", "rejected")];

/// TA105, element I18.
pub const INTERCHANGE_NOTE: Codes = &[
    ("000", "no error"),
    ("001", "control numbers of header and trailer differ"),
    ("002", "standard of the control standards is not supported"),
    ("003", "version of the controls is not supported"),
    ("004", "invalid segment terminator"),
    ("005", "invalid sender id qualifier"),
    ("006", "invalid sender id"),
    ("007", "invalid receiver id qualifier"),
    ("008", "invalid receiver id"),
    ("009", "unknown receiver id"),
    ("010", "invalid authorization qualifier"),
    ("011", "invalid authorization information"),
    ("012", "invalid security qualifier"),
    ("013", "invalid security information"),
    ("014", "invalid interchange date"),
    ("015", "invalid interchange time"),
    ("016", "invalid standards identifier"),
    ("017", "invalid version"),
    ("018", "invalid control number"),
    ("019", "invalid acknowledgement request"),
    ("020", "invalid test indicator"),
    ("021", "invalid number of groups"),
    ("022", "invalid control structure"),
    ("023", "premature end of file"),
    ("024", "invalid content"),
    ("025", "duplicate control number"),
    ("026", "invalid element separator"),
    ("027", "invalid component separator"),
    ("028", "invalid delivery date"),
    ("029", "invalid delivery time"),
    ("030", "invalid delivery time code"),
    ("031", "invalid grade of service"),
];

/// AK101, element 479.
pub const ACKNOWLEDGED_GROUP: Codes = &[
    ("BE", "benefit enrollment (834)"),
    ("HB", "eligibility answer (271)"),
    ("HC", "health care claim (837)"),
    ("HI", "services review (278)"),
    ("HN", "claim status notification (277)"),
    ("HP", "claim payment (835)"),
    ("HR", "claim status request (276)"),
    ("HS", "eligibility inquiry (270)"),
    ("RA", "premium payment (820)"),
];

/// AK201, element 143.
pub const ACKNOWLEDGED_SET: Codes = &[
    ("270", "eligibility inquiry"),
    ("271", "eligibility answer"),
    ("276", "claim status request"),
    ("277", "claim status notification"),
    ("278", "services review"),
    ("820", "premium payment"),
    ("834", "benefit enrollment"),
    ("835", "claim payment"),
    ("837", "health care claim"),
];

/// IK304, element 620.
pub const SEGMENT_ERROR: Codes = &[
    ("1", "unknown segment"),
    ("2", "unexpected segment"),
    ("3", "required segment missing"),
    ("4", "loop occurs too often"),
    ("5", "segment occurs too often"),
    ("6", "segment not in this transaction set"),
    ("7", "segment not in proper order"),
    ("8", "segment has element errors"),
    ("I4", "segment not used by the implementation guide"),
    ("I6", "dependent segment missing"),
    ("I7", "loop occurs fewer times than the guide asks"),
    ("I8", "segment below its minimum use"),
    ("I9", "dependent segment must not be used"),
];

/// IK403, element 621.
pub const ELEMENT_ERROR: Codes = &[
    ("1", "required element missing"),
    ("2", "conditional element missing"),
    ("3", "too many elements"),
    ("4", "element too short"),
    ("5", "element too long"),
    ("6", "invalid character"),
    ("7", "invalid code"),
    ("8", "invalid date"),
    ("9", "invalid time"),
    ("10", "exclusion condition violated"),
    ("12", "too many repetitions"),
    ("13", "too many components"),
    ("I6", "code not used by the implementation guide"),
    ("I9", "dependent element missing"),
    ("I10", "element not used by the implementation guide"),
    ("I11", "too few repetitions"),
    ("I12", "pattern not matched"),
    ("I13", "dependent element must not be used"),
];

/// IK501, element 717.
pub const SET_ANSWER: Codes = &[
    ("A", "accepted"),
    ("E", "accepted with errors"),
    ("M", "rejected, message authentication failed"),
    ("R", "rejected"),
    ("W", "rejected, assurance failed"),
    ("X", "rejected, content could not be decrypted"),
];

/// IK502 to IK506, element 618.
pub const SET_ERROR: Codes = &[
    ("1", "transaction set not supported"),
    ("2", "trailer missing"),
    ("3", "control numbers of header and trailer differ"),
    ("4", "wrong number of segments"),
    ("5", "segments in error"),
    ("6", "invalid set identifier"),
    ("7", "invalid control number"),
    ("8", "authentication key name unknown"),
    ("9", "encryption key name unknown"),
    ("10", "authentication or encryption not available"),
    ("11", "encryption key name unknown"),
    ("12", "initialization vector invalid"),
    ("13", "text could not be decrypted"),
    ("15", "security header missing"),
    ("16", "message authentication failed"),
    ("17", "assurance could not be verified"),
    ("18", "set not in this functional group"),
    ("19", "unknown transaction set"),
    ("23", "control number not unique in the group"),
    ("24", "security trailer missing"),
    ("25", "security token error"),
    ("26", "security trailer without header"),
    ("27", "security version not supported"),
    ("I5", "errors of the implementation guide"),
    ("I6", "implementation convention not supported"),
];

/// AK901, element 715.
pub const GROUP_ANSWER: Codes = &[
    ("A", "accepted"),
    ("E", "accepted with errors"),
    ("M", "rejected, message authentication failed"),
    ("P", "partly accepted"),
    ("R", "rejected"),
    ("W", "rejected, assurance failed"),
    ("X", "rejected, content could not be decrypted"),
];

/// AK905 to AK909, element 716.
pub const GROUP_ERROR: Codes = &[
    ("1", "functional group not supported"),
    ("2", "version not supported"),
    ("3", "trailer missing"),
    ("4", "control numbers of header and trailer differ"),
    ("5", "wrong number of transaction sets"),
    ("6", "control number invalid or not unique"),
    ("10", "authentication key name unknown"),
    ("11", "encryption key name unknown"),
    ("12", "authentication or encryption not available"),
    ("13", "encryption key name unknown"),
    ("14", "initialization vector invalid"),
    ("15", "text could not be decrypted"),
    ("16", "security header missing"),
    ("17", "message authentication failed"),
    ("18", "assurance could not be verified"),
    ("19", "control number not unique in the interchange"),
    ("23", "security trailer missing"),
    ("24", "security token error"),
    ("25", "security trailer without header"),
    ("26", "security version not supported"),
];

/// AK304 of a 997, element 720.
pub const OLD_SEGMENT_ERROR: Codes = SEGMENT_ERROR.split_at(8).0;

/// AK403 of a 997, element 723.
pub const OLD_ELEMENT_ERROR: Codes = ELEMENT_ERROR.split_at(12).0;

/// AK502 to AK506 of a 997, element 718.
pub const OLD_SET_ERROR: Codes = SET_ERROR.split_at(23).0;

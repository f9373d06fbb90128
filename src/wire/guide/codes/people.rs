//! What is said of persons: names, contact, demographics.

use super::Codes;

/// NM101 of loop 2100A.
pub const MEMBER: Codes = &[("74", "corrected insured"), ("IL", "insured or subscriber")];
/// NM101 of loop 2100B.
pub const INCORRECT_MEMBER: Codes = &[("70", "prior incorrect insured")];
/// NM101 of loop 2100C.
pub const MAILING: Codes = &[("31", "postal mailing address")];
/// NM101 of loop 2100D.
pub const EMPLOYER: Codes = &[("36", "employer")];
/// NM101 of loop 2100E.
pub const SCHOOL: Codes = &[("M8", "educational institution")];
/// NM101 of loop 2100F.
pub const CUSTODIAL_PARENT: Codes = &[("S3", "custodial parent")];
/// NM101 of loop 2100G.
pub const RESPONSIBLE: Codes = &[
    ("6Y", "case manager"),
    ("9K", "key person"),
    ("E1", "person or entity legally responsible for a child"),
    ("EI", "executor of estate"),
    ("EXS", "ex-spouse"),
    ("GB", "other insured"),
    ("GD", "guardian"),
    ("J6", "power of attorney"),
    ("LR", "legal representative"),
    ("QD", "responsible party"),
    ("S1", "parent"),
    ("TZ", "significant other"),
    ("X4", "spouse"),
];
/// NM101 of loop 2100H.
pub const DROP_OFF: Codes = &[("45", "drop-off location")];
/// NM101 of loop 2310.
pub const PROVIDER: Codes = &[
    ("1X", "laboratory"),
    ("3D", "obstetrics and gynecology facility"),
    ("80", "hospital"),
    ("FA", "facility"),
    ("OD", "doctor of optometry"),
    ("P3", "primary care provider"),
    ("QA", "pharmacy"),
    ("QN", "dentist"),
    ("Y2", "managed care organization"),
];
/// NM101 of loop 2330.
pub const OTHER_INSURER: Codes = &[("36", "employer"), ("GW", "group"), ("IN", "insurer")];

/// NM102, element 1065.
pub const PERSON: Codes = &[("1", "person")];
/// NM102, element 1065.
pub const ORGANIZATION: Codes = &[("2", "organization")];
/// NM102, element 1065.
pub const PERSON_OR_ORGANIZATION: Codes = &[("1", "person"), ("2", "organization")];

/// NM108 of persons, element 66.
pub const PERSON_ID: Codes = &[("34", "Social Security number"), ("ZZ", "mutually defined")];
/// NM108 of employers, element 66.
pub const EMPLOYER_ID: Codes = &[("24", "employer identification number"), ("34", "Social Security number")];
/// NM108 of providers, element 66.
pub const PROVIDER_ID: Codes = &[
    ("34", "Social Security number"),
    ("FI", "federal taxpayer identification number"),
    ("SV", "service provider number"),
    ("XX", "national provider identifier"),
];
/// NM108 of other insurers, element 66.
pub const INSURER_ID: Codes =
    &[("FI", "federal taxpayer identification number"), ("NI", "NAIC number"), ("XV", "national plan identifier")];
/// N103 of sponsors, element 66.
pub const SPONSOR_ID: Codes = &[
    ("24", "employer identification number"),
    ("94", "code assigned by the organization"),
    ("FI", "federal taxpayer identification number"),
];
/// N103 of payers and brokers, element 66.
pub const PARTY_ID: Codes = &[
    ("94", "code assigned by the organization"),
    ("FI", "federal taxpayer identification number"),
    ("XV", "national plan identifier"),
];
/// NM110 of providers, element 706.
pub const PROVIDER_RELATION: Codes =
    &[("25", "established patient"), ("26", "not an established patient"), ("72", "unknown")];

/// PER03, 05 and 07, element 365.
pub const CONTACT: Codes = &[
    ("AP", "other telephone"),
    ("BN", "beeper"),
    ("CP", "cellular telephone"),
    ("EM", "e-mail"),
    ("EX", "telephone extension"),
    ("FX", "fax"),
    ("HP", "home telephone"),
    ("TE", "telephone"),
    ("WP", "work telephone"),
];
/// PER03 of a school.
pub const SCHOOL_CONTACT: Codes =
    &[("EM", "e-mail"), ("EX", "telephone extension"), ("FX", "fax"), ("TE", "telephone")];
/// PER03 of an insurer.
pub const TELEPHONE: Codes = &[("TE", "telephone")];

/// DMG03, element 1068.
pub const SEX: Codes = &[("F", "female"), ("M", "male"), ("U", "unknown")];
/// DMG04, element 1067.
pub const MARITAL_STATUS: Codes = &[
    ("B", "registered domestic partner"),
    ("D", "divorced"),
    ("I", "single"),
    ("M", "married"),
    ("R", "unreported"),
    ("S", "separated"),
    ("U", "unmarried"),
    ("W", "widowed"),
    ("X", "legally separated"),
];
/// DMG05-1, element 1109.
pub const RACE: Codes = &[
    ("7", "not provided"),
    ("8", "not applicable"),
    ("A", "Asian or Pacific Islander"),
    ("B", "Black"),
    ("C", "Caucasian"),
    ("D", "subcontinent Asian American"),
    ("E", "other race or ethnicity"),
    ("F", "Asian Pacific American"),
    ("G", "Native American"),
    ("H", "Hispanic"),
    ("I", "American Indian or Alaskan Native"),
    ("J", "Native Hawaiian"),
    ("N", "Black, not Hispanic"),
    ("O", "white, not Hispanic"),
    ("P", "Pacific Islander"),
    ("Z", "mutually defined"),
];
/// DMG05-2, element 1270.
pub const RACE_LIST: Codes = &[("RET", "classification of race or ethnicity")];
/// DMG05-3, element 1271, of code source 859 (CMS companion guide v7.2 p. 110).
pub const RACE_OR_ETHNICITY: Codes = &[
    ("1002-5", "American Indian or Alaska Native"),
    ("2028-9", "Asian"),
    ("2029-7", "Asian Indian"),
    ("2034-7", "Chinese"),
    ("2036-2", "Filipino"),
    ("2039-6", "Japanese"),
    ("2040-4", "Korean"),
    ("2047-9", "Vietnamese"),
    ("2054-5", "Black or African American"),
    ("2076-8", "Native Hawaiian or other Pacific Islander"),
    ("2079-2", "Native Hawaiian"),
    ("2080-0", "Samoan"),
    ("2086-7", "Guamanian or Chamorro"),
    ("2106-3", "White"),
    ("2131-1", "other race"),
    ("2135-2", "Hispanic or Latino"),
    ("2148-5", "Mexican"),
    ("2149-3", "Mexican American"),
    ("2180-8", "Puerto Rican"),
    ("2182-4", "Cuban"),
    ("2186-5", "not Hispanic or Latino"),
    ("2500-7", "other Pacific Islander"),
];
/// DMG10, element 1270.
pub const RACE_COLLECTION: Codes = &[("REC", "race or ethnicity collection")];
/// DMG06, element 1066.
pub const CITIZENSHIP: Codes = &[
    ("1", "U.S. citizen"),
    ("2", "non-resident alien"),
    ("3", "resident alien"),
    ("4", "illegal alien"),
    ("5", "alien"),
    ("6", "U.S. citizen, non-resident"),
    ("7", "U.S. citizen, resident"),
];
/// HLH01, element 1212.
pub const HEALTH: Codes = &[
    ("N", "no tobacco or substance use"),
    ("S", "substance use"),
    ("T", "tobacco use"),
    ("U", "unknown"),
    ("X", "tobacco and substance use"),
];
/// LUI01, element 66.
pub const LANGUAGE_LIST: Codes = &[("LD", "NISO Z39.53 language code"), ("LE", "ISO 639 language code")];
/// LUI04, element 1303.
pub const LANGUAGE_USE: Codes = &[("5", "reading"), ("6", "writing"), ("7", "speaking"), ("8", "native")];
/// DSB01, element 1146.
pub const DISABILITY: Codes =
    &[("1", "short term"), ("2", "long term"), ("3", "permanent or total"), ("4", "no disability")];
/// DSB07, element 235.
pub const DIAGNOSIS_LIST: Codes = &[("DX", "ICD-9-CM diagnosis"), ("ZZ", "mutually defined")];

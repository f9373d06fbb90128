//! Places.

use super::Codes;

/// N405, element 309, of a residence.
pub const PLACE_KIND: Codes = &[("60", "area"), ("CY", "county")];

/// N402, element 156: states, territories and military posts of the USA, and provinces of Canada.
pub const STATE: Codes = &[
    ("AA", "Armed Forces Americas"), ("AB", "Alberta"), ("AE", "Armed Forces Europe"), ("AK", "Alaska"),
    ("AL", "Alabama"), ("AP", "Armed Forces Pacific"), ("AR", "Arkansas"), ("AS", "American Samoa"),
    ("AZ", "Arizona"), ("BC", "British Columbia"), ("CA", "California"), ("CO", "Colorado"),
    ("CT", "Connecticut"), ("DC", "District of Columbia"), ("DE", "Delaware"), ("FL", "Florida"),
    ("FM", "Micronesia"), ("GA", "Georgia"), ("GU", "Guam"), ("HI", "Hawaii"), ("IA", "Iowa"), ("ID", "Idaho"),
    ("IL", "Illinois"), ("IN", "Indiana"), ("KS", "Kansas"), ("KY", "Kentucky"), ("LA", "Louisiana"),
    ("MA", "Massachusetts"), ("MB", "Manitoba"), ("MD", "Maryland"), ("ME", "Maine"), ("MH", "Marshall Islands"),
    ("MI", "Michigan"), ("MN", "Minnesota"), ("MO", "Missouri"), ("MP", "Northern Mariana Islands"),
    ("MS", "Mississippi"), ("MT", "Montana"), ("NB", "New Brunswick"), ("NC", "North Carolina"),
    ("ND", "North Dakota"), ("NE", "Nebraska"), ("NH", "New Hampshire"), ("NJ", "New Jersey"),
    ("NL", "Newfoundland and Labrador"), ("NM", "New Mexico"), ("NS", "Nova Scotia"),
    ("NT", "Northwest Territories"), ("NU", "Nunavut"), ("NV", "Nevada"), ("NY", "New York"), ("OH", "Ohio"),
    ("OK", "Oklahoma"), ("ON", "Ontario"), ("OR", "Oregon"), ("PA", "Pennsylvania"),
    ("PE", "Prince Edward Island"), ("PR", "Puerto Rico"), ("PW", "Palau"), ("QC", "Quebec"),
    ("RI", "Rhode Island"), ("SC", "South Carolina"), ("SD", "South Dakota"), ("SK", "Saskatchewan"),
    ("TN", "Tennessee"), ("TX", "Texas"), ("UT", "Utah"), ("VA", "Virginia"), ("VI", "Virgin Islands"),
    ("VT", "Vermont"), ("WA", "Washington"), ("WI", "Wisconsin"), ("WV", "West Virginia"), ("WY", "Wyoming"),
    ("YT", "Yukon"),
];

//! Forms of single texts in a target file.

use crate::model::{Field, PlanId};
use crate::source::{Fault, Leaf, Scalar, Shape, Words, clock_time, deadline, duration, nearest, rate_per_second};
use crate::target::css::Css;
use crate::target::path::JsonPath;
use crate::target::template::{Mode, Template};
use chrono::NaiveDate;
use std::fmt::Write as _;

/// Checks a template without keeping it.
fn template_fault(scalar: &Scalar, mode: Mode) -> Option<Fault> {
    Template::of(scalar, mode).err().map(|error| Fault::message(error.to_string()))
}

pub(in crate::target) static NAME: Shape = Shape::Leaf(Leaf {
    expected: "a name of letters, digits, `-`, `_` and `.`, at most 64",
    pattern: Some("[A-Za-z0-9._-]{1,64}"),
    fault: |s| {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        Fault::unless((1..=64).contains(&s.text.len()) && s.text.bytes().all(allowed))
    },
});
pub(in crate::target) static CAPTURE_NAME: Shape = Shape::Leaf(Leaf {
    expected: "a name of letters, digits, `_` and `.`, beginning with a letter",
    pattern: Some("[A-Za-z][A-Za-z0-9_.]{0,79}"),
    fault: |s| {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.');
        let begins = s.text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
        Fault::unless(begins && s.text.len() <= 80 && s.text.bytes().all(allowed))
    },
});
pub(in crate::target) static VARIABLE: Shape = Shape::Leaf(Leaf {
    expected: "a name of letters, digits and `_`, beginning with a letter",
    pattern: Some("[A-Za-z][A-Za-z0-9_]{0,79}"),
    fault: |s| {
        let begins = s.text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        Fault::unless(begins && s.text.len() <= 80 && s.text.bytes().all(allowed))
    },
});
pub(in crate::target) static BASE_URL: Shape = Shape::Leaf(Leaf {
    expected: "an address such as https://exchange.example/api",
    pattern: Some("https?://.+"),
    fault: |s| {
        let sound =
            url::Url::parse(&s.text).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.host().is_some());
        Fault::unless(sound && !s.text.contains(['?', '#', '@']))
    },
});
pub(crate) static ZONE: Shape = Shape::Leaf(Leaf {
    expected: "a time zone such as America/New_York",
    pattern: Some("[A-Za-z_/+0-9-]+"),
    fault: |s| {
        s.text.parse::<chrono_tz::Tz>().err()?;
        let near = nearest(&s.text, chrono_tz::TZ_VARIANTS.iter().map(|z| z.name()));
        Some(Fault { message: None, help: near.map(|word| format!("did you mean `{word}`?")) })
    },
});
pub(in crate::target) static TEMPLATE: Shape = Shape::Template(Leaf {
    expected: "text, perhaps with `{{ … }}`",
    pattern: None,
    fault: |s| template_fault(s, Mode::Text),
});
pub(in crate::target) static ADDRESS: Shape = Shape::Template(Leaf {
    expected: "a path that begins with `/`, or a whole address",
    pattern: None,
    fault: |s| {
        let begins = ["/", "http://", "https://", "{{", "${"].iter().any(|b| s.written.starts_with(b));
        Fault::unless(begins).or_else(|| template_fault(s, Mode::Address))
    },
});
pub(in crate::target) static EXPRESSION: Shape = Shape::Template(Leaf {
    expected: "an expression such as `dental_plan_id is defined`",
    pattern: None,
    fault: |s| template_fault(s, Mode::Condition),
});
pub(in crate::target) static JSON_PATH: Shape = Shape::Leaf(Leaf {
    expected: "a JSONPath such as $.members[*].id",
    pattern: Some("\\$.*"),
    fault: |s| {
        let error = serde_json_path::JsonPath::parse(&s.text).err()?;
        if !s.text.starts_with('$') {
            return Some(Fault::default());
        }
        Some(Fault::message(format!("`{}` is no JSONPath: {}", s.written, error.message())))
    },
});
pub(in crate::target) static XPATH: Shape = Shape::Leaf(Leaf {
    expected: "a path through elements such as /Members/Member/@id",
    pattern: Some("\\.?/.*"),
    fault: |s| {
        if !(s.text.starts_with('/') || s.text.starts_with("./")) {
            return Some(Fault::default());
        }
        let words = JsonPath::parse(&s.text).err()?;
        Some(Fault::message(format!("`{}` is no path through elements: {words}", s.written)))
    },
});
pub(in crate::target) static PLACE: Shape = Shape::Leaf(Leaf {
    expected: "a JSONPath such as $.members[*].id, or of XML a path such as /Members/Member/@id",
    pattern: Some("[$./].*"),
    fault: |s| {
        let is_of_elements = s.text.starts_with(['/', '.']);
        if !s.text.starts_with('$') && !is_of_elements {
            return Some(Fault::default());
        }
        let words = JsonPath::parse(&s.text).err()?;
        let what = if is_of_elements { "path through elements" } else { "JSONPath" };
        Some(Fault::message(format!("`{}` is no {what}: {words}", s.written)))
    },
});
pub(in crate::target) static CSS: Shape = Shape::Leaf(Leaf {
    expected: "a CSS selector such as input[name=csrf]",
    pattern: None,
    fault: |s| {
        let words = Css::parse(&s.text, None).err()?;
        Some(Fault::message(format!("`{}` is no CSS selector: {words}", s.written)))
    },
});
pub(in crate::target) static REGEX: Shape = Shape::Leaf(Leaf {
    expected: "a regular expression",
    pattern: None,
    fault: |s| {
        let error = regex::Regex::new(&s.text).err()?;
        let words = error.to_string();
        let last = words.lines().last().unwrap_or_default().trim_start_matches("error: ");
        Some(Fault::message(format!("`{}` is no regular expression: {last}", s.written)))
    },
});
/// Words for dates that are written as a time since 1970.
const SINCE_1970: [&str; 2] = ["epoch_seconds", "epoch_millis"];

pub(in crate::target) static DATE_FORMAT: Shape = Shape::Leaf(Leaf {
    expected: "a date format such as \"%m/%d/%Y\", or `epoch_seconds` or `epoch_millis`",
    pattern: None,
    fault: |s| {
        if SINCE_1970.contains(&s.text.as_str()) {
            return None;
        }
        let mut items = chrono::format::StrftimeItems::new(&s.text);
        let sound = s.text.contains('%') && items.all(|i| !matches!(i, chrono::format::Item::Error));
        if sound && !reads_a_date(&s.text) {
            let mut fault = Fault::message(format!("`{}` reads no date, whatever the text", s.written));
            fault.help = Some(
                "year, month and day must be in it, as in \"%m/%d/%Y\"; of seconds since 1970 write `epoch_seconds`"
                    .to_owned(),
            );
            return Some(fault);
        }
        Fault::unless(sound)
    },
});
pub(in crate::target) static STATUS_CODE: Shape = Shape::Integer { min: 100, max: 599 };
pub(crate) static DURATION: Shape = Shape::Leaf(Leaf {
    expected: "a duration such as 5s, 15m or 1h30m",
    pattern: None,
    fault: |s| Fault::unless(duration(&s.text).is_some()),
});
pub(in crate::target) static LIMIT: Shape = Shape::Leaf(Leaf {
    expected: "a limit such as 15m, 2 windows or by 06:00",
    pattern: None,
    fault: |s| Fault::unless(deadline(&s.text).is_some()),
});
pub(in crate::target) static CLOCK_TIME: Shape = Shape::Leaf(Leaf {
    expected: "a time of day such as 06:00",
    pattern: Some("\\d{1,2}:\\d{2}(:\\d{2})?"),
    fault: |s| Fault::unless(clock_time(&s.text).is_some()),
});
pub(in crate::target) static RATE: Shape = Shape::Leaf(Leaf {
    expected: "a rate such as 5/s, 300/m or 100/h, at least one in a thousand days and at most 1000000/s",
    pattern: Some("[0-9.]+\\s*/\\s*[a-z]+"),
    fault: |s| Fault::unless(rate_per_second(&s.text).is_some()),
});
pub(in crate::target) static ISSUER: Shape = Shape::Leaf(Leaf {
    expected: "an issuer's HIOS id of five digits, in quotes",
    pattern: Some("\\d{5}"),
    fault: |s| Fault::unless(s.text.len() == 5 && s.text.bytes().all(|b| b.is_ascii_digit())),
});
pub(in crate::target) static PLAN_ID: Shape = Shape::Leaf(Leaf {
    expected: "a plan id of 14 or 16 characters, such as 12345VA0010001",
    pattern: Some("[0-9]{5}[A-Z]{2}[0-9]{7}(-?[0-9]{2})?"),
    fault: |s| Fault::unless(is_plan_id(PlanId::parse(&s.text).as_str())),
});
pub(in crate::target) static HOST: Shape = Shape::Leaf(Leaf {
    expected: "a host name, `*.name`, an address, or a block such as 10.0.0.0/8",
    pattern: None,
    fault: |s| Fault::unless(is_host(&s.text)),
});
pub(in crate::target) static HOST_NAME: Shape = Shape::Leaf(Leaf {
    expected: "a host name or an address, without a port",
    pattern: None,
    fault: |s| Fault::unless(is_host(&s.text) && !s.text.contains(['*', '/'])),
});
pub(in crate::target) static FILE: Shape = Shape::Text;
pub(in crate::target) static FIELD: Shape = Shape::Words(Words { what: "field", words: Field::words });

/// Whether a date that is written in the format is read back as it was: one of some at least, as a format may leave the
/// century out.
fn reads_a_date(format: &str) -> bool {
    let days = [(1961, 3, 9), (1984, 2, 29), (2013, 12, 31), (2014, 1, 2)];
    let written = days.into_iter().filter_map(|(year, month, day)| {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        let mut text = String::new();
        write!(text, "{}", date.and_hms_opt(5, 6, 7)?.and_utc().format(format)).ok()?;
        Some((date, text))
    });
    written.into_iter().any(|(date, text)| NaiveDate::parse_from_str(&text, format) == Ok(date))
}

/// Five digits of the issuer, two letters of the state, seven digits, and perhaps two of the variant.
fn is_plan_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    let state = bytes.get(5..7).is_some_and(|s| s.iter().all(u8::is_ascii_uppercase));
    let digits = bytes.iter().enumerate().all(|(i, b)| matches!(i, 5 | 6) || b.is_ascii_digit());
    matches!(bytes.len(), 14 | 16) && state && digits
}

fn is_host(text: &str) -> bool {
    let (host, prefix) = text.split_once('/').map_or((text, None), |(host, prefix)| (host, Some(prefix)));
    if let Ok(address) = host.parse::<core::net::IpAddr>() {
        let bits: u8 = if address.is_ipv4() { 32 } else { 128 };
        return prefix.is_none_or(|p| p.parse::<u8>().is_ok_and(|p| p <= bits));
    }
    let name = host.strip_prefix("*.").unwrap_or(host);
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    prefix.is_none() && !name.is_empty() && name.bytes().all(allowed)
}

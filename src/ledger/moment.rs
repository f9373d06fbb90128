//! A moment as payloads keep it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Microseconds since the Unix epoch, UTC, as the columns have them: shorter than text and quicker to write. A
/// moment between two microseconds is kept as text (RFC 3339), as format 1 kept every moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(pub(super) DateTime<Utc>);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let nanos = self.0.timestamp_subsec_nanos();
        // a leap second, which chrono counts as nanoseconds beyond the second, has no number of its own
        if nanos.is_multiple_of(1000) && nanos < 1_000_000_000 {
            serializer.serialize_i64(self.0.timestamp_micros())
        } else {
            serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MomentVisitor)
    }
}

struct MomentVisitor;

impl Visitor<'_> for MomentVisitor {
    type Value = Moment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("microseconds since 1970, or a moment as RFC 3339 writes it")
    }

    fn visit_i64<E: Error>(self, micros: i64) -> Result<Moment, E> {
        DateTime::from_timestamp_micros(micros).map(Moment).ok_or_else(|| E::custom("a moment beyond all calendars"))
    }

    fn visit_u64<E: Error>(self, micros: u64) -> Result<Moment, E> {
        i64::try_from(micros).map_err(E::custom).and_then(|micros| self.visit_i64(micros))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
        text.parse().map(Moment).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn every_moment_comes_back_to_the_nanosecond() {
        for (written, stored) in [
            ("2013-11-15T07:20:00.123456Z", "1384500000123456"),
            ("1969-12-31T23:59:59Z", "-1000000"),
            ("2016-12-31T23:59:60Z", "\"2016-12-31T23:59:60Z\""),
            ("2013-11-15T07:20:00.123456789Z", "\"2013-11-15T07:20:00.123456789Z\""),
        ] {
            let moment = Moment(written.parse().unwrap());
            assert_eq!(serde_json::to_string(&moment).unwrap(), stored);
            assert_eq!(serde_json::from_str::<Moment>(stored).unwrap(), moment);
        }
    }

    #[test]
    fn what_format_1_wrote_is_read() {
        let moment: Moment = serde_json::from_str("\"2013-11-15T07:20:00.123456Z\"").unwrap();
        assert_eq!(moment.0.timestamp_micros(), 1_384_500_000_123_456);
        assert!(serde_json::from_str::<Moment>("99999999999999999999").is_err());
        assert!(serde_json::from_str::<Moment>("\"yesterday\"").is_err());
    }
}

//! What a canary is, as numbers for Prometheus: its text form, and `OpenMetrics`.
//!
//! Every label's values come from the canary's file and the closed catalogue of streams; none comes from a far side.

use super::status::{AlarmStatus, Status, StreamStatus};
use chrono::{DateTime, Utc};
use std::fmt::Write as _;

/// How metrics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The text form of Prometheus, version 0.0.4.
    Prometheus,
    /// `OpenMetrics` 1.0.0.
    OpenMetrics,
}

impl Form {
    /// The one that a scraper asks for by its `Accept` header; Prometheus' own where it asks for none that is spoken here.
    pub fn accepted(accept: &str) -> Self {
        let quality = |kind: &str| {
            let ranges = accept.split(',').map(str::trim);
            let fits = ranges.filter(|range| range.split(';').next().is_some_and(|name| name.trim() == kind));
            let of = |range: &str| {
                let q = range.split(';').find_map(|part| part.trim().strip_prefix("q="));
                q.map_or(1.0, |q| q.trim().parse::<f64>().unwrap_or(0.0))
            };
            fits.map(of).fold(None, |best: Option<f64>, q| Some(best.map_or(q, |best| best.max(q))))
        };
        match (quality("application/openmetrics-text"), quality("text/plain")) {
            (Some(open), plain) if open > 0.0 && plain.is_none_or(|plain| open >= plain) => Self::OpenMetrics,
            _ => Self::Prometheus,
        }
    }

    /// Its `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Every state of a stream: each is a series, of which one is 1.
const STATES: [&str; 6] = ["pass", "degraded", "failing", "blind", "stalled", "inconclusive"];

/// All metrics of a canary.
pub fn metrics(status: &Status, form: Form) -> String {
    let mut page = Page { text: String::new(), form };
    of_the_canary(&mut page, status);
    of_schedules(&mut page, status);
    of_streams(&mut page, &status.streams);
    of_alarms(&mut page, status);
    of_channels(&mut page, status);
    if form == Form::OpenMetrics {
        page.text.push_str("# EOF\n");
    }
    page.text
}

fn of_the_canary(page: &mut Page, status: &Status) {
    let canary = [("canary", status.canary.as_str()), ("version", env!("CARGO_PKG_VERSION"))];
    page.family("johndoe_canary", "info", "The canary, and the version of the program that runs it.");
    page.sample("johndoe_canary_info", &canary, 1.0);
    page.gauge("johndoe_sending_stopped", "Whether nothing is sent: by the kill switch, or for people who are left.");
    page.sample("johndoe_sending_stopped", &[], flag(status.stopped.is_some()));
    page.gauge("johndoe_people_left", "Synthetic people whom earlier runs could not take out.");
    page.sample("johndoe_people_left", &[], f64::from(status.people_left));
    page.gauge("johndoe_people_left_limit", "As many may be left before nothing is sent any more.");
    page.sample("johndoe_people_left_limit", &[], f64::from(status.people_left_at_most));
    page.gauge("johndoe_runs_under_way", "Runs that are not over.");
    page.sample("johndoe_runs_under_way", &[], count(status.runs_under_way as u64));
    page.moment("johndoe_last_look_timestamp_seconds", "When it last looked at everything.", status.looked_at);
    let success = "When a run last came to its end and nothing of the harness failed in it.";
    page.moment("johndoe_last_success_timestamp_seconds", success, status.last_success);
}

fn of_schedules(page: &mut Page, status: &Status) {
    page.family("johndoe_runs_begun", "counter", "Runs that were begun.");
    for schedule in &status.schedules {
        page.sample("johndoe_runs_begun_total", &[("schedule", &schedule.name)], count(schedule.runs));
    }
    page.gauge("johndoe_next_tick_timestamp_seconds", "When a schedule ticks next.");
    for schedule in &status.schedules {
        if let Some(at) = schedule.next_at {
            page.sample("johndoe_next_tick_timestamp_seconds", &[("schedule", &schedule.name)], seconds(at));
        }
    }
}

fn of_streams(page: &mut Page, streams: &[StreamStatus]) {
    page.gauge("johndoe_stream_state", "The state of a stream: 1 for the one that it is in.");
    for stream in streams {
        for state in STATES {
            let labels = [("scenario", stream.scenario.as_str()), ("stream", &stream.name), ("state", state)];
            page.sample("johndoe_stream_state", &labels, flag(stream.state == state));
        }
    }
    page.gauge("johndoe_stream_evidence_ratio", "How far the evidence has come to its threshold.");
    for stream in streams {
        let labels = [("scenario", stream.scenario.as_str()), ("stream", &stream.name)];
        page.sample("johndoe_stream_evidence_ratio", &labels, stream.evidence);
    }
    page.family("johndoe_outcomes", "counter", "Probes by what became of them in a stream.");
    for stream in streams {
        let outcomes =
            [("failed", stream.failed), ("passed", stream.passed), ("without_outcome", stream.without_outcome)];
        for (outcome, number) in outcomes {
            let labels = [("outcome", outcome), ("scenario", stream.scenario.as_str()), ("stream", &stream.name)];
            page.sample("johndoe_outcomes_total", &labels, count(number));
        }
    }
}

/// Of everything that can raise an alarm whether one holds: what is over is told as that, and not by a series that is gone, which a
/// canary that is gone would tell, too.
fn of_alarms(page: &mut Page, status: &Status) {
    let streams = status.streams.iter().map(|stream| (stream.scenario.as_str(), stream.name.as_str()));
    page.gauge("johndoe_alarm_firing", "Whether an alarm of a source holds.");
    for (group, source) in streams.chain([("residue", "residue"), ("watcher", "watcher")]) {
        let is_of = |alarm: &AlarmStatus| alarm.alarm.rsplit_once('#').is_some_and(|(of, _)| of == source);
        let labels = [("group", group), ("source", source)];
        page.sample("johndoe_alarm_firing", &labels, flag(status.alarms.iter().any(is_of)));
    }
}

fn of_channels(page: &mut Page, status: &Status) {
    page.gauge("johndoe_channel_waiting", "Messages that wait for a channel.");
    for channel in &status.channels {
        page.sample("johndoe_channel_waiting", &[("channel", &channel.name)], count(channel.waiting as u64));
    }
    page.gauge("johndoe_channel_down", "Whether a channel does not take what it is told.");
    for channel in &status.channels {
        page.sample("johndoe_channel_down", &[("channel", &channel.name)], flag(channel.is_down));
    }
}

struct Page {
    text: String,
    form: Form,
}

impl Page {
    fn gauge(&mut self, name: &str, help: &str) {
        self.family(name, "gauge", help);
    }

    /// In the text form of Prometheus a counter bears its whole name, and there is no kind `info`.
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let (name, kind) = match (self.form, kind) {
            (Form::Prometheus, "counter") => (format!("{name}_total"), kind),
            (Form::Prometheus, "info") => (format!("{name}_info"), "gauge"),
            _ => (name.to_owned(), kind),
        };
        // writing to memory does not fail
        let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.text.push_str(name);
        for (n, (label, text)) in labels.iter().enumerate() {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(self.text, "{}{label}=\"{text}\"", if n == 0 { '{' } else { ',' });
        }
        let _ = writeln!(self.text, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }

    /// A moment that there was none of yet has no sample: it is not the year 1970.
    fn moment(&mut self, name: &str, help: &str, at: Option<DateTime<Utc>>) {
        self.gauge(name, help);
        if let Some(at) = at {
            self.sample(name, &[], seconds(at));
        }
    }
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn count(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of this era are far below 2^52")]
fn seconds(at: DateTime<Utc>) -> f64 {
    at.timestamp_millis() as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::{Form, Page};

    #[test]
    fn what_a_scraper_asks_for_is_what_it_gets() {
        let prometheus = "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        assert_eq!(Form::accepted(prometheus), Form::OpenMetrics);
        for accept in ["", "*/*", "text/plain", "text/plain;q=0.9,application/openmetrics-text;q=0.4", "text/html"] {
            assert_eq!(Form::accepted(accept), Form::Prometheus, "{accept}");
        }
    }

    #[test]
    fn what_stands_in_a_label_ends_no_label() {
        let mut page = Page { text: String::new(), form: Form::Prometheus };
        page.sample("x", &[("a", "q\"\\\n"), ("b", "")], 0.5);
        assert_eq!(page.text, "x{a=\"q\\\"\\\\\\n\",b=\"\"} 0.5\n");
    }

    #[test]
    fn a_counter_is_called_as_each_form_calls_it() {
        let text = |form| {
            let mut page = Page { text: String::new(), form };
            page.family("runs", "counter", "Runs.");
            page.text
        };
        assert_eq!(text(Form::Prometheus), "# HELP runs_total Runs.\n# TYPE runs_total counter\n");
        assert_eq!(text(Form::OpenMetrics), "# HELP runs Runs.\n# TYPE runs counter\n");
    }
}

//! The keys of a canary file: one description for the check and for the JSON Schema.

use crate::source::{Fault, Key, Leaf, Shape, Words, share};
use crate::target::{DURATION, ZONE};
use chrono::{NaiveDate, NaiveDateTime, Weekday};
use johndoe_vigil::schedule::TimeOfDay;

/// A whole canary file.
pub(super) static CANARY: Shape = Shape::Keys {
    name: "the canary",
    keys: &[
        Key::required("canary", &NAME, "Name of the canary."),
        Key::optional("timezone", &ZONE, "The zone of schedules and windows that name none; UTC unless said."),
        Key::required("schedules", &SCHEDULES, "What is probed, and when."),
        Key::optional("channels", &CHANNELS, "Whom to tell; each is told everything."),
        Key::optional(
            "false_alarms",
            &ALARMS,
            "False alarms a month that are allowed, for everything together; 0.01 unless said.",
        ),
        Key::optional("remind_every", &DURATION, "What still holds is told again after so long; 4h unless said."),
        Key::optional(
            "residue",
            &Shape::Integer { min: 0, max: 100_000 },
            "With more people who could not be taken out nothing is sent; 5 unless said.",
        ),
        Key::optional(
            "dead_man",
            &WEBHOOK,
            "An address that hears a sign of life: `/start` at each tick, itself when a run is over, `/fail`. It is a secret.",
        ),
        Key::optional(
            "metrics",
            &LISTEN,
            "Where `/metrics` is served, an address of this machine such as 127.0.0.1:9834.",
        ),
        Key::optional("kill_switch", &Shape::Text, "While this file is there, nothing is sent; cancellations are."),
    ],
};

static SCHEDULES: Shape = Shape::List(&SCHEDULE);
static SCHEDULE: Shape = Shape::Keys {
    name: "a schedule",
    keys: &[
        Key::required("name", &NAME, "Its name, unique in the file."),
        Key::required("scenario", &Shape::Text, "The scenario's file."),
        Key::required("target", &Shape::Text, "The target's file."),
        Key::optional("cron", &Shape::Text, "When, as a cron expression of five fields; or `every`."),
        Key::optional("every", &DURATION, "How often, in time that passes, whatever clocks show; or `cron`."),
        Key::optional("spread", &DURATION, "Each tick begins up to so much later, by an amount of its own."),
        Key::optional("timezone", &ZONE, "The zone in which it is meant."),
        Key::optional(
            "count",
            &Shape::Integer { min: 1, max: 1_000_000 },
            "Households of each run; as the scenario says unless said.",
        ),
        Key::optional(
            "seed",
            &Shape::Integer { min: 0, max: u64::MAX },
            "Seed of the first run; each further one takes the next. The scenario's unless said.",
        ),
        Key::optional("overlap", &OVERLAP, "What becomes of a tick while a run is being sent; skip unless said."),
        Key::optional("catch_up", &CATCH_UP, "Which ticks of a time of sleep are run; latest unless said."),
        Key::optional("open", &WINDOWS, "Business hours: outside of them nothing is sent."),
        Key::optional("closed", &WINDOWS, "Maintenance: inside of it nothing is sent."),
    ],
};

static WINDOWS: Shape = Shape::List(&WINDOW);
static WINDOW: Shape = Shape::Keys {
    name: "a window",
    keys: &[
        Key::optional(
            "days",
            &DAYS,
            "Days of the week on which it begins; without them it is once, from one moment to another.",
        ),
        Key::required("from", &BEGIN, "When it begins: 08:00, or 2026-06-01 22:00 where it is once."),
        Key::required("to", &BEGIN, "When it ends, half-open; a time of day that is earlier is on the next day."),
        Key::optional("except", &DATES, "Days without it, such as holidays."),
    ],
};

static CHANNELS: Shape = Shape::List(&CHANNEL);
static CHANNEL: Shape = Shape::Keys {
    name: "a channel",
    keys: &[
        Key::required("name", &NAME, "Its name, unique in the file; it is no secret."),
        Key::optional(
            "webhook",
            &WEBHOOK,
            "An address to which each message is posted as JSON; one of `webhook`, `alertmanager`, `email` and `command`. It is a secret.",
        ),
        Key::optional("template", &TEMPLATE, "What is posted to the webhook; json unless said."),
        Key::optional("routing_key", &Shape::Text, "The key by which PagerDuty knows the service. It is a secret."),
        Key::optional(
            "body",
            &BODY,
            "A template of your own in place of `template`, whose text is JSON: {{ title | tojson }}, and so text, kind, key, group, \
             canary, at and alarms.",
        ),
        Key::optional(
            "alertmanager",
            &WEBHOOK,
            "An address of Alertmanager, to which alarms are posted. It is a secret.",
        ),
        Key::optional(
            "hold",
            &DURATION,
            "To Alertmanager an alarm holds so long after it was last posted; 24h unless said.",
        ),
        Key::optional("email", &EMAIL, "Each message as an e-mail."),
        Key::optional("command", &WORDS, "A program and its arguments, which reads each message."),
        Key::optional(
            "size",
            &Shape::Integer { min: 256, max: 1_000_000 },
            "Bytes of text that it takes; what is longer is cut. 4000 unless said.",
        ),
    ],
};

static EMAIL: Shape = Shape::Keys {
    name: "an e-mail channel",
    keys: &[
        Key::required("server", &Shape::Text, "The mail server's name. It is a secret, as the rest is."),
        Key::optional(
            "port",
            &Shape::Integer { min: 1, max: 65_535 },
            "Its port; 465 for implicit TLS, 587 for STARTTLS and 25 for none unless said.",
        ),
        Key::required("tls", &TLS, "How what is sent is kept from others: none is for a server on this machine."),
        Key::optional("user", &Shape::Text, "Who logs in."),
        Key::optional("password", &Shape::Text, "The password; needs `user`, and TLS."),
        Key::required("from", &Shape::Text, "Who it is from."),
        Key::required("to", &WORDS, "Whom it is to."),
    ],
};

static NAME: Shape = Shape::Leaf(Leaf {
    expected: "a name of letters, digits, `-`, `_` and `.`",
    pattern: Some("[A-Za-z0-9._-]+"),
    fault: |s| {
        let sound = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        Fault::unless(!s.text.is_empty() && s.text.chars().all(sound))
    },
});
static ALARMS: Shape = Shape::Leaf(Leaf {
    expected: "a number above 0 and up to 1, such as 0.01",
    pattern: None,
    fault: |s| Fault::unless(share(&s.text).is_some_and(|alarms| alarms > 0.0)),
});
static WEBHOOK: Shape = Shape::Leaf(Leaf {
    expected: "an address such as ${env:PAGER_ADDRESS}",
    pattern: None,
    fault: |s| {
        let sound = |url: &url::Url| matches!(url.scheme(), "http" | "https") && url.host().is_some();
        Fault::unless(url::Url::parse(&s.text).is_ok_and(|url| sound(&url)))
    },
});
static LISTEN: Shape = Shape::Leaf(Leaf {
    expected: "a loopback address and a port, such as 127.0.0.1:9834 (port 0 is any that is free)",
    pattern: None,
    fault: |s| Fault::unless(s.text.parse::<core::net::SocketAddr>().is_ok_and(|at| at.ip().is_loopback())),
});
static BODY: Shape =
    Shape::Template(Leaf { expected: "a template that comes to JSON", pattern: None, fault: |_| Fault::unless(true) });
static TEMPLATE: Shape =
    Shape::Words(Words { what: "template", words: || vec!["json", "slack", "teams", "pagerduty"] });
static TLS: Shape = Shape::Words(Words { what: "kind of TLS", words: || vec!["implicit", "starttls", "none"] });
static WORDS: Shape = Shape::List(&Shape::Text);
static OVERLAP: Shape = Shape::Words(Words { what: "overlap", words: || vec!["skip", "queue"] });
static CATCH_UP: Shape = Shape::Words(Words { what: "way to catch up", words: || vec!["none", "latest", "all"] });
static DAYS: Shape = Shape::List(&DAY);
static DAY: Shape = Shape::Leaf(Leaf {
    expected: "a day such as `mon` or `friday`",
    pattern: Some("[A-Za-z]+"),
    fault: |s| Fault::unless(s.text.parse::<Weekday>().is_ok()),
});
static DATES: Shape = Shape::List(&DATE);
static DATE: Shape = Shape::Leaf(Leaf {
    expected: "a date such as 2026-12-25",
    pattern: Some("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    fault: |s| Fault::unless(s.text.parse::<NaiveDate>().is_ok()),
});
static BEGIN: Shape = Shape::Leaf(Leaf {
    expected: "a time of day such as 08:00 (24:00 is the day's end), or a moment such as 2026-06-01 22:00",
    pattern: None,
    fault: |s| Fault::unless(time_of_day(&s.text).is_some() || moment(&s.text).is_some()),
});

/// `08:00`, up to `24:00`.
pub(super) fn time_of_day(text: &str) -> Option<TimeOfDay> {
    let (hour, minute) = text.trim().split_once(':')?;
    TimeOfDay::new(hour.parse().ok()?, minute.parse().ok().filter(|_| minute.len() == 2)?)
}

/// `2026-06-01 22:00`.
pub(super) fn moment(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%d %H:%M").ok()
}

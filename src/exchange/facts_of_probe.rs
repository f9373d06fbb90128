//! What the engine itself reads from a probe's context.

use crate::model::CoverageLine;
use crate::net::Trace;
use crate::target::{Context, Template};

/// Names and sizes of the probe under way; what a context does not know stays empty.
#[derive(Debug, Clone, Default)]
pub(super) struct FactsOfProbe {
    /// The run's id.
    pub(super) run: String,
    /// The probe's id.
    pub(super) probe: String,
    /// The same for every attempt at this probe.
    pub(super) idempotency_key: String,
    /// The places among the members of those who apply.
    pub(super) places: Vec<usize>,
    /// One group each, in order.
    pub(super) lines: Vec<CoverageLine>,
}

/// Templates that read a context, compiled once.
#[derive(Debug)]
pub(super) struct Reader {
    run: Option<Template>,
    probe: Option<Template>,
    idempotency_key: Option<Template>,
    lines: Option<Template>,
}

impl Reader {
    pub(super) fn new() -> Self {
        let compiled = |text: &str| Template::compile(text).ok();
        Self {
            run: compiled("{{ run.id }}"),
            probe: compiled("{{ probe.id }}"),
            idempotency_key: compiled("{{ probe.idempotency_key }}"),
            lines: compiled("{% for group in groups %}{{ group.line }} {% endfor %}"),
        }
    }

    pub(super) fn read(&self, ctx: &Context) -> FactsOfProbe {
        let read = |template: &Option<Template>| {
            template.as_ref().and_then(|template| template.render(ctx).ok()).unwrap_or_default()
        };
        let lines = read(&self.lines);
        FactsOfProbe {
            run: read(&self.run),
            probe: read(&self.probe),
            idempotency_key: read(&self.idempotency_key),
            places: ctx.household().places(),
            lines: lines.split_whitespace().filter_map(CoverageLine::parse).collect(),
        }
    }
}

impl FactsOfProbe {
    pub(super) fn trace(&self) -> Trace {
        Trace::of(&self.run, &self.probe)
    }
}

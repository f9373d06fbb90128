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
    /// How many people apply.
    pub(super) members: usize,
    /// One group each, in order.
    pub(super) lines: Vec<CoverageLine>,
}

impl FactsOfProbe {
    pub(super) fn of(ctx: &Context) -> Self {
        let lines = read(ctx, "{% for group in groups %}{{ group.line }} {% endfor %}");
        Self {
            run: read(ctx, "{{ run.id }}"),
            probe: read(ctx, "{{ probe.id }}"),
            idempotency_key: read(ctx, "{{ probe.idempotency_key }}"),
            members: read(ctx, "{{ members | length }}").parse().unwrap_or_default(),
            lines: lines.split_whitespace().filter_map(CoverageLine::parse).collect(),
        }
    }

    pub(super) fn trace(&self) -> Trace {
        Trace::of(&self.run, &self.probe)
    }
}

fn read(ctx: &Context, text: &str) -> String {
    Template::compile(text).and_then(|template| template.render(ctx)).unwrap_or_default()
}

//! Steps that are sent again until their answer is final: none that would enroll somebody once more.

use super::Builder;
use crate::source::Node;
use crate::target::flow::{Flow, FlowStep, StepKind};

impl Builder<'_> {
    /// `until` sends its request again and again. Where the request may commit and its method is not idempotent (RFC 9110
    /// section 9.2.2), each time may enroll the household once more, unless the far side knows a repetition by its key.
    pub(super) fn check_repeats(&mut self, flow: &Flow, nodes: &[&Node]) {
        if flow.idempotency_header.is_some() {
            return;
        }
        let commits_at = flow.steps.iter().position(|step| step.commits == Some(true));
        for (at, (step, node)) in flow.steps.iter().zip(nodes).enumerate() {
            let may_commit = match commits_at {
                Some(first) => at >= first,
                None => step.commits != Some(false),
            };
            let Some(until) = node.entry("until").filter(|_| may_commit && acts_each_time(step)) else { continue };
            let message = format!(
                "`until` sends this request again until its answer is final, and each time it may enroll somebody once more: \
                 it is a {}, and may commit",
                method(step)
            );
            self.report.error(until.key_span, message).help(
                "ask for the outcome in a GET step of its own and put `until` there; or say `idempotency_header` of the flow, \
                 where the exchange knows a repetition by it; or `reads: true` (or `commits: false`) where the request only looks",
            );
        }
    }
}

/// Whether a repetition does what it asks for a second time.
fn acts_each_time(step: &FlowStep) -> bool {
    match method(step) {
        "POST" | "PATCH" => !step.reads(),
        "GET" | "HEAD" => step.commits == Some(true),
        _ => false,
    }
}

fn method(step: &FlowStep) -> &str {
    match &step.kind {
        StepKind::Request(request) => &request.method,
        StepKind::HandOver(_) => "",
    }
}

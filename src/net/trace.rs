//! W3C trace context: lets the far side find one probe's requests in its own traces.

use sha2::{Digest, Sha256};

/// One probe's trace. The same run and probe give the same trace id in every process, so that a resumed run goes on in
/// the same trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Trace([u8; 16]);

impl Trace {
    /// The trace of a probe, from the run's id and the probe's name or index.
    pub fn of(run: &str, probe: &str) -> Self {
        let digest = Sha256::new().chain_update(run).chain_update([0]).chain_update(probe).finalize();
        let mut id = [0; 16];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self(id)
    }

    /// The `traceparent` header of the n-th request (W3C Trace Context, version 00, sampled).
    pub(super) fn parent(self, request: u64) -> String {
        let digest = Sha256::new().chain_update(self.0).chain_update(request.to_be_bytes()).finalize();
        format!("00-{}-{}-01", hex(&self.0), hex(digest.get(..8).unwrap_or_default()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].map(|n| char::from_digit(n.into(), 16).unwrap_or('0')));
        text
    })
}

#[cfg(test)]
mod tests {
    use super::Trace;

    #[test]
    fn the_trace_is_the_probes_and_each_request_has_its_own_span() {
        let (first, second) = (Trace::of("run", "7").parent(1), Trace::of("run", "7").parent(2));
        assert_eq!(first.len(), 55);
        assert_eq!(first[..36], second[..36]);
        assert_ne!(first, second);
        assert_ne!(Trace::of("run", "7"), Trace::of("run", "8"));
        assert_ne!(Trace::of("run1", "2"), Trace::of("run", "12"));
    }
}

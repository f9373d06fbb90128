//! Each fault, planted in one of two households: it does what it says, to that household alone, and the truth tells it.

mod at_eligibility;
mod at_exchange;
mod at_issuer;
mod in_acks;
mod in_files;
mod in_records;
mod truth;

use super::pipeline::{MEDICAL, Pipeline, Told, family, without_issuer_ids};
use johndoe::model::GroupRecord;
use serde_json::Value;

/// A household with a fault and one without, enrolled in the same plan.
struct Seen {
    pipeline: Pipeline,
    sick: Told,
}

/// Plants the fault in the household marked `sick-1`, enrolls it and `well-1`, and delivers so many windows.
async fn plant(fault: &str, windows: usize) -> Seen {
    let pipeline = Pipeline::with(&format!("{fault}@marker=sick=1")).await;
    let sick = pipeline.enroll(&family("sick-1"), &[MEDICAL]).await;
    let well = pipeline.enroll(&family("well-1"), &[MEDICAL]).await;
    pipeline.deliver(windows).await;
    assert_eq!(pipeline.sent(&well).len(), 1, "{fault}");
    assert_eq!(pipeline.at_issuer("12345", &well).await.len(), 1, "{fault}");
    let seen = Seen { pipeline, sick };
    seen.assert_truth(fault);
    seen
}

impl Seen {
    /// The truth names this fault, for the sick household alone.
    fn assert_truth(&self, fault: &str) {
        let planted = self.pipeline.planted();
        assert!(planted.iter().all(|(_, _, marker)| marker == "sick-1"), "{planted:?}");
        assert!(planted.iter().all(|(name, _, _)| name == fault.split('@').next().unwrap()), "{planted:?}");
    }

    /// Where the truth says that it first shows.
    fn hop(&self) -> String {
        let planted = self.pipeline.planted();
        assert_eq!(planted.len(), 1, "{planted:?}");
        planted[0].1.clone()
    }

    /// The sick household's records in the files.
    fn sent(&self) -> Vec<GroupRecord> {
        self.pipeline.sent(&self.sick)
    }

    /// The sick household as the exchange shows it.
    async fn at_exchange(&self) -> Vec<Value> {
        self.pipeline.at_exchange(&self.sick).await
    }

    /// The sick household at the issuer of its plan.
    async fn at_issuer(&self) -> Vec<Value> {
        self.pipeline.at_issuer("12345", &self.sick).await
    }

    /// The one household that the issuer shows, and what the exchange shows, both without the issuer's own ids.
    async fn both(&self) -> (Value, Value) {
        let (mut exchange, mut issuer) = (self.at_exchange().await, self.at_issuer().await);
        assert_eq!((exchange.len(), issuer.len()), (1, 1));
        (exchange.remove(0), without_issuer_ids(issuer.remove(0)))
    }
}

/// JSON pointers at which two answers differ.
fn differences(a: &Value, b: &Value, at: &str) -> Vec<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            x.iter().flat_map(|(key, value)| differences(value, &y[key], &format!("{at}/{key}"))).collect()
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            x.iter().zip(y).enumerate().flat_map(|(i, (x, y))| differences(x, y, &format!("{at}/{i}"))).collect()
        }
        _ if a == b => Vec::new(),
        _ => vec![at.to_owned()],
    }
}

//! `evidence`: what the folder of one household holds, that it is whole, and what of others and of secrets it does not hold.

use super::{Desk, shipped};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_whole_and_holds_one_household_and_no_secret() {
    let (desk, running) = Desk::at_sandbox("relationship=1").await;
    let scenario = std::fs::read_to_string(shipped("families.yaml")).unwrap();
    desk.write("mine.yaml", &scenario.replace("objective: {", "objective: {decide: estimate, "));
    let words = ["run", "mine.yaml", "--target", &shipped("targets/sandbox.yaml"), "--count", "4", "--json"];
    let report: serde_json::Value = serde_json::from_str(&desk.johndoe(&words).out).unwrap();
    let bad = report["probes"].as_array().unwrap().iter().find(|probe| probe["good"] == false).expect("a bad one");
    let probe = format!("latest/{}", bad["index"]);
    let edi: Vec<String> = std::fs::read_dir(&running.outbound)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "edi"))
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let mut words = vec!["evidence", probe.as_str(), "--to", "bundle"];
    words.extend(edi.iter().map(String::as_str));
    desk.johndoe(&words).ends(0, &[]);

    let bundle = files(&desk.path("bundle"));
    for line in bundle["MANIFEST.sha256"].lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(sum, johndoe::model::hex(&Sha256::digest(&bundle[name])), "{name}");
    }
    assert_eq!(bundle["MANIFEST.sha256"].lines().count() + 1, bundle.len());
    let markers: Vec<String> = johndoe_markers(&desk);
    assert_eq!(markers.len(), 4);
    let own = format!(".{}@", bad["index"]);
    for (name, text) in &bundle {
        assert!(!text.contains("Bearer") && !text.contains("acme"), "{name}: {text}");
        for other in markers.iter().filter(|marker| !marker.contains(&own)) {
            assert!(!text.contains(other.as_str()), "{name} holds {other}");
        }
    }
    assert!(
        bundle["segments.txt"].contains("INS*") && !bundle["segments.txt"].contains("ISA*"),
        "{}",
        bundle["segments.txt"]
    );
    assert!(
        bundle["again.txt"].contains("curl -sS -H \"Authorization: $AUTHORIZATION\" 'http"),
        "{}",
        bundle["again.txt"]
    );
    assert!(bundle["again.txt"].contains("johndoe narrow"), "{}", bundle["again.txt"]);
    assert!(bundle["SHEET.md"].contains("member.relationship | "), "{}", bundle["SHEET.md"]);
    desk.johndoe(&words).ends(2, &["is there already"]);
    running.stop().await;
}

/// Everybody's marker, of the latest run.
fn johndoe_markers(desk: &Desk) -> Vec<String> {
    (0..4)
        .filter_map(|index| {
            let folder = format!("of-{index}");
            desk.johndoe(&["evidence", &format!("latest/{index}"), "--to", &folder]).ends(0, &[]);
            let record: serde_json::Value = serde_json::from_str(&files(&desk.path(&folder))["record.json"]).unwrap();
            record["household"]["marker"].as_str().map(str::to_owned)
        })
        .collect()
}

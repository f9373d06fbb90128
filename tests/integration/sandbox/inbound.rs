//! Files that somebody puts into the issuers' folder: the exchange takes in what is for it and sound, and refuses the rest by
//! TA1 and 999.

use super::pipeline::{MEDICAL, Pipeline, Told, family};
use serde_json::json;
use std::fs;

/// An issuer confirms that these policies are paid for, written by hand from the companion guide (p. 47 to 53).
fn effectuations(control: u32, told: &[&Told]) -> String {
    let set = |(number, told): (usize, &&Told)| {
        let (policy, subscriber) = (told.policy_id(), told.subscriber_id());
        let body = format!(
            "BGN*00*R{number}*20131120*090000****2~QTY*TO*1~N1*P5*Zoe ONeal*94*{subscriber}~N1*IN*ACME HEALTH*FI*001234567~\
             INS*Y*18*021*28*A***AC~REF*0F*{subscriber}~REF*17*{subscriber}~REF*23*X{number}-00~REF*ZZ*X{number}~\
             DTP*356*D8*20140101~NM1*IL*1*ONeal*Zoe~DMG*D8*19800229*F~HD*021**HLT~DTP*348*D8*20140101~DTP*543*D8*20140131~\
             REF*CE*12345MA001000101~REF*1L*{policy}~REF*X9*POL-{number}~\
             LS*2700~LX*1~N1*75*ADDL MAINT REASON~REF*17*CONFIRM~DTP*007*D8*20131120~LE*2700~"
        );
        let segments = body.matches('~').count() + 2;
        format!("ST*834*{number:04}*005010X220A1~{body}SE*{segments}*{number:04}~")
    };
    let sets: String = (1..).zip(told).map(set).collect();
    format!(
        "ISA*00*          *00*          *ZZ*12345          *ZZ*CMSFFM         *131120*0900*^*00501*{control:09}*1*T*:~\
         GS*BE*{MEDICAL}*MA0*20131120*0900*{control}*X*005010X220A1~{sets}GE*{}*{control}~IEA*1*{control:09}~",
        told.len()
    )
}

/// Two households at the exchange and their issuer.
async fn two_households() -> (Pipeline, [Told; 2]) {
    let pipeline = Pipeline::with("").await;
    let told = [pipeline.enroll(&family("one"), &[MEDICAL]).await, pipeline.enroll(&family("two"), &[MEDICAL]).await];
    pipeline.deliver(1).await;
    (pipeline, told)
}

/// Puts the file there, and gives what is answered to it: the acknowledgements' own words and the whole text.
async fn answered(pipeline: &Pipeline, name: &str, text: &str) -> (Vec<String>, String) {
    fs::write(pipeline.running.inbound.join(name), text).unwrap();
    pipeline.deliver(1).await;
    let folder = &pipeline.running.acks_from_exchange;
    let of_it = Pipeline::acknowledgements(folder).into_iter().filter(|ack| ack.file == format!("{name}.ack"));
    let words = of_it.map(|ack| ack.words).collect();
    (words, fs::read_to_string(folder.join(format!("{name}.ack"))).unwrap())
}

async fn statuses(pipeline: &Pipeline, told: &[Told; 2]) -> [String; 2] {
    let mut found = [String::new(), String::new()];
    for (status, told) in found.iter_mut().zip(told) {
        *status = pipeline.at_exchange(told).await[0]["status"].as_str().unwrap().to_owned();
    }
    found
}

#[tokio::test]
async fn a_sound_file_is_accepted_once_and_taken_in() {
    let (pipeline, told) = two_households().await;
    let (words, text) = answered(&pipeline, "own.edi", &effectuations(1, &[&told[0], &told[1]])).await;
    assert_eq!(words.len(), 3, "{words:?}");
    assert!(text.contains("*A*000~") && text.contains("AK9*A*2*2*2~"), "{text}");
    assert_eq!(statuses(&pipeline, &told).await, ["ACTIVE", "ACTIVE"]);
    assert_eq!(pipeline.at_exchange(&told[1]).await[0]["issuerPolicyId"], json!("POL-2"));
    pipeline.deliver(2).await;
    assert_eq!(Pipeline::acknowledgements(&pipeline.running.acks_from_exchange).len(), 3, "it is taken in once");
    let (words, _) = answered(&pipeline, "again.edi", &effectuations(1, &[&told[0]])).await;
    assert!(words.len() == 1 && words[0].contains("[025]"), "{words:?}");
}

#[tokio::test]
async fn an_interchange_that_is_not_for_the_exchange_or_does_not_hold_together_is_refused_with_a_ta1() {
    let (pipeline, told) = two_households().await;
    let changes: [(&str, &str, &str); 6] = [
        ("CMSFFM         ", "NYHBE          ", "[008]"),
        ("*ZZ*12345          ", "*ZZ*99999          ", "[006]"),
        ("IEA*1*", "IEA*2*", "[021]"),
        ("IEA*1*0000000", "IEA*1*0000099", "[001]"),
        ("*131120*0900*^", "*131199*0900*^", "[014]"),
        ("IEA*1*", "", "[023]"),
    ];
    for (control, (from, to, note)) in (10..).zip(changes) {
        let whole = effectuations(control, &[&told[0], &told[1]]);
        assert!(whole.contains(from), "{from}");
        let text =
            if note == "[023]" { whole.split("IEA*").next().unwrap().to_owned() } else { whole.replace(from, to) };
        let (words, answer) = answered(&pipeline, &format!("{control}.edi"), &text).await;
        assert!(words.len() == 1 && words[0].contains(note), "{note}: {words:?}");
        assert!(!answer.contains("AK1*"), "no 999 follows a TA1 that rejects: {answer}");
    }
    assert_eq!(statuses(&pipeline, &told).await, ["PENDING", "PENDING"]);
}

#[tokio::test]
async fn a_group_that_is_not_enrollments_or_counts_wrongly_is_refused_with_a_999() {
    let (pipeline, told) = two_households().await;
    let changes: [(&str, &str, &str, &str); 4] = [
        ("GS*BE*", "GS*HC*", "AK1*HC*", "AK9*R*2*2*0*1~"),
        ("*X*005010X220A1~", "*X*004010X095A1~", "AK1*BE*", "AK9*R*2*2*0*2~"),
        ("GE*2*", "GE*3*", "AK1*BE*", "AK9*R*3*2*0*5~"),
        ("ST*834*", "ST*820*", "AK2*820*", "AK9*R*2*2*0~"),
    ];
    for (control, (from, to, named, verdict)) in (20..).zip(changes) {
        let text = effectuations(control, &[&told[0], &told[1]]).replace(from, to);
        let (_, answer) = answered(&pipeline, &format!("{control}.edi"), &text).await;
        assert!(answer.contains(named) && answer.contains(verdict), "{from}: {answer}");
    }
    assert_eq!(statuses(&pipeline, &told).await, ["PENDING", "PENDING"]);
}

#[tokio::test]
async fn a_damaged_set_is_refused_with_its_place_and_the_other_is_taken_in() {
    for (from, to, place) in [
        ("DTP*543*D8*20140131", "DTP*543*D8*20140231", "IK3*DTP*16**8~IK4*3*1251*8*20140231~IK5*R*5~"),
        ("SE*26*0002", "SE*27*0002", "IK5*R*4~"),
        ("SE*26*0002", "SE*26*0007", "IK5*R*3~"),
    ] {
        let (pipeline, told) = two_households().await;
        let whole = effectuations(30, &[&told[0], &told[1]]);
        let (first, second) = whole.split_at(whole.find("ST*834*0002").unwrap());
        assert!(second.contains(from), "{second}");
        let text = format!("{first}{}", second.replacen(from, to, 1));
        let (words, answer) = answered(&pipeline, "own.edi", &text).await;
        assert!(answer.contains(place) && answer.contains("AK9*P*2*2*1~"), "{answer}");
        assert_eq!(words.len(), 3, "{words:?}");
        assert_eq!(statuses(&pipeline, &told).await, ["ACTIVE", "PENDING"], "{from}");
    }
}

//! Planted strangers at every place where text comes in, searched for in every byte that leaves the program.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::cli::{Desk, Told};
use crate::far_side::{Asked, FarSide, Told as Answer, told};
use crate::secrets::search;
use johndoe::wire::core_envelope::{Message, Packaging, Response, pack_response, unpack_request};
use johndoe::wire::eligibility::{Given, GivenPerson, Header, Party, inquiries, write_answers};
use johndoe::wire::x12::Usage;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// What says who somebody is; none of it is ours, and nothing of ours looks like it.
const PLANTED: [&str; 11] = [
    "Zyxwoman",
    "Qvrtson",
    "219-45-9911",
    "219459911",
    "8043334444",
    "Realstreet",
    "1961-11-13",
    "19611113",
    "zyxw@",
    "Wibbleford",
    "XSUB112233",
];

/// All of it, in one breath.
const SAID: &str =
    "Zyxwoman Qvrtson, 219-45-9911, born 1961-11-13 (19611113), 77 Realstreet, Wibbleford, 8043334444, zyxw@real.test";

fn planted() -> Vec<String> {
    let cases = |text: &&str| [(*text).to_owned(), text.to_uppercase(), text.to_lowercase()];
    PLANTED.iter().flat_map(cases).collect()
}

const SCENARIO: &str = "scenario: mine\nobjective: {decide: estimate}\npopulation: {count: 2}\njourney:\n  - event: enroll\n    \
                        expect: {at: {WAYPOINT: 1s}}\ngrace: 0%\n";

/// A desk whose temporary files lie where they are searched, too.
fn desk(target: &str, waypoint: &str) -> Desk {
    let mut desk = Desk::new();
    fs::create_dir(desk.path("tmp")).unwrap();
    let temporary = desk.path("tmp").to_string_lossy().into_owned();
    desk.set("TMPDIR", &temporary);
    desk.write("target.yaml", target);
    desk.write("scenario.yaml", &SCENARIO.replace("WAYPOINT", waypoint));
    desk
}

/// Everything that is said when a run is made and looked at in every way, loudly.
fn said(desk: &Desk) -> Vec<Told> {
    let commands: [&[&str]; 8] = [
        &["run", "scenario.yaml", "--target", "target.yaml", "-v", "--report", "json=r.json", "--report", "text=r.txt"],
        &["show", "latest/0"],
        &["show", "latest/1"],
        &["report", "--json"],
        &["runs"],
        &["resume", "-v"],
        &["sweep"],
        &["try", "target.yaml", "--wait", "2s", "--seed", "7"],
    ];
    commands.iter().map(|words| desk.johndoe(words)).collect()
}

/// A transaction set of a stranger, or of ours (`email`) with a stranger in all other places.
fn set(email: &str) -> Vec<String> {
    [
        "ST*834*0001*005010X220A1",
        "BGN*00*1*20131115*101000*ET***2",
        "N1*P5*QVRTSON ZYXWOMAN*94*XSUB112233",
        "N1*IN*ACME*FI*123456789",
        "INS*Y*18*021*EC*A***AC",
        "REF*0F*S1",
        "REF*17*M1",
        "NM1*IL*1*QVRTSON*ZYXWOMAN****34*219459911",
        &format!("PER*IP**TE*8043334444*EM*{email}"),
        "N3*77 REALSTREET",
        "N4*WIBBLEFORD*VA*23219",
        "DMG*D8*19611113*F",
        "HD*021**HLT",
        "DTP*348*D8*20140101",
        "REF*CE*12345VA001000104",
        "REF*1L*P1",
    ]
    .map(ToOwned::to_owned)
    .into()
}

fn interchange(number: u32, mut set: Vec<String>) -> String {
    set.push(format!("SE*{}*0001", set.len() + 1));
    let isa = "ISA*00*          *00*          *ZZ*EXCHANGE       *ZZ*123456789      *131115*1010*^*00501";
    let all = [format!("{isa}*{number:09}*0*T*:"), format!("GS*BE*EX*12345*20131115*1010*{number}*X*005010X220A1")];
    let end = ["GE*1*".to_owned() + &number.to_string(), format!("IEA*1*{number:09}")];
    all.into_iter().chain(set).chain(end).map(|segment| segment + "~").collect()
}

/// Receipts of our message, and of nobody's, each with words of its writer's own.
fn receipts() -> Vec<(&'static str, String)> {
    let file = |body: &str| {
        let isa =
            "ISA*00*          *00*          *ZZ*123456789      *ZZ*EXCHANGE       *131115*1011*^*00501*000000009*0*T*:";
        format!("{isa}~GS*FA*12345*EX*20131115*1011*9*X*005010X231A1~{body}~GE*1*9~IEA*1*000000009~")
    };
    let ours = "ST*999*0001*005010X231A1~AK1*BE*7*005010X220A1~AK2*834*0001*005010X220A1~IK3*NM1*8**8~\
                CTX*SITUATIONAL TRIGGER~IK4*3*1035*6*Zyxwoman~IK3*REF*7**8~IK4*2*127*6*219459911~IK5*R*5~AK9*R*1*1*0~SE*10*0001";
    let foreign = "ST*999*ZYXWOMAN*005010X231A1~AK1*QVRTSON*219459911~AK2*Zyxwoman*219459911~IK3*Realstreet*7~IK5*Wibbleford~\
                   AK9*Zyxwoman*1*1*0~SE*7*QVRTSON";
    vec![
        ("ours.999", file(ours)),
        ("Zyxwoman 219459911.999", file(foreign)),
        ("ta1.999", file("TA1*219459911*19611113*1010*R*Zyxwoman")),
        ("words.999", SAID.to_owned()),
        ("cut.999", file(foreign)[..190].to_owned()),
    ]
}

/// Files of strangers, sound and damaged ones, under names of strangers.
fn plant(folder: &Path, email: &str) {
    let (out, acks) = (folder.join("out"), folder.join("acks"));
    let put = |folder: &Path, name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    let sound = interchange(1, set("zyxw@real.test"));
    put(&out, "12345.I834.D131115.T101000.edi", &interchange(7, set(email)));
    put(&out, "Zyxwoman_Qvrtson_219459911.edi", &interchange(8, set(email)));
    put(&out, "Qvrtson-1961-11-13.edi", &sound);
    put(&out, "cut 8043334444.edi", &sound[..sound.len() / 2]);
    put(&out, "1.edi", &sound.replace("SE*17*0001", "SE*99*ZYXWOMAN"));
    put(&out, "2.edi", &sound.replace("GE*1*1~", "GE*1*QVRTSON~"));
    put(&out, "3.edi", &sound.replace("N3*", "ZYX*Zyxwoman*219459911~N3*"));
    put(&out, "4.edi", &format!("{SAID}\n{sound}{SAID}"));
    put(&out, "5.edi", &SAID.replace(", ", ";").repeat(20));
    put(&out, "6.edi", &sound.replace("*19611113*F", "*ZYXWOMAN*QVRTSON"));
    put(&out, "7.edi", &sound.replace("ST*834", "ST*ZYXWOMAN"));
    put(
        &out,
        "8.edi",
        &sound.replacen("*00*          *", "*00*ZYXWOMAN  *", 1).replace("IEA*1*000000001", "IEA*1*219459911"),
    );
    fs::create_dir(out.join("Wibbleford.d")).unwrap();
    put(&out.join("Wibbleford.d"), "Zyxwoman.edi", &sound);
    #[cfg(unix)]
    std::os::unix::fs::symlink(out.join("nowhere"), out.join("Zyxwoman gone.edi")).unwrap();
    for (name, text) in receipts() {
        put(&acks, name, &text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_in_folders_files_and_names_are_in_no_output_and_no_ledger_byte() {
    let folder = TempDir::new().unwrap();
    for name in ["out", "acks"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("out/Zyxwoman before.edi"), interchange(5, set("zyxw@real.test"))).unwrap();
    let path = Arc::new(folder.path().to_owned());
    let far = FarSide::start(move |asked, before| {
        if asked.path == "/apply" && before == 0 {
            let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
            plant(&path, body["email"].as_str().unwrap());
        }
        told(201, "{\"id\": \"A1\"}")
    })
    .await;
    let (url, path) = (far.url(), folder.path().display());
    let desk = desk(
        &format!(
            "target: mine\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n      - post: /apply\n        \
             json: {{email: \"{{{{ subscriber.email }}}}\"}}\n        capture: {{application_id: $.id}}\n    \
             cancel: [{{post: /cancel}}]\nwaypoints:\n  \
             - {{name: edi, feed: edi_folder, path: \"{path}/out\", every: 100ms, within: 2s}}\n  \
             - {{name: ack, feed: ack, path: \"{path}/acks\", every: 100ms, within: 2s}}\nallow_hosts: [127.0.0.1]\n"
        ),
        "edi",
    );
    let mut said = said(&desk);
    let report: serde_json::Value = serde_json::from_str(&said[3].out).unwrap();
    assert!(report["counts"]["strangers_dropped"].as_u64() > Some(0), "they were met: {}", said[0].err);
    let told = said[0].err.clone() + &said[1].out + &said[2].out;
    for shown in ["Aaaaaaaa_Aaaaaaa_999999999.edi#", "12345.I834.D131115.T101000.edi", "AAAAAAA"] {
        assert!(told.contains(shown), "`{shown}` is not in {told}");
    }
    desk.write("in.edi", &interchange(1, set("zyxw@real.test")));
    said.push(desk.johndoe(&["x12", "redact", "in.edi", "--out", "copy.edi"]));
    assert!(desk.path("copy.edi").exists(), "{}", said.last().unwrap().err);
    search(&desk, &said, &planted(), &["in.edi"]);
}

/// A target of a JSON interface and an eligibility service.
fn asking(far: &str) -> String {
    format!(
        "target: mine\nexchange:\n  base_url: {far}\n  flows:\n    enroll:\n      - post: /apply\n        \
         json: {{email: \"{{{{ subscriber.email }}}}\"}}\n        expect: {{status: 201, jsonpath: $.state, exists: false}}\n        \
         capture: {{application_id: $.id}}\n    cancel: [{{post: /cancel}}]\nwaypoints:\n  - name: issuer\n    \
         feed: json_api\n    base_url: {far}\n    lookup: {{get: \"/members?email={{{{ subscriber.email }}}}\"}}\n    \
         records: $.records[*]\n    poll: {{first_after: 100ms, every: 200ms}}\n    fields: {{application_id: $.id, \
         last_name: $.last, first_name: $.first, email: $.email, phone: $.phone, birth_date: $.dob, ssn: $.ssn, \
         address.street_1: $.street, address.city: $.city, sex: $.sex}}\n  - name: eligibility\n    feed: eligibility\n    \
         within: 1s\n    base_url: {far}/core\n    before_payment: active\n    provider: {{npi: \"1234567893\", name: CLINIC}}\n    \
         payer: {{id: A}}\n    sender_id: A\n    receiver_id: B\n    login: {{user: observer, password: p4ssword}}\n\
         allow_hosts: [127.0.0.1]\n"
    )
}

/// A record of ours with a stranger in every other place, and the stranger's own.
fn records(asked: &Asked) -> Answer {
    let email: String =
        url::form_urlencoded::parse(asked.query.as_bytes()).map(|(_, value)| value.into_owned()).collect();
    let record = |email: &str| {
        serde_json::json!({
            "id": "A1", "last": "Qvrtson", "first": "Zyxwoman", "email": email, "phone": "8043334444", "dob": "1961-11-13",
            "ssn": "219-45-9911", "street": "77 Realstreet", "city": "Wibbleford", "sex": SAID,
        })
    };
    let mut theirs = record("zyxw@real.test");
    theirs["id"] = "XSUB112233".into();
    told(200, &serde_json::json!({"records": [record(&email), theirs], "note": SAID}).to_string())
}

/// A payer's answer about the stranger, with a message, or a fault or an error in an envelope.
fn core(asked: &Asked, before: usize) -> Answer {
    let (packaging, request) = unpack_request(asked.header("content-type").unwrap(), asked.body.as_bytes()).unwrap();
    let inquired = inquiries(&request.message.payload[..]).unwrap().remove(0);
    let header = Header {
        sender: inquired.receiver.clone(),
        receiver: inquired.sender.clone(),
        control_number: 7,
        at: "2013-11-15T10:21:01".parse().unwrap(),
        usage: Usage::Test,
    };
    let found = if before.is_multiple_of(2) { Err(("75", "C")) } else { Ok(GivenPerson::default()) };
    let found = found.map(|person| GivenPerson {
        name: ["QVRTSON".to_owned(), "ZYXWOMAN".to_owned(), String::new(), String::new()],
        member_id: "XSUB112233".to_owned(),
        ..person
    });
    let payload = write_answers(&header, &Party::default(), &[Given { asked: &inquired, found }]).unwrap();
    let payload = String::from_utf8(payload).unwrap().replace("SE*", &format!("MSG*{SAID}~ZYX*Zyxwoman~SE*"));
    let message = Message { payload: payload.into_bytes(), ..request.message };
    let packed = pack_response(packaging, &Response::sound(message));
    let sound = String::from_utf8(packed.bytes).unwrap();
    let body = match before % 3 {
        0 => sound,
        1 => sound.replace("<ErrorMessage>", &format!("<ErrorMessage>{SAID}")).replace("Success", "Zyxwoman"),
        _ if packaging == Packaging::Soap => format!(
            "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\"><env:Body><env:Fault><env:Code><env:Value>\
             env:Zyxwoman</env:Value></env:Code><env:Reason><env:Text xml:lang=\"en\">{SAID}</env:Text></env:Reason>\
             </env:Fault></env:Body></env:Envelope>"
        ),
        _ => SAID.to_owned(),
    };
    (200, vec![("content-type", packed.content_type)], body)
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_in_answers_are_in_no_output_and_no_ledger_byte() {
    let far = FarSide::start(|asked, before| match asked.path.as_str() {
        "/apply" => (201, vec![("x-note", SAID.to_owned())], format!("{{\"id\": \"A1\", \"note\": \"{SAID}\"}}")),
        "/cancel" => told(422, SAID),
        "/members" => records(asked),
        _ => core(asked, before),
    })
    .await;
    let desk = desk(&asking(&far.url()), "issuer");
    let said = said(&desk);
    let report: serde_json::Value = serde_json::from_str(&said[3].out).unwrap();
    assert!(report["counts"]["strangers_dropped"].as_u64() > Some(0), "{}", said[0].err);
    assert!(said[1].out.contains("Aaaaaaa"), "a stranger in our record is shown by shape:\n{}", said[1].out);
    assert!(far.paths().iter().any(|path| path == "POST /core"), "the service was asked");
    search(&desk, &said, &planted(), &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_in_refusals_redirects_and_errors_are_in_no_output_and_no_ledger_byte() {
    type Way = fn(&Asked) -> Answer;
    let ways: [Way; 7] = [
        |_| told(422, SAID),
        |_| told(500, SAID),
        |_| told(201, SAID),
        |_| told(201, &serde_json::json!({"id": "A1", "state": SAID}).to_string()),
        |_| {
            (
                302,
                vec![("location", "http://other.invalid/Zyxwoman/Qvrtson?ssn=219-45-9911".to_owned())],
                SAID.to_owned(),
            )
        },
        |_| (307, vec![("location", "ftp://Zyxwoman:Qvrtson@x.invalid/77 Realstreet".to_owned())], SAID.to_owned()),
        |asked| (302, vec![("location", format!("/Zyxwoman/219-45-9911/{}", asked.path.len()))], SAID.to_owned()),
    ];
    let mut fars = Vec::new();
    for way in ways {
        fars.push(FarSide::start(move |asked, _| way(asked)).await);
    }
    let try_one = |far: &FarSide| {
        let desk = desk(&asking(&far.url()), "issuer");
        let said = said(&desk);
        assert!(!far.asked().is_empty(), "nobody asked: {}", said[0].err);
        search(&desk, &said, &planted(), &[]);
    };
    std::thread::scope(|scope| {
        let tries: Vec<_> = fars.iter().map(|far| scope.spawn(|| try_one(far))).collect();
        assert!(tries.into_iter().all(|tried| tried.join().is_ok()));
    });
}

//! The pipeline does what it says, seen with plain requests and plain eyes, without anything of the prober.

use super::defect::{At, Defect};
use super::pipeline::{FOLDERS, Keystone, PASSWORD, Running, Trouble};
use regex::Regex;
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;

const XML: &str = "<Household><CoverageStart>01/01/2014</CoverageStart><YearlyIncomeCents>4000000</YearlyIncomeCents>\
                   <RatingArea>R-PA003</RatingArea></Household>";

async fn start(defects: Vec<Defect>) -> (Running, TempDir) {
    let folder = TempDir::new().expect("a folder");
    let trouble = Trouble { defects, ..Trouble::default() };
    (Keystone::start(folder.path(), trouble).await, folder)
}

/// Signs in by hand; the cookies.
async fn signed_in(client: &reqwest::Client, url: &str, password: &str) -> Result<String, reqwest::Error> {
    let cookie = |answer: &reqwest::Response| {
        let sent = answer.headers().get("set-cookie").map(|v| v.to_str().expect("text").to_owned());
        sent.and_then(|line| line.split(';').next().map(str::to_owned)).unwrap_or_default()
    };
    let page = client.get(format!("{url}/portal/login")).send().await?;
    let session = cookie(&page);
    let text = page.text().await?;
    let csrf = Regex::new("name=\"csrf_token\" value=\"([^\"]+)\"").expect("sound").captures(&text).expect("a token")
        [1]
    .to_owned();
    let form = [("user", "john.doe"), ("password", password), ("csrf_token", &csrf)];
    let answer = client.post(format!("{url}/portal/login")).header("cookie", &session).form(&form).send().await?;
    Ok(format!("{session}; {}", cookie(&answer)))
}

fn client() -> reqwest::Client {
    // Another test may have installed it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client")
}

fn person(line: &str, relation: &str, family: &str, born: &str) -> Value {
    json!({
        "line": line, "relCd": relation, "tobaccoInd": "N",
        "identity": {"name": {"family": family, "given": "Ada"}, "born": born, "sexCd": "F", "ssn": "666-45-1234"},
        "reach": {"phone": "(215) 555-0101", "email": "ada@example.test"},
        "residence": {"line1": "1 Main St", "city": "Philadelphia", "state": "PA", "zip": "19103", "countyFips": "42101"},
    })
}

/// One household through the portal; the confirmation.
async fn enrolled(running: &Running, password: &str) -> Result<Option<Value>, reqwest::Error> {
    let (client, url) = (client(), running.keystone.portal_url.clone());
    let cookies = signed_in(&client, &url, password).await?;
    let post = |path: &str| client.post(format!("{url}{path}")).header("cookie", &cookies);
    let answer = post("/portal/household").header("content-type", "text/xml").body(XML).send().await?;
    let place = answer.headers().get("location").map(|v| v.to_str().expect("text").to_owned()).unwrap_or_default();
    let persons =
        json!({"persons": [person("1", "18", "Núñez", "02/29/1980"), person("2", "19", "Núñez", "07/04/2005")]});
    let json = |path: &str, body: &Value| post(path).header("content-type", "application/json").body(body.to_string());
    json(&format!("{place}/persons"), &persons).send().await?;
    post(&format!("{place}/determination")).send().await?;
    for _ in 0..2 {
        client.get(format!("{url}{place}/determination")).header("cookie", &cookies).send().await?;
    }
    let case = place.rsplit('/').next().unwrap_or_default();
    let order = json!({"caseNo": case, "plans": {"medical": "52002PA0020001", "dental": null}});
    let text = json("/portal/enrol", &order).send().await?.text().await?;
    Ok(serde_json::from_str(&text).ok())
}

/// Text of every file of an issuer once there is a new one.
async fn delivered(running: &Running, folder: usize) -> String {
    let folder = running.keystone.outbox.join(FOLDERS[folder]);
    for _ in 0..400 {
        let names = std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let texts: Vec<String> = names
            .filter(|path| !path.ends_with("KEYSTONE.LAUREL.I834.00000.dat") && path.to_string_lossy().contains("I834"))
            .map(|path| std::fs::read_to_string(path).expect("readable"))
            .collect();
        let whole = |text: &String| text.contains("IEA") && text.matches("ISA").count() == text.matches("IEA").count();
        if !texts.is_empty() && texts.iter().all(whole) {
            return texts.concat();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no file came");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_goes_from_the_pages_into_a_file_and_into_the_books() {
    let (running, _folder) = start(Vec::new()).await;
    let confirmation = enrolled(&running, PASSWORD).await.expect("answers").expect("a confirmation");
    assert_eq!(confirmation["insured"][0]["ref"], "2", "persons come backwards");
    assert_eq!(confirmation["policies"][0]["plan"], "52002PA0020001-01");
    let text = delivered(&running, 1).await;
    let policy = confirmation["policies"][0]["policyNo"].as_str().expect("a number");
    assert!(text.contains(&format!("REF*1L*{policy}\n")), "{text}");
    assert!(
        text.contains("NM1*IL*1*NUNEZ*ADA*****34*666451234\n") || text.contains("NM1*IL*1*NUNEZ*ADA****34*666451234\n"),
        "{text}"
    );
    assert!(text.contains("N4*PHILADELPHIA*PA*191034321**CY*42101\n"), "{text}");
    assert!(text.contains("QUILLFEATHER") || text.contains("BRANDYBANK"), "a stranger stands beside them");
}

#[tokio::test(flavor = "multi_thread")]
async fn envelopes_count_what_they_hold() {
    let (running, _folder) = start(Vec::new()).await;
    enrolled(&running, PASSWORD).await.expect("answers").expect("a confirmation");
    let text = delivered(&running, 1).await;
    let segments: Vec<Vec<&str>> = text.lines().map(|line| line.split('*').collect()).collect();
    let mut since_set = 0;
    for segment in &segments {
        since_set = if segment[0] == "ST" { 1 } else { since_set + 1 };
        match segment[0] {
            "ISA" => assert_eq!(segment.join("*").len(), 105),
            "SE" => assert_eq!(segment[1], since_set.to_string()),
            _ => {}
        }
    }
    let count = |name: &str| segments.iter().filter(|segment| segment[0] == name).count();
    assert_eq!((count("ISA"), count("GS"), count("ST")), (count("IEA"), count("GE"), count("SE")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_opens_nothing() {
    let (running, _folder) = start(Vec::new()).await;
    assert!(enrolled(&running, "guess").await.expect("answers").is_none(), "no JSON comes back");
    assert!(running.keystone.state().cases.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_defect_is_dealt_to_a_household_that_can_show_it() {
    let (running, _folder) = start(vec![Defect::NumbersSwapped(At::File), Defect::DependentDropped(At::File)]).await;
    enrolled(&running, PASSWORD).await.expect("answers").expect("a confirmation");
    let text = delivered(&running, 1).await;
    let ours = text.lines().filter(|line| line.contains("NUNEZ")).count();
    assert_eq!(ours, 2, "the subscriber in NM1 and in N1:\n{text}");
    assert_eq!(running.keystone.state().undealt(), [Defect::NumbersSwapped(At::File)]);
}

//! Answers of several pages: read to their end by whatever says where the next one is; and what proves nobody missing.

use super::json_api::{all, feed, known};
use crate::far_side::{Asked, FarSide, Told, told};
use johndoe::issuer::{JsonApiFeed, Look};
use serde_json::{Value, json};

const KEYS: &str = "records: $.items[*]\nfields: {exchange_assigned_policy_id: $.policy}";

/// The page that is asked for, by number or by cursor, in the query or in the body; the first has none.
fn page_of(asked: &Asked) -> u64 {
    let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
    let in_body = body["variables"]["after"].as_str().map(str::to_owned);
    let said = in_body.or_else(|| {
        url::form_urlencoded::parse(asked.query.as_bytes())
            .find(|(name, _)| name == "page")
            .map(|(_, page)| page.into_owned())
    });
    said.and_then(|said| said.trim_start_matches("c ").parse().ok()).unwrap_or(1)
}

fn items(n: u64) -> Value {
    json!([{"policy": format!("P-{n}")}])
}

/// Three pages, which say where the next one is in every way.
fn three(asked: &Asked, _: usize) -> Told {
    let n = page_of(asked);
    if n > 3 {
        return told(200, "{\"items\": []}");
    }
    let more = n < 3;
    let next = more.then(|| format!("/members?id=S-1&page={}", n + 1));
    let body = json!({"items": items(n), "paging": {"next": next, "cursor": more.then(|| format!("c {}", n + 1))}});
    let link = next.map(|next| ("link", format!("<{next}>; rel=\"next\""))).into_iter().collect();
    (200, link, body.to_string())
}

fn asking(url: &str, next: &str) -> JsonApiFeed {
    let get = "get: \"/members?id={{ exchange_assigned_subscriber_id }}\"";
    let post =
        "post: /graphql, json: {query: q, variables: {id: \"{{ exchange_assigned_subscriber_id }}\", after: null}}";
    let how = if next.contains("variables") { post } else { get };
    feed(&format!("base_url: {url}\nlookup: {{{how}, next: {{{next}}}}}\n{KEYS}"))
}

async fn look(url: &str, next: &str) -> Look {
    asking(url, next).look(None, (&known(), false), &all).await
}

#[tokio::test]
async fn every_page_is_read_whatever_says_where_the_next_one_is() {
    for (next, requests) in [
        ("path: $.paging.next", 3),
        ("link: true", 3),
        ("cursor: $.paging.cursor, as: page", 3),
        ("cursor: $.paging.cursor, as: variables.after", 3),
        ("number: page", 4),
    ] {
        let far = FarSide::start(three).await;
        match look(&far.url(), next).await {
            Look::Found { records, partial: None, .. } => assert_eq!(records.len(), 3, "{next}"),
            other => panic!("{next}: {other:?}"),
        }
        let asked = far.asked();
        assert_eq!(asked.len(), requests, "{next}: {:?}", far.paths());
        assert!(asked.iter().all(|asked| asked.query.contains("id=S-1") || asked.body.contains("S-1")), "{next}");
    }
}

/// What a system holds twice, or in two parts, is there twice however many of its records are on a page.
#[tokio::test]
async fn a_policy_on_two_pages_is_there_twice() {
    let copies = |asked: &Asked, _: usize| -> Told {
        let n = page_of(asked);
        let people = if n == 2 { json!([{"id": "M-2"}]) } else { json!([{"id": "M-1"}]) };
        let next = (n < 3).then(|| format!("/members?id=S-1&page={}", n + 1));
        told(200, &json!({"items": [{"policy": "P-1", "people": people}], "next": next}).to_string())
    };
    for (members, expected) in [("members: $.people[*]\n", 3), ("", 3)] {
        let far = FarSide::start(copies).await;
        let url = far.url();
        let ways = "lookup: {get: \"/members?id={{ exchange_assigned_subscriber_id }}\", next: {path: $.next}}";
        let keys = "records: $.items[*]\nfields: {exchange_assigned_policy_id: $.policy}";
        match feed(&format!("base_url: {url}\n{ways}\n{members}{keys}")).look(None, (&known(), false), &all).await {
            Look::Found { records, partial: None, .. } => assert_eq!(records.len(), expected, "{members}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn numbered_pages_end_with_an_empty_one_a_404_or_the_same_one_again() {
    type End = fn(&Asked, usize) -> Told;
    let ends: [End; 3] = [
        three,
        |asked, before| if page_of(asked) > 3 { told(404, "") } else { three(asked, before) },
        |asked, _| told(200, &json!({"items": items(page_of(asked).min(3))}).to_string()),
    ];
    for end in ends {
        let far = FarSide::start(end).await;
        match look(&far.url(), "number: page").await {
            Look::Found { records, partial: None, .. } => assert_eq!(records.len(), 3),
            other => panic!("{other:?}"),
        }
        assert_eq!(far.asked().len(), 4);
    }
}

#[tokio::test]
async fn a_page_that_is_not_read_proves_nobody_missing() {
    type Way = fn(&Asked, usize) -> Told;
    let elsewhere: Way = |_, _| told(200, "{\"items\": [], \"paging\": {\"next\": \"http://127.0.0.2:9/members\"}}");
    let fails: Way = |asked, before| if page_of(asked) == 2 { told(500, "") } else { three(asked, before) };
    let lost: Way = |asked, before| if page_of(asked) == 2 { told(404, "") } else { three(asked, before) };
    let busy: Way = |asked, before| match page_of(asked) {
        2 => (429, vec![("retry-after", "7".to_owned())], String::new()),
        _ => three(asked, before),
    };
    for (way, said) in
        [(elsewhere, "its next page is at another host"), (busy, "page 2 of the answer: the look-up was answered 429")]
    {
        let far = FarSide::start(way).await;
        match look(&far.url(), "path: $.paging.next").await {
            Look::Blind { reason, .. } => assert!(reason.contains(said), "{reason}"),
            other => panic!("{said}: {other:?}"),
        }
    }
    for (way, next, said) in [
        (fails, "path: $.paging.next", "of its page 2 nothing is known: the look-up was answered 500"),
        (lost, "path: $.paging.next", "its page 2 is not there"),
        (three, "path: $.paging.next, pages: 2", "more than 2 pages"),
        // the target's path leads to nothing, and the answer says that there is more
        (three, "path: $.no.such.place", "names a next page"),
    ] {
        let far = FarSide::start(way).await;
        match look(&far.url(), next).await {
            Look::Found { partial: Some(words), .. } => assert!(words.contains(said), "{words}"),
            other => panic!("{said}: {other:?}"),
        }
    }
}

/// Who does not know the name of the number shows the first page to every question: that is told where somebody is not found.
#[tokio::test]
async fn a_first_page_that_is_shown_again_at_once_hints_at_what_the_number_is_called() {
    let only_others = |asked: &Asked, _: usize| told(200, &json!({"items": items(page_of(asked))}).to_string());
    let nobody = |_: &johndoe::model::GroupRecord, _: johndoe::issuer::InAnswer| johndoe::issuer::Own::No;
    let far = FarSide::start(only_others).await;
    match asking(&far.url(), "number: pge").look(None, (&known(), false), &nobody).await {
        Look::NotKnown { words, strangers: 1 } => {
            assert!(words.contains("same records as its first") && words.contains("(`pge`)"), "{words}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(far.asked().len(), 2);
    // one page after another, and the last again: its name is known
    let last_again = |asked: &Asked, _: usize| told(200, &json!({"items": items(page_of(asked).min(3))}).to_string());
    let far = FarSide::start(last_again).await;
    let look = asking(&far.url(), "number: page").look(None, (&known(), false), &nobody).await;
    assert_eq!(look, Look::Absent { strangers: 3, possible: false });
}

//! Whether an answer is the whole one. One page of several shows who is there, and says of nobody that they are not.

use crate::target::Answer;
use serde_json::Value as Json;

/// By what an answer says that it is not the whole one; `None` where it says nothing of the kind. `records`: how many it holds.
///
/// Known are: status 206 (RFC 9110, 15.3.7), `Link: <…>; rel="next"` (RFC 8288), and in a JSON body, at its top or under one name of
/// `meta`, `page`, `paging` and `pagination`: a link to the next page, a word that there is more, a page that is not the last one,
/// and a total above the records shown where the answer also says how many a page holds, or shows none; FHIR's `link` with the relation `next`.
pub(super) fn incomplete_by(answer: &Answer, body: &Json, records: usize) -> Option<String> {
    if answer.status == 206 {
        return Some("its status is 206, Partial Content".to_owned());
    }
    let links = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
    if links.flat_map(|(_, value)| value.split(',')).any(is_next) {
        return Some("its `Link` header names a next page".to_owned());
    }
    let levels = ["", "meta", "page", "paging", "pagination"];
    let levels = levels.into_iter().filter_map(|name| if name.is_empty() { Some(body) } else { body.get(name) });
    levels.into_iter().find_map(|level| more_by(level, records)).or_else(|| next_of_fhir(body))
}

fn is_next(link: &str) -> bool {
    let mut parameters = link.split(';').skip(1).map(|part| part.trim().to_ascii_lowercase());
    parameters
        .any(|part| part.strip_prefix("rel=").is_some_and(|rel| rel.trim_matches('"').split(' ').any(|r| r == "next")))
}

/// The first of these names that holds something, and what.
fn first<'a>(level: &'a Json, names: &[&'static str]) -> Option<(&'static str, &'a Json)> {
    names.iter().find_map(|name| Some((*name, level.get(*name).filter(|value| !value.is_null())?)))
}

fn number(level: &Json, names: &[&'static str]) -> Option<(&'static str, u64)> {
    let (name, value) = first(level, names)?;
    let number = value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))?;
    Some((name, number))
}

fn more_by(level: &Json, records: usize) -> Option<String> {
    let next = [
        "next",
        "nextLink",
        "next_link",
        "next_url",
        "nextUrl",
        "next_page_url",
        "@odata.nextLink",
        "nextPageToken",
        "nextCursor",
        "next_cursor",
    ];
    let links = level.get("links").or_else(|| level.get("_links"));
    let is_link = |(_, value): &(&str, &Json)| match value {
        Json::String(text) => !text.trim().is_empty(),
        Json::Object(link) => link.get("href").is_some_and(Json::is_string),
        _ => false,
    };
    if let Some((name, _)) = first(level, &next).or_else(|| first(links?, &["next"])).filter(is_link) {
        return Some(format!("`{name}` names a next page"));
    }
    if let Some((name, Json::Bool(true))) = first(level, &["has_more", "hasMore", "has_next", "hasNext", "more"]) {
        return Some(format!("`{name}` is true"));
    }
    // Spring's pages count from 0 and say which is the last
    if level.get("last") == Some(&Json::Bool(false)) && level.get("totalPages").is_some() {
        return Some("`last` is false".to_owned());
    }
    let page = number(level, &["page", "page_number", "pageNumber", "current_page", "currentPage"]);
    let pages =
        number(level, &["pages", "total_pages", "totalPages", "page_count", "pageCount", "last_page", "lastPage"]);
    if let (Some((_, page)), Some((_, pages))) = (page, pages)
        && page < pages
    {
        return Some(format!("it is page {page} of {pages}"));
    }
    let size = number(level, &["per_page", "perPage", "page_size", "pageSize", "limit"]);
    let total = number(
        level,
        &["total", "total_count", "totalCount", "total_results", "totalResults", "totalElements", "total_elements"],
    );
    let (name, total) = total.filter(|(_, total)| *total > records as u64)?;
    let is_full = size.is_some_and(|(_, size)| records as u64 >= size);
    (is_full || records == 0).then(|| format!("`{name}` is {total}, and it holds {records}"))
}

/// FHIR R4, Bundle.link.relation.
fn next_of_fhir(body: &Json) -> Option<String> {
    let links = body.get("link")?.as_array()?;
    let is_next = |link: &Json| link.get("relation").and_then(Json::as_str) == Some("next");
    links.iter().any(is_next).then(|| "its `link` names a next page".to_owned())
}

#[cfg(test)]
mod tests {
    use super::incomplete_by;
    use crate::target::Answer;
    use serde_json::json;

    fn told(headers: &[(&str, &str)], body: &serde_json::Value, records: usize) -> Option<String> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        incomplete_by(&Answer { status: 200, headers, ..Answer::default() }, body, records)
    }

    #[test]
    fn every_way_of_saying_that_there_is_more_is_understood() {
        for body in [
            json!({"page": 1, "pages": 3, "items": []}),
            json!({"meta": {"current_page": "1", "last_page": 3}}),
            json!({"next": "https://issuer.example/members?page=2"}),
            json!({"_links": {"next": {"href": "/members?page=2"}}}),
            json!({"pagination": {"hasMore": true}}),
            json!({"total": 30, "limit": 2, "items": []}),
            json!({"content": [], "number": 0, "totalPages": 3, "last": false}),
            json!({"items": [], "nextCursor": "b2Zmc2V0"}),
            json!({"resourceType": "Bundle", "link": [{"relation": "next", "url": "/x"}]}),
        ] {
            assert!(told(&[], &body, 2).is_some(), "{body}");
        }
        assert!(told(&[], &json!({"total": 1, "items": []}), 0).is_some());
        assert!(told(&[], &json!({"meta": {"totalCount": "3"}}), 0).is_some());
        assert_eq!(told(&[], &json!({"total": 0, "items": []}), 0), None);
        assert!(told(&[("Link", "</a>; rel=\"first\", </b>; rel=\"next\"")], &json!([]), 0).is_some());
        let partial = Answer { status: 206, ..Answer::default() };
        assert!(incomplete_by(&partial, &json!([]), 0).is_some());
    }

    #[test]
    fn the_last_page_and_figures_that_mean_something_else_are_whole() {
        for body in [
            json!({"page": 3, "pages": 3, "next": null, "has_more": false}),
            json!({"next": "", "total": 30, "items": []}),
            json!({"total": 2, "limit": 10}),
            json!({"total": 30, "limit": 50, "items": []}),
            json!({"limit": 20000, "total": 60000, "premium": {"total": 600}}),
            json!({"page": "cover", "pages": 3, "next": 7}),
            json!([{"next": "/x"}]),
        ] {
            assert_eq!(told(&[], &body, 1), None, "{body}");
        }
        assert_eq!(told(&[("Link", "</a>; rel=\"prev next-archive\"")], &json!([]), 0), None);
    }
}

//! Whether an answer is the whole one. One page of several shows who is there, and says of nobody that they are not.

use crate::target::Answer;
use serde_json::Value as Json;

/// By what an answer says that it is not the whole one; `None` where it says nothing of the kind. `found`: the records that it holds.
///
/// Known are: status 206 (RFC 9110, 15.3.7), `Link: <…>; rel="next"` (RFC 8288), headers that count pages or name the next one, a
/// `Content-Range` that ends before its size; and in a JSON body, beside the records and at any depth there: a link to the next page, a
/// word that there is more, a page that is not the last one, and a total above the records shown where the answer also says how many a
/// page holds, or shows none. What stands in a list is a record's own.
pub(super) fn incomplete_by(answer: &Answer, body: &Json, found: &[&Json]) -> Option<String> {
    if answer.status == 206 {
        return Some("its status is 206, Partial Content".to_owned());
    }
    let in_headers = answer.headers.iter().filter(|(name, _)| plain(name) == "xpagination");
    let in_headers: Vec<Json> = in_headers.filter_map(|(_, value)| serde_json::from_str(value).ok()).collect();
    if let Some(by) = in_headers.iter().find_map(|told| more_beside((told, Level::Pages), found, DEPTH)) {
        return Some(format!("by its headers, {by}"));
    }
    let links = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
    if links.flat_map(|(_, value)| value.split(',')).any(is_next) {
        return Some("its `Link` header names a next page".to_owned());
    }
    more_by_headers(answer, found.len()).or_else(|| more_beside((body, Level::Whole), found, DEPTH))
}

/// How deep what is said of an answer may stand in it.
const DEPTH: usize = 4;

/// What a level of an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Anything: only words that mean pages wherever they stand count.
    Any,
    /// The whole answer, or what it is wrapped in: a plain word is one of paging.
    Whole,
    /// What tells of pages and nothing else: so is a number.
    Pages,
}

/// The first level that says that there is more, from the top down.
fn more_beside((level, what): (&Json, Level), found: &[&Json], depth: usize) -> Option<String> {
    let fields = level.as_object()?;
    more_by((level, what), found.len()).or_else(|| next_in_links(level)).or_else(|| {
        let below = depth.checked_sub(1)?;
        let is_record = |value: &Json| found.iter().any(|record| std::ptr::eq(*record, value));
        let of_record = is_record(level);
        let levels = fields.iter().map(|(name, inner)| (plain(name), inner)).filter(|(_, inner)| !is_record(inner));
        // what a record holds is its own, but for what no record has
        let mut levels = levels.filter(|(name, _)| !of_record || is_of_pages(name));
        levels.find_map(|(name, inner)| {
            let inner_is = match what {
                _ if is_of_pages(&name) => Level::Pages,
                Level::Any => Level::Any,
                _ if ENVELOPES.contains(&name.as_str()) => Level::Whole,
                _ => Level::Any,
            };
            more_beside((inner, inner_is), found, below)
        })
    })
}

/// Names under which a whole answer may stand.
const ENVELOPES: [&str; 8] = ["d", "data", "response", "result", "results", "body", "payload", "links"];

fn is_of_pages(plain: &str) -> bool {
    matches!(plain, "meta" | "metadata" | "hits" | "cursor" | "cursors" | "resultset" | "resultinfo" | "paginator")
        || plain.starts_with("page")
        || plain.starts_with("paging")
        || plain.starts_with("paginat")
}

fn is_next(link: &str) -> bool {
    let mut parameters = link.split(';').skip(1).map(|part| part.trim().to_ascii_lowercase());
    parameters
        .any(|part| part.strip_prefix("rel=").is_some_and(|rel| rel.trim_matches('"').split(' ').any(|r| r == "next")))
}

/// What headers say of pages is read as if a body said it.
fn more_by_headers(answer: &Answer, records: usize) -> Option<String> {
    let mut ranges = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-range"));
    if ranges.any(|(_, range)| ends_early(range)) {
        return Some("its `Content-Range` header ends before the size that it tells".to_owned());
    }
    let of_pages = |name: &str| {
        let plain = plain(name);
        ["xpagination", "x"].iter().find_map(|prefix| plain.strip_prefix(prefix).map(str::to_owned))
    };
    let told = answer.headers.iter().filter_map(|(name, value)| Some((of_pages(name)?, Json::from(value.trim()))));
    more_by((&Json::Object(told.collect()), Level::Pages), records).map(|by| format!("by its headers, {by}"))
}

/// `items 0-9/30`, and not `items 20-29/30`.
fn ends_early(range: &str) -> bool {
    let parts = || {
        let (_, range) = range.trim().split_once(' ')?;
        let (places, size) = range.split_once('/')?;
        let (_, last) = places.split_once('-')?;
        Some((last.trim().parse::<u64>().ok()?, size.trim().parse::<u64>().ok()?))
    };
    parts().is_some_and(|(last, size)| last.saturating_add(1) < size)
}

/// A name without what tells its ways of writing apart: `has_more`, `hasMore` and `HasMore` are one.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The first field of one of these names that holds something.
fn first<'a>(level: &'a Json, names: &[&str]) -> Option<(&'a str, &'a Json)> {
    let fields = level.as_object()?;
    names.iter().find_map(|name| {
        let (of, value) = fields.iter().find(|(of, value)| !value.is_null() && plain(of) == *name)?;
        Some((of.as_str(), value))
    })
}

type Number<'a> = Option<(&'a str, u64)>;

fn number<'a>(level: &'a Json, names: &[&str]) -> Number<'a> {
    let (name, value) = first(level, names)?;
    // Elasticsearch: `total: {value: 3}`
    let value = value.get("value").unwrap_or(value);
    let number = value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))?;
    Some((name, number))
}

/// Names of a link to the next page, or of what to ask for it by.
const NEXT: [&str; 19] = [
    "nextlink",
    "nexturl",
    "nexthref",
    "nexturi",
    "nextpageurl",
    "nextpageuri",
    "nextpagelink",
    "nextrecordsurl",
    "nextpage",
    "odatanextlink",
    "nextpagetoken",
    "nexttoken",
    "nextcursor",
    "nextmarker",
    "nextoffset",
    "continuationtoken",
    "nextcontinuationtoken",
    "lastevaluatedkey",
    "scrollnext",
];

/// Words that there is more, where they are true; the first ones are of paging wherever they stand.
const MORE: [&str; 20] = [
    "hasmore",
    "moredata",
    "moredataavailable",
    "hasmoreitems",
    "hasmorerecords",
    "hasmoreresults",
    "hasmorepages",
    "morerecords",
    "moreresults",
    "moreavailable",
    "hasnext",
    "hasnextpage",
    "truncated",
    "istruncated",
    "incompleteresults",
    "partialresults",
    "partialresult",
    "more",
    "incomplete",
    "partial",
];

/// Words that this is the end, where they are false; the first ones are of paging wherever they stand.
const LAST: [&str; 6] = ["islast", "islastpage", "endofrecords", "lastpage", "done", "complete"];

/// How many of the words above are too plain to say of pages what they say elsewhere.
const PLAIN_WORDS: usize = 3;

fn is_word(value: &Json, word: bool) -> bool {
    value.as_bool() == Some(word) || value.as_str().is_some_and(|text| text.eq_ignore_ascii_case(&word.to_string()))
}

fn says<'a>(level: &'a Json, names: &[&str], word: bool) -> Option<&'a str> {
    names.iter().find_map(|name| Some(first(level, &[name]).filter(|(_, value)| is_word(value, word))?.0))
}

fn more_by((level, what): (&Json, Level), records: usize) -> Option<String> {
    let is_of_paging = what != Level::Any;
    let words = |all: &'static [&'static str]| {
        if is_of_paging { all } else { all.get(..all.len().saturating_sub(PLAIN_WORDS)).unwrap_or_default() }
    };
    let next = first(level, &NEXT).filter(|(_, value)| is_something(value));
    let is_next = |value: &Json| is_of_paging && (is_link(value) || what == Level::Pages && is_something(value));
    let next = next.or_else(|| first(level, &["next", "continue"]).filter(|(_, value)| is_next(value)));
    let left = || number(level, &["remainingitemcount", "remaining"]).filter(|(_, left)| is_of_paging && *left > 0);
    if let (None, Some((name, left))) = (next, left()) {
        return Some(format!("`{name}` is {left}"));
    }
    if let Some((name, _)) = next {
        return Some(format!("`{name}` names a next page"));
    }
    if let Some(name) = says(level, words(&MORE), true) {
        return Some(format!("`{name}` is true"));
    }
    if let Some(name) = says(level, words(&LAST), false) {
        return Some(format!("`{name}` is false"));
    }
    if !is_of_paging {
        return None;
    }
    let pages =
        number(level, &["pages", "totalpages", "pagecount", "pagestotal", "numpages", "lastpage", "last", "maxpage"]);
    // Spring's pages say which is the last
    if let Some(name) = says(level, &["last"], false).filter(|_| pages.is_some()) {
        return Some(format!("`{name}` is false"));
    }
    not_the_last(level, pages).or_else(|| not_all(level, pages, records))
}

fn is_link(value: &Json) -> bool {
    match value {
        Json::String(_) => is_something(value),
        Json::Object(link) => link.values().any(is_something),
        _ => false,
    }
}

/// Whether what stands under a name of the next page says that there is one.
fn is_something(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(is) => *is,
        Json::Number(number) => number.as_u64().is_some_and(|number| number > 0),
        Json::String(text) => {
            !matches!(text.trim().to_ascii_lowercase().as_str(), "" | "null" | "none" | "false" | "0")
        }
        Json::Array(items) => !items.is_empty(),
        Json::Object(fields) => !fields.is_empty(),
    }
}

/// Where an answer stands among its pages.
fn page_of(level: &Json) -> Number<'_> {
    number(level, &["page", "pagenumber", "currentpage", "current", "pageno"])
}

/// The same where it counts from 0, as Spring's `number` does.
fn place_of(level: &Json) -> Number<'_> {
    number(level, &["number", "pageindex"])
}

fn not_the_last(level: &Json, pages: Number<'_>) -> Option<String> {
    let (_, pages) = pages?;
    let is_last = says(level, &["last", "islast", "islastpage"], true).is_some();
    let page = page_of(level).map(|(_, page)| page).filter(|page| *page < pages && !is_last);
    // who calls the only page 0 counts from there
    if let Some(page) = page.filter(|page| *page > 0 || pages > 1) {
        return Some(format!("it is page {page} of {pages}"));
    }
    let place = place_of(level)?.1.saturating_add(1);
    (place < pages).then(|| format!("it is page {place} of {pages}"))
}

/// A total above what is shown, where the page is full, or shows nobody.
fn not_all(level: &Json, pages: Number<'_>, records: usize) -> Option<String> {
    let size = number(level, &["perpage", "pagesize", "limit", "size", "maxresults", "rows", "itemsperpage"]);
    let names =
        ["total", "totalcount", "totalresults", "totalelements", "totalitems", "totalrecords", "totalsize", "numfound"];
    let (name, total) = number(level, &names).filter(|(_, total)| *total > records as u64)?;
    let is_full = size.is_some_and(|(_, size)| size > 0 && records as u64 >= size);
    (is_full && !is_the_end(level, (pages, total), records) || records == 0)
        .then(|| format!("`{name}` is {total}, and it holds {records}"))
}

/// Whether an answer says that it is the last piece of several.
fn is_the_end(level: &Json, (pages, total): (Number<'_>, u64), records: usize) -> bool {
    let is_at = |at: Number<'_>, end: u64| at.is_some_and(|(_, at)| at > 0 && at >= end);
    let by_page =
        pages.is_some_and(|(_, pages)| is_at(page_of(level), pages) || is_at(place_of(level), pages.saturating_sub(1)));
    let start = number(level, &["offset", "start", "startat", "skip"]);
    by_page || is_at(start, total.saturating_sub(records as u64))
}

/// FHIR R4, Bundle.link.relation; a list of links elsewhere.
fn next_in_links(level: &Json) -> Option<String> {
    let (name, links) = first(level, &["link", "links"])?;
    let is_next =
        |link: &Json| ["relation", "rel"].iter().any(|by| link.get(by).and_then(Json::as_str) == Some("next"));
    links.as_array()?.iter().any(is_next).then(|| format!("its `{name}` names a next page"))
}

#[cfg(test)]
mod tests {
    use super::incomplete_by;
    use crate::target::Answer;
    use serde_json::json;

    fn told(headers: &[(&str, &str)], body: &serde_json::Value, records: usize) -> Option<String> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let found = vec![&serde_json::Value::Null; records];
        incomplete_by(&Answer { status: 200, headers, ..Answer::default() }, body, &found)
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
            json!({"items": [], "page": {"size": 2, "number": 0, "totalElements": 4, "totalPages": 2}}),
            json!({"items": [], "page": {"number": 0, "totalPages": 2}}),
            json!({"data": [], "meta": {"pagination": {"page": 1, "pageSize": 2, "pageCount": 2, "total": 3}}}),
            json!({"items": [], "meta": {"page": {"current": 1, "last": 2, "total": 4}}}),
            json!({"records": [], "totalSize": 3, "done": false}),
            json!({"records": [], "nextRecordsUrl": "/query/01g-2000"}),
            json!({"data": {"people": {"nodes": [], "pageInfo": {"hasNextPage": true, "endCursor": "abc"}}}}),
            json!({"values": [], "isLast": false}),
            json!({"items": [], "HasNext": "true"}),
            json!({"items": [], "truncated": true}),
            json!({"total_count": 2, "incomplete_results": true, "items": []}),
            json!({"partial": true}),
            json!({"Items": [], "LastEvaluatedKey": {"id": 7}}),
            json!({"items": [], "nextOffset": 50}),
            json!({"links": [{"rel": "next", "href": "/x"}]}),
            json!({"response": {"numFound": 5, "start": 0, "rows": 2, "docs": []}}),
            json!({"records": [], "paging": {"next": {"after": "NTI1", "link": "?after=NTI1"}}}),
            json!({"d": {"__next": "http://issuer.example/people?$skiptoken=1", "results": []}}),
            json!({"records": [], "next": {"page": 2, "limit": 1}}),
            json!({"records": [], "pagination": {"next": 2, "prev": null}}),
            json!({"records": [], "metadata": {"continue": "abc", "remainingItemCount": 1}}),
            json!({"records": [], "nextPage": true}),
            json!({"records": [], "moreDataAvailable": true}),
            json!({"records": [], "remaining": 1}),
            json!({"records": [], "result_info": {"page": 1, "per_page": 1, "total_pages": 2}}),
        ] {
            assert!(told(&[], &body, 2).is_some(), "{body}");
        }
        assert!(told(&[], &json!({"total": 1, "items": []}), 0).is_some());
        assert!(told(&[], &json!({"meta": {"totalCount": "3"}}), 0).is_some());
        assert_eq!(told(&[], &json!({"total": 0, "items": []}), 0), None);
        for headers in [
            [("X-Next-Page", "2"), ("X-Page", "1")],
            [("X-Total-Pages", "2"), ("X-Page", "1")],
            [("x-total-count", "2"), ("x-per-page", "1")],
            [("Content-Range", "items 0-0/2"), ("Age", "0")],
        ] {
            assert!(told(&headers, &json!([]), 1).is_some(), "{headers:?}");
        }
        let in_json = [("X-Pagination", r#"{"TotalCount": 2, "PageSize": 1, "CurrentPage": 1, "TotalPages": 2}"#)];
        assert!(told(&in_json, &json!([]), 1).is_some());
        assert!(told(&[("Link", "</a>; rel=\"first\", </b>; rel=\"next\"")], &json!([]), 0).is_some());
        let partial = Answer { status: 206, ..Answer::default() };
        assert!(incomplete_by(&partial, &json!([]), &[]).is_some());
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
            json!({"records": [], "next": {"page": null}, "nextPage": false, "metadata": {"continue": ""}}),
            json!({"d": {"results": []}, "paging": {}}),
            json!([{"next": "/x"}]),
            json!({"page": 1, "totalPages": 1, "last": true}),
            json!({"page": {"size": 1, "number": 0, "totalElements": 1, "totalPages": 1}}),
            json!({"page": {"size": 1, "number": 1, "totalElements": 2, "totalPages": 2}, "items": []}),
            json!({"page": 0, "totalPages": 1}),
            json!({"page": 1, "totalPages": 2, "last": true}),
            json!({"page": 2, "pages": 2, "per_page": 1, "total": 2}),
            json!({"records": [], "totalSize": 1, "done": true, "nextRecordsUrl": null}),
            json!({"pageInfo": {"hasNextPage": false, "endCursor": "abc"}, "truncated": false, "isLast": true}),
            json!({"_shards": {"total": 5, "successful": 5, "failed": 0}, "hits": {"total": {"value": 1}, "hits": []}}),
            json!({"maintenance": {"next": "2014-01-01", "done": false}, "timing": {"total": 12, "limit": 1}}),
            json!({"items": [{"hasMore": true, "page": 1, "pages": 2}], "links": {"self": "/x", "next": null}}),
        ] {
            assert_eq!(told(&[], &body, 1), None, "{body}");
        }
        let shards = json!({"_shards": {"total": 5, "failed": 0}, "hits": {"total": {"value": 0}, "hits": []}});
        assert_eq!(told(&[], &shards, 0), None);
        let last =
            [("X-Next-Page", ""), ("X-Page", "2"), ("X-Total-Pages", "2"), ("X-Per-Page", "1"), ("X-Total", "2")];
        assert_eq!(told(&last, &json!([]), 1), None);
        assert_eq!(told(&[("Content-Range", "items 1-1/2")], &json!([]), 1), None);
        let record = json!({"policy": {"limit": 1, "total": 60000, "hasMore": true}});
        let whole = Answer { status: 200, ..Answer::default() };
        assert_eq!(incomplete_by(&whole, &record, &[&record]), None, "what a record holds is its own");
        assert_eq!(incomplete_by(&whole, &record, &[&record["policy"]]), None);
        assert_eq!(told(&[("Link", "</a>; rel=\"prev next-archive\"")], &json!([]), 0), None);
    }
}

//! What every page has: head, ways to the others, and the moment at which it was drawn.

use super::told::moment;
use crate::dashboard::Asked;
use crate::report::{self, tame};
use base64::Engine as _;
use chrono::{DateTime, Utc};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The one style of all pages: that of the report, and what lists and ways need beside it.
static STYLE: LazyLock<String> = LazyLock::new(|| format!("{}{}", report::STYLE, include_str!("dashboard.css")));

static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE.as_str()));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
});

/// What a browser may do with a page: draw it with this style, and send its forms back here. Nothing in it runs.
pub fn policy() -> &'static str {
    &POLICY
}

/// A page. `again_after`: it is asked for anew after so many seconds.
pub(super) fn page(title: &str, here: &Asked, at: DateTime<Utc>, again_after: Option<u32>, body: &Markup) -> String {
    let way = |name: &str, to: &Asked| {
        let is_here = std::mem::discriminant(to) == std::mem::discriminant(here);
        html! { a href=(to.address()) aria-current=[is_here.then_some("page")] { (name) } }
    };
    let word = if let Asked::Search { word, .. } = here { word.as_str() } else { "" };
    framed(
        title,
        again_after,
        &html! {
            nav aria-label="Pages" {
                (way("Now", &Asked::Now))
                (way("History", &Asked::History { scenario: None, target: None, from: 0 }))
                form action="/search" method="get" role="search" {
                    input type="search" name="q" value=(word) aria-label="An id, a name or a file" placeholder="an id, a name, a file" maxlength="200";
                    button type="submit" { "Search" }
                }
            }
            (body)
            footer {
                p class="faint" {
                    "As of " (moment(at))
                    @if let Some(seconds) = again_after { ", asked for anew every " (seconds) " s" }
                    " · johndoe · everybody on this page is made up"
                }
            }
        },
    )
}

fn framed(title: &str, again_after: Option<u32>, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if let Some(seconds) = again_after { meta http-equiv="refresh" content=(seconds); }
                title { (tame(title)) " · johndoe" }
                style { (PreEscaped(STYLE.as_str())) }
            }
            body { (body) }
        }
    };
    page.into_string()
}

/// That something cannot be shown, and why.
pub(in crate::dashboard) fn trouble(title: &str, why: &str) -> String {
    framed(
        title,
        None,
        &html! {
            main {
                h1 { (tame(title)) }
                p { (tame(why)) }
                p { a href="/" { "What is now" } }
            }
        },
    )
}

/// The form that asks for the token.
pub(in crate::dashboard) fn login(was_wrong: bool) -> String {
    framed(
        "Token",
        None,
        &html! {
            main {
                h1 { "Who may look has the token" }
                @if was_wrong { p class="bad" role="alert" { "That is not the token." } }
                form action="/login" method="post" {
                    p {
                        label for="token" { "Token" } " "
                        input id="token" type="password" name="token" autocomplete="current-password" required autofocus;
                        " " button type="submit" { "Show" }
                    }
                }
                p class="faint" { "Programs send it as " code { "Authorization: Bearer TOKEN" } "." }
            }
        },
    )
}

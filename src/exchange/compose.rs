//! From a step's templates to a request.

use super::known::Known;
use crate::model::LifeEvent;
use crate::net::{Request, address, is_same_host, payload_with, with_query};
use crate::target::{Exchange, Place, RequestStep, Template, TemplateError, may_be_id};

/// Renders a step. `acts`: it does something to somebody, so that nothing unproved may say to whom. `idempotency` is the header's
/// name and value where the flow declares one. Fails where a name is not known (yet).
pub(super) fn compose(
    exchange: &Exchange,
    step: &RequestStep,
    (known, acts, event): (&Known, bool, LifeEvent),
    idempotency: Option<(&str, &str)>,
) -> Result<Request, TemplateError> {
    let render = |place: Place<'_>, template: &Template| {
        let text = known.render((place, template), acts)?;
        if acts && event != LifeEvent::Enroll && lost_its_id((place, template), &text, known) {
            return Err(TemplateError::Failed(format!(
                "`{}` has nothing where it names whom the request is about, and without that it may be about everybody",
                template.source
            )));
        }
        Ok(text)
    };
    let headers = |list: &[(String, Template)]| -> Result<Vec<(String, String)>, TemplateError> {
        list.iter().map(|(name, template)| Ok((name.clone(), render(Place::Header(name), template)?))).collect()
    };
    let path = render(Place::Address, &step.path)?;
    if acts && empty_parts(&path) > empty_parts(&step.path.source) {
        return Err(TemplateError::Failed(format!(
            "`{}` has nothing where it names whom the request is about, and what is left of it is another resource",
            step.path.source
        )));
    }
    let query: Result<Vec<_>, _> =
        step.query.iter().map(|(name, template)| Ok((name.clone(), render(Place::Field(name), template)?))).collect();
    let url = with_query(address(&exchange.base_url, &path), &query?);
    let own_host = is_same_host(&exchange.base_url, &url);
    let mut request = Request::new(&step.method, url, step.within);
    (request.follow_redirects, request.acts) = (step.follow_redirects, acts);
    if own_host {
        request.headers = headers(&exchange.headers)?;
    }
    for (name, value) in headers(&step.headers)? {
        request.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(&name));
        request.headers.push((name, value));
    }
    if let Some((name, value)) = idempotency {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    // The exchange's credentials are for the exchange; a step that asks somebody else brings its own.
    let shared = exchange.auth.as_ref().filter(|_| own_host);
    if let Some(auth) = step.auth.as_ref().map_or(shared, Option::as_ref) {
        request.authorize(auth);
    }
    request.body = payload_with(&step.body, &render)?;
    Ok(request)
}

/// Whether a template came out without the id that it is there for: as a whole, or one of its expressions (`id eq {{ … }}`).
fn lost_its_id((place, template): (Place<'_>, &Template), text: &str, known: &Known) -> bool {
    if matches!(place, Place::Header(_)) || template.is_fixed() {
        return false;
    }
    let is_of_an_id = |template: &Template| template.places().iter().any(|place| known.is_of_an_id(place));
    let stands_for_id = matches!(place, Place::Field(name) if may_be_id(name)) || is_of_an_id(template);
    // what stands in a loop or behind a condition has no value alone
    let expressions = template.expressions();
    let has_none = |expression: &Template| {
        is_of_an_id(expression) && known.render((place, expression), true).is_ok_and(|text| says_nothing(&text))
    };
    stands_for_id && says_nothing(text) || expressions.iter().any(has_none)
}

fn says_nothing(text: &str) -> bool {
    let text = text.trim().trim_matches('"').trim();
    text.is_empty() || matches!(text.to_ascii_lowercase().as_str(), "null" | "none" | "undefined" | "[]" | "[null]")
}

/// How many parts of a path have nothing in them, of a template as far as that is written.
fn empty_parts(path: &str) -> usize {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split('/').filter(|part| part.trim().is_empty()).count()
}

/// Whether a step that reads says nothing but what is proved: written with that alone, it is the same request.
pub(super) fn is_untainted(exchange: &Exchange, step: &RequestStep, known: &Known, sent: &Request) -> bool {
    let bytes = |request: &Request| request.body.as_ref().map(|body| body.bytes.clone());
    compose(exchange, step, (known, true, LifeEvent::Enroll), None).is_ok_and(|proved| {
        // the key of repeats comes last, and is ours
        let same_headers = sent.headers.starts_with(&proved.headers);
        proved.url == sent.url && bytes(&proved) == bytes(sent) && same_headers
    })
}

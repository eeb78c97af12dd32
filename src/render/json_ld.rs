//! schema.org data: `Claim` with `appearance` and `citation`, `Event` with no more precision than is known.

use serde::Serialize;

use crate::bibliography::schema_org;
use crate::site::{Host, ListKind, PageId, Subject};

use super::view::{EventView, LedgerClaim, MOST_PAGES, PageView, Views, full_href};

/// The JSON-LD of a page, safe inside a `script` element.
pub(super) fn of_page(views: Views<'_>, id: PageId, page: &PageView) -> String {
    let site = views.site;
    let address = |href: &str| site.config.base_url().map(|base| format!("{base}{}", full_href(site, href)));
    let source = match &site.page(id).subject {
        Subject::Source(id) => site.ledger.source(id).and_then(schema_org),
        _ => None,
    };
    let mut graph = vec![Node::Page(WebPage { main_entity: source, ..web_page(views, page) })];
    let here = site.list_here(id);
    match here.map(|here| (here.kind, here.entries)) {
        Some((ListKind::Host(Host::Claims), entries)) => {
            let claims = views.ledger(entries).groups.into_iter().flat_map(|group| group.claims);
            graph.extend(claims.map(|claim| Node::Claim(claim_node(&claim, &address))));
        }
        Some((ListKind::Host(Host::Timeline), entries)) => {
            let events = views.events_here(None, entries).into_iter();
            graph.extend(events.map(|event| Node::Event(event_node(&views.event(event), &address))));
        }
        _ => {}
    }
    if let Subject::Claim(claim) = &site.page(id).subject
        && let Some(claim) = site.ledger.claim(claim)
    {
        graph.push(Node::Claim(claim_node(&views.ledger_claim(claim, MOST_PAGES), &address)));
    }
    // Text always can be JSON.
    let document = serde_json::to_string(&Document { context: "https://schema.org", graph }).unwrap_or_default();
    // `</script>` inside a string would end the element, and `<!--` with `<script` keep it from ending. Outside of strings
    // JSON has no `<`.
    match document.contains('<') {
        true => document.replace('<', "\\u003c"),
        false => document,
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    graph: Vec<Node<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Node<'a> {
    Page(WebPage<'a>),
    Claim(ClaimNode),
    Event(EventNode),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WebPage<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    citation: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    in_language: &'a str,
    /// The source that a page describes.
    #[serde(skip_serializing_if = "Option::is_none")]
    main_entity: Option<serde_json::Value>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct ClaimNode {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    appearance: Vec<Work>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    citation: Vec<Work>,
    identifier: String,
    name: String,
}

/// A page, or a source.
#[derive(Serialize)]
struct Work {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventNode {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(rename = "@type")]
    kind: &'static str,
    description: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<String>,
}

fn web_page<'a>(views: Views<'a>, page: &'a PageView) -> WebPage<'a> {
    let config = &views.site.config;
    let is_home = page.breadcrumbs.is_empty() && page.url.as_deref() == config.base_url();
    let claims = page.references.iter().filter_map(|reference| reference.claim.as_ref());
    let sources = page.references.iter().filter_map(|reference| reference.source.as_ref());
    let of_claims = claims.flat_map(|claim| claim.sources.iter().map(|source| source.title.as_str()));
    let mut citation: Vec<&str> = of_claims.chain(sources.map(|source| source.title.as_str())).collect();
    citation.sort_unstable();
    citation.dedup();
    WebPage {
        kind: if is_home { "WebSite" } else { "WebPage" },
        citation,
        date_modified: page.updated.as_ref().map(|day| day.iso.as_str()),
        date_published: page.date.as_ref().map(|day| day.iso.as_str()),
        description: page.summary.as_deref(),
        in_language: config.language.as_str(),
        main_entity: None,
        name: &page.title,
        url: page.url.as_deref(),
    }
}

fn claim_node(listed: &LedgerClaim, address: &dyn Fn(&str) -> Option<String>) -> ClaimNode {
    let view = &listed.claim;
    let appearance = listed.cited_on.iter().map(|page| {
        let (name, url) = (page.title.clone(), address(&page.href));
        Work { kind: "WebPage", name, pagination: None, url }
    });
    let citation = view.sources.iter().map(|source| Work {
        kind: "CreativeWork",
        name: source.title.clone(),
        pagination: Some(source.locator.clone()).filter(|place| !place.is_empty()),
        url: Some(&source.href).filter(|href| !href.is_empty()).and_then(|href| address(href)),
    });
    ClaimNode {
        address: address(&view.href),
        kind: "Claim",
        appearance: appearance.collect(),
        citation: citation.collect(),
        identifier: view.id.clone(),
        name: view.statement.clone(),
    }
}

fn event_node(event: &EventView, address: &dyn Fn(&str) -> Option<String>) -> EventNode {
    // schema.org cannot say "some time in" or "probably": a date stands here only where it is a plain one.
    let plain = event.when.as_ref().filter(|when| !when.inferred && !when.approximate);
    EventNode {
        address: address(&event.href),
        kind: "Event",
        description: event.standing.sentence.clone(),
        name: event.title.clone(),
        start_date: plain.and_then(|when| when.iso.clone()),
    }
}

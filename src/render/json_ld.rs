//! schema.org data: `Claim` with `appearance` and `citation`, `Event` with no more precision than is known.

use serde_json::{Map, Value, json};

use crate::site::{Host, PageId};

use super::view::{EventView, PageView, Views, full_href};

/// The JSON-LD of a page, safe inside a `script` element.
pub(super) fn of_page(views: Views<'_>, id: PageId, page: &PageView) -> String {
    let site = views.site;
    let address = |href: &str| site.config.base_url().map(|base| format!("{base}{}", full_href(site, href)));
    let mut graph = vec![web_page(views, page)];
    if site.host(Host::Claims) == Some(id) {
        for claim in &site.ledger.claims {
            graph.push(claim_node(views, claim, &address));
        }
    }
    if site.host(Host::Timeline) == Some(id) {
        graph.extend(views.events(None).into_iter().map(|event| event_node(&views.event(event), &address)));
    }
    // `json!` would copy what it is given.
    let document = Map::from_iter([
        ("@context".to_owned(), Value::from("https://schema.org")),
        ("@graph".to_owned(), Value::Array(graph)),
    ]);
    let document = Value::Object(document);
    // `</script>` inside a string would end the element.
    document.to_string().replace("</", "<\\/").replace("<!--", "<\\!--")
}

fn web_page(views: Views<'_>, page: &PageView) -> Value {
    let config = &views.site.config;
    let is_home = page.breadcrumbs.is_empty() && page.url.as_deref() == config.base_url();
    let mut node = Map::new();
    node.insert("@type".into(), json!(if is_home { "WebSite" } else { "WebPage" }));
    node.insert("name".into(), json!(page.title));
    node.insert("inLanguage".into(), json!(config.language.as_str()));
    let (date, updated) = (page.date.clone().map(|day| day.iso), page.updated.clone().map(|day| day.iso));
    let pairs =
        [("url", &page.url), ("description", &page.summary), ("datePublished", &date), ("dateModified", &updated)];
    for (key, value) in pairs {
        if let Some(value) = value {
            node.insert(key.into(), json!(value));
        }
    }
    let titles = page.references.iter().filter_map(|reference| reference.claim.as_ref());
    let mut sources: Vec<&str> =
        titles.flat_map(|claim| claim.sources.iter().map(|source| source.title.as_str())).collect();
    sources.sort_unstable();
    sources.dedup();
    if !sources.is_empty() {
        node.insert("citation".into(), json!(sources));
    }
    Value::Object(node)
}

fn claim_node(views: Views<'_>, claim: &crate::evidence::Claim, address: &dyn Fn(&str) -> Option<String>) -> Value {
    let view = views.claim(claim);
    let mut node = Map::new();
    node.insert("@type".into(), json!("Claim"));
    node.insert("name".into(), json!(view.statement));
    node.insert("identifier".into(), json!(view.id));
    if let Some(url) = address(&view.href) {
        node.insert("@id".into(), json!(url));
    }
    let pages: Vec<Value> = views
        .cited_on(&claim.id)
        .iter()
        .map(|page| match address(&page.href) {
            Some(url) => json!({ "@type": "WebPage", "name": page.title, "url": url }),
            None => json!({ "@type": "WebPage", "name": page.title }),
        })
        .collect();
    if !pages.is_empty() {
        node.insert("appearance".into(), Value::Array(pages));
    }
    let sources: Vec<Value> = view
        .sources
        .iter()
        .map(|source| {
            let mut node = Map::new();
            node.insert("@type".into(), json!("CreativeWork"));
            node.insert("name".into(), json!(source.title));
            let url = Some(&source.href).filter(|href| !href.is_empty()).and_then(|href| address(href));
            for (key, value) in
                [("url", url), ("pagination", Some(source.lines.clone()).filter(|lines| !lines.is_empty()))]
            {
                if let Some(value) = value {
                    node.insert(key.into(), json!(value));
                }
            }
            Value::Object(node)
        })
        .collect();
    if !sources.is_empty() {
        node.insert("citation".into(), Value::Array(sources));
    }
    Value::Object(node)
}

fn event_node(event: &EventView, address: &dyn Fn(&str) -> Option<String>) -> Value {
    let mut node = Map::new();
    node.insert("@type".into(), json!("Event"));
    node.insert("name".into(), json!(event.title));
    node.insert("description".into(), json!(event.standing.sentence));
    if let Some(url) = address(&event.href) {
        node.insert("@id".into(), json!(url));
    }
    // schema.org cannot say "some time in" or "probably": a date stands here only where it is a plain one.
    if let Some(when) = &event.when
        && !when.inferred
        && !when.approximate
        && let Some(iso) = &when.iso
    {
        node.insert("startDate".into(), json!(iso));
    }
    Value::Object(node)
}

use serde::Serialize;

use crate::site::{Host, PageId, Subject};

use super::view::Views;

/// One thing that can be found. The names are short because every reader who searches loads them.
#[derive(Debug, Serialize)]
struct Found {
    /// What it is, as it is shown.
    k: &'static str,
    /// Its title.
    t: String,
    /// Its address.
    h: String,
    /// The word of its standing.
    #[serde(skip_serializing_if = "str::is_empty")]
    w: &'static str,
    /// Further text to search, not shown.
    #[serde(skip_serializing_if = "String::is_empty")]
    x: String,
}

/// The search index as a script file: a page opened from disk may load a script, but not fetch a file.
///
/// `text` gives the plain text of a page.
pub fn search_index(views: Views<'_>, text: &dyn Fn(PageId) -> String) -> Vec<u8> {
    let (site, ledger) = (views.site, &views.site.ledger);
    let found = |k, t: &str, h, x: String| Found { k, t: t.to_owned(), h, x, w: "" };
    let is_own = |id: &PageId| {
        site.page(*id).is_listed() && !matches!(site.page(*id).subject, Subject::TopicTimeline(_) | Subject::Source(_))
    };
    let pages = site.ids().filter(is_own).map(|id| {
        let page = site.page(id);
        found("page", &page.metadata.title, page.href.clone(), text(id))
    });
    let claims = ledger.claims.iter().map(|claim| {
        let note = claim.note.as_deref().cloned().unwrap_or_default();
        let w = ledger.standing(claim).word();
        Found { w, ..found("claim", &claim.statement, views.claim_href(&claim.id), note) }
    });
    let events = ledger.events.iter().map(|event| {
        let when = event.date.as_ref().map(|when| when.text()).unwrap_or_default();
        found("event", &event.title, views.record_href(Host::Timeline, &event.id), when)
    });
    let questions = ledger.disagreements.iter().map(|asked| {
        let text = format!("{} {}", asked.verdict, asked.why);
        found("question", &asked.question, views.record_href(Host::Disagreements, &asked.id), text)
    });
    let names = ledger.entities.iter().map(|entity| {
        let text = format!("{} {}", entity.aliases.join(" "), entity.definition);
        found("name", &entity.name, views.record_href(Host::Entities, &entity.id), text)
    });
    let sources = ledger.sources.iter().map(|source| {
        let href = views.source_ref(&source.id).map_or_else(String::new, |reference| reference.href);
        found("source", source.name(), href, source.short_name())
    });
    let index: Vec<Found> = pages.chain(claims).chain(events).chain(questions).chain(names).chain(sources).collect();
    let mut script = b"window.dossierSearch=".to_vec();
    let _ = serde_json::to_writer(&mut script, &index);
    script.extend_from_slice(b";\n");
    script
}

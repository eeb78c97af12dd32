//! The search index: one file while it is small. A larger one is parted, so that a query loads little of it.

mod parted;
mod postings;
mod words;

use rayon::prelude::*;
use serde::Serialize;

use crate::site::{Host, PageId, Subject};

use super::view::Views;

/// How large an index in one file is, at most.
const MOST_BYTES: usize = 200 << 10;

/// The search index, or the first file of it.
pub const SEARCH_INDEX: &str = "search-index.js";

/// Whether this is a file of the search index, if the site has it.
pub fn is_search_index(name: &str) -> bool {
    name == SEARCH_INDEX || name.starts_with("search-index/")
}

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

/// The search index as script files, by name: a page opened from disk may load a script, but not fetch a file.
///
/// `text` gives the plain text of a page.
pub fn search_index(views: Views<'_>, text: &(dyn Fn(PageId) -> String + Sync)) -> Vec<(String, Vec<u8>)> {
    let found = all_found(views, text);
    let bytes = |found: &Found| 30 + found.t.len() + found.h.len() + found.x.len();
    if found.iter().map(bytes).sum::<usize>() <= MOST_BYTES {
        let whole = script("window.dossierSearch", &found);
        if whole.len() <= MOST_BYTES {
            return vec![(SEARCH_INDEX.to_owned(), whole)];
        }
    }
    parted::index(&found)
}

fn script<T: Serialize + ?Sized>(variable: &str, value: &T) -> Vec<u8> {
    let mut script = format!("{variable}=").into_bytes();
    let _ = serde_json::to_writer(&mut script, value);
    script.extend_from_slice(b";\n");
    script
}

fn all_found(views: Views<'_>, text: &(dyn Fn(PageId) -> String + Sync)) -> Vec<Found> {
    let (site, ledger) = (views.site, &views.site.ledger);
    let found = |k, t: &str, h, x: String| Found { k, t: t.to_owned(), h, x, w: "" };
    let is_own = |id: &PageId| {
        site.page(*id).is_listed() && !matches!(site.page(*id).subject, Subject::TopicTimeline(_) | Subject::Source(_))
    };
    let own: Vec<PageId> = site.ids().filter(is_own).collect();
    let pages = own.into_par_iter().with_min_len(32).map(|id| {
        let page = site.page(id);
        found("page", &page.metadata.title, page.href.clone(), text(id))
    });
    let pages: Vec<Found> = pages.collect();
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
    pages.into_iter().chain(claims).chain(events).chain(questions).chain(names).chain(sources).collect()
}

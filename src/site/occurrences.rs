//! Where a record is defined, and where records and pages name it.

use crate::evidence::{RecordKind, Ref, Refers};
use crate::parse::PageMetadata;
use crate::source::Span;

use super::{Site, Subject, Target, decode, split_directive};

/// How a place names a record, in the order in which places are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedBy {
    /// The `id` of the record itself.
    Definition,
    /// A key of another record.
    Record,
    /// A citation.
    Citation,
    /// The argument of a component.
    Component,
    /// The front matter of a page.
    FrontMatter,
    /// A link to its entry or its page.
    Link,
}

impl NamedBy {
    /// What such a place is called: `citation`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Definition => "definition",
            Self::Record => "reference",
            Self::Citation => "citation",
            Self::Component => "component argument",
            Self::FrontMatter => "front-matter key",
            Self::Link => "link",
        }
    }
}

/// A place that names a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// How.
    pub by: NamedBy,
    /// The value, the citation from its `@`, or the whole link.
    pub span: Span,
}

impl Site {
    /// The kind of the record of this id; no two records share one.
    pub fn kind_of(&self, id: &str) -> Option<RecordKind> {
        RecordKind::ALL.into_iter().find(|kind| self.ledger.has(*kind, id))
    }

    /// Every place where the records and these pages name a record: its definition first, then by kind of place, file and
    /// place. Pages may be given that are not published, such as drafts.
    pub fn occurrences<'p>(
        &self,
        kind: RecordKind,
        id: &str,
        pages: impl IntoIterator<Item = &'p PageMetadata>,
    ) -> Vec<Occurrence> {
        let mut found: Vec<Occurrence> = Vec::new();
        let mut add = |by, span: Option<Span>| found.extend(span.map(|span| Occurrence { by, span }));
        add(NamedBy::Definition, self.ledger.definition(kind, id));
        self.ledger.for_each_reference(|refers, reference: &Ref| {
            if reference.as_str() == id && self.refers_to(refers, kind, id) {
                add(NamedBy::Record, self.ledger.span(reference));
            }
        });
        for page in pages {
            let args = page.calls.iter().flat_map(|call| &call.args);
            let args = args.filter(|(name, value, _)| RecordKind::named(name) == Some(kind) && value == id);
            args.for_each(|(.., span)| add(NamedBy::Component, Some(span.clone())));
            let mut listed: Vec<Span> = Vec::new();
            for answer in &page.front.answers {
                let named = match kind {
                    RecordKind::Claim => answer.claims.iter().collect::<Vec<_>>(),
                    RecordKind::Disagreement => answer.disagreement.iter().collect(),
                    _ => Vec::new(),
                };
                let named = named.into_iter().filter(|named| named.text == id);
                listed.extend(named.map(|named| Span::new(&page.path, named.at.clone())));
            }
            // What an answer lists counts as cited on the page.
            let cited = page.citations.iter().chain(&page.linked_keys).filter(|cited| cited.key == id);
            let cited = cited.map(|cited| &cited.span).filter(|span| !listed.contains(span));
            if matches!(kind, RecordKind::Claim | RecordKind::Source) {
                cited.for_each(|span| add(NamedBy::Citation, Some(span.clone())));
            }
            listed.into_iter().for_each(|span| add(NamedBy::FrontMatter, Some(span)));
            let uncertain = page.front.extra.get("uncertainties").and_then(|ids| ids.as_array());
            if kind == RecordKind::Disagreement && uncertain.is_some_and(|ids| ids.iter().any(|named| named == id)) {
                add(NamedBy::FrontMatter, Some(page.front_span("extra")));
            }
            let links = page.links.iter().filter(|link| self.leads_to(page, &link.target, kind, id));
            links.for_each(|link| add(NamedBy::Link, Some(link.span.clone())));
        }
        found.sort();
        found.dedup();
        found
    }

    fn refers_to(&self, refers: Refers, kind: RecordKind, id: &str) -> bool {
        match refers {
            Refers::Claim => kind == RecordKind::Claim,
            Refers::Source => kind == RecordKind::Source,
            Refers::Entity => kind == RecordKind::Entity,
            Refers::Topic => false,
            Refers::Origin if self.ledger.has(RecordKind::Source, id) => kind == RecordKind::Source,
            Refers::Origin => kind == RecordKind::Entity,
        }
    }

    fn leads_to(&self, from: &PageMetadata, link: &str, kind: RecordKind, id: &str) -> bool {
        let (page, rest) = match self.resolve(&from.path, link) {
            Target::Page(page, rest) => (page, rest),
            Target::Here(rest) => match self.find(&from.path) {
                Some(page) => (page, rest),
                None => return false,
            },
            _ => return false,
        };
        match &self.page(page).subject {
            Subject::Claim(own) | Subject::Embed(own) if kind == RecordKind::Claim && own == id => return true,
            Subject::Source(own) if kind == RecordKind::Source && own == id => return true,
            _ => {}
        }
        let anchor = rest.split_once('#').map(|(_, fragment)| split_directive(fragment).0);
        let Some(anchor) = anchor.and_then(decode) else { return false };
        let is_entry = self.list_here(page).and_then(|here| self.shown_records(here.list)) == Some(kind);
        is_entry && self.ledger.anchor(kind, id).is_some_and(|own| own == anchor)
    }
}

use serde::Serialize;

use crate::render::draw::Tree;

use super::{ClaimRef, RecordRef, Views};

/// Which sources draw on which documents: sources that draw on one original count once.
#[derive(Clone, Debug, Serialize)]
pub struct OriginsView {
    /// The documents that sources draw on, each with those sources.
    pub originals: Vec<OriginalView>,
    /// The sources that name no original.
    pub alone: Vec<RecordRef>,
    /// The picture for wide windows; absent where nothing draws on anything, or for more than sixty documents.
    pub wide: Option<Tree>,
    /// The same for phones.
    pub narrow: Option<Tree>,
}

/// A document that sources draw on.
#[derive(Clone, Debug, Serialize)]
pub struct OriginalView {
    /// The document.
    pub document: RecordRef,
    /// The sources that draw on it.
    pub sources: Vec<RecordRef>,
    /// The claims for which single passages of other sources draw on it.
    pub passages: Vec<PassageView>,
}

/// The claims for which a source draws on a document that it does not draw on as a whole.
#[derive(Clone, Debug, Serialize)]
pub struct PassageView {
    /// The source.
    pub source: RecordRef,
    /// The claims.
    pub claims: Vec<ClaimRef>,
}

/// That a source draws on an original, both by their place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginLink {
    /// What is drawn on.
    pub original: usize,
    /// What draws on it.
    pub source: usize,
    /// Whether it does so for single claims alone.
    pub partial: bool,
}

impl Views<'_> {
    /// Which sources draw on which documents.
    pub fn origins(&self) -> OriginsView {
        let ledger = &self.site.ledger;
        let (mut ids, mut links): (Vec<&str>, Vec<OriginLink>) = (Vec::new(), Vec::new());
        let mut originals: Vec<(&str, Vec<&str>, Vec<(&str, Vec<&str>)>)> = Vec::new();
        let whole = ledger.sources.iter().flat_map(|source| {
            source.draws_on.iter().map(move |original| (original.as_str(), source.id.as_str(), None))
        });
        let passages = ledger.claims.iter().flat_map(|claim| {
            let supports = claim.sources.iter();
            supports.flat_map(move |support| {
                support.draws_on.iter().map(move |on| (on.as_str(), support.source.as_str(), Some(claim.id.as_str())))
            })
        });
        for (original, source, claim) in whole.chain(passages) {
            let mut place = |id| {
                let known = ids.iter().position(|known| *known == id);
                known.unwrap_or_else(|| {
                    ids.push(id);
                    ids.len() - 1
                })
            };
            let (from, to) = (place(original), place(source));
            if !links.iter().any(|link| (link.original, link.source) == (from, to)) {
                links.push(OriginLink { original: from, source: to, partial: claim.is_some() });
            }
            let at = originals.iter().position(|(known, ..)| *known == original).unwrap_or_else(|| {
                originals.push((original, Vec::new(), Vec::new()));
                originals.len() - 1
            });
            let Some((_, sources, passages)) = originals.get_mut(at) else { continue };
            match claim {
                None => sources.push(source),
                Some(_) if sources.contains(&source) => {}
                Some(claim) => match passages.iter_mut().find(|(known, _)| *known == source) {
                    Some((_, claims)) => claims.push(claim),
                    None => passages.push((source, vec![claim])),
                },
            }
        }
        let documents: Vec<RecordRef> = ids.iter().filter_map(|id| self.original_ref(id)).collect();
        let is_whole = documents.len() == ids.len();
        let draw = |wide| is_whole.then(|| Tree::draw(&documents, &links, wide)).flatten();
        let alone = ledger.sources.iter().filter(|source| !ids.contains(&source.id.as_str()));
        OriginsView {
            wide: draw(720.0),
            narrow: draw(360.0),
            alone: alone.filter_map(|source| self.source_ref(&source.id)).collect(),
            originals: originals
                .into_iter()
                .filter_map(|(id, sources, passages)| self.original(id, &sources, passages))
                .collect(),
        }
    }

    fn original(&self, id: &str, sources: &[&str], passages: Vec<(&str, Vec<&str>)>) -> Option<OriginalView> {
        let passage = |(source, claims): (&str, Vec<&str>)| {
            let claims = claims.into_iter().filter_map(|claim| self.claim_ref(claim)).collect();
            Some(PassageView { source: self.source_ref(source)?, claims })
        };
        Some(OriginalView {
            document: self.original_ref(id)?,
            sources: sources.iter().filter_map(|source| self.source_ref(source)).collect(),
            passages: passages.into_iter().filter_map(passage).collect(),
        })
    }
}

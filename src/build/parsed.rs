//! Content files as a snapshot keeps them: the card always, the body as much as it will be needed.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use crate::diag::Diagnostics;
use crate::parse::{self, Body, Card, Prose, Settings};
use crate::source::{Files, Hash, SitePath};

use super::inputs;

/// What of a page is kept besides its card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The body, made with the card: every page will be rendered once, now.
    Bodies,
    /// The text, half as large: few pages will be rendered, whenever somebody asks. Code is coloured then.
    Sources,
}

/// A content file, read and parsed.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The hash of its bytes.
    pub hash: Hash,
    /// Absent where nobody can tell what the file means.
    pub card: Option<Arc<Card>>,
    /// What is wrong with it alone.
    pub problems: Diagnostics,
    kept: Kept,
    text: OnceLock<Arc<str>>,
}

#[derive(Debug)]
enum Kept {
    Document(Box<(Body, Prose)>),
    Source(Box<[u8]>),
}

/// How pages are parsed, with and without colours for their code.
#[derive(Debug)]
pub(super) struct Parser {
    full: Settings,
    plain: Settings,
    keep: Keep,
}

impl Parser {
    pub fn new(config: &crate::config::ContentConfig, keep: Keep) -> Self {
        let full = Settings::new(config);
        Self { plain: full.without_colours(), full, keep }
    }

    /// Reads and parses one page; its prose comes too where it is not kept. The page is the known one where its bytes
    /// have not changed.
    pub fn read(
        &self,
        files: &dyn Files,
        path: &SitePath,
        known: Option<&Arc<Parsed>>,
    ) -> (Arc<Parsed>, Option<Prose>) {
        let mut problems = Diagnostics::default();
        let Some(bytes) = inputs::raw(files, path, &mut problems) else {
            let kept = Kept::Source(Box::default());
            let hash = Hash::of(b"");
            return (Arc::new(Parsed { hash, card: None, problems, kept, text: OnceLock::new() }), None);
        };
        let hash = Hash::of(&bytes);
        if let Some(known) = known.filter(|known| known.hash == hash && known.card.is_some()) {
            return (known.clone(), None);
        }
        let settings = if self.keep == Keep::Bodies { &self.full } else { &self.plain };
        let (document, found) = parse::page(path, &bytes, settings);
        problems.extend(found);
        let (card, kept, prose) = match (document, self.keep) {
            (None, _) => (None, Kept::Source(Box::default()), None),
            (Some(document), Keep::Bodies) => {
                (Some(document.card), Kept::Document(Box::new((document.body, document.prose))), None)
            }
            (Some(document), Keep::Sources) => {
                (Some(document.card), Kept::Source(bytes.into_boxed_slice()), Some(document.prose))
            }
        };
        (Arc::new(Parsed { hash, card: card.map(Arc::new), problems, kept, text: OnceLock::new() }), prose)
    }

    pub fn body<'p>(&self, path: &SitePath, page: &'p Parsed) -> Cow<'p, Body> {
        match &page.kept {
            Kept::Document(document) => Cow::Borrowed(&document.0),
            Kept::Source(bytes) => {
                let (document, _) = parse::page(path, bytes, &self.full);
                Cow::Owned(document.map(|document| document.body).unwrap_or_default())
            }
        }
    }

    pub fn prose<'p>(&self, path: &SitePath, page: &'p Parsed) -> Cow<'p, Prose> {
        match &page.kept {
            Kept::Document(document) => Cow::Borrowed(&document.1),
            Kept::Source(bytes) => {
                let (document, _) = parse::page(path, bytes, &self.plain);
                Cow::Owned(document.map(|document| document.prose).unwrap_or_default())
            }
        }
    }

    /// The plain text of a page, made when it is first asked for.
    pub fn text(&self, path: &SitePath, page: &Parsed) -> Arc<str> {
        let make = || {
            let prose = self.prose(path, page);
            let sentences = prose.blocks.iter().flat_map(|block| &block.sentences);
            sentences.map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ").into()
        };
        page.text.get_or_init(make).clone()
    }
}

//! Content files as a snapshot keeps them: the card always, the body as much as it will be needed.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use crate::diag::Diagnostics;
use crate::parse::{self, Body, Card, PackedProse, Prose, Settings};
use crate::source::{Files, Hash, SitePath};

use super::cache::Cache;
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
    Body(Box<Body>),
    Source(Box<[u8]>),
}

/// How pages are parsed, with and without colours for their code.
#[derive(Debug)]
pub(super) struct Parser {
    full: Settings,
    plain: Settings,
    keep: Keep,
    /// Whether the plain text of every page will be asked for.
    texts: bool,
    /// What earlier builds parsed.
    cache: Option<Arc<Cache>>,
}

impl Parser {
    pub fn new(config: &crate::config::Config, keep: Keep, cache: Option<Arc<Cache>>) -> Self {
        let full = Settings::new(&config.content);
        Self { plain: full.without_colours(), full, keep, texts: config.output.search, cache }
    }

    /// The hash of a file's bytes and of how they are read.
    pub fn key(&self, hash: &Hash) -> Hash {
        let mut hasher = blake3::Hasher::new();
        let trusted = self.full.trust == crate::config::Trust::Full;
        hasher.update(hash.bytes()).update(&[u8::from(trusted), u8::from(self.full.smart_punctuation)]);
        hasher.finalize().into()
    }

    /// Reads and parses one page; its prose comes too where it is not kept. The page is the known one where its bytes
    /// have not changed.
    pub fn read(
        &self,
        files: &dyn Files,
        path: &SitePath,
        known: Option<&Arc<Parsed>>,
    ) -> (Arc<Parsed>, Option<PackedProse>) {
        let mut problems = Diagnostics::default();
        let Some((bytes, hash)) = inputs::raw_hashed(files, path, &mut problems) else {
            let kept = Kept::Source(Box::default());
            let hash = Hash::of(b"");
            return (Arc::new(Parsed { hash, card: None, problems, kept, text: OnceLock::new() }), None);
        };
        if let Some(known) = known.filter(|known| known.hash == hash && known.card.is_some()) {
            return (known.clone(), None);
        }
        let key = self.key(&hash);
        if let Some(stored) = self.cache.as_ref().and_then(|cache| cache.document(path, &key)) {
            let (card, kept) = (Some(Arc::new(stored.card)), Kept::Source(bytes.into_boxed_slice()));
            let page = Parsed { hash, card, problems: stored.problems, kept, text: OnceLock::new() };
            if self.texts {
                self.text(path, &page);
            }
            return (Arc::new(page), None);
        }
        let settings = if self.keep == Keep::Bodies { &self.full } else { &self.plain };
        let (document, found) = parse::page(path, &bytes, settings);
        let prose = document.as_ref().map(|document| document.prose.pack());
        let caching = self.cache.as_ref().filter(|_| self.keep == Keep::Bodies);
        // What the cache holds need not be held in memory until it is asked for.
        let held = caching.zip(document.as_ref()).zip(prose.as_ref());
        let held = held.is_some_and(|((cache, document), prose)| cache.keep(path, key, document, prose, &found));
        problems.extend(found);
        let text = OnceLock::new();
        let (card, kept) = match document {
            None => (None, Kept::Source(Box::default())),
            Some(document) => {
                if self.texts && self.keep == Keep::Bodies {
                    let _ = text.set(text_of(&document.prose));
                }
                let kept = match self.keep {
                    Keep::Bodies if !held => Kept::Body(Box::new(document.body)),
                    _ => Kept::Source(bytes.into_boxed_slice()),
                };
                (Some(document.card), kept)
            }
        };
        let prose = prose.filter(|_| !held);
        (Arc::new(Parsed { hash, card: card.map(Arc::new), problems, kept, text }), prose)
    }

    pub fn body<'p>(&self, path: &SitePath, page: &'p Parsed) -> Cow<'p, Body> {
        match &page.kept {
            Kept::Body(body) => Cow::Borrowed(body),
            Kept::Source(bytes) => {
                let kept = self.cache.as_ref().and_then(|cache| cache.body(path, &self.key(&page.hash)));
                let parse = || parse::page(path, bytes, &self.full).0.map(|document| document.body);
                Cow::Owned(kept.or_else(parse).unwrap_or_default())
            }
        }
    }

    pub fn prose(&self, path: &SitePath, page: &Parsed) -> Prose {
        match &page.kept {
            // Whoever keeps bodies asks for the prose once, when it is made.
            Kept::Body(_) => Prose::default(),
            Kept::Source(bytes) => {
                let kept = self.cache.as_ref().and_then(|cache| cache.prose(path, &self.key(&page.hash)));
                let parse = || parse::page(path, bytes, &self.plain).0.map(|document| document.prose);
                kept.or_else(parse).unwrap_or_default()
            }
        }
    }

    /// The plain text of a page, made when it is first asked for.
    pub fn text(&self, path: &SitePath, page: &Parsed) -> Arc<str> {
        page.text.get_or_init(|| text_of(&self.prose(path, page))).clone()
    }
}

fn text_of(prose: &Prose) -> Arc<str> {
    let sentences = prose.blocks.iter().flat_map(|block| &block.sentences);
    sentences.map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ").into()
}

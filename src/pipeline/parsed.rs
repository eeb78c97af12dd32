//! Content files as a snapshot keeps them: the metadata always, the body as much as it will be needed.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Reads;
use crate::parse::{self, Body, Document, PageMetadata, Prose, Settings};
use crate::source::{Files, Hash, SitePath, Span};

use super::cache::{Cache, Stored};
use super::inputs;

/// Bytes of bodies that are held where the cache does not; pages past them are read again when they are needed.
const HELD: usize = 512 << 20;

/// The code of problems that are found when code is highlighted.
const CODE: &str = "highlight-limit";

/// What of a page is kept besides its metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The body, made with the metadata: every page will be rendered once, now.
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
    pub metadata: Option<Arc<PageMetadata>>,
    /// What is wrong with it alone.
    pub problems: Diagnostics,
    kept: Kept,
    text: OnceLock<Arc<str>>,
}

#[derive(Debug)]
enum Kept {
    Body(Box<Body>),
    Source(Box<[u8]>),
    /// Nothing: the cache has it, or the file is read again.
    Elsewhere,
}

/// What the rules found in the prose of a page, or in a record. It holds as long as that and what was read of the ledger are
/// the same.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub problems: Diagnostics,
    /// The same of the rules for pages about a topic, should it be one.
    pub topical: Diagnostics,
    pub reads: Reads,
    /// The state of what was read.
    pub state: u64,
}

/// What the rules on single records found, by the key of the record.
pub(super) type CheckedRecords = Arc<FxHashMap<(u64, u64), Arc<Checked>>>;

/// Checks the prose of a page.
pub(super) type PageRule<'a> = &'a (dyn Fn(&PageMetadata, &Prose) -> Checked + Sync);

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
    /// How many bytes of bodies are held.
    held: AtomicUsize,
    /// Where sources are kept: what is wrong with the code of pages, known once their bodies are made, with the hash of the
    /// page that it holds for.
    of_code: Mutex<FxHashMap<SitePath, (Hash, Diagnostics)>>,
}

impl Parser {
    pub fn new(config: &crate::config::Config, keep: Keep, cache: Option<Arc<Cache>>) -> Self {
        let full = Settings::new(&config.content);
        Self {
            plain: full.without_colours(),
            full,
            keep,
            texts: config.output.search,
            cache,
            held: AtomicUsize::new(0),
            of_code: Mutex::default(),
        }
    }

    /// The hash of a file's bytes and of how they are read.
    pub fn key(&self, hash: &Hash) -> Hash {
        let mut hasher = blake3::Hasher::new();
        let trusted = self.full.trust == crate::config::Trust::Full;
        hasher.update(hash.bytes()).update(&[u8::from(trusted), u8::from(self.full.smart_punctuation)]);
        hasher.finalize().into()
    }

    /// Reads, parses and checks one page. The page is the known one where its bytes have not changed; what the rules found is
    /// there only where it was parsed now.
    pub fn read(
        &self,
        files: &dyn Files,
        path: &SitePath,
        known: Option<&Arc<Parsed>>,
        rule: PageRule<'_>,
    ) -> (Arc<Parsed>, Option<Checked>) {
        let mut problems = Diagnostics::default();
        let Some((bytes, hash)) = inputs::raw(files, path, parse::limits::MAX_PAGE as u64, &mut problems) else {
            let kept = Kept::Source(Box::default());
            let hash = Hash::of(b"");
            return (Arc::new(Parsed { hash, metadata: None, problems, kept, text: OnceLock::new() }), None);
        };
        if let Some(known) = known.filter(|known| known.hash == hash && known.metadata.is_some()) {
            return (known.clone(), None);
        }
        let key = self.key(&hash);
        if let Some(stored) = self.cache.as_ref().and_then(|cache| cache.document(path, &key, self.texts)) {
            let Stored { metadata, problems, text } = stored;
            let text = made(text);
            let page = Parsed { hash, metadata: Some(Arc::new(metadata)), problems, kept: Kept::Elsewhere, text };
            return (Arc::new(page), None);
        }
        let settings = if self.keep == Keep::Bodies { &self.full } else { &self.plain };
        let (document, found) = parse::page(path, &bytes, settings);
        let caching = self.cache.as_ref().filter(|_| self.keep == Keep::Bodies);
        let Some(document) = document else {
            problems.extend(found);
            let kept = Kept::Source(Box::default());
            return (Arc::new(Parsed { hash, metadata: None, problems, kept, text: OnceLock::new() }), None);
        };
        let checked = rule(&document.metadata, &document.prose);
        let text = (self.texts && self.keep == Keep::Bodies).then(|| document.prose.plain());
        // What the cache holds need not be held in memory until it is asked for.
        let cached = caching.is_some_and(|cache| cache.keep(path, key, &document, text.as_deref(), &found));
        problems.extend(found);
        let text = made(text);
        let Document { metadata, body, .. } = document;
        let kept = match self.keep {
            Keep::Sources => Kept::Source(bytes.into_boxed_slice()),
            Keep::Bodies if !cached && self.has_room(body.html.len()) => Kept::Body(Box::new(body)),
            Keep::Bodies => Kept::Elsewhere,
        };
        (Arc::new(Parsed { hash, metadata: Some(Arc::new(metadata)), problems, kept, text }), Some(checked))
    }

    /// Whether so many bytes more may be held.
    fn has_room(&self, more: usize) -> bool {
        self.held.fetch_add(more, Ordering::Relaxed) + more <= HELD
    }

    /// The body of a page; where it is not kept, from the cache, else from its file. Where sources are kept, no files are
    /// needed.
    ///
    /// # Errors
    /// When the file is not as it was.
    pub fn body<'p>(
        &self,
        files: Option<&dyn Files>,
        path: &SitePath,
        page: &'p Parsed,
    ) -> Result<Cow<'p, Body>, Box<Diagnostic>> {
        if let Kept::Body(body) = &page.kept {
            return Ok(Cow::Borrowed(body));
        }
        if let Some(kept) = self.cache.as_ref().and_then(|cache| cache.body(path, &self.key(&page.hash))) {
            return Ok(Cow::Owned(kept));
        }
        let (document, problems) = Self::again(files, path, page, &self.full)?;
        if self.keep == Keep::Sources {
            let of_code: Diagnostics = problems.into_iter().filter(|found| found.code == CODE).collect();
            if !of_code.is_empty() {
                self.of_code().insert(path.clone(), (page.hash, of_code));
            }
        }
        Ok(Cow::Owned(document.map(|document| document.body).unwrap_or_default()))
    }

    /// What is wrong with the code of these pages, as far as their bodies have been made from kept sources.
    pub fn problems_of_code(&self, pages: &FxHashMap<SitePath, Arc<Parsed>>) -> Diagnostics {
        let of_code = self.of_code();
        let holds = |path: &SitePath, hash: &Hash| pages.get(path).is_some_and(|page| page.hash == *hash);
        let found = of_code.iter().filter(|(path, (hash, _))| holds(path, hash));
        found.flat_map(|(_, (_, problems))| problems.iter().cloned()).collect()
    }

    fn of_code(&self) -> MutexGuard<'_, FxHashMap<SitePath, (Hash, Diagnostics)>> {
        self.of_code.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The prose of a page, from its source: nobody keeps it, as the rules read it while it is made.
    ///
    /// # Errors
    /// When the file is not as it was.
    pub fn prose(&self, files: Option<&dyn Files>, path: &SitePath, page: &Parsed) -> Result<Prose, Box<Diagnostic>> {
        let (document, _) = Self::again(files, path, page, &self.plain)?;
        Ok(document.map_or_else(|| Prose::new(path), |document| document.prose))
    }

    /// Parses a page again.
    fn again(
        files: Option<&dyn Files>,
        path: &SitePath,
        page: &Parsed,
        settings: &Settings,
    ) -> Result<(Option<Document>, Diagnostics), Box<Diagnostic>> {
        if let Kept::Source(bytes) = &page.kept {
            return Ok(parse::page(path, bytes, settings));
        }
        let changed = || {
            let message = format!("`{path}` was changed while the site was built");
            Diagnostic::new("read-failed", Span::file(path), message).hint("build again")
        };
        match files.map(|files| files.read_hashed(path, parse::limits::MAX_PAGE as u64)) {
            Some(Ok((bytes, hash))) if hash == page.hash => Ok(parse::page(path, &bytes, settings)),
            Some(Err(error)) => Err(Box::new(Diagnostic::read_failed(path, &error))),
            _ => Err(Box::new(changed())),
        }
    }

    /// The plain text of a page, made when it is first asked for; whoever keeps bodies has made it with the metadata.
    pub fn text(&self, path: &SitePath, page: &Parsed) -> Arc<str> {
        let make = || match &page.kept {
            Kept::Source(bytes) => parse::page(path, bytes, &self.plain).0.map(|document| document.prose.plain()),
            _ => None,
        };
        page.text.get_or_init(|| make().unwrap_or_default().into()).clone()
    }
}

/// A text that was made already, or nothing yet.
fn made(text: Option<String>) -> OnceLock<Arc<str>> {
    text.map_or_else(OnceLock::new, |text| OnceLock::from(Arc::from(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    #[test]
    fn problems_of_code_are_the_same_whether_bodies_or_sources_are_kept() {
        let code = "a-".repeat(900);
        let files = Memory::fixture(&format!("//- content/a.md\n# A\n\n```scss\n{code}\n```\n"));
        let path = SitePath::new("content/a.md").unwrap();
        let read = |keep| {
            let parser = Parser::new(&crate::config::Config::default(), keep, None);
            let (page, _) = parser.read(&files, &path, None, &|_, _| Checked::default());
            let pages = FxHashMap::from_iter([(path.clone(), page.clone())]);
            assert!(parser.problems_of_code(&pages).is_empty());
            parser.body(Some(&files), &path, &page).unwrap();
            let later = parser.problems_of_code(&pages);
            page.problems.iter().chain(later.iter()).cloned().collect::<Vec<_>>()
        };
        let found = read(Keep::Bodies);
        assert_eq!(found.first().map(|found| found.code), Some(CODE));
        assert_eq!(found, read(Keep::Sources));
    }

    #[test]
    fn past_what_may_be_held_a_page_is_read_again_and_must_be_as_it_was() {
        let files = Memory::fixture("//- content/a.md\n# A\n\nWords. More *words*.\n");
        let path = SitePath::new("content/a.md").unwrap();
        let parser = Parser::new(&crate::config::Config::default(), Keep::Bodies, None);
        let read = || parser.read(&files, &path, None, &|_, _| Checked::default());
        let (held, _) = read();
        assert!(matches!(held.kept, Kept::Body(_)));
        parser.held.store(HELD, Ordering::Relaxed);
        let (page, _) = read();
        assert!(matches!(page.kept, Kept::Elsewhere));
        let again = parser.body(Some(&files), &path, &page).unwrap().into_owned();
        assert_eq!(again, parser.body(None, &path, &held).unwrap().into_owned());
        assert_eq!(parser.prose(Some(&files), &path, &page).unwrap().plain(), "A Words. More words.");
        files.insert(path.clone(), b"# B\n".to_vec());
        let problem = parser.body(Some(&files), &path, &page).unwrap_err();
        assert_eq!(problem.message, "`content/a.md` was changed while the site was built");
    }
}

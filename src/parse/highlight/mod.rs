//! Syntax highlighting.

mod languages;
mod painter;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::FxHashMap;
use syntect::parsing::{SyntaxReference, SyntaxSet};

use super::grammar::{Budget, Grammars, Lexer};
use super::html::push_text;
use super::limits::{HIGHLIGHT_STEPS, HIGHLIGHT_STEPS_PER_BYTE, MAX_HIGHLIGHT, MAX_HIGHLIGHT_LINE};
use crate::source::Hash;
use languages::{LanguageName, find_name};
use painter::painted;

/// The maximum size of remembered HTML, in bytes; when it is exceeded, all of it is dropped.
const MEMORY: usize = 32 << 20;

/// Turns code into HTML with classes; shared by all pages, so that equal code is highlighted once.
pub struct Highlighter {
    /// The common languages, loaded on first use, which takes milliseconds.
    common: OnceLock<Syntaxes>,
    /// Many more languages, loaded on first use. For languages in both sets, the common syntax is faster.
    more: OnceLock<Syntaxes>,
    memo: Mutex<Memo>,
}

/// A syntax set, with its contexts prepared for the lexer.
struct Syntaxes {
    set: SyntaxSet,
    grammars: Grammars,
}

#[derive(Default)]
struct Memo {
    /// One cell per block, so that threads with the same block wait for the first of them.
    blocks: FxHashMap<Hash, Arc<OnceLock<Arc<Highlighted>>>>,
    bytes: usize,
}

/// A language as an info string names it.
#[derive(Clone, Copy)]
pub(super) enum Language<'a> {
    /// Plain text, or a known language without a syntax.
    Plain,
    /// A language with a syntax.
    Known(KnownLanguage<'a>),
    /// An unknown name.
    Unknown,
}

/// A syntax, with its syntax set.
#[derive(Clone, Copy)]
pub(super) struct KnownLanguage<'a> {
    syntaxes: &'a Syntaxes,
    syntax: &'a SyntaxReference,
    /// A line that is read before the code.
    before: &'static str,
}

/// A block of code as HTML, in which no span crosses a line end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Highlighted {
    /// Its HTML; plain if it exceeds a limit.
    pub html: String,
    /// The exceeded limit, if there is one.
    pub limit: Option<Limit>,
    /// The steps spent.
    pub steps: usize,
}

/// An exceeded limit; the code is then not highlighted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// The size of the block, in bytes.
    Bytes(usize),
    /// The number of a line, from 0, and its size in bytes.
    LineBytes(usize, usize),
    /// The steps of the block, which were exceeded in this line.
    Steps(usize),
    /// The steps of the page.
    Page,
}

impl Limit {
    /// The number of the line, from 0, at which it is reached.
    pub fn line(self) -> usize {
        match self {
            Self::LineBytes(line, _) | Self::Steps(line) => line,
            Self::Bytes(_) | Self::Page => 0,
        }
    }

    /// The message.
    pub fn message(self) -> String {
        match self {
            Self::Bytes(bytes) => format!("it has {bytes} bytes, the limit is {MAX_HIGHLIGHT} (MAX_HIGHLIGHT)"),
            Self::LineBytes(_, bytes) => {
                format!("this line has {bytes} bytes, the limit is {MAX_HIGHLIGHT_LINE} (MAX_HIGHLIGHT_LINE)")
            }
            Self::Steps(_) => "this line takes too long to highlight (HIGHLIGHT_STEPS)".to_owned(),
            Self::Page => "the code before it took as long as one page may (HIGHLIGHT_STEPS_PER_PAGE)".to_owned(),
        }
    }
}

impl Default for Highlighter {
    fn default() -> Self {
        Self { common: OnceLock::new(), more: OnceLock::new(), memo: Mutex::default() }
    }
}

impl std::fmt::Debug for Highlighter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Highlighter")
    }
}

impl Highlighter {
    /// The language called `name`.
    pub(super) fn language(&self, name: &str) -> Language<'_> {
        let lower = name.to_ascii_lowercase();
        let LanguageName::Token(token, before) = find_name(&lower) else { return Language::Plain };
        let find = |syntaxes: fn(&Self) -> &Syntaxes| {
            let syntaxes = syntaxes(self);
            syntaxes
                .set
                .find_syntax_by_token(token)
                .map(|syntax| Language::Known(KnownLanguage { syntaxes, syntax, before }))
        };
        // The common syntax of JSON does not distinguish keys and values.
        let common = if token == "json" { None } else { find(Self::common) };
        common.or_else(|| find(Self::more)).unwrap_or(Language::Unknown)
    }

    /// Every name by which a language may be called.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let known = self.more().set.syntaxes().iter();
        let known = known.flat_map(|syntax| std::iter::once(&syntax.name).chain(&syntax.file_extensions));
        known.map(String::as_str).chain(languages::names().map(|name| -> &str { name }))
    }

    /// Highlights `code`; the result is plain if it exceeds a limit.
    pub(super) fn highlight(&self, language: KnownLanguage<'_>, code: &str) -> Arc<Highlighted> {
        let KnownLanguage { syntax, before, .. } = language;
        let cell = {
            let mut hasher = blake3::Hasher::new();
            hasher.update(syntax.name.as_bytes()).update(&[0]).update(before.as_bytes()).update(code.as_bytes());
            self.memo().blocks.entry(hasher.finalize().into()).or_default().clone()
        };
        let mut fresh = 0;
        let highlighted = cell.get_or_init(|| {
            let highlighted = highlight(language, code);
            fresh = highlighted.html.len();
            Arc::new(highlighted)
        });
        if fresh > 0 {
            let mut memo = self.memo();
            memo.bytes += fresh;
            if memo.bytes > MEMORY {
                *memo = Memo::default();
            }
        }
        highlighted.clone()
    }

    fn memo(&self) -> MutexGuard<'_, Memo> {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn common(&self) -> &Syntaxes {
        self.common.get_or_init(|| SyntaxSet::load_defaults_newlines().into())
    }

    fn more(&self) -> &Syntaxes {
        self.more.get_or_init(|| two_face::syntax::extra_newlines().into())
    }
}

impl From<SyntaxSet> for Syntaxes {
    fn from(set: SyntaxSet) -> Self {
        Self { set, grammars: Grammars::default() }
    }
}

/// Escapes `code` without highlighting.
pub(super) fn plain(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + code.len() / 8);
    push_text(&mut out, code);
    out
}

fn highlight(language: KnownLanguage<'_>, code: &str) -> Highlighted {
    let over = |limit, steps| Highlighted { html: plain(code), limit: Some(limit), steps };
    if code.len() > MAX_HIGHLIGHT {
        return over(Limit::Bytes(code.len()), 0);
    }
    if let Some((number, line)) = code.lines().enumerate().find(|(_, line)| line.len() > MAX_HIGHLIGHT_LINE) {
        return over(Limit::LineBytes(number, line.len()), 0);
    }
    let KnownLanguage { syntaxes: Syntaxes { set, grammars }, syntax, before } = language;
    let steps = HIGHLIGHT_STEPS + HIGHLIGHT_STEPS_PER_BYTE * code.len();
    let Some(mut lexer) = Lexer::new(grammars, set, syntax, Budget::new(steps)) else {
        return over(Limit::Steps(0), 0);
    };
    let html = painted(code, before, &mut lexer);
    let steps = steps - lexer.budget().left();
    match html {
        Ok(html) => Highlighted { html, limit: None, steps },
        Err(line) => over(Limit::Steps(line), steps),
    }
}

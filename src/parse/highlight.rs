use std::borrow::Cow;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;
use syntect::parsing::{ClearAmount, ParseState, Scope, ScopeStackOp, SyntaxReference, SyntaxSet};

use super::grammar::{Grammars, Lexer};
use super::html::push_text;
use super::limits::{MAX_HIGHLIGHT, MAX_HIGHLIGHT_LINE};
use super::scope::{Paint, paint};
use crate::source::Hash;

/// Names that editors use and the syntaxes do not know.
const ALIASES: &[(&str, &str)] = &[
    ("shell", "sh"),
    // What a program answers is no shell script.
    ("console", "text"),
    ("shell-session", "text"),
    ("sh-session", "text"),
    ("jsonc", "json"),
    ("json5", "json"),
    ("jsonl", "json"),
    ("tera", "jinja2"),
    ("jinja", "jinja2"),
    ("c++", "cpp"),
    ("c#", "cs"),
    ("csharp", "cs"),
    ("golang", "go"),
    ("patch", "diff"),
    ("docker", "dockerfile"),
    ("mermaid", "text"),
];
/// Names for text that wants no colours.
const PLAIN: &[&str] = &["", "text", "txt", "plain", "plaintext", "none", "output"];
/// Bytes of highlighted HTML that are remembered; past them all is forgotten, so that a large site stays in bounds.
const MEMORY: usize = 32 << 20;

/// Turns code into HTML with classes; shared by all pages, so that equal code is highlighted once.
pub struct Highlighter {
    /// The common languages, loaded when the first block asks: it takes milliseconds.
    common: OnceLock<Syntaxes>,
    /// Many more, loaded when the common ones do not do. Of what is in both, the common one is quicker: half the time for
    /// JavaScript, a little less for Rust and YAML.
    more: OnceLock<Syntaxes>,
    memo: Mutex<Memo>,
}

/// Syntaxes, and what the lexer has prepared of them.
pub(super) struct Syntaxes {
    set: SyntaxSet,
    grammars: Grammars,
}

#[derive(Default)]
struct Memo {
    /// One cell a block: whoever comes second waits for the first instead of working twice.
    blocks: FxHashMap<Hash, Arc<OnceLock<Arc<str>>>>,
    bytes: usize,
}

/// A language as an info string names it.
#[derive(Clone, Copy)]
pub(super) enum Language<'a> {
    /// No colours are wanted.
    Plain,
    /// Known, with the set that it came from.
    Known(&'a Syntaxes, &'a SyntaxReference),
    /// Nobody knows it.
    Unknown,
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
        if PLAIN.contains(&lower.as_str()) {
            return Language::Plain;
        }
        let name = ALIASES.iter().find(|(alias, _)| *alias == lower).map_or(lower.as_str(), |(_, name)| *name);
        if PLAIN.contains(&name) {
            return Language::Plain;
        }
        let find = |syntaxes: fn(&Self) -> &Syntaxes| {
            let syntaxes = syntaxes(self);
            syntaxes.set.find_syntax_by_token(name).map(|syntax| Language::Known(syntaxes, syntax))
        };
        // The common JSON cannot tell a key from a value.
        let common = if name == "json" { None } else { find(Self::common) };
        common.or_else(|| find(Self::more)).unwrap_or(Language::Unknown)
    }

    /// Every name by which a language may be called.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let known = self.more().set.syntaxes().iter();
        known
            .flat_map(|syntax| std::iter::once(&syntax.name).chain(&syntax.file_extensions))
            .map(String::as_str)
            .chain(ALIASES.iter().map(|(alias, _)| *alias))
    }

    /// `code` as HTML, each line closed in itself; without colours where the code is over a limit or defeats its syntax.
    pub(super) fn highlight(&self, syntaxes: &Syntaxes, syntax: &SyntaxReference, code: &str) -> Arc<str> {
        let cell = {
            let mut hasher = blake3::Hasher::new();
            hasher.update(syntax.name.as_bytes()).update(&[0]).update(code.as_bytes());
            let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
            memo.blocks.entry(hasher.finalize().into()).or_default().clone()
        };
        let mut fresh = 0;
        let html = cell.get_or_init(|| {
            let html: Arc<str> = coloured(syntaxes, syntax, code).unwrap_or_else(|| plain(code)).into();
            fresh = html.len();
            html
        });
        if fresh > 0 {
            let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
            memo.bytes += fresh;
            if memo.bytes > MEMORY {
                *memo = Memo::default();
            }
        }
        html.clone()
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

/// `code` without colours.
pub(super) fn plain(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + code.len() / 8);
    push_text(&mut out, code);
    out
}

fn coloured(syntaxes: &Syntaxes, syntax: &SyntaxReference, code: &str) -> Option<String> {
    if code.len() > MAX_HIGHLIGHT || code.lines().any(|line| line.len() > MAX_HIGHLIGHT_LINE) {
        return None;
    }
    let Syntaxes { set, grammars } = syntaxes;
    let quick =
        Lexer::new(grammars, set, syntax).and_then(|mut lexer| painted(code, |line, ops| lexer.line(line, ops)));
    // What is too deep or too strange for our lexer.
    quick.or_else(|| coloured_by_syntect(set, syntax, code))
}

fn coloured_by_syntect(set: &SyntaxSet, syntax: &SyntaxReference, code: &str) -> Option<String> {
    let mut state = ParseState::new(syntax);
    painted(code, |line, ops| {
        *ops = state.parse_line(line, set).ok()?;
        Some(())
    })
}

type Ops = Vec<(usize, ScopeStackOp)>;

/// Code as HTML; `read` tells what each line does to the scopes.
fn painted(code: &str, mut read: impl FnMut(&str, &mut Ops) -> Option<()>) -> Option<String> {
    let mut painter = Painter { out: String::with_capacity(code.len() * 3), ..Painter::default() };
    let mut ops = Ops::new();
    for line in code.split_inclusive('\n') {
        // Syntaxes expect every line to end.
        let whole = if line.ends_with('\n') { Cow::Borrowed(line) } else { format!("{line}\n").into() };
        read(&whole, &mut ops)?;
        let text = line.strip_suffix('\n').unwrap_or(line);
        let mut done = 0;
        for (at, op) in &ops {
            let at = (*at).min(text.len());
            painter.text(text.get(done..at)?);
            done = at.max(done);
            painter.apply(op);
        }
        painter.text(text.get(done..)?);
        painter.line_end();
        if line.len() > text.len() {
            painter.out.push('\n');
        }
    }
    Some(painter.out)
}

/// Writes spans while scopes come and go.
#[derive(Default)]
struct Painter {
    out: String,
    /// The open scopes, each with the class in force inside it.
    stack: Vec<(Scope, Option<&'static str>)>,
    /// Scopes put aside by a `clear`.
    cleared: Vec<Vec<(Scope, Option<&'static str>)>>,
    known: FxHashMap<Scope, Paint>,
    /// Spaces not written yet. They have no colour: between neighbours of one class they join the span, else they stay out.
    space: String,
    /// The class of the open span.
    span: Option<&'static str>,
}

impl Painter {
    fn apply(&mut self, op: &ScopeStackOp) {
        match op {
            ScopeStackOp::Push(scope) => self.push(*scope),
            ScopeStackOp::Pop(count) => self.stack.truncate(self.stack.len().saturating_sub(*count)),
            ScopeStackOp::Clear(amount) => {
                let keep = match amount {
                    ClearAmount::TopN(count) => self.stack.len().saturating_sub(*count),
                    ClearAmount::All => 0,
                };
                self.cleared.push(self.stack.split_off(keep));
            }
            ScopeStackOp::Restore => {
                for (scope, _) in self.cleared.pop().unwrap_or_default() {
                    self.push(scope);
                }
            }
            ScopeStackOp::Noop => {}
        }
    }

    fn push(&mut self, scope: Scope) {
        let around = self.stack.last().and_then(|(_, class)| *class);
        let class = match self.known.entry(scope).or_insert_with(|| paint(scope)) {
            Paint::Inherit => around,
            Paint::Plain => None,
            // The text of a key is the key, not a string.
            Paint::Class("string") if around == Some("attribute") => around,
            Paint::Class(class) => Some(*class),
        };
        self.stack.push((scope, class));
    }

    fn text(&mut self, text: &str) {
        let words = text.trim_start_matches([' ', '\t']);
        self.space.push_str(&text[..text.len() - words.len()]);
        if words.is_empty() {
            return;
        }
        let class = self.stack.last().and_then(|(_, class)| *class);
        self.set(class);
        let end = words.trim_end_matches([' ', '\t']);
        push_text(&mut self.out, end);
        self.space.push_str(&words[end.len()..]);
    }

    /// Ends the line.
    fn line_end(&mut self) {
        self.set(None);
    }

    fn set(&mut self, class: Option<&'static str>) {
        if self.span == class {
            return self.spaces();
        }
        if self.span.is_some() {
            self.out.push_str("</span>");
        }
        self.spaces();
        if let Some(class) = class {
            self.out.push_str("<span class=\"hl-");
            self.out.push_str(class);
            self.out.push_str("\">");
        }
        self.span = class;
    }

    fn spaces(&mut self) {
        self.out.push_str(&self.space);
        self.space.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::HIGHLIGHT_CLASSES;

    #[track_caller]
    fn check(language: &str, code: &str, expected: &str) {
        let highlighter = Highlighter::default();
        let html = match highlighter.language(language) {
            Language::Known(set, syntax) => highlighter.highlight(set, syntax, code).to_string(),
            Language::Plain => "PLAIN".to_owned(),
            Language::Unknown => "UNKNOWN".to_owned(),
        };
        assert_eq!(html, expected);
    }

    #[test]
    fn few_classes_and_merged_spans() {
        // In short: `[c x]` for a span of class `hl-c`.
        for (language, code, expected) in [
            ("yaml", "# note\nid: azure # x\n", "[comment # note]\n[attribute id]: [string azure] [comment # x]\n"),
            ("rust", "let x = \"a<b\"; // hi", "[keyword let] x = [string \"a&lt;b\"]; [comment // hi]"),
            ("json", "{\"a\": true}", "{[attribute \"a\"]: [constant true]}"),
            ("md", "# Title\n\n*em* `c`\n", "[heading # Title]\n\n[emphasis *em*] [string `c`]\n"),
            ("html", "<p class=\"a\">", "&lt;[tag p] [attribute class]=[string \"a\"]&gt;"),
            ("toml", "b = 'c' # d", "[attribute b] = [string 'c'] [comment # d]"),
            ("ts", "`x${a}`", "[string `x${]a[string }`]"),
            ("shell", "echo \"$HOME\"", "[function echo] [string \"$HOME\"]"),
            ("diff", "-a\n+b\n", "[deleted -a]\n[inserted +b]\n"),
            ("python", "\"\"\"doc\n  more\"\"\"\n", "[comment \"\"\"doc]\n  [comment more\"\"\"]\n"),
        ] {
            let spans = expected.replace('[', "<span class=\"hl-").replace(']', "</span>");
            let classes = HIGHLIGHT_CLASSES.iter();
            let html =
                classes.fold(spans, |html, class| html.replace(&format!("hl-{class} "), &format!("hl-{class}\">")));
            check(language, code, &html);
        }
    }

    #[test]
    fn names() {
        check("text", "", "PLAIN");
        check("nonsense", "", "UNKNOWN");
        check("YAML", "a", "<span class=\"hl-string\">a</span>");
    }

    #[test]
    fn equal_code_is_highlighted_once() {
        let highlighter = Highlighter::default();
        let Language::Known(set, syntax) = highlighter.language("yaml") else { panic!("YAML is known") };
        let first = highlighter.highlight(set, syntax, "a: 1");
        assert!(Arc::ptr_eq(&first, &highlighter.highlight(set, syntax, "a: 1")));
        assert!(!Arc::ptr_eq(&first, &highlighter.highlight(set, syntax, "a: 2")));
    }

    #[test]
    fn long_lines_stay_plain() {
        let code = "a".repeat(MAX_HIGHLIGHT_LINE + 1);
        check("rust", &code, &code);
    }
}

//! Writes code as HTML with classes, from the scope operations of each line.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use syntect::parsing::{ClearAmount, Scope, ScopeStackOp};

use crate::parse::grammar::Lexer;
use crate::parse::html::push_text;
use crate::parse::scope::{Paint, paint};

/// Code as HTML; `before` is read before the code, but not written.
///
/// # Errors
/// The number of the line, from 0, that cannot be read, or not within the lexer's budget.
pub(super) fn painted(code: &str, before: &str, lexer: &mut Lexer<'_>) -> Result<String, usize> {
    let mut painter = Painter { out: String::with_capacity(code.len() * 3), ..Painter::default() };
    let mut ops = Vec::new();
    for line in before.split_inclusive('\n') {
        lexer.line(line, &mut ops).ok_or(0_usize)?;
        ops.iter().for_each(|(_, op)| painter.apply(op));
    }
    for (number, line) in code.split_inclusive('\n').enumerate() {
        // Syntaxes expect every line to end.
        let whole = if line.ends_with('\n') { Cow::Borrowed(line) } else { format!("{line}\n").into() };
        let read = lexer.line(&whole, &mut ops);
        let text = line.strip_suffix('\n').unwrap_or(line);
        read.and_then(|()| painter.line(text, &ops)).ok_or(number)?;
        if line.len() > text.len() {
            painter.out.push('\n');
        }
    }
    Ok(painter.out)
}

/// Writes spans while scopes come and go.
#[derive(Default)]
struct Painter {
    out: String,
    /// The open scopes, each with the class of its text.
    stack: Vec<(Scope, Option<&'static str>)>,
    /// Scopes removed by a `clear`.
    cleared: Vec<Vec<(Scope, Option<&'static str>)>>,
    known: FxHashMap<Scope, Paint>,
    /// Spaces that are not written yet: between texts of one class they are inside its span, otherwise outside.
    space: String,
    /// The class of the open span.
    span: Option<&'static str>,
}

impl Painter {
    /// Writes a line, and closes its spans.
    fn line(&mut self, text: &str, ops: &[(usize, ScopeStackOp)]) -> Option<()> {
        let mut done = 0;
        for (at, op) in ops {
            let at = (*at).min(text.len());
            self.text(text.get(done..at)?);
            done = at.max(done);
            self.apply(op);
        }
        self.text(text.get(done..)?);
        self.set(None);
        Some(())
    }

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

//! The template set: loaded, compiled, and what each template wants to know.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Context, ErrorKind, Tera, Value};

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{Hash, SitePath, Span};

/// The largest output of one template, in bytes: a loop that never ends must not eat the memory.
pub const OUTPUT_LIMIT: usize = 64 * 1024 * 1024;

/// A compiled template set.
pub struct Templates {
    tera: Tera,
    texts: BTreeMap<String, String>,
    wants: BTreeMap<String, BTreeSet<String>>,
    names: BTreeSet<String>,
    /// The hash of all templates together: components are called from anywhere, so the set is one.
    pub hash: Hash,
}

impl Templates {
    /// Compiles templates, given by their name below `templates/`, and says all that is wrong with them.
    pub fn compile(texts: BTreeMap<String, String>, problems: &mut Diagnostics) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
        for (name, text) in &texts {
            hasher.update(name.as_bytes()).update(&[0]).update(Hash::of(text.as_bytes()).bytes());
        }
        let mut good: BTreeMap<&str, &str> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let tera = loop {
            let mut tera = Tera::default();
            tera.autoescape_on(vec![".html", ".xml"]);
            let Err(error) = tera.add_raw_templates(good.iter().map(|(name, text)| (*name, *text))) else { break tera };
            let (name, found) = diagnose(&error, &texts);
            // What is only missing because it was taken out has been told.
            let is_told = matches!(error.kind(), ErrorKind::MissingParent { parent, .. } if texts.contains_key(parent));
            problems.extend((!is_told).then_some(found));
            // One bad template must not hide what is wrong with the next.
            if name.is_none_or(|name| good.remove(name.as_str()).is_none()) {
                break Tera::default();
            }
        };
        let names: BTreeSet<String> = texts.keys().cloned().collect();
        let wants = names.iter().filter_map(|name| {
            let wanted = tera.get_template_variables(name).ok()?;
            Some((name.clone(), wanted.into_iter().map(str::to_owned).collect()))
        });
        let wants = wants.collect();
        Self { tera, texts, wants, names, hash: hasher.finalize().into() }
    }

    /// The names of all templates: `page.html`.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// Whether this template, its parents or what it includes name this top-level variable.
    pub fn wants(&self, template: &str, variable: &str) -> bool {
        self.wants.get(template).is_some_and(|wanted| wanted.contains(variable))
    }

    /// A component's definition, by the name that Markdown uses: `bottom-line` for `bottom_line`.
    pub fn component(&self, name: &str) -> Option<tera::ComponentInfo> {
        self.tera.get_component_definition(&name.replace('-', "_"))
    }

    /// The names of all components, as Markdown writes them.
    pub fn component_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.tera.get_component_names().map(|name| name.replace('_', "-")).collect();
        names.sort();
        names
    }

    /// Renders a page.
    ///
    /// # Errors
    /// What went wrong, in which template, at which line.
    pub fn render(&self, template: &str, context: &Context) -> Result<Vec<u8>, Box<Diagnostic>> {
        let mut out = Limited { bytes: Vec::with_capacity(16 * 1024) };
        match self.tera.render_to(template, context, &mut out) {
            Ok(()) => Ok(out.bytes),
            Err(error) => Err(Box::new(self.explain(template, &error))),
        }
    }

    /// Renders a component with arguments and a body of safe HTML.
    ///
    /// # Errors
    /// As [`Templates::render`].
    pub fn render_component(&self, name: &str, args: &Context, body: &str) -> Result<String, Box<Diagnostic>> {
        let mut out = Limited { bytes: Vec::new() };
        let name = name.replace('-', "_");
        let done = self.tera.render_component_to(&name, args, Some(body), true, &mut out);
        done.map_err(|error| Box::new(self.explain(&name, &error)))?;
        Ok(String::from_utf8_lossy(&out.bytes).into_owned())
    }

    fn explain(&self, template: &str, error: &tera::Error) -> Diagnostic {
        if matches!(error.kind(), ErrorKind::Io(std::io::ErrorKind::FileTooLarge)) {
            let message = format!("`{template}` makes more than {} MiB of output", OUTPUT_LIMIT / 1024 / 1024);
            return Diagnostic::new("template-output-limit", template_span(template, &self.texts, None), message)
                .hint("look for a loop over too much, or one inside another");
        }
        diagnose(error, &self.texts).1
    }
}

/// Bytes up to [`OUTPUT_LIMIT`].
struct Limited {
    bytes: Vec<u8>,
}

impl std::io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > OUTPUT_LIMIT {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A Tera error as a diagnostic, with the template it blames.
fn diagnose(error: &tera::Error, texts: &BTreeMap<String, String>) -> (Option<String>, Diagnostic) {
    let (code, name, message, at) = match error.kind() {
        ErrorKind::SyntaxError(report) => ("template-syntax", report.filename(), report.message(), Some(report.span())),
        ErrorKind::RenderingError(report) => {
            ("template-error", report.filename(), report.message(), Some(report.span()))
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            return cycle(tpl, "extends itself", inheritance_chain, texts);
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            return cycle(tpl, "includes itself", include_chain, texts);
        }
        ErrorKind::MissingParent { current, parent } => {
            let message = format!("`{current}` extends `{parent}`, which does not exist");
            let at = mention(current, parent, texts);
            return (Some(current.clone()), Diagnostic::new("missing-template", at, message));
        }
        _ => return from_text(error, texts),
    };
    let mut found = Diagnostic::new(code, template_span(name, texts, at), message.trim_end_matches('.'));
    if let Some(calls) = called_from(&error.to_string()) {
        found = found.hint(calls);
    }
    (Some(name.to_owned()), found)
}

/// Errors of the whole set come as text; the template they name is found in it.
fn from_text(error: &tera::Error, texts: &BTreeMap<String, String>) -> (Option<String>, Diagnostic) {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
    let name = texts.keys().filter(|name| text.contains(name.as_str())).max_by_key(|name| name.len());
    let quoted = first.split(['`', '\'']).nth(1).unwrap_or_default().to_owned();
    let at = name.and_then(|name| mention(name, &quoted, texts));
    (name.cloned(), Diagnostic::new("template-error", at, first))
}

/// A cycle, told from the last of its templates by name: the order in which the engine meets them is chance.
fn cycle(name: &str, how: &str, chain: &[String], texts: &BTreeMap<String, String>) -> (Option<String>, Diagnostic) {
    let members: BTreeSet<&str> = chain.iter().map(String::as_str).chain([name]).collect();
    let name = members.last().copied().unwrap_or(name);
    let others = || members.iter().copied().filter(|other| *other != name);
    let next = others().find(|other| texts.get(name).is_some_and(|text| text.contains(other))).unwrap_or(name);
    let message = match others().collect::<Vec<_>>().join("`, `") {
        others if others.is_empty() => format!("`{name}` {how}"),
        others => format!("`{name}` {how}, through `{others}`"),
    };
    let found =
        Diagnostic::new("template-cycle", mention(name, next, texts), message).hint("take one of the steps out");
    (Some(name.to_owned()), found)
}

/// Through which templates the error was reached, as Tera's report tells it in its notes.
fn called_from(report: &str) -> Option<String> {
    let places: Vec<&str> =
        report.lines().filter_map(|line| line.split_once("called from ").map(|(_, place)| place)).collect();
    (!places.is_empty()).then(|| format!("called from {}", places.join(", which is called from ")))
}

fn mention(name: &str, what: &str, texts: &BTreeMap<String, String>) -> Option<Span> {
    let path = SitePath::new(&format!("templates/{name}")).ok()?;
    let at = texts.get(name).and_then(|text| text.find(what).filter(|_| !what.is_empty()));
    Some(at.map_or_else(|| Span::file(&path), |at| Span::new(&path, at..at + what.len())))
}

fn template_span(name: &str, texts: &BTreeMap<String, String>, at: Option<&tera::Span>) -> Option<Span> {
    let path = SitePath::new(&format!("templates/{name}")).ok()?;
    let Some((at, text)) = at.zip(texts.get(name)) else { return Some(Span::file(&path)) };
    let offset = |line: usize, column: usize| {
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let line = text.get(start..).unwrap_or_default();
        start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
    };
    Some(Span::new(&path, offset(at.start_line, at.start_col)..offset(at.end_line, at.end_col)))
}

/// Text that is already HTML.
pub(super) fn safe(html: &str) -> Value {
    Value::safe_string(html)
}

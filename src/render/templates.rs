//! The template set: loaded, compiled, and what each template wants to know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tera::{Context, ErrorKind, Tera, Value};

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{Hash, Span};

use super::running::{self, Run};
use super::template_depth::stack_size;
use super::template_errors::{diagnose, faults_of_the_set, template_span};

/// The largest output of one template, in bytes: a loop that never ends must not eat the memory.
pub const OUTPUT_LIMIT: usize = 64 * 1024 * 1024;

/// How long one template may take for one page, where `site.toml` does not say.
const DEFAULT_SECONDS: u32 = 20;

/// Where the theme's templates keep what they call among themselves.
const INTERNAL: [&str; 3] = ["components/drawings.html", "components/evidence.html", "components/page.html"];

/// A compiled template set.
pub struct Templates {
    tera: Tera,
    texts: BTreeMap<String, String>,
    wants: BTreeMap<String, BTreeSet<String>>,
    names: BTreeSet<String>,
    parted: BTreeSet<String>,
    /// The stack that rendering needs, where that is more than any thread has.
    stack: Option<usize>,
    /// What one template may take for one page.
    seconds: u32,
    /// Whether all of them compile, so that what is not there is known not to be.
    pub is_whole: bool,
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
        let stack = stack_size(&texts);
        let mut is_whole = stack.is_ok();
        let tera = loop {
            if stack.is_err() {
                break Tera::default();
            }
            let mut tera = Tera::default();
            tera.autoescape_on(vec![".html", ".xml"]);
            tera.set_escape_fn(running::escape);
            tera.register_function("range", running::range);
            let Err(error) = tera.add_raw_templates(good.iter().map(|(name, text)| (*name, *text))) else { break tera };
            // What the set as a whole lacks may stand in what was left out of it.
            if let Some(of_the_set) = faults_of_the_set(&error, &texts) {
                problems.extend(of_the_set.into_iter().filter(|_| is_whole));
                is_whole = false;
                break Tera::default();
            }
            is_whole = false;
            let (name, found) = diagnose(&error, &texts);
            problems.push(found);
            // One bad template must not hide what is wrong with the next, nor be missed by those that name it.
            match name.and_then(|name| good.get_mut(name.as_str()).filter(|text| !text.is_empty())) {
                Some(text) => *text = "",
                None => break Tera::default(),
            }
        };
        let names: BTreeSet<String> = texts.keys().cloned().collect();
        let wants = names.iter().filter_map(|name| {
            let wanted = tera.get_template_variables(name).ok()?;
            Some((name.clone(), wanted.into_iter().map(str::to_owned).collect()))
        });
        let wants: BTreeMap<String, BTreeSet<String>> = wants.collect();
        let parted =
            wants.iter().filter(|(_, wanted)| wanted.contains("parts")).map(|(name, _)| name.clone()).collect();
        let stack = stack.map_err(|too_deep| problems.push(*too_deep)).ok().flatten();
        Self {
            tera,
            texts,
            wants,
            names,
            parted,
            stack,
            seconds: DEFAULT_SECONDS,
            is_whole,
            hash: hasher.finalize().into(),
        }
    }

    /// Lets one template take so many seconds for one page.
    #[must_use]
    pub fn with_limit(self, seconds: u32) -> Self {
        Self { seconds, ..self }
    }

    /// The names of all templates: `page.html`.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// The templates that can show a list in parts: they name `parts`.
    pub fn parted(&self) -> &BTreeSet<String> {
        &self.parted
    }

    /// The top-level variables that this template, its parents or what it includes name.
    pub fn wants(&self, template: &str) -> Option<&BTreeSet<String>> {
        self.wants.get(template)
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

    /// The names of those that are made for Markdown to call: of the theme's own only what is in `prose.html`.
    pub fn prose_component_names(&self) -> Vec<String> {
        let mut names = self.component_names();
        let internal = self.texts.iter().filter(|(file, _)| INTERNAL.contains(&file.as_str()));
        let defined = internal.flat_map(|(_, text)| text.split("{% component ").skip(1));
        let defined = defined.map(|rest| rest.split('(').next().unwrap_or_default().trim().replace('_', "-"));
        let defined: BTreeSet<String> = defined.collect();
        names.retain(|name| !defined.contains(name));
        names
    }

    /// Renders a page.
    ///
    /// # Errors
    /// What went wrong, in which template, at which line.
    pub fn render(&self, template: &str, context: &Context) -> Result<Vec<u8>, Box<Diagnostic>> {
        self.run(template, 16 * 1024, |out| self.tera.render_to(template, context, out))
    }

    /// Renders a component with arguments and a body of safe HTML.
    ///
    /// # Errors
    /// As [`Templates::render`].
    pub fn render_component(&self, name: &str, args: &Context, body: &str) -> Result<String, Box<Diagnostic>> {
        let name = name.replace('-', "_");
        let render = |out: &mut Limited| self.tera.render_component_to(&name, args, Some(body), true, out);
        let html = self.run(&name, 0, render)?;
        Ok(String::from_utf8_lossy(&html).into_owned())
    }

    /// Renders within the limits: on a thread of its own where templates call each other deeper than this one may allow.
    fn run(
        &self,
        name: &str,
        expected: usize,
        render: impl FnOnce(&mut Limited) -> tera::TeraResult<()> + Send,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let here = || {
            Run::of(name, self.seconds, |run| {
                let mut out = Limited { bytes: Vec::with_capacity(expected), run: run.clone() };
                match render(&mut out) {
                    Ok(()) => Ok(out.bytes),
                    Err(error) => Err(Box::new(self.explain(name, run, &error))),
                }
            })
        };
        let Some(stack) = self.stack else { return here() };
        std::thread::scope(|scope| {
            let started = std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, here);
            let ended = started.map(std::thread::ScopedJoinHandle::join);
            ended.ok().and_then(Result::ok).unwrap_or_else(|| {
                let message = format!("`{name}` cannot be rendered: no thread with {} MiB of stack", stack >> 20);
                Err(Box::new(Diagnostic::new("template-limit", self.file_of(name), message)))
            })
        })
    }

    fn explain(&self, template: &str, run: &Run, error: &tera::Error) -> Diagnostic {
        let at = self.file_of(template);
        if matches!(error.kind(), ErrorKind::Io(std::io::ErrorKind::FileTooLarge)) {
            let message = format!("`{template}` produces more than {} MiB of output", OUTPUT_LIMIT / 1024 / 1024);
            return Diagnostic::new("template-output-limit", at, message)
                .hint("look for a loop over too many items, or nested loops");
        }
        let mut found = diagnose(error, &self.texts).1;
        let is_deep = matches!(error.kind(), ErrorKind::Msg(text) if text.contains("recursion depth"));
        let too_deep =
            || is_deep.then(|| format!("`{template}` calls components that call each other more than 20 deep"));
        if let Some(message) = run.excess().or_else(too_deep) {
            found = template_limit(found.at.or(at), message);
        } else if found.at.is_none() {
            found.at = at;
        }
        found
    }

    /// The file of a template or a component.
    fn file_of(&self, name: &str) -> Option<Span> {
        let defines = |text: &&String| text.contains(&format!("{{% component {name}("));
        let file = self.texts.iter().find(|(_, text)| defines(text)).map_or(name, |(file, _)| file);
        template_span(file, &self.texts, None)
    }
}

/// A template that takes more than it may.
pub fn template_limit(at: Option<Span>, message: String) -> Diagnostic {
    Diagnostic::new("template-limit", at, message)
        .hint("look for nested loops, a value that doubles in a loop, or a component that calls itself")
}

/// Bytes up to [`OUTPUT_LIMIT`], as long as the template may go on.
struct Limited {
    bytes: Vec<u8>,
    run: Arc<Run>,
}

impl std::io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > OUTPUT_LIMIT {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.run.go_on()?;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Text that is already HTML.
pub(super) fn safe(html: &str) -> Value {
    Value::safe_string(html)
}

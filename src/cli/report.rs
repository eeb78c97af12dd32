//! Prints problems, for people and programs.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::diag::{CODES, Diagnostic, Diagnostics, Selection, Severity, Shown};
use crate::source::{Files, LineColumn, SitePath, Span, Texts};

use super::build::counted;

/// The format of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, with the lines concerned
    Text,
    /// One JSON object a line
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

/// How many bytes of a line are printed after the marked part; a terminal shows fewer.
const CONTEXT: usize = 400;

/// Text on one line, without control and direction characters: names of files are not trusted.
pub(super) fn visible(text: &str) -> String {
    let hidden = |char: char| {
        let directs =
            matches!(char, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
        char.is_control() || directs || char == '\u{feff}'
    };
    let shown = |char: char| if hidden(char) { char.escape_default().to_string() } else { char.into() };
    text.chars().map(shown).collect()
}

/// As [`visible`], but with its lines and tabs.
fn visible_lines(text: &str) -> String {
    let line = |line: &str| line.split('\t').map(visible).collect::<Vec<_>>().join("\t");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Formats problems, with the lines of their files.
pub struct Reporter<'a> {
    texts: Texts<'a>,
    /// The prefix of a file's path, to make it relative to the current folder.
    prefix: String,
    colour: bool,
    /// The command that shows all problems; `None` if all are shown.
    see_all: Option<&'static str>,
}

impl<'a> Reporter<'a> {
    /// A reporter that reads lines from `files`, and writes `prefix` before paths. Text contains
    /// a [selection](Selection) of the problems, other formats all.
    pub fn new(files: &'a dyn Files, prefix: String, colour: bool) -> Self {
        Self { texts: Texts::new(files), prefix, colour, see_all: Some("`dossier check --verbose`") }
    }

    /// With `verbose`, text contains all problems; without, it names `--verbose` as the option for that.
    #[must_use]
    pub fn verbose(self, verbose: bool) -> Self {
        Self { see_all: (!verbose).then_some("`--verbose`"), ..self }
    }

    /// Formats all problems.
    pub fn report(&mut self, problems: &Diagnostics, format: Format) -> String {
        match format {
            Format::Text => self.texts(problems),
            Format::Json => problems.iter().map(|found| format!("{}\n", self.json(found))).collect(),
            Format::Github => problems.iter().map(|found| self.github(found)).collect(),
            Format::Sarif => format!("{:#}\n", self.sarif(problems)),
        }
    }

    fn texts(&mut self, problems: &Diagnostics) -> String {
        let Some(see_all) = self.see_all else { return problems.iter().map(|found| self.text(found)).collect() };
        let selection = Selection::of(problems);
        let mut report = String::new();
        for Shown { problem, more } in &selection.shown {
            report.push_str(&self.text(problem));
            if *more > 0 {
                let file = problem.at.as_ref().map_or_else(String::new, |at| format!(" in {}", self.name(&at.file)));
                report.push_str(&format!("... and {more} more `{}`{file}\n\n", problem.code));
            }
        }
        let left_out: Vec<String> =
            selection.left_out.iter().map(|(code, count)| format!("{count} `{code}`")).collect();
        if !left_out.is_empty() {
            let (count, left_out) = (counted(selection.count_left_out(), "problem"), left_out.join(", "));
            report.push_str(&format!("not shown: {count} ({left_out}); {see_all} shows all\n\n"));
        }
        report
    }

    fn text(&mut self, found: &Diagnostic) -> String {
        let level = if found.severity == Severity::Error { Level::ERROR } else { Level::WARNING };
        let title = level.primary_title(visible_lines(&found.message)).id(found.code);
        let mut group = title.elements(self.snippets(found));
        if let Some(hint) = &found.hint {
            group = group.element(Level::HELP.message(visible_lines(hint)));
        }
        let renderer = if self.colour { Renderer::styled() } else { Renderer::plain() };
        let report: &[Group<'_>] = &[group];
        format!("{}\n\n", renderer.decor_style(DecorStyle::Ascii).render(report))
    }

    fn snippets(&mut self, found: &Diagnostic) -> Vec<Snippet<'static, annotate_snippets::Annotation<'static>>> {
        let mut by_file: Vec<(SitePath, Vec<(Range<usize>, AnnotationKind, Option<String>)>)> = Vec::new();
        let primary = found.at.iter().map(|span| (span, AnnotationKind::Primary, None));
        let others = found.labels.iter().map(|(span, text)| (span, AnnotationKind::Context, Some(visible_lines(text))));
        for (span, kind, label) in primary.chain(others) {
            let annotation = (self.clamp(span), kind, label);
            match by_file.iter_mut().find(|(file, _)| *file == span.file) {
                Some((_, annotations)) => annotations.push(annotation),
                None => by_file.push((span.file.clone(), vec![annotation])),
            }
        }
        let snippet = |(file, annotations): (SitePath, Vec<(Range<usize>, AnnotationKind, Option<String>)>)| {
            let path = self.name(&file);
            let lines = self.texts.get(&file);
            let first = annotations.iter().map(|(range, ..)| range.start).min().unwrap_or(0);
            let last = annotations.iter().map(|(range, ..)| range.end).max().unwrap_or(0);
            // The rest of the text is not laid out.
            let start = lines.line(first).start;
            let end = lines.boundary(lines.line(last).end.min(last + CONTEXT));
            let text = lines.text().get(start..end).unwrap_or_default().to_owned();
            let annotations = annotations
                .into_iter()
                .map(|(range, kind, label)| kind.span(range.start - start..range.end - start).label(label));
            Snippet::source(text).line_start(lines.place(start).line).path(path).annotations(annotations)
        };
        by_file.into_iter().map(snippet).collect()
    }

    /// The span, clipped to the current text, to character boundaries and to the first line.
    fn clamp(&mut self, span: &Span) -> Range<usize> {
        let lines = self.texts.get(&span.file);
        let start = lines.boundary(span.start);
        start..lines.boundary(span.end).clamp(start, lines.line(start).end)
    }

    /// A file as the user can open it.
    fn name(&self, file: &SitePath) -> String {
        visible(&format!("{}{file}", self.prefix))
    }

    /// The file and line of a place, such as `content/a.md:9`.
    pub fn line_of(&mut self, span: &Span) -> String {
        let (start, _) = self.place(span);
        format!("{}:{}", self.name(&span.file), start.line)
    }

    fn place(&mut self, span: &Span) -> (LineColumn, LineColumn) {
        let lines = self.texts.get(&span.file);
        (lines.place(span.start), lines.place(span.end))
    }

    fn json(&mut self, found: &Diagnostic) -> Value {
        let labels: Vec<Value> =
            found.labels.iter().map(|(span, text)| json!({ "place": self.json_place(span), "text": text })).collect();
        json!({
            "code": found.code,
            "severity": severity_name(found.severity),
            "message": found.message,
            "place": found.at.as_ref().map(|span| self.json_place(span)),
            "labels": labels,
            "hint": found.hint,
        })
    }

    fn json_place(&mut self, span: &Span) -> Value {
        let (start, end) = self.place(span);
        json!({
            "file": format!("{}{}", self.prefix, span.file),
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
        })
    }

    /// A workflow command, escaped like the runner's toolkit does.
    fn github(&mut self, found: &Diagnostic) -> String {
        let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
        let place = found.at.as_ref().map_or_else(String::new, |span| {
            let (start, _) = self.place(span);
            let file = property(&self.name(&span.file));
            format!("file={file},line={},col={},", start.line, start.column)
        });
        let hint = found.hint.as_ref().map_or_else(String::new, |hint| format!("\n{hint}"));
        let text = escape(&visible_lines(&format!("{}{hint}", found.message)));
        format!("::{} {place}title={}::{text}\n", severity_name(found.severity), property(found.code))
    }

    fn sarif(&mut self, problems: &Diagnostics) -> Value {
        let results: Vec<Value> = problems.iter().map(|found| self.sarif_result(found)).collect();
        let rules: Vec<Value> = CODES
            .iter()
            .map(|code| {
                let text = code.docs.lines().find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
                json!({
                    "id": code.name,
                    "shortDescription": { "text": text },
                    "help": { "text": code.docs, "markdown": code.docs },
                    "defaultConfiguration": { "level": if code.severity == Severity::Error { "error" } else { "warning" } },
                })
            })
            .collect();
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": { "name": "Dossier", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        })
    }

    fn sarif_result(&mut self, found: &Diagnostic) -> Value {
        let hint = found.hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})"));
        let locations: Vec<Value> =
            found.at.iter().map(|span| json!({ "physicalLocation": self.sarif_place(span) })).collect();
        let label = |(span, text): &(Span, String)| {
            let place = self.sarif_place(span);
            json!({ "physicalLocation": place, "message": { "text": text } })
        };
        let related: Vec<Value> = found.labels.iter().map(label).collect();
        json!({
            "ruleId": found.code,
            "ruleIndex": CODES.iter().position(|code| code.name == found.code),
            "level": severity_name(found.severity),
            "message": { "text": format!("{}{hint}", found.message) },
            "locations": locations,
            "relatedLocations": related,
        })
    }

    fn sarif_place(&mut self, span: &Span) -> Value {
        let (start, end) = self.place(span);
        json!({
            "artifactLocation": { "uri": crate::site::encode(&format!("{}{}", self.prefix, span.file)) },
            "region": {
                "startLine": start.line, "startColumn": start.column,
                "endLine": end.line, "endColumn": end.column,
            },
        })
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning | Severity::Allow => "warning",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    #[test]
    fn names_cannot_write_control_characters_to_the_terminal() {
        let name = "content/a\u{1b}]0;x\u{7}\u{61c}\u{202e}b.md";
        let file = SitePath::new(name).unwrap();
        let found = Diagnostic::new("read-failed", Some(Span::file(&file)), format!("`{name}` is odd"))
            .hint(format!("rename `{name}`\nto\tanother"))
            .label(Span::file(&file), format!("`{name}` is here"));
        let problems: Diagnostics = [found].into_iter().collect();
        let (files, shown) = (Memory::default(), "a\\u{1b}]0;x\\u{7}\\u{61c}\\u{202e}b.md");
        for (format, count) in [(Format::Text, 4), (Format::Github, 3)] {
            let report = Reporter::new(&files, String::new(), false).report(&problems, format);
            let controls = report.chars().filter(|char| *char != '\n' && *char != '\t' && *char != visible_char(*char));
            assert_eq!(controls.count(), 0, "{report:?}");
            assert_eq!(report.matches(shown).count(), count, "{report}");
        }
        let text = Reporter::new(&files, String::new(), false).report(&problems, Format::Text);
        assert!(text.contains("b.md`\n"), "a hint keeps its lines: {text}");
    }

    fn visible_char(char: char) -> char {
        if visible(&char.to_string()).chars().count() == 1 { char } else { '\0' }
    }
}

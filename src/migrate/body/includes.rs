//! Replaces includes by the text of the included file.

use super::super::input::Input;
use super::super::old_site::{OldSite, join};
use super::super::pages::Page;
use super::super::patterns::Pattern;
use super::super::report::Notes;
use super::super::text::Text;
use super::super::{Generator, kinds};
use crate::source::SitePath;
use std::ops::Range;

/// How often included files may include others.
const DEPTH: usize = 8;
/// The maximum size of a page with its includes, in bytes.
const LIMIT: usize = 4 * 1024 * 1024;

static MDBOOK: Pattern =
    Pattern::new(r"\\?\{\{\s*#(include|rustdoc_include|playground|playpen|title)\s+([^}\n]+?)\s*\}\}");
static SNIPPET: Pattern = Pattern::new(r#"(?m)^([ \t]*);?-{1,}8<-{1,}[ \t]+["']([^"'\n]+)["'][ \t]*$"#);
static QUARTO: Pattern = Pattern::new(r"(?m)^[ \t]*\{\{<\s*include\s+([^>\n]+?)\s*>\}\}[ \t]*$");
static LIQUID: Pattern = Pattern::new(r"\{%-?\s*include_relative\s+([^%\s]+)\s*-?%\}");
static ANCHOR: Pattern = Pattern::new(r"ANCHOR(_END)?:\s*([\w-]+)");
static SECTION: Pattern = Pattern::new(r"--8<--\s*\[(start|end):\s*([\w-]+)\s*\]");

/// Replaces includes by the text of the included file.
pub(super) fn convert(input: &Input<'_>, site: &OldSite, page: &Page, text: &mut Text, notes: &mut Notes<'_>) {
    let calls: &Pattern = match site.generator {
        Generator::MdBook => &MDBOOK,
        Generator::MkDocs => &SNIPPET,
        Generator::Quarto => &QUARTO,
        Generator::Jekyll => &LIQUID,
        _ => return,
    };
    let includes = Includes { input, site, page };
    for _ in 0..DEPTH {
        let mut edits = Vec::new();
        for found in calls.captures_iter(text.as_str()) {
            let Some(whole) = found.get(0).map(|whole| whole.range()) else { continue };
            let group = |index: usize| found.get(index).map_or("", |group| group.as_str());
            let replacement = match site.generator {
                Generator::MdBook if group(0).starts_with('\\') => continue,
                Generator::MdBook => includes.mdbook(group(1), group(2)),
                Generator::MkDocs => includes.snippet(group(1), group(2)),
                _ => includes.whole(group(1)),
            };
            match replacement {
                Some(new) if text.as_str().len() + new.len() < LIMIT => edits.push((whole, new)),
                _ => notes.add(
                    kinds::INCLUDES,
                    group(if matches!(site.generator, Generator::MdBook | Generator::MkDocs) { 2 } else { 1 }),
                    text.place(&whole),
                ),
            }
        }
        let before = text.as_str().len();
        if edits.is_empty() || edits.iter().map(|(_, new)| new.len()).sum::<usize>() + before > LIMIT {
            break;
        }
        text.edit(edits);
    }
    if site.generator == Generator::MdBook {
        let escaped = text.as_str().match_indices("\\{{#").map(|(at, _)| (at..at + 1, String::new())).collect();
        text.edit(escaped);
    }
}

struct Includes<'a> {
    input: &'a Input<'a>,
    site: &'a OldSite,
    page: &'a Page,
}

impl Includes<'_> {
    fn read(&self, path: &str) -> Option<String> {
        let base = self.site.roots.first().map_or("", |root| root.folder.as_str());
        let beside = self.page.source.resolve(path).ok();
        let others = [join(base, path), path.to_owned()].map(|path| SitePath::new(path.trim_start_matches('/')).ok());
        let known = |path: &SitePath| {
            self.input.listed.contains(path) && !path.as_str().split('/').any(|part| part.starts_with('.'))
        };
        let found = beside.into_iter().chain(others.into_iter().flatten()).find(known)?;
        String::from_utf8(self.input.files.read(&found).ok()?).ok()
    }

    /// The text of a file below its front matter.
    fn whole(&self, path: &str) -> Option<String> {
        let text = self.read(path.trim_matches(['"', '\'']))?;
        let body = super::super::front_matter::find(&text, self.site.generator).map_or(0, |found| found.body);
        Some(text.get(body..)?.trim_end().to_owned())
    }

    /// mdBook: `file.rs`, `file.rs:3:9`, `file.rs:anchor`.
    fn mdbook(&self, name: &str, argument: &str) -> Option<String> {
        if name == "title" {
            return Some(String::new());
        }
        let path = argument.split_whitespace().next()?;
        let (path, part) = path.split_once(':').map_or((path, ""), |(path, part)| (path, part));
        let text = self.read(path)?;
        let lines: Vec<&str> = text.lines().collect();
        let kept = match range(part, lines.len()) {
            Some(range) => lines.get(range)?.to_vec(),
            None => {
                let mut inside = false;
                let mut kept = Vec::new();
                for line in &lines {
                    match ANCHOR.captures(line) {
                        Some(found) if found.get(2).is_some_and(|name| name.as_str() == part) => {
                            inside = found.get(1).is_none();
                        }
                        None if inside => kept.push(*line),
                        _ => {}
                    }
                }
                kept
            }
        };
        let text: Vec<&str> = kept.into_iter().filter(|line| !ANCHOR.is_match(line)).collect();
        let text = text.join("\n");
        match name {
            "playground" | "playpen" => Some(format!("```rust\n{text}\n```")),
            _ if text.is_empty() && !part.is_empty() => None,
            _ => Some(text),
        }
    }

    /// `PyMdown`'s snippets: a file, some of its lines, or a section of it.
    fn snippet(&self, indent: &str, argument: &str) -> Option<String> {
        let (path, part) = argument.split_once(':').map_or((argument, ""), |(path, part)| (path, part));
        let text = self.read(path)?;
        let lines: Vec<&str> = text.lines().collect();
        let kept: Vec<&str> = match range(part, lines.len()) {
            Some(range) => lines.get(range)?.to_vec(),
            None => {
                let mark = |line: &&str, word: &str| {
                    SECTION.captures(line).is_some_and(|found| {
                        found.get(1).is_some_and(|kind| kind.as_str() == word)
                            && found.get(2).is_some_and(|name| name.as_str() == part)
                    })
                };
                let start = lines.iter().position(|line| mark(line, "start"))? + 1;
                let end = lines.iter().position(|line| mark(line, "end"))?;
                lines.get(start..end)?.to_vec()
            }
        };
        let kept = kept.into_iter().filter(|line| !SECTION.is_match(line));
        let indented = kept.map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") });
        Some(indented.collect::<Vec<_>>().join("\n"))
    }
}

/// The lines of `3`, `3:9`, `:9` and `3:`, counted from 1; all lines if empty.
fn range(part: &str, count: usize) -> Option<Range<usize>> {
    let number = |text: &str, default: usize| if text.is_empty() { Some(default) } else { text.parse::<usize>().ok() };
    let (start, end) = match part.split_once(':') {
        Some((start, end)) => (number(start, 1)?, number(end, count)?),
        None if part.is_empty() => (1, count),
        None => (part.parse().ok()?, part.parse().ok()?),
    };
    let start = start.saturating_sub(1).min(count);
    Some(start..end.clamp(start, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::report::Report;
    use crate::migrate::tests::page;
    use crate::source::{Files, Memory};

    fn included(generator: Generator, text: &str) -> (String, usize) {
        let files = Memory::fixture(
            "//- src/a.rs\none\n// ANCHOR: x\ntwo\n// ANCHOR_END: x\nthree\n//- src/deep.md\n{{#include a.rs:1}}\n//- docs/s.txt\n1\n\
             # --8<-- [start:k]\n2\n# --8<-- [end:k]\n3\n//- .env\nsecret\n//- _p.qmd\n---\nt: 1\n---\nshared\n",
        );
        let listed = files.list().files.into_iter().map(|listed| listed.path).collect();
        let input = Input { files: &files, listed };
        let site = OldSite { generator, ..OldSite::default() };
        let page = page(if generator == Generator::MkDocs { "docs/p.md" } else { "src/p.md" }, text);
        let mut report = Report::default();
        let mut text = Text::new(&page.file, 0);
        convert(&input, &site, &page, &mut text, &mut Notes { file: &page.source, report: &mut report });
        (text.into_string(), report.problems().iter().count())
    }

    #[test]
    fn included_files_take_the_place_of_their_calls() {
        for (generator, text, expected) in [
            (Generator::MdBook, "{{#include a.rs:1}}", "one"),
            (Generator::MdBook, "{{#include a.rs:x}}", "two"),
            (Generator::MdBook, "{{#rustdoc_include a.rs:4:}}", "three"),
            (Generator::MdBook, "{{#playground a.rs editable}}", "```rust\none\ntwo\nthree\n```"),
            (Generator::MdBook, "{{#include deep.md}}", "one"),
            (Generator::MdBook, "\\{{#include a.rs}}", "{{#include a.rs}}"),
            (Generator::MdBook, "{{#title T}}x", "x"),
            (Generator::MkDocs, "  --8<-- \"s.txt:k\"", "  2"),
            (Generator::MkDocs, "--8<-- \"s.txt:1:1\"", "1"),
            (Generator::Quarto, "{{< include /_p.qmd >}}", "shared"),
        ] {
            assert_eq!(included(generator, text), (expected.to_owned(), 0), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_included_is_left_and_reported() {
        for text in ["{{#include gone.rs}}", "{{#include a.rs:nope}}", "{{#include ../.env}}", "{{#include ../../x}}"] {
            assert_eq!(included(Generator::MdBook, text), (text.to_owned(), 1), "{text}");
        }
    }
}

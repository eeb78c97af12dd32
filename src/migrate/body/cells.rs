//! Code cells of Quarto: `{python}` with options in comments, or raw output in `{=html}`.

use std::ops::Range;

use serde_yaml::Value;

use super::super::kinds;
use super::super::patterns::Pattern;
use super::super::report::Notes;
use super::super::structure::FenceAt;
use super::super::text::{Edit, Text};
use super::super::values::{self, Map, is_off, text_at};
use super::code::code_lines;

/// An option in the head of a cell: `fig.width = 3`.
static OPTION: Pattern = Pattern::new(r#"([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s,}]+))"#);
/// A call that shows pictures.
static GRAPHICS: Pattern = Pattern::new(r#"include_graphics\(\s*(?:c\()?((?:\s*(?:"[^"]*"|'[^']*')\s*,?)+)"#);
static QUOTED: Pattern = Pattern::new(r#"["']([^"']+)["']"#);

/// Converts a cell, which is not run: its pictures are shown, and else its code.
pub(super) fn convert(text: &Text, fence: &FenceAt, info: &str, edits: &mut Vec<Edit>, notes: &mut Notes<'_>) {
    let Some(inner) = info.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else { return };
    let place = text.place(&fence.range);
    let lines = code_lines(text, fence);
    if let Some(format) = inner.strip_prefix('=') {
        let code: Vec<&str> = lines.iter().map(|(_, line)| *line).collect();
        let new = if format == "html" { format!("\n{}\n", code.join("\n")) } else { String::new() };
        if format != "html" {
            notes.add(kinds::HIDDEN_BLOCKS, info, place);
        }
        edits.push((fence.range.clone(), new));
        return;
    }
    // Two braces show a cell as text, and a dot precedes a language.
    if inner.starts_with(['{', '.', '#']) {
        return;
    }
    let language = inner.split([',', ' ']).next().unwrap_or_default();
    let (marked, code): (Vec<_>, Vec<_>) = lines.into_iter().partition(|(_, line)| option(line).is_some());
    let options = options(inner, &marked);
    let off = |keys: &[&str]| keys.iter().any(|key| options.get(*key).is_some_and(is_off));
    let code: String = code.iter().map(|(_, line)| format!("{line}\n")).collect();
    let pictures = if off(&["include", "eval"]) { Vec::new() } else { pictures(&code, &options) };
    let shows_only_pictures = !pictures.is_empty() && is_one_call(&code);
    if off(&["include", "echo"]) {
        if !shows_only_pictures {
            notes.add(kinds::CELLS_HIDDEN, language, place);
        }
        edits.push((fence.range.clone(), pictures.join(" ")));
        return;
    }
    if !shows_only_pictures && !off(&["eval"]) {
        notes.add(kinds::CELLS, language, place);
    }
    edits.push((fence.info.clone(), language.to_owned()));
    edits.extend(marked.into_iter().map(|(range, _)| (range, String::new())));
    if !pictures.is_empty() {
        // With the indentation of the fence, which may be in a list.
        let before = text.as_str().get(..fence.range.start).unwrap_or_default();
        let indent = before.rsplit('\n').next().filter(|indent| indent.trim().is_empty()).unwrap_or_default();
        edits.push((fence.range.end..fence.range.end, format!("\n\n{indent}{}\n", pictures.join(" "))));
    }
}

/// The option in a line, after its mark.
fn option(line: &str) -> Option<&str> {
    ["#|", "//|", "%%|", "--|"].iter().find_map(|mark| line.trim_start().strip_prefix(mark))
}

/// The options of a cell: those in its head, with hyphens for dots, and those of its first lines.
fn options(head: &str, marked: &[(Range<usize>, &str)]) -> Map {
    let given = OPTION.captures_iter(head).filter_map(|found| {
        let value = (2..=4).find_map(|index| found.get(index))?.as_str();
        let value = if value == "F" { "false" } else { value };
        Some((found.get(1)?.as_str().replace('.', "-").into(), value.into()))
    });
    let yaml: String = marked.iter().filter_map(|(_, line)| option(line)).map(|line| format!("{line}\n")).collect();
    let hyphened = |(key, value): (Value, Value)| (key.as_str().unwrap_or_default().replace('.', "-").into(), value);
    given.chain(values::yaml(&yaml).unwrap_or_default().into_iter().map(hyphened)).collect()
}

/// The pictures that a cell only shows, with its alternative text and caption.
fn pictures(code: &str, options: &Map) -> Vec<String> {
    let text = |key: &str| text_at(options, key).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let caption = text("fig-cap").map_or_else(String::new, |text| format!(" \"{}\"", text.replace('"', "\\\"")));
    let alt = text("fig-alt").or_else(|| text("fig-cap")).unwrap_or_default().replace(['[', ']'], " ");
    let calls = GRAPHICS.captures_iter(code).filter_map(|call| call.get(1));
    let paths = calls.flat_map(|paths| QUOTED.captures_iter(paths.as_str())).filter_map(|path| path.get(1));
    paths.map(|path| format!("![{alt}](<{}>{caption})", path.as_str())).collect()
}

/// Whether the code is a call that shows pictures, and nothing else.
fn is_one_call(code: &str) -> bool {
    let code = code.trim().trim_start_matches("knitr::");
    code.starts_with("include_graphics(") && code.ends_with(')') && code.matches('(').count() <= 2
}

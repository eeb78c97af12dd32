//! Calls of shortcodes and preprocessors: those that stand for a link or a picture become one, others stay in the text
//! and are told.

use std::ops::Range;

use super::folder::{Folder, Generator};
use super::{Notes, links};
use crate::source::SitePath;

/// Characters of a line in which a call must end.
const LONGEST: usize = 2_000;

/// The calls of one page.
pub(super) struct Calls<'a> {
    pub folder: &'a Folder<'a>,
    /// The page.
    pub from: &'a SitePath,
    pub body: &'a str,
    /// Where the body begins in the file.
    pub start: usize,
    /// Where code stands.
    pub code: &'a [Range<usize>],
}

impl Calls<'_> {
    /// Carries every call over, or says that it was not.
    pub fn carry(&self, edits: &mut Vec<(Range<usize>, String)>, notes: &mut Notes<'_>) {
        let generator = self.folder.generator;
        let marks: &[(&str, &str)] = match generator {
            Generator::Hugo => &[("{{<", ">}}"), ("{{%", "%}}")],
            Generator::Zola => &[("{{", "}}"), ("{%", "%}")],
            Generator::MdBook => &[("{{#", "}}")],
            Generator::Plain => &[("{{<", ">}}"), ("{{%", "%}}"), ("{{#", "}}"), ("{%", "%}")],
        };
        let mut at = 0;
        while let Some(begin) = self.body.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
            at = begin + 1;
            let rest = self.body.get(begin..).unwrap_or_default();
            let Some((open, close)) = marks.iter().find(|(open, _)| rest.starts_with(open)) else { continue };
            at = begin + open.len();
            let line = rest.lines().next().unwrap_or_default();
            let line = line.char_indices().nth(LONGEST).and_then(|(end, _)| line.get(..end)).unwrap_or(line);
            let end = line.find(close).filter(|end| *end >= open.len());
            let inside = line.get(open.len()..end.unwrap_or(line.len())).unwrap_or_default();
            let words = inside.trim_start_matches([' ', '-']);
            let name =
                words.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-')).next().unwrap_or_default();
            // Zola's plain braces print a value; a name after a slash ends a call, and a slash and a star show one.
            let is_call = !name.is_empty() && name != "end" && (generator != Generator::Zola || inside.contains('('));
            // Generators look into code too; where there is none, code is only shown.
            let is_shown = generator == Generator::Plain && self.code.iter().any(|code| code.contains(&begin));
            if !is_call || is_shown {
                continue;
            }
            let place = begin..begin + end.map_or(line.len(), |end| end + close.len());
            let told = self.start + place.start..self.start + place.end;
            if let Some(new) = end.and_then(|_| self.replacement(name, words, told.clone(), notes)) {
                edits.push((place, new));
                continue;
            }
            let message = format!("`{name}` is called here; the call stays in the text as it is");
            notes.tell(told, message, "write what it made, or make a component of it in `templates/components`");
        }
    }

    /// What to write in place of one of Hugo's own calls.
    fn replacement(&self, name: &str, words: &str, at: Range<usize>, notes: &mut Notes<'_>) -> Option<String> {
        match name {
            "ref" | "relref" => {
                let target = words.split(['"', '`']).nth(1)?;
                links::mend(self.folder, self.from, target).or_else(|| links::by_name(self.folder, self.from, target))
            }
            "figure" => {
                let given = attributes(words);
                let value = |key: &str| given.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
                let alt = value("alt").or_else(|| value("caption")).unwrap_or_default().replace(['[', ']'], "");
                let caption = value("caption").or_else(|| value("title")).map(|text| text.replace('"', "\\\""));
                let caption = caption.map_or_else(String::new, |text| format!(" \"{text}\""));
                let picture = format!("![{alt}](<{}>{caption})", value("src")?);
                let mut others = given.iter().map(|(name, _)| *name);
                if let Some(other) = others.find(|name| !["src", "alt", "caption", "title"].contains(name)) {
                    notes.tell(at, format!("`{other}` of this picture was left out"), "a style can do that");
                }
                Some(picture)
            }
            _ => None,
        }
    }
}

/// What stands as `name="value"`.
fn attributes<'a>(words: &'a str) -> Vec<(&'a str, &'a str)> {
    let parts: Vec<&'a str> = words.split('"').collect();
    let read = |pair: &[&'a str]| {
        let name = pair.first()?.trim_end().strip_suffix('=')?.rsplit(' ').next()?;
        Some((name, *pair.get(1)?))
    };
    parts.chunks(2).filter_map(read).collect()
}

//! Lists of Pandoc with letters, Roman numbers or `#.`: Markdown has numbers alone.

use super::super::kinds;
use super::super::patterns::Pattern;
use super::super::report::Notes;
use super::super::text::Text;
use super::lines::{Line, lines_of};

static ITEM: Pattern = Pattern::new(r"^(\(?)([a-zA-Z#]|[ivx]{2,5})([.)])([ \t]+)\S");

/// An open list.
struct List {
    indent: usize,
    /// The label of its first item, which says how it counts.
    first: String,
    count: usize,
}

/// Numbers the items, as wide as they were, so that what is below them stays so.
pub(super) fn convert(text: &mut Text, notes: &mut Notes<'_>) {
    let lines = lines_of(text.as_str());
    let (mut edits, mut open): (Vec<_>, Vec<List>) = (Vec::new(), Vec::new());
    let mut after_blank = true;
    for line in lines.iter().filter(|line| !line.is_code) {
        let is_blank = line.text.trim().is_empty();
        let starts = std::mem::replace(&mut after_blank, is_blank);
        if is_blank {
            continue;
        }
        open.retain(|list| list.indent <= line.indent);
        let Some((label, marks)) = marks(line) else {
            open.retain(|list| list.indent < line.indent || !starts);
            continue;
        };
        let goes_on = open.last().is_some_and(|list| list.indent == line.indent && list.label() == label);
        let begins = (starts || line.indent > 0 || !open.is_empty()) && matches!(label, "a" | "A" | "i" | "I" | "#");
        if !goes_on && !begins {
            continue;
        }
        if !goes_on {
            open.retain(|list| list.indent < line.indent);
            open.push(List { indent: line.indent, first: label.to_owned(), count: 0 });
        }
        let Some(list) = open.last_mut() else { continue };
        list.count += 1;
        let start = line.range.start + line.before.len();
        let range = start..start + marks.len();
        let number = format!("{}{}", list.count, if marks.contains(')') { ")" } else { "." });
        edits.push((range.clone(), format!("{number:width$}", width = marks.len().max(number.len() + 1))));
        if label != "#" {
            notes.add(kinds::LISTS, marks.trim(), text.place(&range));
        }
    }
    text.edit(edits);
}

/// The label of an item, and all of its marks with the blanks after them.
fn marks<'t>(line: &Line<'t>) -> Option<(&'t str, &'t str)> {
    let found = ITEM.captures(line.text)?;
    let (label, close, blank) = (found.get(2)?, found.get(3)?, found.get(4)?);
    // An initial has one blank after its point.
    let is_initial = label.as_str().starts_with(|c: char| c.is_ascii_uppercase()) && close.as_str() == ".";
    (!is_initial || blank.len() >= 2).then(|| (label.as_str(), line.text.get(..blank.end()).unwrap_or_default()))
}

impl List {
    /// The label of the next item.
    fn label(&self) -> String {
        const ROMAN: [&str; 10] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];
        let letter = |first: u8| u8::try_from(self.count).map_or('?', |count| char::from(first.saturating_add(count)));
        match self.first.as_str() {
            "a" => letter(b'a').to_string(),
            "A" => letter(b'A').to_string(),
            "i" => ROMAN.get(self.count).map_or_else(String::new, |label| (*label).to_owned()),
            "I" => ROMAN.get(self.count).map_or_else(String::new, |label| label.to_uppercase()),
            first => first.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::report::Report;
    use crate::source::SitePath;

    #[test]
    fn letters_become_numbers_of_the_same_width() {
        let file = SitePath::new("a.qmd").expect("a path");
        for (before, after, notes) in [
            (
                "a.  One\n\n    ```{r}\n    x\n    ```\n\nb.  Two\n",
                "1.  One\n\n    ```{r}\n    x\n    ```\n\n2.  Two\n",
                1,
            ),
            ("(i) One\n    more\n(ii) Two\n", "1)  One\n    more\n2)   Two\n", 1),
            ("1. x\n\n   a. y\n   b. z\n\n#. w\n#. v\n", "1. x\n\n   1. y\n   2. z\n\n1. w\n2. v\n", 1),
            ("Text\na. no list\n\nb. none\n\nA. Turing\n", "Text\na. no list\n\nb. none\n\nA. Turing\n", 0),
            ("```\n\na. code\n```\n", "```\n\na. code\n```\n", 0),
        ] {
            let mut report = Report::default();
            let mut text = Text::new(before, 0);
            convert(&mut text, &mut Notes { file: &file, report: &mut report });
            assert_eq!((text.as_str(), report.problems().iter().count()), (after, notes), "{before}");
        }
    }
}

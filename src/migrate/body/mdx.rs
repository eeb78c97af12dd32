//! MDX as Markdown: imports, exports, comments and component tags go, what they enclose stays.

use std::ops::Range;

use super::super::kinds;
use super::super::patterns::Pattern;
use super::super::report::Notes;
use super::super::structure::Structure;
use super::super::text::Text;
use super::lines::lines_of;

static COMMENT: Pattern = Pattern::new(r"\{/\*[\s\S]*?\*/\}");
static TAG: Pattern =
    Pattern::new(r#"</?([A-Z][\w.]*)((?:\s+[\w:-]+(?:=(?:"[^"]*"|'[^']*'|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}))?)*)\s*/?>"#);
static EXPRESSION: Pattern = Pattern::new(r"\{[A-Za-z_$][^{}\n]*\}");
static TITLE: Pattern = Pattern::new(r#"(?:label|title)=["']([^"']+)["']"#);

/// Converts a page of MDX.
pub(super) fn convert(text: &mut Text, notes: &mut Notes<'_>) {
    let (mut edits, mut statements) = (Vec::new(), Vec::new());
    let mut statement: Option<(&str, Range<usize>)> = None;
    for line in lines_of(text.as_str()).iter().filter(|line| !line.is_code) {
        let starts = line.before.is_empty() && (line.text.starts_with("import ") || line.text.starts_with("export "));
        // A statement may go on over lines, up to a blank one.
        if starts {
            statements.extend(statement.take());
            let name = line.text.split([' ', '(']).next().unwrap_or_default();
            statement = Some((name, line.range.clone()));
        } else if line.text.trim().is_empty() {
            statements.extend(statement.take());
        } else if let Some((_, range)) = &mut statement {
            range.end = line.range.end;
        }
    }
    statements.extend(statement);
    for (name, range) in statements {
        notes.add(kinds::MDX, name, text.place(&range));
        edits.push((range, String::new()));
    }
    text.edit(edits);
    let structure = Structure::read(text.as_str(), false);
    let mut edits = Vec::new();
    for found in COMMENT.find_iter(text.as_str()).filter(|found| !structure.is_code(&found.range())) {
        notes.add(kinds::COMMENTS, "{/* */}", text.place(&found.range()));
        edits.push((found.range(), String::new()));
    }
    for found in TAG.captures_iter(text.as_str()) {
        let Some(whole) = found.get(0).map(|whole| whole.range()).filter(|whole| !structure.is_code(whole)) else {
            continue;
        };
        let name = found.get(1).map_or("", |name| name.as_str());
        if !text.as_str().get(whole.clone()).is_some_and(|tag| tag.starts_with("</")) {
            notes.add(kinds::MDX, format!("<{name}>"), text.place(&whole));
        }
        let title =
            found.get(2).and_then(|attributes| TITLE.captures(attributes.as_str())).and_then(|title| title.get(1));
        let shown = title.map_or_else(String::new, |title| format!("**{}**", title.as_str()));
        edits.push((whole, shown));
    }
    for found in EXPRESSION.find_iter(text.as_str()).filter(|found| !structure.is_literal(&found.range())) {
        // An id of a heading is written in braces too.
        notes.add(kinds::MDX, found.as_str(), text.place(&found.range()));
    }
    text.edit(edits);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::report::Report;
    use crate::source::SitePath;

    #[test]
    fn what_is_a_program_goes_and_what_is_text_stays() {
        let file = SitePath::new("a.mdx").expect("a path");
        let mut report = Report::default();
        let mut text = Text::new(
            "import A from 'a';\nexport const x = {\n  a: 1,\n};\n\n# T {#t}\n\n<Tabs>\n<TabItem label=\"One\" x={{a: 1}}>\n\nText {props.x} `{no}`\n\n</TabItem>\n</Tabs>\n{/* private */}\n```js\nimport B\n```\n",
            0,
        );
        convert(&mut text, &mut Notes { file: &file, report: &mut report });
        assert_eq!(text.as_str(), "\n# T {#t}\n\n\n**One**\n\nText {props.x} `{no}`\n\n\n\n\n```js\nimport B\n```\n");
        let messages: Vec<String> = report.problems().iter().map(|found| found.message.clone()).collect();
        for name in ["`import`", "`export`", "`<Tabs>`", "`<TabItem>`", "`{props.x}`"] {
            assert!(messages.iter().any(|message| message.contains(name)), "{name}: {messages:?}");
        }
    }
}

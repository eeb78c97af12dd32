//! The first lines of blocks, and the alerts that they become.

use super::super::super::Generator;
use super::super::super::patterns::Pattern;
use super::super::lines::Line;
use super::{Extent, Shape};

static BANGS: Pattern = Pattern::new(r#"^(!!!|\?\?\?\+?)[ \t]+([\w-]+(?:[ \t]+[\w-]+)*)[ \t]*(?:"([^"]*)")?[ \t]*$"#);
static TAB: Pattern = Pattern::new(r#"^===[!+]?[ \t]+"([^"]*)"[ \t]*$"#);
static COLONS: Pattern = Pattern::new(r"^:{3,}[ \t]*(\S.*?)[ \t]*:*$");
static SLASHES: Pattern = Pattern::new(r"^/{3,}[ \t]+([\w-]+)[ \t]*(?:\|[ \t]*(.*?))?[ \t]*$");
static TITLE: Pattern = Pattern::new(r#"title\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s}]+))"#);
static CLASS: Pattern = Pattern::new(r"\.([\w-]+)");

pub(super) fn opening(generator: Generator, line: &Line<'_>, python: bool, colons: bool) -> Option<(Shape, Extent)> {
    let text = line.text;
    let group =
        |found: &regex_lite::Captures<'_>, index: usize| found.get(index).map(|group| group.as_str().to_owned());
    if python {
        if let Some(found) = BANGS.captures(text) {
            let kind = group(&found, 2)?.split_whitespace().next()?.to_owned();
            return Some((Shape::Box { kind, title: group(&found, 3) }, Extent::Indented));
        }
        if let Some(found) = TAB.captures(text) {
            return Some((Shape::Plain { title: group(&found, 1) }, Extent::Indented));
        }
        if let Some(found) = SLASHES.captures(text) {
            let (kind, title) = (group(&found, 1)?, group(&found, 2));
            let shape = match kind.as_str() {
                "tab" | "html" | "define" | "caption" | "figure-caption" | "table-caption" => Shape::Plain { title },
                _ => Shape::Box { kind, title },
            };
            return Some((shape, Extent::Closed('/')));
        }
    }
    if colons && text.starts_with(":::") {
        let words = group(&COLONS.captures(text)?, 1)?;
        return Some((colon_shape(generator, &words)?, Extent::Closed(':')));
    }
    None
}

/// The block of the words after `:::`.
fn colon_shape(generator: Generator, words: &str) -> Option<Shape> {
    let title = TITLE
        .captures(words)
        .and_then(|found| (1..=3).find_map(|index| found.get(index)).map(|title| title.as_str().to_owned()));
    if words.starts_with('{') && (generator == Generator::Quarto || words.contains(['.', '#', '='])) {
        let classes: Vec<&str> = CLASS.captures_iter(words).filter_map(|found| Some(found.get(1)?.as_str())).collect();
        let is_for = |formats: &str| words.contains(formats);
        let hidden = classes.iter().any(|class| match *class {
            "hidden" => true,
            "content-visible" => is_for("when-format") && !is_for("html") || is_for("unless-format") && is_for("html"),
            "content-hidden" => is_for("when-format") && is_for("html"),
            _ => false,
        });
        let callout = classes.iter().find_map(|class| class.strip_prefix("callout-"));
        return Some(match callout {
            _ if hidden => Shape::Hidden,
            Some(kind) => Shape::Box { kind: kind.to_owned(), title },
            None => Shape::Plain { title: None },
        });
    }
    let words = words.trim_matches(['{', '}']);
    let end = words.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(words.len());
    let (kind, rest) = words.split_at_checked(end)?;
    let kind = kind.strip_prefix("callout-").unwrap_or(kind);
    if kind.is_empty() || rest.starts_with(['.', '(']) {
        // In Pandoc any word is a class.
        return (generator == Generator::Quarto).then_some(Shape::Plain { title: None });
    }
    let written = rest.trim().trim_start_matches('[').trim_end_matches(']');
    let written = (!written.is_empty() && !written.starts_with('{')).then(|| written.to_owned());
    let title = title.or(written);
    // In Quarto, other names only group.
    let is_box = alert(kind).is_some() || generator != Generator::Quarto;
    Some(if is_box { Shape::Box { kind: kind.to_owned(), title } } else { Shape::Plain { title: None } })
}

/// The first lines of an alert.
pub(in crate::migrate::body) fn header(kind: &str, title: Option<&str>, before: &str) -> String {
    let title = title.map(str::trim);
    let name = alert(kind).unwrap_or("NOTE");
    let own = title.filter(|title| !title.is_empty() && !title.eq_ignore_ascii_case(name)).map(str::to_owned);
    let own = own
        .or_else(|| (title.is_none() && !name.eq_ignore_ascii_case(kind)).then(|| crate::parse::title_from_name(kind)));
    let line = own.map_or_else(String::new, |own| format!("{before}> **{own}**\n{before}>\n"));
    format!("{before}> [!{name}]\n{line}")
}

/// The alert for a kind of box; `None` for unknown kinds.
fn alert(kind: &str) -> Option<&'static str> {
    Some(match kind.to_ascii_lowercase().as_str() {
        "note" | "info" | "abstract" | "summary" | "tldr" | "todo" | "example" | "question" | "help" | "faq"
        | "quote" | "cite" | "seealso" | "primary" | "secondary" | "callout" | "details" | "admonition" | "notice"
        | "alert" => "NOTE",
        "tip" | "hint" | "success" | "check" | "done" => "TIP",
        "important" => "IMPORTANT",
        "warning" | "attention" | "warn" => "WARNING",
        "caution" | "danger" | "error" | "failure" | "fail" | "missing" | "bug" => "CAUTION",
        _ => return None,
    })
}

/// Whether a name is that of a box.
pub(in crate::migrate::body) fn is_box(name: &str) -> bool {
    alert(name).is_some()
}

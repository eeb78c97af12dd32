//! What templates get, from the types that are given to them.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::files::{below, here, text};
use crate::words::cell;

/// The variables: name, what it is, and where it is given.
const TOP: &[(&str, &str, &str)] = &[
    (
        "root",
        "text",
        "What stands before every address: `../` for each folder that the page lies in. Write `{{ root }}{{ page.href }}`.",
    ),
    ("lang", "text", "The language of the pages."),
    ("site", "SiteView", "The whole site."),
    ("page", "PageView", "The page."),
    ("home", "HomeView", "What a home page shows of the topics."),
    ("timeline", "TimelineView", "The events. On the timeline of a topic, its own."),
    ("claims", "LedgerView", "All claims."),
    ("sources", "list of SourceView", "All sources."),
    ("disagreements", "list of DisagreementGroup", "All disagreements, by weight."),
    ("entities", "list of EntityGroup", "Who and what, by kind."),
    ("contributions", "MapView", "Who brings what."),
    ("search", "SearchView", "Everything that can be found."),
    ("corrections", "CorrectionsView", "What was wrong and has been put right."),
    ("topic", "TopicView", "On a page with a topic: all that is known of it."),
    ("source", "SourceView", "On the page of a source: the source."),
];

struct Field {
    name: String,
    kind: String,
    about: String,
}

#[derive(Default)]
struct Struct {
    about: String,
    fields: Vec<Field>,
}

/// All variables, and the types of what is in them.
pub fn all() -> String {
    let structs = structs();
    let mut out = String::from(
        "Templates are [Tera](https://keats.github.io/tera/) 2, with all its filters and tests; the program adds none of \
         its own. What a template may name is plain data, listed here: nothing looks things up behind its back, and a \
         page is rendered anew when, and only when, something changed that it may show. All text is escaped; HTML, such \
         as `page.content`, passes with `| safe`.\n\nTemplates are named after what they show: `home.html`, `page.html`, \
         `section.html`, `topic.html`, `source.html`, `timeline.html`, `claims.html`, `sources.html`, \
         `disagreements.html`, `entities.html`, `search.html`, `corrections.html` and `404.html`. `template:` in the \
         front matter names another.\n\n## Variables {#variables}\n\n| name | value | meaning |\n|---|---|---|\n",
    );
    let mut todo: Vec<String> = Vec::new();
    for (name, kind, about) in TOP {
        out.push_str(&format!("| `{name}` | {} | {about} |\n", linked(kind, &structs, &mut todo)));
    }
    out.push_str("\nWhat belongs to one page alone, `topic` and `source`, is absent elsewhere; ask with `{% if topic is defined %}`.\n");
    let mut told = BTreeSet::new();
    let mut at = 0;
    while let Some(name) = todo.get(at).cloned() {
        at += 1;
        if !told.insert(name.clone()) {
            continue;
        }
        let found = &structs[&name];
        out.push_str(&format!(
            "\n## {name} {{#{}}}\n\n{}\n\n| name | value | meaning |\n|---|---|---|\n",
            name.to_lowercase(),
            found.about
        ));
        for field in &found.fields {
            let kind = linked(&words(&field.kind), &structs, &mut todo);
            out.push_str(&format!("| `{}` | {kind} | {} |\n", field.name, cell(&field.about)));
        }
    }
    out
}

/// Links the names of types to their tables, and remembers that they are wanted.
fn linked(kind: &str, structs: &BTreeMap<String, Struct>, todo: &mut Vec<String>) -> String {
    let (before, name) = kind.rsplit_once(' ').map_or(("", kind), |(before, name)| (before, name));
    if !structs.contains_key(name) {
        assert!(!name.contains(char::is_uppercase), "no words for the type `{kind}`");
        return kind.to_owned();
    }
    todo.push(name.to_owned());
    format!("{before} [{name}](#{})", name.to_lowercase()).trim().to_owned()
}

/// A type of Rust in words.
fn words(kind: &str) -> String {
    let inside = |outer: &str| kind.strip_prefix(outer)?.strip_suffix('>');
    if let Some(inner) = inside("Option<") {
        return format!("maybe {}", words(inner));
    }
    if let Some(inner) = inside("SharedView<") {
        return words(inner);
    }
    if let Some(inner) = inside("Vec<") {
        return format!("list of {}", words(inner));
    }
    if kind.starts_with("BTreeMap<") || kind.starts_with("serde_json::Map<") {
        return "map".to_owned();
    }
    match kind {
        "String" | "&'static str" => "text",
        "bool" => "true or false",
        "Value" => "safe markup",
        "u8" | "u32" | "i64" | "usize" | "Units" => "number",
        other => other,
    }
    .to_owned()
}

/// Every public struct of the views and drawings, with its comments.
fn structs() -> BTreeMap<String, Struct> {
    let mut structs = BTreeMap::new();
    let files = ["src/render/view", "src/render/draw"].into_iter().flat_map(|folder| below(&here().join(folder)));
    for file in files {
        let source = text(&file);
        let (mut about, mut open): (Vec<&str>, Option<(String, Struct)>) = (Vec::new(), None);
        for line in source.lines() {
            let line = line.trim();
            if let Some(comment) = line.strip_prefix("///") {
                about.push(comment.trim());
            } else if let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")) {
                open = Some((name.to_owned(), Struct { about: about.join(" "), fields: Vec::new() }));
                about.clear();
            } else if let (Some((_, found)), Some(field)) = (&mut open, line.strip_prefix("pub ")) {
                let (name, kind) = field.trim_end_matches(',').split_once(": ").expect("a field has a type");
                found.fields.push(Field { name: name.to_owned(), kind: kind.to_owned(), about: about.join(" ") });
                about.clear();
            } else if line == "}" {
                structs.extend(open.take());
                about.clear();
            } else if !line.starts_with("#[") {
                about.clear();
            }
        }
    }
    structs
}

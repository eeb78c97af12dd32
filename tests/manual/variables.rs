//! The reference page of template variables, generated from the types of the views.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::files::{below, here, text};
use crate::words::cell;

/// The variables: name, type and meaning.
const TOP: &[(&str, &str, &str)] = &[
    (
        "root",
        "text",
        "The prefix of every relative address: `../` for each folder above the page. Write `{{ root }}{{ page.href }}`.",
    ),
    ("lang", "text", "The language of the pages."),
    ("site", "SiteView", "The whole site."),
    ("page", "PageView", "The page."),
    ("home", "HomeView", "The topics, for a home page."),
    (
        "timeline",
        "TimelineView",
        "The events; on the timeline of a topic, only its own; on a part of a long list, those of the part. The same is true of the lists below.",
    ),
    ("claims", "LedgerView", "All claims."),
    ("sources", "list of SourceView", "All sources."),
    ("origins", "OriginsView", "Which sources draw on which documents."),
    ("disagreements", "list of DisagreementGroup", "All disagreements, by severity."),
    ("comparison", "ComparisonView", "The sources side by side: what each answers where they disagree."),
    ("entities", "list of EntityGroup", "All entities, by kind."),
    ("contributions", "MapView", "The contributions of the parties."),
    ("search", "SearchView", "All entries of the search index."),
    ("corrections", "CorrectionsView", "All corrections."),
    ("parts", "PartsView", "On the pages of a list that is too long for one page: its further pages."),
    ("topic", "TopicView", "On a page with a topic: that topic."),
    ("source", "SourceView", "On the page of a source: that source."),
    ("claim", "ClaimPageView", "On the page of a claim, and on the one for frames: that claim."),
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
        "Templates are [Tera](https://keats.github.io/tera/) 2, with all its filters and tests; Dossier adds none. \
         Templates get plain data, listed here. A page is rendered again only if the data in it has changed. All text is \
         escaped; write HTML, such as `page.content`, with `| safe`.\n\nThe names of the templates are `home.html`, `page.html`, \
         `section.html`, `topic.html`, `source.html`, `claim.html`, `embed.html`, `timeline.html`, `claims.html`, `sources.html`, \
         `disagreements.html`, `entities.html`, `search.html`, `corrections.html` and `404.html`. `template:` in the \
         front matter chooses another.\n\n## Variables {#variables}\n\n| name | value | meaning |\n|---|---|---|\n",
    );
    let mut todo: Vec<String> = Vec::new();
    for (name, kind, about) in TOP {
        out.push_str(&format!("| `{name}` | {} | {about} |\n", linked(kind, &structs, &mut todo)));
    }
    out.push_str(
        "\n`topic`, `source` and `claim` are only defined on their pages; test for them with `{% if topic is defined %}`.\n\n\
         ## Long lists {#long-lists}\n\nThe pages of claims, sources, disagreements, names, events, search and corrections, \
         and the page of a source, are divided if they would have more than 200 entries or about 130 KiB of them. The page of \
         the list is then an index without entries, and its further pages use the same template: there, `claims`, \
         `timeline` and so on have the entries of the part. `parts` says which part it is, and has the addresses of the \
         others; it is none on a list that is not divided, so write `{% if parts %}`. A template that does not name `parts` \
         gets the whole list, whatever its length. The page of a divided timeline has no picture: each of its parts has that of its \
         own years, and the timeline of a topic that of the topic.\n\n## Ids that links lead to {#ids}\n\nLinks to a record lead to \
         an element with the id of the record, which the template of its list has to give it: `id=\"{{ x.claim.id }}\"` in \
         `claims.html`, `id=\"{{ s.slug }}\"` in `sources.html`. `claims.html` also needs an element with the id `means-` and the \
         word for each of `claims.meanings`, where badges lead; the theme's link to all of them leads to the id `meanings`. A \
         missing id is reported as `broken-output-link`.\n",
    );
    let mut seen = BTreeSet::new();
    let mut at = 0;
    while let Some(name) = todo.get(at).cloned() {
        at += 1;
        if !seen.insert(name.clone()) {
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

/// Links the name of a type to its table, and adds that table to `todo`.
fn linked(kind: &str, structs: &BTreeMap<String, Struct>, todo: &mut Vec<String>) -> String {
    let (before, name) = kind.rsplit_once(' ').map_or(("", kind), |(before, name)| (before, name));
    if !structs.contains_key(name) {
        assert!(!name.contains(char::is_uppercase), "unknown type `{kind}`");
        return kind.to_owned();
    }
    todo.push(name.to_owned());
    format!("{before} [{name}](#{})", name.to_lowercase()).trim().to_owned()
}

/// The name of a Rust type, for readers of the manual.
fn words(kind: &str) -> String {
    let inside = |outer: &str| kind.strip_prefix(outer)?.strip_suffix('>');
    if let Some(inner) = inside("Option<") {
        return format!("optional {}", words(inner));
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

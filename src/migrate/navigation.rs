//! Titles and order of pages: tables of contents and menus of the old site.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_yaml::Value;

use super::values::{Map, scalar};
use crate::source::SitePath;

/// An entry of a table of contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NavItem {
    pub title: String,
    /// The old file it leads to, or an address.
    pub target: Option<String>,
    pub children: Vec<NavItem>,
}

/// A table of contents in Markdown, such as `SUMMARY.md`: headings, and nested lists of links. Targets are old files.
pub(super) fn summary(path: &SitePath, text: &str) -> Vec<NavItem> {
    let mut reader = Summary { path, stack: vec![Vec::new()], title: String::new(), target: None, in_link: false };
    let mut heading = None;
    for event in Parser::new_ext(text, Options::empty()) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading = Some(());
                reader.title.clear();
            }
            Event::End(TagEnd::Heading(level)) => {
                heading = None;
                reader.heading(level as usize);
            }
            Event::Start(Tag::List(_)) => reader.stack.push(Vec::new()),
            Event::End(TagEnd::List(_)) => reader.end_list(),
            Event::Start(Tag::Link { dest_url, .. }) => reader.start_link(&dest_url),
            Event::End(TagEnd::Link) => reader.end_link(),
            Event::Text(text) | Event::Code(text) if reader.in_link || heading.is_some() => {
                reader.title.push_str(&text);
            }
            _ => {}
        }
    }
    while reader.stack.len() > 1 {
        reader.end_list();
    }
    reader.stack.pop().unwrap_or_default()
}

struct Summary<'a> {
    path: &'a SitePath,
    /// The open lists, each with its entries so far.
    stack: Vec<Vec<NavItem>>,
    title: String,
    target: Option<String>,
    in_link: bool,
}

impl Summary<'_> {
    fn heading(&mut self, level: usize) {
        let title = std::mem::take(&mut self.title);
        // The first heading names the file.
        let is_name = level == 1 && self.stack.first().is_some_and(Vec::is_empty);
        if !is_name && let Some(top) = self.stack.first_mut() {
            top.push(NavItem { title, ..NavItem::default() });
        }
    }

    fn start_link(&mut self, target: &str) {
        self.in_link = true;
        self.title.clear();
        let target = target.split('#').next().unwrap_or_default();
        let target = crate::site::decode(target).unwrap_or_default();
        self.target = if crate::site::has_scheme(&target) || target.is_empty() {
            None
        } else {
            self.path.resolve(&target).ok().map(|path| path.to_string())
        };
    }

    fn end_link(&mut self) {
        self.in_link = false;
        let item = NavItem { title: std::mem::take(&mut self.title), target: self.target.take(), children: Vec::new() };
        if let Some(list) = self.stack.last_mut() {
            list.push(item);
        }
    }

    fn end_list(&mut self) {
        let Some(children) = self.stack.pop() else { return };
        let is_inner = self.stack.len() > 1;
        match self.stack.last_mut() {
            // A list inside an item belongs to its link.
            Some(list) => match list.last_mut().filter(|_| is_inner) {
                Some(item) => item.children.extend(children),
                None => list.extend(children),
            },
            None => self.stack.push(children),
        }
    }
}

/// A table of contents in YAML: texts, and mappings of a title to a target or to a list.
pub(super) fn titled_tree(value: &Value, target: &dyn Fn(&str) -> Option<String>) -> Vec<NavItem> {
    let Some(items) = value.as_sequence() else { return Vec::new() };
    let one = |title: String, value: &Value| match value {
        Value::Sequence(_) => NavItem { title, target: None, children: titled_tree(value, target) },
        other => NavItem { title, target: scalar(other).and_then(|text| target(&text)), children: Vec::new() },
    };
    let read = |item: &Value| match item {
        Value::Mapping(map) => map.iter().map(|(key, value)| one(scalar(key).unwrap_or_default(), value)).collect(),
        other => vec![one(String::new(), other)],
    };
    items.iter().flat_map(read).collect()
}

/// A table of contents in YAML whose entries have named keys, such as `text`, `href` and `contents`.
pub(super) fn keyed_tree(value: &Value, target: &dyn Fn(&str) -> Option<String>) -> Vec<NavItem> {
    let Some(items) = value.as_sequence() else { return Vec::new() };
    let read = |item: &Value| match item {
        Value::Mapping(map) => {
            let first = |keys: &[&str]| keys.iter().find_map(|key| map.get(*key).and_then(scalar));
            let lists = ["contents", "menu", "chapters"].iter().filter_map(|key| map.get(*key));
            let named = first(&["text", "section", "part", "title"]).unwrap_or_default();
            let linked =
                first(&["href", "file"]).or_else(|| first(&["section", "part"])).and_then(|text| target(&text));
            NavItem {
                title: named,
                target: linked,
                children: lists.flat_map(|list| keyed_tree(list, target)).collect(),
            }
        }
        other => NavItem { target: scalar(other).and_then(|text| target(&text)), ..NavItem::default() },
    };
    items.iter().map(read).filter(|item| *item != NavItem::default()).collect()
}

/// The entries of a menu that are a list of mappings with `name`, `weight` and a target.
pub(super) fn menu(value: &Value) -> Vec<NavItem> {
    let entries = value.as_sequence().into_iter().flatten().filter_map(Value::as_mapping);
    let weight = |entry: &Map| entry.get("weight").and_then(Value::as_i64).filter(|weight| *weight != 0);
    let mut entries: Vec<&Map> = entries.filter(|entry| !entry.contains_key("parent")).collect();
    entries.sort_by_key(|entry| (weight(entry).is_none(), weight(entry)));
    let read = |entry: &Map| {
        let first = |keys: &[&str]| keys.iter().find_map(|key| entry.get(*key).and_then(scalar));
        let title = first(&["name", "title", "identifier"]).unwrap_or_default();
        NavItem { title, target: first(&["pageRef", "pageref", "url"]), children: Vec::new() }
    };
    entries.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(items: &[NavItem]) -> String {
        let one = |item: &NavItem| {
            let target = item.target.as_deref().unwrap_or("-");
            let children =
                if item.children.is_empty() { String::new() } else { format!("({})", shown(&item.children)) };
            format!("{}={target}{children}", item.title)
        };
        items.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn tables_of_contents() {
        let path = SitePath::new("src/SUMMARY.md").expect("a path");
        let text = "# Summary\n\n[Intro](README.md)\n\n# Part `I`\n\n- [A](a.md)\n  - [B](a/b.md)\n- [Draft]()\n\n---\n\n[End](end%20x.md#y)\n";
        assert_eq!(
            shown(&summary(&path, text)),
            "Intro=src/README.md Part I=- A=src/a.md(B=src/a/b.md) Draft=- End=src/end x.md"
        );
        let target = |text: &str| Some(format!("docs/{text}"));
        let yaml = |text: &str| serde_yaml::from_str::<Value>(text).expect("YAML");
        assert_eq!(
            shown(&titled_tree(&yaml("- a.md\n- Guide:\n  - B: b.md\n"), &target)),
            "=docs/a.md Guide=-(B=docs/b.md)"
        );
        let quarto =
            "- index.qmd\n- part: Part\n  chapters: [a.qmd]\n- text: Menu\n  menu:\n  - text: M\n    href: m.qmd\n";
        assert_eq!(
            shown(&keyed_tree(&yaml(quarto), &target)),
            "=docs/index.qmd Part=docs/Part(=docs/a.qmd) Menu=-(M=docs/m.qmd)"
        );
        assert_eq!(
            shown(&menu(&yaml("- {name: B, url: /b, weight: 2}\n- {name: A, pageRef: a, weight: 1}\n"))),
            "A=a B=/b"
        );
    }
}

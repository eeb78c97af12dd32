use super::*;

/// A page of the old site, for tests of parts.
pub(super) fn page(path: &str, text: &str) -> pages::Page {
    let source = SitePath::new(path).expect("a path");
    pages::Page {
        folder: source.folder().to_owned(),
        stem: source.stem().to_owned(),
        role: pages::Role::Leaf,
        scope: old_site::Scope::Pages,
        prefix: String::new(),
        front: front_matter::FrontMatter::default(),
        values: values::Map::new(),
        file: text.to_owned(),
        body: 0,
        source,
    }
}

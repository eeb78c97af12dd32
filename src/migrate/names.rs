//! What pages are called.

/// Whether a file is a page.
pub(super) fn is_page(path: &str) -> bool {
    path.ends_with(".md") || path.ends_with(".markdown")
}

/// The new name of a page: the index of a section is `index.md`, whatever it was called.
pub(super) fn page_name(path: &str, exists: &dyn Fn(&str) -> bool) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let at = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let stem = name.strip_suffix(".markdown").or_else(|| name.strip_suffix(".md")).unwrap_or(name);
    match stem {
        "_index" => at("index.md"),
        "README" if !exists(&at("index.md")) && !exists(&at("_index.md")) => at("index.md"),
        stem => at(&format!("{stem}.md")),
    }
}

/// A path below `content`, out of the way of the records, which have the folder `evidence` for themselves.
pub(super) fn beside_records(path: &str) -> String {
    match path.strip_prefix("evidence/") {
        Some(rest) => format!("evidence-pages/{rest}"),
        None => path.to_owned(),
    }
}

/// The day that a file's name begins with, and the rest: `2020-01-31-notes`.
pub(super) fn dated(stem: &str) -> Option<(&str, &str)> {
    let (day, rest) = stem.split_at_checked(10)?;
    let rest = rest.strip_prefix(['-', '_']).filter(|rest| !rest.is_empty())?;
    day.parse::<jiff::civil::Date>().ok()?;
    Some((day, rest))
}

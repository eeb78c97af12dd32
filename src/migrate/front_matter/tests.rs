use super::find::Format;
use super::*;
use crate::migrate::report::Report;
use crate::migrate::{Generator, values};
use crate::source::SitePath;

fn read(yaml: &str, generator: Generator) -> FrontMatter {
    let path = SitePath::new("a.md").expect("a path");
    let map = values::yaml(yaml).expect("YAML");
    let (taxonomies, report) = (&[("tags".to_owned(), "tags".to_owned())], &mut Report::default());
    Reader { page: &path, generator, taxonomies, place: &|_| Span::file(&path), report }.read(map)
}

#[test]
fn front_matter_is_found_however_it_is_written() {
    for (text, expected) in [
        ("---\na: 1\n---\nx", Some(("a: 1\n", "x", Format::Yaml))),
        ("\u{feff}\n\n---\na: 1\n...\nx", Some(("a: 1\n", "x", Format::Yaml))),
        ("+++\na = 1\n+++ \nx", Some(("a = 1\n", "x", Format::Toml))),
        ("---json\n{}\n---\nx", Some(("{}\n", "x", Format::Json))),
        ("{\n \"a\": \"}\"\n}\nx", Some(("{\n \"a\": \"}\"\n}", "x", Format::Json))),
        ("---\na: 1\n", None),
        ("{ not }", None),
        ("", None),
    ] {
        let found = find(text, Generator::Hugo);
        let shown = found.as_ref().map(|found| (&text[found.range.clone()], &text[found.body..], found.format));
        assert_eq!(shown, expected, "{text:?}");
    }
}

#[test]
fn pages_that_were_not_published_become_drafts() {
    for hidden in [
        "draft: true",
        "Draft: TRUE",
        "draft: 'true'",
        "draft: 'yes'",
        "published: false",
        "publish: 'no'",
        "build: {render: never}",
        "_build: {render: false}",
        "headless: true",
        "permalink: false",
        "render: false",
        "private: true",
        "unlisted: true",
        "status: Draft",
        "expirydate: soon",
    ] {
        assert!(read(hidden, Generator::Plain).is_draft, "{hidden}");
    }
    for shown in ["draft: false", "published: true", "publish: true", "build: {list: never}", "published: 2020-01-01"] {
        assert!(!read(shown, Generator::Plain).is_draft, "{shown}");
    }
    let front = read("date: 2020-01-01\npublishDate: 2999-01-02T10:00:00Z\nexpirydate: 2999-02-03\n", Generator::Hugo);
    assert_eq!(front.write(&[]), "---\ndate: 2999-01-02\nexpires: 2999-02-03\n---\n");
}

#[test]
fn keys_get_their_new_names() {
    let front = read(
        "Title: 'A: b'\ndescription: \"One\\n line\"\nlastmod: 2021-5-6 10:00\nweight: 3\ntags: [x, '#y', x]\nlayout: post\nauthor: me\n",
        Generator::Hugo,
    );
    assert_eq!(
        front.write(&["old/".to_owned()]),
        "---\ntitle: \"A: b\"\nsummary: \"One line\"\norder: 3\nupdated: 2021-05-06\naliases: [\"old/\"]\nextra:\n  \
         layout: post\n  author: me\n  tags:\n  - x\n  - y\n---\n"
    );
    assert_eq!(read("weight: 0\naliases: [b]\n", Generator::Hugo).order, None);
    assert_eq!(read("aliases: [Other name]\n", Generator::Obsidian).names, ["Other name"]);
}

#[test]
fn days_are_read_loosely() {
    for (text, expected) in [
        ("2020-01-31", Some("2020-01-31")),
        ("2020-1-5 10:00:00 +0100", Some("2020-01-05")),
        ("2020/01/31", Some("2020-01-31")),
        ("1/31/2020", Some("2020-01-31")),
        ("2020-02-31", None),
        ("today", None),
        ("2020-01", None),
        ("", None),
    ] {
        assert_eq!(day(text).map(|day| day.to_string()).as_deref(), expected, "{text}");
    }
}

#[test]
fn addresses_hold_days() {
    for (address, expected) in [
        ("2014/09/15/Rust-1.0/index.html", Some("2014-09-15")),
        ("blog/2014/09/15/x.html", Some("2014-09-15")),
        ("2014/09/x.html", None),
        ("2014/13/01/x.html", None),
        ("v/1.2/3/x.html", None),
    ] {
        assert_eq!(day_in_address(address).map(|day| day.to_string()).as_deref(), expected, "{address}");
    }
}

use std::sync::Arc;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::diag::Diagnostics;
use crate::source::{SitePath, Span, line_column};

#[derive(Debug, PartialEq, Deserialize)]
struct Thing {
    id: Spanned<String>,
    kind: Kind,
    #[serde(default)]
    order: Option<u8>,
    #[serde(default)]
    tags: Vec<Spanned<String>>,
    #[serde(default)]
    parts: Vec<Part>,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    extra: serde_json::Map<String, serde_json::Value>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Part {
    name: String,
    #[serde(default)]
    size: u8,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    SmallThing,
    BigThing,
}

fn file() -> SitePath {
    SitePath::new("content/a.yaml").expect("a path")
}

/// `line:column-column code: message (hint)` for every problem.
fn show(text: &str, base: usize, diagnostics: &Diagnostics) -> String {
    let place = |span: &Span| {
        let (start, end) = (line_column(text, span.start - base), line_column(text, span.end - base));
        format!("{}:{}-{}", start.line, start.column, end.column)
    };
    let lines = diagnostics.iter().map(|problem| {
        let at = problem.at.as_ref().map(place).unwrap_or_default();
        let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{at} {}: {}{hint}", problem.code, problem.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn read(text: &str) -> (Option<Thing>, String) {
    let mut diagnostics = Diagnostics::default();
    let thing = yaml::<Thing>(&file(), text, 100, &mut diagnostics).map(|(thing, _)| thing);
    (thing, show(text, 100, &diagnostics))
}

fn problems(text: &str) -> String {
    read(text).1
}

#[test]
fn reads_a_record_with_the_places_of_its_values() {
    let text = "id: azure\nkind: big-thing\ntags: [é, \"b c\"]\n";
    let mut diagnostics = Diagnostics::default();
    let (thing, places) = yaml::<Thing>(&file(), text, 7, &mut diagnostics).expect("a record");
    assert!(diagnostics.is_empty());
    assert_eq!((thing.id.as_str(), &thing.kind), ("azure", &Kind::BigThing));
    let slice = |node| places.span(node).and_then(|span| text.get(span.start - 7..span.end - 7));
    assert_eq!(slice(thing.id.node), Some("azure"));
    assert_eq!(slice(thing.tags[0].node), Some("é"));
    assert_eq!(slice(thing.tags[1].node), Some("\"b c\""));
}

#[test]
fn reports_every_problem_of_a_record() {
    let text = "\
# a comment
idd: azure
kind: big-thin
order: 300
tags: [a, 2015, {b: c}]
tags: [again]
parts:
  - name: x
    size: many
  - size: 2
  - nme: y
  - name:
draft: yes
";
    insta::assert_snapshot!(problems(text), @r#"
    2:1-4 unknown-key: unknown key `idd` (did you mean `id`?)
    3:7-15 wrong-type: expected `small-thing` or `big-thing`, found the text `big-thin` (did you mean `big-thing`?)
    4:8-11 wrong-type: expected a whole number from 0 to 255, found the number 300
    5:11-15 wrong-type: expected text, found the number 2015 (put it in quotes: "2015")
    5:18-19 wrong-type: expected text, found keys and values
    6:1-5 duplicate-key: the key `tags` is given twice (the first one is used; remove one of them)
    9:11-15 wrong-type: expected a whole number from 0 to 255, found the text `many`
    10:5-9 missing-key: missing key `name` (add `name` to this record)
    11:5-8 unknown-key: unknown key `nme` (did you mean `name`?)
    12:5-9 missing-key: the key `name` has no value
    13:8-11 wrong-type: expected `true` or `false`, found the text `yes` (write `true` or `false`, without quotes)
    "#);
}

#[test]
fn keeps_a_record_with_an_invalid_optional_value() {
    let (thing, problems) = read("id: a\nkind: big-thing\norder: first\ntags: [a, [b], c]\n");
    let thing = thing.expect("the rest");
    assert_eq!((thing.order, thing.tags.len()), (None, 2));
    insta::assert_snapshot!(problems, @r"
    3:8-13 wrong-type: expected a whole number from 0 to 255, found the text `first`
    4:12-13 wrong-type: expected text, found a list
    ");
}

#[test]
fn follows_aliases_and_places_their_copies() {
    let text =
        "id: &i a\nkind: big-thing\nextra: {a: &x {b: *i}, c: *x}\nparts: [{name: *i, size: 300}, *i]\ntags: [*i, 5]";
    insta::assert_snapshot!(problems(text), @r#"
    4:26-29 wrong-type: expected a whole number from 0 to 255, found the number 300
    4:32-34 wrong-type: expected keys and values, found the text `a`
    5:12-13 wrong-type: expected text, found the number 5 (put it in quotes: "5")
    "#);
}

#[test]
fn explains_what_is_not_yaml() {
    let texts = [
        "title: Cloud: what",
        "id: a\n\tkind: b",
        "kind: é\nid: \"a\nkind: b",
        "id: @a",
        "id: a\n kind: b\n",
        "id: *a",
        "id: !x a",
        "id: a\u{1}b",
        "[a, b",
        "a\n---\nb",
        "- a",
        "{a: b}: c",
    ];
    insta::assert_snapshot!(texts.map(problems).join("\n"), @r#"
    1:13-14 yaml-syntax: not valid YAML: mapping values are not allowed in this context (a text that holds a colon and a space needs quotes: `title: "One: two"`)
    2:1-2 yaml-syntax: not valid YAML: found a tab character that violates indentation (YAML indents by spaces; replace the tab)
    2:5-7 yaml-syntax: not valid YAML: a quote is opened and never closed (close it; a text that only begins with a quote needs quotes around it)
    1:5-7 yaml-syntax: not valid YAML: found character that cannot start any token (put a text that starts with this character in quotes)
    2:6-7 yaml-syntax: not valid YAML: mapping values are not allowed in this context (a text that holds a colon and a space needs quotes: `title: "One: two"`)
    1:5-7 yaml-syntax: not valid YAML: unknown anchor (put a text that starts with `*` or `&` in quotes)
    1:5-7 yaml-syntax: the tag `!x` is not supported (remove it, or put a text that starts with `!` in quotes)
    1:6-7 yaml-syntax: the character U+0001 is not allowed in YAML (remove it)
    1:6-6 yaml-syntax: not valid YAML: did not find expected ',' or ']' (a bracket is opened and never closed)
    2:1-4 yaml-syntax: not valid YAML: a second document starts here (remove the line `---` between the two)
    1:3-4 wrong-type: expected keys and values, found a list
    1:2-3 wrong-type: expected text as a key
    1:2-3 missing-key: missing key `id` (add `id` to this record)
    1:2-3 missing-key: missing key `kind` (add `kind` to this record)
    "#);
}

#[test]
fn limits_hostile_documents() {
    let bomb = "a: &a [x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n";
    let texts = [
        bomb.to_owned(),
        "[".repeat(DOCUMENT_LIMIT),
        "a: {".repeat(DOCUMENT_LIMIT / 4),
        "- ".repeat(DOCUMENT_LIMIT / 2),
        " ".repeat(DOCUMENT_LIMIT + 1),
    ];
    insta::assert_snapshot!(texts.map(|text| problems(&text)).join("\n"), @r"
    1:4-6 too-large: aliases (`*name`) repeat too much text (write the values out)
    1:1025-1065 too-large: lists and maps are nested deeper than 32
    1:4100-4103 too-large: lists and maps are nested deeper than 32
    1:65-66 too-large: lists and maps are nested deeper than 32
    1:1-1 too-large: this has 65537 bytes, the limit is 65536
    ");
    let many = format!("id: a\nkind: big-thing\ntags: [{}]", "1, ".repeat(20_000));
    assert_eq!(problems(&many).lines().count(), PROBLEM_LIMIT);
}

#[test]
fn an_empty_document_is_an_empty_list_and_a_default_record() {
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Loose {
        a: u8,
    }
    let mut diagnostics = Diagnostics::default();
    for text in ["", "  \n", "# only a comment\n", "---\n", "~"] {
        let loose = yaml::<Loose>(&file(), text, 0, &mut diagnostics).map(|(loose, _)| loose);
        assert_eq!(loose, Some(Loose::default()), "{text:?}");
        let records = yaml_list::<Thing>(&file(), &text.into(), &mut SourceMap::default(), &mut diagnostics);
        assert_eq!((records.items.len(), records.torn), (0, false), "{text:?}");
    }
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
}

#[test]
fn reads_each_record_of_a_list_separately() {
    let text = "- id: a\n  kind: big-thing\n- id: b\n  kind: huge\n- 7\n- id: c\n  kind: small-thing\n";
    let (mut diagnostics, mut places) = (Diagnostics::default(), SourceMap::default());
    let records = yaml_list::<Thing>(&file(), &text.into(), &mut places, &mut diagnostics);
    assert_eq!(records.items.iter().map(|thing| thing.id.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!((records.lost, records.torn), (vec!["b".to_owned()], false));
    insta::assert_snapshot!(show(text, 0, &diagnostics), @r"
    4:9-13 wrong-type: expected `small-thing` or `big-thing`, found the text `huge`
    5:3-4 wrong-type: expected keys and values, found the number 7
    ");
}

#[test]
fn a_record_that_is_too_long_is_named_at_its_line() {
    let text = format!("- id: a\n  kind: big-thing\n- id: \"b\"\n  kind: {}\n", "x".repeat(DOCUMENT_LIMIT));
    let mut diagnostics = Diagnostics::default();
    yaml_list::<Thing>(&file(), &text.as_str().into(), &mut SourceMap::default(), &mut diagnostics);
    let shown = show(&text, 0, &diagnostics);
    assert!(shown.starts_with("3:3-10 too-large: the record `b` has 65555 bytes, the limit is 65536"), "{shown}");
}

#[test]
fn reads_a_long_list_in_parts_with_the_same_places() {
    let record = |n: usize| format!("- id: thing-{n}\n  kind: big-thing\n  tags: [a, b]\n");
    let text: Arc<str> = (0..10_000).map(record).collect::<String>().into();
    let (mut diagnostics, mut places) = (Diagnostics::default(), SourceMap::default());
    let records = yaml_list::<Thing>(&file(), &text, &mut places, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(records.items.len(), 10_000);
    for n in [0, 1, 999, 5_000, 9_999] {
        let span = places.span(records.items[n].id.node).expect("a place");
        assert_eq!(&text[span.start..span.end], format!("thing-{n}"));
    }
    let broken: Arc<str> = text.replace("thing-5000\n", "thing: 5000\n").replace("thing-7000\n", "\"thing\n").into();
    let records = yaml_list::<Thing>(&file(), &broken, &mut SourceMap::default(), &mut diagnostics);
    assert!(records.torn);
    insta::assert_snapshot!(show(&broken, 0, &diagnostics), @r#"
    15001:12-13 yaml-syntax: not valid YAML: mapping values are not allowed in this context (a text that holds a colon and a space needs quotes: `title: "One: two"`)
    21001:7-13 yaml-syntax: not valid YAML: a quote is opened and never closed (close it; a text that only begins with a quote needs quotes around it)
    "#);
}

#[test]
fn reads_toml_with_places() {
    let text = "id = \"a\"\nkind = 'big-thng'\norder = -1\n[extra]\nwhen = 2018-02-23\n[extra.deep]\nx = [1, {y = true}]\n[[parts]]\nnam = 1\n";
    let mut diagnostics = Diagnostics::default();
    // Values that could not be read are filled in.
    let thing = toml::<Thing>(&file(), text, &mut diagnostics).map(|(thing, _)| thing).expect("this is TOML");
    assert_eq!((thing.id.as_str(), thing.kind), ("a", Kind::SmallThing));
    insta::assert_snapshot!(show(text, 0, &diagnostics), @r"
    2:8-18 wrong-type: expected `small-thing` or `big-thing`, found the text `big-thng` (did you mean `big-thing`?)
    3:9-11 wrong-type: expected a whole number from 0 to 255, found the number -1
    9:1-4 unknown-key: unknown key `nam` (did you mean `name`?)
    ");
}

#[test]
fn explains_what_is_not_toml() {
    let texts = ["title = Cloud", "a = 1\na = 2", "[a", "a.b = 1\n[a]\nb = 2\nc = \"x", "a = '''\n"].map(str::to_owned);
    let deep = [
        format!("{}x = 1", "a.".repeat(60_000)),
        format!("[{}x]", "a.".repeat(60_000)),
        "[".repeat(100_000),
        format!("x = {}", "[".repeat(100_000)),
        format!("x = {}", "{a=".repeat(50_000)),
    ];
    let shown = texts.iter().chain(&deep).map(|text| {
        let mut diagnostics = Diagnostics::default();
        assert!(toml::<Thing>(&file(), text, &mut diagnostics).is_none());
        show(text, 0, &diagnostics)
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r#"
    1:9-14 toml-syntax: not valid TOML: string values must be quoted, expected literal string
    2:1-2 duplicate-key: this key is given twice (remove one of them)
    1:3-3 toml-syntax: not valid TOML: unclosed table, expected `]`
    2:2-3 duplicate-key: this key is given twice (remove one of them)
    3:1-2 duplicate-key: this key is given twice (remove one of them)
    4:7-7 toml-syntax: not valid TOML: invalid basic string, expected `"`
    2:1-1 toml-syntax: not valid TOML: invalid multi-line literal string, expected `'`
    1:1-1 toml-syntax: not valid TOML: recursion limit
    1:1-1 toml-syntax: not valid TOML: recursion limit
    1:3-3 toml-syntax: not valid TOML: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
    1:85-86 toml-syntax: not valid TOML: cannot recurse further; max recursion depth met
    1:100005-100005 toml-syntax: not valid TOML: unclosed array, expected `]`
    1:245-246 toml-syntax: not valid TOML: cannot recurse further; max recursion depth met
    1:150005-150005 toml-syntax: not valid TOML: unclosed inline table, expected `}`
    "#);
}

proptest! {
    #[test]
    fn no_text_panics_and_all_places_are_inside_it(text in "(?s)([-a-c:{}\\[\\],&*!|>'\"#%@~?é\t\n\r 0-9]|: |\n- |- id: a\n|id: a|kind: big-thing|parts: |name: |---\n){0,60}") {
        let mut diagnostics = Diagnostics::default();
        yaml::<Thing>(&file(), &text, 0, &mut diagnostics);
        yaml_list::<Thing>(&file(), &text.as_str().into(), &mut SourceMap::default(), &mut diagnostics);
        toml::<Thing>(&file(), &text, &mut diagnostics);
        for problem in diagnostics.iter() {
            let span = problem.at.as_ref().expect("a place");
            prop_assert!(span.end <= text.len() && text.get(span.start..span.end).is_some(), "{problem:?}");
        }
    }

    #[test]
    fn spans_cover_their_scalars(words in proptest::collection::vec("[a-zé]{1,5}", 1..12), breaks in any::<u64>()) {
        let mut text = String::new();
        for (n, word) in words.iter().enumerate() {
            let gap = if breaks >> n & 1 == 1 { "\r\n\r\n" } else { "\n" };
            text.push_str(&format!("- x{word}: [y{word}, 'z{word}']{gap}"));
        }
        let mut places = SourceMap::default();
        let list = yaml_list::<std::collections::BTreeMap<String, Vec<Spanned<String>>>>(
            &file(), &text.as_str().into(), &mut places, &mut Diagnostics::default());
        for map in list.items {
            for (_, values) in map {
                let slice = |at: &Spanned<String>| places.span(at.node).and_then(|span| text.get(span.start..span.end)).map(str::to_owned);
                prop_assert_eq!(slice(&values[0]), Some(values[0].value.clone()));
                prop_assert_eq!(slice(&values[1]), Some(format!("'{}'", values[1].value)));
            }
        }
    }
}

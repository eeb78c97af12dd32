use std::collections::BTreeMap;

use rayon::prelude::*;

use super::*;
use crate::parse::HIGHLIGHT_CLASSES;

#[track_caller]
fn check(language: &str, code: &str, expected: &str) {
    let highlighter = Highlighter::default();
    let html = match highlighter.language(language) {
        Language::Known(language) => highlighter.highlight(language, code).html.clone(),
        Language::Plain => "PLAIN".to_owned(),
        Language::Unknown => "UNKNOWN".to_owned(),
    };
    assert_eq!(html, expected);
}

#[test]
fn few_classes_and_merged_spans() {
    // In short: `[c x]` for a span of class `hl-c`.
    for (language, code, expected) in [
        ("yaml", "# note\nid: azure # x\n", "[comment # note]\n[attribute id]: [string azure] [comment # x]\n"),
        ("rust", "let x = \"a<b\"; // hi", "[keyword let] x = [string \"a&lt;b\"]; [comment // hi]"),
        ("json", "{\"a\": true}", "{[attribute \"a\"]: [constant true]}"),
        ("md", "# Title\n\n*em* `c`\n", "[heading # Title]\n\n[emphasis *em*] [string `c`]\n"),
        ("html", "<p class=\"a\">", "&lt;[tag p] [attribute class]=[string \"a\"]&gt;"),
        ("toml", "b = 'c' # d", "[attribute b] = [string 'c'] [comment # d]"),
        ("ts", "`x${a}`", "[string `x${]a[string }`]"),
        ("shell", "echo \"$HOME\"", "[function echo] [string \"$HOME\"]"),
        ("diff", "-a\n+b\n", "[deleted -a]\n[inserted +b]\n"),
        ("json5", "{a: 'b', // c\n}", "{[attribute a]: [string 'b'], [comment // c]\n}"),
        ("python", "\"\"\"doc\n  more\"\"\"\n", "[comment \"\"\"doc]\n  [comment more\"\"\"]\n"),
    ] {
        let spans = expected.replace('[', "<span class=\"hl-").replace(']', "</span>");
        let classes = HIGHLIGHT_CLASSES.iter();
        let html = classes.fold(spans, |html, class| html.replace(&format!("hl-{class} "), &format!("hl-{class}\">")));
        check(language, code, &html);
    }
}

#[test]
fn names() {
    check("text", "", "PLAIN");
    check("nonsense", "", "UNKNOWN");
    check("YAML", "a", "<span class=\"hl-string\">a</span>");
}

/// Every alias has a syntax.
#[test]
fn usual_names_are_known() {
    let highlighter = Highlighter::default();
    let unknown = |name: &&str| matches!(highlighter.language(name), Language::Unknown);
    assert_eq!(languages::names().filter(unknown).collect::<Vec<_>>(), Vec::<&str>::new());
    let usual = [
        "c",
        "clojure",
        "cmake",
        "css",
        "csv",
        "dart",
        "elixir",
        "elm",
        "erlang",
        "fish",
        "glsl",
        "graphql",
        "groovy",
        "haskell",
        "hcl",
        "http",
        "java",
        "javascript",
        "jsx",
        "julia",
        "kotlin",
        "latex",
        "less",
        "lua",
        "makefile",
        "markdown",
        "nim",
        "ocaml",
        "perl",
        "php",
        "powershell",
        "protobuf",
        "r",
        "ruby",
        "scala",
        "solidity",
        "svelte",
        "swift",
        "terraform",
        "toml",
        "tsx",
        "typescript",
        "verilog",
        "vhdl",
        "vue",
        "wgsl",
        "zig",
        "zsh",
    ];
    assert_eq!(usual.iter().filter(|name| unknown(name)).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn equal_code_is_highlighted_once() {
    let highlighter = Highlighter::default();
    let Language::Known(yaml) = highlighter.language("yaml") else { panic!("YAML is known") };
    let first = highlighter.highlight(yaml, "a: 1");
    assert!(Arc::ptr_eq(&first, &highlighter.highlight(yaml, "a: 1")));
    assert!(!Arc::ptr_eq(&first, &highlighter.highlight(yaml, "a: 2")));
}

#[test]
fn long_lines_stay_plain() {
    let code = "a".repeat(MAX_HIGHLIGHT_LINE + 1);
    check("rust", &code, &code);
}

/// What is repeated to the length of a block, and what ends it.
const PATTERNS: &[(&str, &str)] = &[
    ("a-", "!"),
    ("a", ""),
    (" ", "x"),
    ("\t", "x"),
    ("-", ""),
    ("_", "!"),
    (".", "x"),
    (",", ""),
    (":", "x"),
    ("(", ""),
    (")", ""),
    ("[", ""),
    ("{", ""),
    ("<", ""),
    ("({[", ""),
    ("\"", ""),
    ("'", ""),
    ("`", "x"),
    ("\"a", ""),
    ("\\", ""),
    ("\\\"", ""),
    ("/", ""),
    ("/*", ""),
    ("/**/", "!"),
    ("<!--", ""),
    ("-- ", ""),
    ("#", ""),
    ("{{", ""),
    ("{%", ""),
    ("<%", ""),
    ("<?", ""),
    ("${", ""),
    ("#{", ""),
    ("$a", ""),
    ("@a ", ""),
    ("&&", ""),
    ("|", ""),
    ("=", ""),
    ("a=b ", "!"),
    ("**a", ""),
    ("%a", ""),
    ("0", "x"),
    ("1e", "x"),
    ("a.b", "!"),
    ("a::", "!"),
    ("a b ", "!"),
    ("a, ", "!"),
    ("aA1_", "-"),
    ("é", "!"),
    ("\n", "x"),
    (" \n", "x"),
    ("  a:\n", ""),
    ("<a b=", ""),
    ("if ", ""),
    ("end ", "x"),
    ("let a = ", ""),
    ("a(b, c)", ";"),
    ("[a](", "b"),
    ("<<a\n", ""),
    ("/a/", "g"),
];
/// The bytes of each of these blocks.
const LEN: usize = 2_000;

/// All that a block may take is counted, and a step is a time of some tens of nanoseconds: so no block takes long.
#[test]
fn every_language_ends_within_its_budget() {
    let highlighter = Highlighter::default();
    let languages: BTreeMap<&str, KnownLanguage<'_>> = highlighter
        .names()
        .filter_map(|name| match highlighter.language(name) {
            Language::Known(known) => Some((known.syntax.name.as_str(), known)),
            _ => None,
        })
        .collect();
    let blocks = || languages.values().flat_map(|known| PATTERNS.iter().map(move |pattern| (*known, *pattern)));
    let stays_plain = |(known, (piece, end)): (KnownLanguage<'_>, (&str, &str))| {
        let code = format!("{}{end}", piece.repeat((LEN - end.len()) / piece.len()));
        let found = highlight(known, &code);
        assert!(found.steps <= HIGHLIGHT_STEPS + HIGHLIGHT_STEPS_PER_BYTE * LEN, "{} {piece:?}", known.syntax.name);
        found.limit.map(|limit| (known.syntax.name.clone(), piece.to_owned(), limit))
    };
    let plain: Vec<(String, String, Limit)> = blocks().par_bridge().filter_map(stays_plain).collect();
    assert!(languages.len() > 130 && PATTERNS.len() >= 50);
    for (language, piece) in [("SCSS", "a-"), ("Less", "a-"), ("INI", " ")] {
        let took_seconds = (language.to_owned(), piece.to_owned(), Limit::Steps(0));
        assert!(plain.contains(&took_seconds), "{language} {piece:?}");
    }
    assert!(plain.len() * 10 < blocks().count(), "{} of {} stay plain", plain.len(), blocks().count());
}

//! The lexer beside `syntect`, operation for operation.

use std::sync::LazyLock;

use onig::{MatchParam, SearchOptions};
use proptest::prelude::*;
use syntect::parsing::{ParseState, SyntaxReference, SyntaxSet};

use super::class::Bytes;
use super::pattern::first;
use super::rules::Expression;
use super::{Budget, Grammars, Lexer};

/// Code in many languages, rich in strings, comments, nesting and things that end on another line.
const SAMPLES: &[&str] = &[
    "/// The part.\npub fn part<'a>(x: &'a str, n: u32) -> Result<Vec<u32>, Error> {\n    let s = r#\"raw \"x\" \\\
     \"#; // done\n    for (at, p) in x.split(\", \").enumerate() { if at > 1_000 && p != \"a\\n\" { break; } }\n    \
     println!(\"{:?} {}\", p, 'c');\n    /* a /* nested */ comment\n    */ Ok(vec![0x1F, 1.5e3])\n}\n",
    "def area(x, limit=3):\n    \"\"\"Give the *area*.\n    \"\"\"\n    y = [p for p in x.split(', ') if p]\n    if len(y) \
     > limit:  # no\n        raise ValueError(f\"{x}: {len(y)!r:>10}\")\n    return {'a': y, \"b\": lambda q: q ** 2}\n\
     @decorate(1)\nclass A(B): pass\n",
    "/* note */\nexport async function go1(b, limit = 3) {\n  const c = await fetch(`/api/${b}?limit=${limit + 1}`);\n  \
     if (!c.ok) throw new Error(\"a: \" + c.status);\n  return (c.items ?? []).filter((x) => x.name !== 'a' && \
     /[a-z]+\\/x/gi.test(x)); // b\n}\nlet o = { key: 1, 'b-c': [true, null], get d() { return this.e } }\n",
    "- id: azure-1\n  title: \"The \\u00e9 of\" # note\n  count: 3\n  topics: [a, b, {c: d}]\n  open: true\n  text: |\n    \
     some text\n      more: text\n  date: 2015-01-02\n  ref: &anchor !tag 'it''s'\n  again: *anchor\n...\n---\n",
    "<!DOCTYPE html>\n<p class=\"a\" id=b>Text &amp; more <br/>\n<style>p { color: #fff; margin: 0 auto }</style>\n\
     <script>let x = \"</p>\"; if (a < b) { c() }</script>\n<!-- a\ncomment --></p>\n",
    "# Title\n\nSome *text* with `code`, **bold** and [a link](http://x.y/z \"t\").\n\n```rust\nfn a() {}\n```\n\n> quote\n\n\
     1. one\n   - two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "#!/bin/sh\nset -e\nfor f in *.txt; do\n  echo \"$f ${x:-y} $(date +%s)\" | grep -E 'a|b' > /dev/null && exit 1\ndone\n\
     cat <<EOF\nhello $USER\nEOF\ncat <<'END' | sort\nplain $x\nEND\ncase \"$1\" in a) ls ;; esac\n",
    "[package]\nname = \"a\"\nversion = '1'\nlist = [1, 2.5, true]\ndate = 1979-05-27T07:32:00Z\n[[bin]]\nx = \"\"\"\nlong\n\
     \"\"\"\n",
    "{\"a\": true, \"b\": [1, -2.5e3, null], \"c\": {\"d\": \"e\\n\"}} // x\n",
    "#include <stdio.h>\n#define X(a) ((a) + 1)\nint main(int c, char **v) {\n  printf(\"%d\\n\", X(c)); /* x\n  y */\n  \
     return 'a' == 0x41L ? 1 : 0;\n}\ntemplate <typename T> class A : public B { R\"x(raw)x\"; };\n",
    "SELECT a.b, COUNT(*) FROM t AS a WHERE x = 'it''s' AND y > 3 -- note\nGROUP BY 1;\n",
    "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@ fn\n-a\n+b\n c\n",
    "<?php\n$a = <<<EOT\nx {$b['c']} y\nEOT;\necho \"a $b\" . 'c'; # x\n?>\n<b><?= $x ?></b>\n",
    "class A < B\n  def x(a, *b, &c) = puts \"#{a} #{b.map { |y| y * 2 }}\"\n  X = %w[a b]\n  y = <<~HERE\n    a #{x}\n  \
     HERE\n  z = /a#{1}b/i =~ s ? :sym : nil\nend\n=begin\nnote\n=end\n",
    "package main\nimport \"fmt\"\nfunc main() { x := `raw\nstring`; fmt.Println(x, 'a', 0b1, <-ch) }\ntype T struct { A int \
     `json:\"a\"` }\n",
    ".a > b:hover, #c[d=\"e\"]::before { color: rgba(1, 2, 3, .5) !important; content: \"\\201C\"; }\n@media (min-width: \
     1em) { a { b: calc(1px + 2%) } }\n",
    "\\section{A} $x^2_i$ % note\n\\begin{verbatim}\n{\\x}\n\\end{verbatim}\n\\[ \\frac{a}{b} \\]\n",
    "{% if page.title %}<h1>{{ page.title | upper }}</h1>{# note #}{% endif %}\n",
    "(defn f [x] (let [y \"s\"] `(~x @y #(inc %)))) ; note\n",
    "data A = B { c :: Int } deriving Show -- x\nf x | x > 0 = \\y -> y ++ \"s\" {- a\nb -}\n",
    "ключ: «значение» é ß ſtraße \u{212a}elvin 漢字 🙂 ‘a’ “b”\n\t \u{a0}end\n\n",
];

fn differ(grammars: &Grammars, set: &SyntaxSet, syntax: &SyntaxReference, code: &str) -> Result<bool, String> {
    let Some(mut lexer) = Lexer::new(grammars, set, syntax, Budget::new(1 << 40)) else { return Ok(false) };
    let mut state = ParseState::new(syntax);
    let mut ops = Vec::new();
    for line in code.split_inclusive('\n') {
        let line = if line.ends_with('\n') { line.to_owned() } else { format!("{line}\n") };
        if lexer.line(&line, &mut ops).is_none() {
            return Ok(false);
        }
        let theirs = state.parse_line(&line, set).map_err(|error| error.to_string())?;
        if ops != theirs {
            let at = ops.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
            let (ours, theirs) = (ops.get(at), theirs.get(at));
            return Err(format!("{}: {line:?}\nours   {ours:?}\ntheirs {theirs:?}", syntax.name));
        }
    }
    Ok(true)
}

/// Where an expression matches although `First` says that it cannot.
fn too_narrow(expression: &Expression) -> Option<String> {
    let (regex, _) = expression.regex(true)?;
    for line in SAMPLES.iter().flat_map(|sample| sample.split_inclusive('\n')) {
        for at in (0..=line.len()).filter(|at| line.is_char_boundary(*at)) {
            let (first, byte) = (expression.first, line.as_bytes().get(at));
            let allowed = byte.map_or(first.end, |byte| first.bytes.has(*byte))
                && (at == 0 || !first.start)
                && first.is_met(byte.copied(), Bytes::in_text(line));
            let matches =
                regex.match_with_param(line, at, SearchOptions::SEARCH_OPTION_NONE, None, MatchParam::default());
            if !allowed && !matches!(matches, Ok(None)) {
                return Some(format!("{:?} matches at {at} of {line:?}: {first:?}", expression.text));
            }
        }
    }
    None
}

/// Holds every syntax of `set` to `syntect` on all samples: those that differ, and those that our lexer cannot read.
fn differences(set: &SyntaxSet, grammars: &Grammars) -> (Vec<String>, Vec<String>) {
    let (mut wrong, mut left) = (Vec::new(), Vec::new());
    for syntax in set.syntaxes() {
        for sample in SAMPLES {
            match differ(grammars, set, syntax, sample) {
                Ok(true) => {}
                Ok(false) => left.push(syntax.name.clone()),
                Err(error) => wrong.push(error),
            }
        }
    }
    left.dedup();
    (wrong, left)
}

#[track_caller]
fn check(set: &SyntaxSet) -> Grammars {
    let grammars = Grammars::default();
    let (wrong, unread) = differences(set, &grammars);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(unread, Vec::<String>::new());
    grammars
}

#[test]
fn common_syntaxes() {
    let grammars = check(&SyntaxSet::load_defaults_newlines());
    let expressions = grammars.expressions();
    let wrong: Vec<String> = expressions.iter().filter_map(|expression| too_narrow(expression)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn more_syntaxes() {
    check(&two_face::syntax::extra_newlines());
}

#[test]
fn what_an_expression_demands() {
    let at = |regex: &str| {
        let first = first(regex).unwrap();
        let bytes: String = (b' '..=b'~').filter(|byte| first.bytes.has(*byte)).map(char::from).collect();
        let marks = [(first.end, " end"), (first.start, " start"), (first.boundary, " boundary")];
        bytes + &marks.iter().filter(|(holds, _)| *holds).map(|(_, mark)| *mark).collect::<String>()
    };
    // Whether a match may begin with the first byte of a line.
    let on = |regex: &str, line: &str| {
        let (first, byte) = (first(regex).unwrap(), line.bytes().next());
        first.bytes.has(byte.unwrap()) && first.is_met(byte, Bytes::in_text(line))
    };
    assert_eq!(at(r"\b(?:fn|if)\b"), "fi boundary");
    assert_eq!(at(r"(?=[ab]|x)\w?y"), "abx");
    assert_eq!(at(r"(?=[ab])[b-d]"), "b");
    assert_eq!(at(r"\s*(#|$)"), " # end");
    assert_eq!(at(r"^\s*=begin"), " = start");
    assert_eq!(
        at(r"(?x) a? # note
        [^\x20-~] b{0,1}"),
        (' '..='}').collect::<String>()
    );
    assert_eq!(at("(?i:k)"), "Kk");
    assert_eq!(at(r"[^\s\w!-,.-@\[-`]"), "-{|}~");
    assert_eq!(at("(?<!x)(?!y)z"), "z");
    for (regex, lines, others) in [
        (r"\w+@\w+(?:\.\w+)?", ["a@b", "a.b @"], ["a.b", "-a@b"]),
        (r"(?x) ^(?= [ ]{,3}> | \#+ | (?:[^|`]|`[^`]+`)+ \| )", ["> a", "a|b"], ["a`b`", "-a"]),
        (r"(?i)a1|c(?=12)e?", ["A1", "c12"], ["A2", "c"]),
        (r"a(?!b)(?<!c)(?:d|e)f?|a(?:gh|ih)", ["a", "ah"], ["b", "h"]),
        (r"x(y|$)[z]", ["xyz", "xz"], ["xy", "x"]),
        (r"(?:(a)|b)c{0,2}(?#d)(e){2}", ["ae", "be"], ["ad", "bc"]),
    ] {
        assert_eq!(lines.map(|line| on(regex, line)), [true; 2], "{regex}");
        assert_eq!(others.map(|line| on(regex, line)), [false; 2], "{regex}");
    }
    assert_eq!(at(r"\G(?:a|b)"), "ab");
    assert_eq!(first(r"a\Kb"), None);
    assert!(first(r"\\Ka").is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Code that makes no sense, in languages whose samples are in it and in others.
    #[test]
    fn mangled_code(
        parts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1usize..60), 1..12),
        language in any::<prop::sample::Index>(),
    ) {
        static COMMON: LazyLock<(SyntaxSet, Grammars)> =
            LazyLock::new(|| (SyntaxSet::load_defaults_newlines(), Grammars::default()));
        let (set, grammars) = &*COMMON;
        let mut code = String::new();
        for (sample, at, len) in parts {
            let sample: Vec<char> = sample.get(SAMPLES).chars().collect();
            code.extend(sample.iter().skip(at.index(sample.len())).take(len));
        }
        let names = ["rs", "py", "js", "yaml", "html", "md", "sh", "json", "c++", "sql", "diff", "rb", "go", "css", "tex"];
        let syntax = set.find_syntax_by_token(names[language.index(names.len())]).unwrap();
        prop_assert_eq!(differ(grammars, set, syntax, &code).map(drop), Ok(()));
    }
}

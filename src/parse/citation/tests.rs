use super::*;

fn read(text: &str) -> String {
    match bracket(text, 0) {
        Bracket::Group { cites, end } => {
            if let Some(Fault { at, message, .. }) = cites.iter().find_map(|cite| cite.fault.as_ref()) {
                return format!("{message}: {:?} | {}", &text[at.clone()], &text[end..]);
            }
            let cites: Vec<String> = cites.iter().map(shown).collect();
            format!("{} | {}", cites.join(" "), &text[end..])
        }
        Bracket::Footnote { label, end } => format!("^{label} | {}", &text[end..]),
        Bracket::Malformed(Fault { at, message, .. }) => format!("{message}: {:?}", &text[at]),
        Bracket::Plain => "plain".to_owned(),
    }
}

fn shown(cite: &Cite<'_>) -> String {
    let locator = cite.locator.as_ref().map(|locator| format!("({locator})")).unwrap_or_default();
    let prefix = if cite.prefix.is_empty() { String::new() } else { format!("<{}>", cite.prefix) };
    let suffix = if cite.suffix.is_empty() { String::new() } else { format!("<{}>", cite.suffix) };
    format!("{prefix}{}{locator}{suffix}", cite.key)
}

#[test]
fn groups() {
    for (text, expected) in [
        ("[@a]", "a | "),
        ("[@azure-since-2015].", "azure-since-2015 | ."),
        ("[@a; @b-2;@c ] x", "a b-2 c |  x"),
        ("[@a, line 9] x", "a(line 9) |  x"),
        ("[@a, lines 21–24, 30; @b]", "a(lines 21–24 and 30) b | "),
        ("[@a;\n@b]", "a b | "),
        ("[@a,\n> line  9\n> and 10]", "a(lines 9 and 10) | "),
        ("[@É_x.y:z/1]", "É_x.y:z/1 | "),
        ("[ @a ]", "a | "),
        ("[@a, p. 37; @b, ch. 7, p. 212]", "a(p. 37) b(chap. 7, p. 212) | "),
        ("[see @a, p. 3, and on; also @b]", "<see>a(p. 3)<and on> <also>b | "),
        ("[see\n> @a]", "<see>a | "),
        ("[-@a] [-@b]", "a |  [-@b]"),
        ("[cf. -@a, emphasis added]", "<cf.>a<emphasis added> | "),
        ("[@a{p. 3}]", "a(p. 3) | "),
        ("[@a, {p. 3} and on]", "a(p. 3)<and on> | "),
        ("[@a{}, p. 3 of them]", "a<p. 3 of them> | "),
        ("[@a, p. 3 \\; so \\[it\\] is]", "a<p. 3 ; so [it] is> | "),
        ("[@a b]", "a<b> | "),
        ("[@DBLP:conf/icml/X; @foo_bar+1]", "DBLP:conf/icml/X foo_bar+1 | "),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn faults() {
    for (text, expected) in [
        ("[@]", "a citation without a key after `@`: \"@\""),
        ("[@a", "a citation is never closed: \"[\""),
        ("[@a\n\nb]", "a citation is never closed: \"[\""),
        ("[@a @b]", "two keys without a `;` between them: \"@\""),
        ("[@a; b]", "a part of a citation has no `@`: \"b\""),
        ("[@a;]", "a part of a citation has no `@`: \"]\""),
        ("[@a,]", "an empty locator: \",\""),
        ("[@a[b]]", "a bracket inside a citation: \"[\""),
        ("[@a*b]", "`*` in a citation's key: \"@a*b\""),
        ("[see @a, pg 37]", "`pg 37` is not a place in a source: \"pg 37\" | "),
        ("[@a{pg 37}]", "`pg 37` is not a place in a source: \"{pg 37}\" | "),
        ("[@a{p. 3]", "a place in braces is never closed: \"{\""),
        ("[see @a; and b]", "a part of a citation has no `@`: \"a\""),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_citation() {
    for text in
        ["[see a]", "[x", "[at @]", "[x]", "[write to me@example.org]", "[at 5 @ 6]", "[^]", "[^a b]", "[", "[]"]
    {
        assert_eq!(read(text), "plain", "{text}");
    }
    assert_eq!(read("[^1] x"), "^1 |  x");
}

#[test]
fn keys_in_the_text() {
    let read = |text: &str| match named(text, text.find('@').expect("a key")) {
        Some(Cite { fault: Some(fault), .. }) => fault.message,
        Some(cite) => format!("{} | {}", shown(&cite), &text[cite.range.end..]),
        None => "none".to_owned(),
    };
    for (text, expected) in [
        ("@smith says", "smith |  says"),
        ("(@smith2018.)", "smith2018 | .)"),
        ("As @DBLP:conf/x: it", "DBLP:conf/x | : it"),
        ("@smith [p. 3] says", "smith(p. 3) |  says"),
        ("@smith [sic] says", "smith |  [sic] says"),
        ("@smith [pg 3]", "`pg 3` is not a place in a source"),
        ("me@example.org", "none"),
        ("@user@example.org", "none"),
        ("https://x.org/@user", "none"),
        ("\\@smith", "none"),
        ("at @ 6", "none"),
        ("@é_1", "é_1 | "),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

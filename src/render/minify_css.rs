//! Stylesheets without what only their authors need.

/// The stylesheet without comments and needless space, rule for rule the same: what stands in strings, in `url(…)` and
/// between the parts of a selector is kept.
pub fn tidy_css(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Whether space was passed over that may have to be written.
    let mut space = false;
    while let Some(next) = rest.chars().next() {
        let (token, after) = rest.split_at(token_len(rest, next));
        rest = after;
        if token.starts_with("/*") || next.is_whitespace() {
            space = true;
            continue;
        }
        if matches!(next, '}') && out.ends_with(';') {
            out.pop();
        }
        let tight = |c: char| matches!(c, '{' | '}' | ';' | ',');
        if space && !tight(next) && !out.ends_with(|c| tight(c) || c == ':') && !out.is_empty() {
            out.push(' ');
        }
        space = false;
        out.push_str(token);
    }
    out.push('\n');
    out
}

/// The names that a tidy stylesheet imports without conditions, one after the other, and what comes after them.
pub fn css_imports(text: &str) -> (Vec<&str>, &str) {
    let (mut names, mut rest) = (Vec::new(), text);
    while let Some((name, after)) = rest.strip_prefix("@import \"").and_then(|quoted| quoted.split_once("\";")) {
        names.push(name);
        rest = after;
    }
    (names, rest)
}

/// How long the token is that starts here: a comment, a string, an unquoted `url(…)`, or one character.
fn token_len(text: &str, first: char) -> usize {
    let until = |end: &str, from: usize| {
        text.get(from..).and_then(|rest| rest.find(end)).map_or(text.len(), |at| from + at + end.len())
    };
    match first {
        '/' if text.starts_with("/*") => until("*/", 2),
        '"' | '\'' => string_len(text, first),
        'u' | 'U' if text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url(")) => {
            match text.get(4..).and_then(|inside| inside.trim_start().chars().next()) {
                Some('"' | '\'') => 4,
                _ => until(")", 4),
            }
        }
        _ => first.len_utf8(),
    }
}

/// The length of the string that starts here, with both quotes; a backslash takes the next character along.
fn string_len(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + quote.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(css: &str, expected: &str) {
        assert_eq!(tidy_css(css), format!("{expected}\n"));
        assert_eq!(tidy_css(expected), format!("{expected}\n"), "what is tidy stays");
    }

    #[test]
    fn space_and_comments_go() {
        check("/* all */\na,\nb { color: red;\n  margin: 0 auto; }\n\n", "a,b{color:red;margin:0 auto}");
        check("@media (min-width: 48rem) {\n  a { b: c }\n}", "@media (min-width:48rem){a{b:c}}");
        check("a{}/* x */b{}", "a{}b{}");
    }

    #[test]
    fn what_means_something_stays() {
        check("a :hover{b:calc(1px + 2px)}", "a :hover{b:calc(1px + 2px)}");
        check("a/**/b{c:d}", "a b{c:d}");
        check("a::after{content:\" ; /* \\\" } \"}", "a::after{content:\" ; /* \\\" } \"}");
        check("a{b:url(x;y, z)}", "a{b:url(x;y, z)}");
        check("a{b:url( 'x' )}", "a{b:url( 'x' )}");
    }

    #[test]
    fn imports_come_first() {
        let css = tidy_css("/* all */\n@import \"a.css\";\n@import \"b.css\";\np { color: red }");
        assert_eq!(css_imports(&css), (vec!["a.css", "b.css"], "p{color:red}\n"));
        for other in ["@import \"a.css\" print;p{}", "@import url(a.css);p{}", "p{}@import \"a.css\";"] {
            assert_eq!(css_imports(other), (vec![], other));
        }
    }

    #[test]
    fn broken_input_ends() {
        check("a{content:\"", "a{content:\"");
        check("é /* ", "é");
        check("url(", "url(");
    }
}

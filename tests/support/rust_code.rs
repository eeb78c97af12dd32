//! Rust source for the architecture tests: without a grammar, just enough to distinguish code, comments and strings.

/// A part of the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Code,
    Comment,
    Text,
}

/// The source with comments and the contents of strings blanked out; lines stay where they are.
pub fn code_only(source: &str) -> String {
    stretches(source)
        .into_iter()
        .map(|(kind, text)| if kind == Kind::Code { text.to_owned() } else { blank(text) })
        .collect()
}

/// The source with comments blanked out; lines stay where they are.
pub fn without_comments(source: &str) -> String {
    let keep = |(kind, text): (Kind, &str)| if kind == Kind::Comment { blank(text) } else { text.to_owned() };
    stretches(source).into_iter().map(keep).collect()
}

/// The source up to its unit tests, which may use anything.
pub fn before_tests(source: &str) -> &str {
    source.split("\n#[cfg(test)]").next().unwrap_or(source)
}

/// The contents of all string literals.
pub fn strings(source: &str) -> Vec<&str> {
    stretches(source).into_iter().filter(|(kind, _)| *kind == Kind::Text).map(|(_, text)| text).collect()
}

fn blank(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// Splits the source by kind; the quotes of a string count as code.
fn stretches(source: &str) -> Vec<(Kind, &str)> {
    let (mut found, mut rest) = (Vec::new(), source);
    while let Some(at) = rest.find(['/', '"', '\'']) {
        let (code, tail) = rest.split_at(at);
        let (kind, skip, len) = match tail.as_bytes() {
            [b'/', b'/', ..] => (Kind::Comment, 0, tail.find('\n').unwrap_or(tail.len())),
            [b'/', b'*', ..] => (Kind::Comment, 0, block_comment(tail)),
            [b'"', ..] => (Kind::Text, 1, string(code, &tail[1..])),
            [b'\'', ..] => (Kind::Code, 0, character(tail)),
            _ => (Kind::Code, 0, 1),
        };
        let (before, after) = rest.split_at(at + skip);
        let (inside, after) = after.split_at(len);
        found.extend([(Kind::Code, before), (kind, inside)]);
        rest = after;
        if kind == Kind::Text {
            let (quote, after) = rest.split_at(rest.len().min(1));
            found.push((Kind::Code, quote));
            rest = after;
        }
    }
    found.push((Kind::Code, rest));
    found
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The length of a string's content; `before` determines whether it is a raw string.
fn string(before: &str, content: &str) -> usize {
    let unhashed = before.trim_end_matches('#');
    if unhashed.ends_with('r') && !unhashed.ends_with(|c: char| c.is_alphanumeric() && c != 'r') {
        let end = format!("\"{}", "#".repeat(before.len() - unhashed.len()));
        return content.find(&end).unwrap_or(content.len());
    }
    let mut escaped = false;
    content
        .find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })
        .unwrap_or(content.len())
}

/// The length of a character literal, or of the quote alone before a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => text[2..].char_indices().skip(1).find(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 3),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

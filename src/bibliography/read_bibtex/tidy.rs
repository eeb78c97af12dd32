/// A library in the one form that is parsed: braces around entries and values, and no comments. Every byte keeps its place.
pub(super) struct Tidied {
    pub text: String,
    /// Where text begins that is outside all entries and no comment, which is often the rest of one that was closed too early.
    pub outside: Vec<usize>,
    /// Where the first entry begins that is never closed.
    pub unclosed: Option<usize>,
}

/// Brings a library into that form.
pub(super) fn tidy(text: &str) -> Tidied {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let (mut at, mut outside, mut unclosed) = (0, Vec::new(), None);
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'%' => line_end(bytes, at),
            b'@' => block(bytes, at, &mut out).unwrap_or_else(|| {
                unclosed = unclosed.or(Some(at));
                bytes.len()
            }),
            byte if byte.is_ascii_whitespace() => at + 1,
            // A byte order mark.
            0xef if at == 0 => 3,
            _ => {
                outside.push(at);
                let rest = bytes.get(at..).unwrap_or_default();
                at + rest.iter().position(|byte| matches!(byte, b'@' | b'\n')).unwrap_or(rest.len())
            }
        };
    }
    Tidied { text: String::from_utf8(out).unwrap_or_else(|_| text.to_owned()), outside, unclosed }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
}

/// Replaces a stretch by spaces.
fn blank(out: &mut [u8], from: usize, to: usize) {
    for byte in out.get_mut(from..to).unwrap_or_default().iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
}

fn set(out: &mut [u8], at: usize, byte: u8) {
    if let Some(place) = out.get_mut(at) {
        *place = byte;
    }
}

/// Goes over what begins with this `@`, and returns where it ends; nothing for what is never closed.
fn block(bytes: &[u8], start: usize, out: &mut [u8]) -> Option<usize> {
    let rest = bytes.get(start + 1..).unwrap_or_default();
    let name = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let kind = rest.get(..name).unwrap_or_default();
    let gap = rest.iter().skip(name).take_while(|byte| byte.is_ascii_whitespace()).count();
    let open = start + 1 + name + gap;
    let is_comment = kind.eq_ignore_ascii_case(b"comment");
    let Some(delimiter @ (b'{' | b'(')) = bytes.get(open).copied() else {
        if is_comment {
            blank(out, start, open);
        }
        return Some(start + 1);
    };
    let end = entry(bytes, open, delimiter, out);
    match end {
        Some(end) if is_comment || kind.eq_ignore_ascii_case(b"preamble") => blank(out, start, end),
        _ => set(out, open, b'{'),
    }
    end
}

/// Goes over an entry from its opening delimiter, and returns where it ends; nothing for one that is never closed.
fn entry(bytes: &[u8], open: usize, delimiter: u8, out: &mut [u8]) -> Option<usize> {
    let (mut at, mut depth, mut before) = (open + 1, 0_usize, delimiter);
    loop {
        let byte = *bytes.get(at)?;
        match byte {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b'}' if delimiter == b'{' => return Some(at + 1),
            b')' if depth == 0 && delimiter == b'(' => {
                set(out, at, b'}');
                return Some(at + 1);
            }
            b'%' if depth == 0 => {
                let end = line_end(bytes, at);
                blank(out, at, end);
                at = end;
                continue;
            }
            b'"' if depth == 0 && matches!(before, b'=' | b'#') => {
                if let Some(end) = quoted(bytes, at) {
                    set(out, at, b'{');
                    set(out, end, b'}');
                    at = end;
                }
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
        at += 1;
    }
}

/// Where the quotation mark is that ends a value: one in braces does not.
fn quoted(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start + 1, 0_usize);
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'"' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn other_delimiters_become_braces_and_comments_spaces() {
        for (text, expected) in [
            ("@book(a, title = \"x {\"}y{\"} z\" # s)", "@book{a, title = {x {\"}y{\"} z} # s}"),
            ("@comment{a {b} c}@book{a}", "                 @book{a}"),
            ("@preamble{\"x\"}\n@string(a = {b)})", "              \n@string{a = {b)}}"),
            ("@book{a, % no \" here\n year = 1}", "@book{a,            \n year = 1}"),
            ("@book{a, title = {never", "@book{a, title = {never"),
            ("@comment at large @book{a}", "         at large @book{a}"),
        ] {
            assert_eq!(tidy(text).text, expected, "{text}");
        }
        assert_eq!(tidy("\u{feff}% c\n@book{a}, year = 1}\n@book{b}").outside, [15]);
    }
}

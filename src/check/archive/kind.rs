//! Whether the bytes of a file are text that can be read line by line, told from the bytes alone: a name proves nothing.

/// How files begin that are no plain text, and what they are. Most hold bytes that no text has; these names only say more.
const BEGINNINGS: [(&[u8], &str); 13] = [
    (b"%PDF-", "a PDF"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"From: <Saved by", "a web page saved as MHTML"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture, sound or film (RIFF)"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"PK\x03\x04", "a ZIP archive, as .docx, .odt and .epub files are"),
    (b"\xd0\xcf\x11\xe0", "an Office document of the old kind"),
    (b"\x1f\x8b", "compressed data"),
];

/// How files begin that are markup.
const MARKUP: [&str; 9] = ["!doctype", "html", "head", "body", "?xml", "svg", "div", "article", "table"];

/// The text that bytes hold, in UTF-8, or in UTF-16 with a byte order mark.
///
/// # Errors
/// What the bytes are instead.
pub(super) fn text(bytes: &[u8]) -> Result<String, &'static str> {
    let begins = bytes.trim_ascii_start();
    if let Some((_, name)) = BEGINNINGS.iter().find(|(start, _)| begins.starts_with(start)) {
        return Err(name);
    }
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok().map(str::to_owned),
        _ => std::str::from_utf8(bytes).ok().map(str::to_owned),
    };
    match text {
        None => Err("not text in UTF-8"),
        Some(text) if text.contains('\0') => Err("binary data"),
        Some(text) if is_markup(&text) => Err("markup, such as a saved web page or an SVG picture"),
        Some(text) => Ok(text),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect::<Result<_, _>>().ok()
}

/// Whether a text begins with a tag, past comments. Prose may begin with a `<`, but then has no end tag.
fn is_markup(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some((_, after)) = rest.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")) {
        rest = after.trim_start();
    }
    let Some(tag) = rest.strip_prefix('<') else { return false };
    let name = |name: &&str| tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    MARKUP.iter().any(name) || (tag.starts_with(|c: char| c.is_ascii_alphabetic()) && tag.contains("</"))
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn text_is_told_from_what_only_bears_its_name() {
        for (bytes, expected) in [
            (&b"Two years, he said.\n"[..], Ok("Two years, he said.\n")),
            (b"\xef\xbb\xbfcaf\xc3\xa9", Ok("café")),
            (b"\xff\xfea\0\xe9\0", Ok("aé")),
            (b"\xfe\xff\0a\0\xe9", Ok("aé")),
            (b"<Name withheld> said so.", Ok("<Name withheld> said so.")),
            (b"", Ok("")),
            (b"%PDF-1.7\n1 0 obj", Err("a PDF")),
            (b"\n%PDF-1.7", Err("a PDF")),
            (b"{\\rtf1\\ansi 40 million}", Err("an RTF document")),
            (b"\x89PNG\r\n\x1a\n", Err("a PNG picture")),
            (b"PK\x03\x04word/document.xml", Err("a ZIP archive, as .docx, .odt and .epub files are")),
            (b"caf\xe9", Err("not text in UTF-8")),
            (b"\xff\xfea", Err("not text in UTF-8")),
            (b"a\0b", Err("binary data")),
            (b"<!DOCTYPE html><p>&#8220;No&#8221;", Err("markup, such as a saved web page or an SVG picture")),
            (b"<!-- saved from url -->\n<HTML>", Err("markup, such as a saved web page or an SVG picture")),
            (b"<p>It cost 40</p>", Err("markup, such as a saved web page or an SVG picture")),
            (b"<?xml version=\"1.0\"?><svg/>", Err("markup, such as a saved web page or an SVG picture")),
        ] {
            let found = text(bytes);
            assert_eq!(found.as_deref(), expected.as_ref().map(|text| *text), "{}", bytes.escape_ascii());
        }
    }
}

use std::borrow::Cow;

/// The schemes that links of an untrusted author may have.
pub const SAFE_SCHEMES: &[&str] = &["http", "https", "mailto"];

/// The scheme of a link, lower-case, as a browser would see it: leading spaces and control characters are skipped, tabs
/// and line ends inside are ignored (WHATWG URL, basic URL parser). `None` for a relative link.
pub fn link_scheme(target: &str) -> Option<String> {
    let target = as_browsers_read(target);
    let (scheme, _) = target.split_once(':')?;
    let mut bytes = scheme.bytes();
    let fits = bytes.next()?.is_ascii_alphabetic()
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    fits.then(|| scheme.to_ascii_lowercase())
}

/// Whether a link is relative to this site or has one of the [`SAFE_SCHEMES`].
///
/// `//host/…`, and the same with backslashes, is neither: it leads to another site.
pub fn is_safe_link(target: &str) -> bool {
    match link_scheme(target) {
        Some(scheme) => SAFE_SCHEMES.contains(&scheme.as_str()),
        None => {
            let target = as_browsers_read(target);
            let mut bytes = target.bytes();
            let is_slash = |byte: Option<u8>| matches!(byte, Some(b'/' | b'\\'));
            !(is_slash(bytes.next()) && is_slash(bytes.next()))
        }
    }
}

/// Whether a text would run as a script, or show a document of its own, if it were used as a link. For values whose use
/// only a template determines.
pub fn is_script_link(text: &str) -> bool {
    match link_scheme(text).as_deref() {
        Some("javascript" | "vbscript") => true,
        // Prose may begin with `Data: …`; a link has no space there.
        Some("data") => !text.split_once(':').is_some_and(|(_, rest)| rest.starts_with(' ')),
        _ => false,
    }
}

fn as_browsers_read(target: &str) -> Cow<'_, str> {
    let target = target.trim_start_matches(|c: char| c <= ' ');
    if target.contains(['\t', '\n', '\r']) {
        Cow::Owned(target.replace(['\t', '\n', '\r'], ""))
    } else {
        Cow::Borrowed(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_safe_by_scheme() {
        for safe in
            ["cloud.md#azure", "#x", "", "/a", "../a:b", "?q=a:b", "https://x.org", "HTTP://x", "mailto:a@b.c", "1:2"]
        {
            assert!(is_safe_link(safe), "{safe}");
        }
        let unsafe_links = [
            "javascript:alert(1)",
            "JavaScript:x",
            " javascript:x",
            "\u{1}javascript:x",
            "java\tscript:x",
            "java\nscript:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:x",
            "//evil.example",
            "\\\\evil",
            "/\\evil",
            "/\t/evil",
            "tel:1",
            "x-y.z+1:a",
        ];
        for link in unsafe_links {
            assert!(!is_safe_link(link), "{link:?}");
        }
    }

    #[test]
    fn prose_is_no_script() {
        assert!(!is_script_link("Data: what we know"));
        assert!(!is_script_link("Note: javascript: is a scheme"));
        assert!(is_script_link("data:text/html,<script>"));
        assert!(is_script_link("\tjava\nscript:alert(1)"));
    }
}

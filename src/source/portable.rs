use super::SitePath;

/// Characters that Windows does not allow in names.
const REFUSED: &[char] = &['<', '>', ':', '"', '\\', '|', '?', '*'];
/// Names of devices on Windows, with any extension; `COM` and `LPT` are followed by a digit.
const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

/// The part of a path that Windows does not allow, and the reason as the end of a sentence that starts with that part;
/// `None` if all parts are allowed. A repository with such a file cannot be checked out on Windows.
pub fn unportable(path: &SitePath) -> Option<(&str, String)> {
    path.as_str().split('/').find_map(|part| Some((part, unportable_part(part)?)))
}

fn unportable_part(part: &str) -> Option<String> {
    // Most names contain no special characters.
    if !part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        if let Some(found) = part.chars().find(|char| REFUSED.contains(char)) {
            return Some(format!("contains `{found}`"));
        }
        if part.chars().any(char::is_control) {
            return Some("contains a control character".to_owned());
        }
    }
    if part.ends_with(['.', ' ']) {
        return Some("ends with a dot or a space".to_owned());
    }
    let stem = part.split('.').next().unwrap_or_default().trim_end();
    let numbered = |kind: &str| {
        let digit = stem.len().checked_sub(1).and_then(|at| stem.split_at_checked(at));
        digit.is_some_and(|(name, digit)| name.eq_ignore_ascii_case(kind) && matches!(digit.as_bytes(), [b'1'..=b'9']))
    };
    let device = DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device)) || numbered("com") || numbered("lpt");
    device.then(|| "is the name of a device".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_windows_refuses_are_found_and_no_others() -> Result<(), crate::source::PathError> {
        for name in
            ["a/con/b.md", "Con.md", "aux.tar.gz", "com1", "LPT9.txt", "a?.md", "a:b", "x.", "x ", "a\tb", "a\\b"]
        {
            assert!(unportable(&SitePath::new(name)?).is_some(), "{name}");
        }
        for name in ["console.md", "com.md", "com10.md", "com0.md", ".con", "a b.md", "é#%&'.md", "-rf", "...a"] {
            assert_eq!(unportable(&SitePath::new(name)?), None, "{name}");
        }
        Ok(())
    }
}

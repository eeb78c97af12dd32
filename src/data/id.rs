use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest id, in bytes: it becomes part of a file's name.
pub const ID_LIMIT: usize = 100;

/// Whether this is a valid id: lower-case ASCII letters, digits, and single hyphens between them.
pub fn is_id(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= ID_LIMIT && text.split('-').all(part)
}

/// The id nearest to a text: `Mi Cloud (2015)` gives `mi-cloud-2015`. Falls back to `some-id`.
pub fn to_id(text: &str) -> String {
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).take(ID_LIMIT).collect::<String>().to_lowercase();
    let words: Vec<_> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "some-id".into() } else { words.join("-") }
}

/// Whether a text has the shape of a language tag (BCP 47), such as `en` or `zh-Hans-CN`.
pub fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let language =
        parts.next().is_some_and(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    language && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain() {
        for good in ["a", "azure-since-2015", "2015"] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "Azure", "é", "a_b", "a b", &"a".repeat(101)] {
            assert!(!is_id(bad), "{bad}");
        }
        assert_eq!(to_id("Mi Cloud (2015)"), "mi-cloud-2015");
        assert_eq!((to_id("Élan_vital"), to_id("小米")), ("elan-vital".into(), "some-id".into()));
    }

    #[test]
    fn languages_are_bcp_47_tags() {
        assert!(["en", "en-GB", "zh-Hans-CN"].iter().all(|tag| is_language(tag)));
        assert!(!["", "e", "english language", "en_GB", "en-"].iter().any(|tag| is_language(tag)));
    }
}

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest id, in bytes: it becomes part of a file's name.
pub const ID_LIMIT: usize = 100;

/// Whether this is a valid id: lower-case ASCII letters, digits, and single hyphens between them.
pub fn is_id(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= ID_LIMIT && text.split('-').all(part)
}

/// Whether this is a valid key of a source, as Zotero and Better BibTeX generate them: letters and digits, with single
/// punctuation marks between them.
pub fn is_key(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    text.len() <= ID_LIMIT && text.split(['-', '.', ':', '/', '+']).all(part)
}

/// A key as a part of an address: lower-case ASCII letters, digits and single hyphens. Other letters are
/// written as their code points, so that keys in other scripts stay distinct.
pub fn key_slug(key: &str) -> String {
    let mut slug = String::with_capacity(key.len());
    for c in key.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            c if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
            c if c.is_alphanumeric() => slug.push_str(&format!("u{:x}", c as u32)),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "source".to_owned() } else { slug.to_owned() }
}

/// The key nearest to a text: `O'Brien 2010` gives `O-Brien-2010`.
pub fn to_key(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | ':' | '/' | '+'));
    let words: Vec<&str> = words.filter(|word| is_key(word)).collect();
    let key: String = words.join("-").chars().take(ID_LIMIT / 4).collect();
    if is_key(&key) { key } else { to_id(text) }
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
    fn keys_are_those_of_libraries() {
        for (key, slug) in [
            ("azure-since-2015", "azure-since-2015"),
            ("smithWordsMatter2018", "smithwordsmatter2018"),
            ("DBLP:conf/icml/X", "dblp-conf-icml-x"),
            ("foo_bar", "foo-bar"),
            ("abs-1706.03762", "abs-1706-03762"),
            ("Müller2019", "muller2019"),
            ("王2020", "u738b2020"),
            ("__", "source"),
        ] {
            assert!(is_key(key), "{key}");
            assert_eq!(key_slug(key), slug);
        }
        for bad in ["", "-a", "a-", "a b", "a@b", "a;b", "a]", "a//b", "a{b}", &"a".repeat(101)] {
            assert!(!is_key(bad), "{bad}");
            assert!(is_key(&to_key(bad)), "{bad} gives {}", to_key(bad));
        }
        assert_eq!(to_key("O'Brien 2010"), "O-Brien-2010");
    }

    #[test]
    fn languages_are_bcp_47_tags() {
        assert!(["en", "en-GB", "zh-Hans-CN"].iter().all(|tag| is_language(tag)));
        assert!(!["", "e", "english language", "en_GB", "en-"].iter().any(|tag| is_language(tag)));
    }
}

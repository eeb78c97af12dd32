use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Prefixes, followed by a digit, of the ids that Dossier generates: references and their citations, footnotes and
/// their references.
const RESERVED: &[&str] = &["ref-", "cite-", "fn-", "fnref-"];
/// The maximum length of a slug in bytes; longer ones are cut at a word.
const LONGEST: usize = 80;

/// The ids of one page, each unique.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: FxHashSet<String>,
    /// The last number of each repeated slug, so that many equal headings are fast.
    next: FxHashMap<String, u32>,
}

impl Ids {
    /// An id that no other heading has, made of `text`.
    pub fn for_text(&mut self, text: &str) -> String {
        let mut id = slug(text);
        if is_reserved(&id) {
            id.insert_str(0, "section-");
        }
        if self.taken.insert(id.clone()) {
            return id;
        }
        let next = self.next.entry(id.clone()).or_insert(1);
        loop {
            *next += 1;
            let candidate = format!("{id}-{next}");
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }

    /// Adds an id that the editor chose; `false` if it is already in use.
    pub fn take(&mut self, id: &str) -> bool {
        self.taken.insert(id.to_owned())
    }
}

/// Whether an id has a reserved prefix.
pub(super) fn is_reserved(id: &str) -> bool {
    let numbered =
        |prefix: &&str| id.strip_prefix(*prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    RESERVED.iter().any(numbered)
}

/// `text` as an id: lower-case letters and digits of any script, with single hyphens for all other characters;
/// `section` if nothing is left.
pub fn slug(text: &str) -> String {
    if text.is_ascii() { slug_of(text.chars()) } else { slug_of(text.nfc()) }
}

fn slug_of(text: impl Iterator<Item = char>) -> String {
    let (mut slug, mut gap) = (String::new(), false);
    for c in text {
        if c.is_alphanumeric() {
            if slug.len() >= LONGEST && gap {
                break;
            }
            if gap && !slug.is_empty() {
                slug.push('-');
            }
            gap = false;
            match c.is_ascii() {
                true => slug.push(c.to_ascii_lowercase()),
                false => slug.extend(c.to_lowercase()),
            }
        } else if is_combining_mark(c) {
            // Vowels and accents of many scripts: part of the letter before them.
            if !gap && !slug.is_empty() {
                slug.push(c);
            }
        } else if !matches!(c, '\'' | '’' | '\u{200c}' | '\u{200d}') {
            // An apostrophe or a joiner does not separate words.
            gap = true;
        }
    }
    if slug.is_empty() { "section".to_owned() } else { slug }
}

/// `text` as the anchor that GitHub gives a heading, and mdBook as well: hyphens for spaces, one each; of all other
/// characters only letters, digits, `_` and `-` stay. A second heading of the same anchor gets `-1` after it.
pub fn github_slug(text: &str) -> String {
    let stays = |c: char| c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '_' | '-');
    let chars =
        text.trim().chars().filter_map(|c| if c.is_whitespace() { Some('-') } else { Some(c).filter(|c| stays(*c)) });
    chars.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_read_like_the_heading() {
        for (text, expected) in [
            ("What was established", "what-was-established"),
            ("Xiaomi’s C++ & Rust!", "xiaomis-c-rust"),
            ("Überblick – 小米", "überblick-小米"),
            ("—", "section"),
            ("ref 1", "ref-1"),
            ("हिन्दी में", "हिन्दी-में"),
            ("সংজ্ঞা", "সংজ্ঞা"),
            ("cafe\u{301} cre\u{300}me", "café-crème"),
            ("می‌خواهم", "میخواهم"),
            ("I ❤\u{fe0f} Rust", "i-rust"),
        ] {
            assert_eq!(slug(text), expected);
        }
        assert!(slug(&"long word ".repeat(50)).len() <= LONGEST + 4);
    }

    #[test]
    fn anchors_of_github_keep_underscores_and_every_space() {
        for (text, expected) in [
            ("os_str", "os_str"),
            ("A & B", "a--b"),
            (" What's `new`? ", "whats-new"),
            ("हिन्दी – Überblick", "हिन्दी--überblick"),
        ] {
            assert_eq!(github_slug(text), expected);
        }
    }

    #[test]
    fn ids_are_unique_and_never_reserved() {
        let mut ids = Ids::default();
        assert!(ids.take("azure-2"));
        let given = ["Azure", "Azure", "Azure", "fn 1", "Ref 1"].map(|text| ids.for_text(text));
        assert_eq!(given, ["azure", "azure-3", "azure-4", "section-fn-1", "section-ref-1"]);
    }
}

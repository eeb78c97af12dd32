use rustc_hash::{FxHashMap, FxHashSet};

/// Ids that the generator itself gives begin so, followed by a digit: references, the places that cite them, footnotes
/// and the ways back.
const RESERVED: &[&str] = &["ref-", "cite-", "fn-", "fnref-"];
/// Longer slugs are cut at a word.
const LONGEST: usize = 80;

/// The ids of one page, each given once.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: FxHashSet<String>,
    /// The next number to try for a slug that came up again, so that many equal headings stay quick.
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

    /// Takes an id that the editor chose; `false` where it is taken already.
    pub fn take(&mut self, id: &str) -> bool {
        self.taken.insert(id.to_owned())
    }
}

/// Whether the generator gives such ids itself.
pub(super) fn is_reserved(id: &str) -> bool {
    let numbered =
        |prefix: &&str| id.strip_prefix(*prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    RESERVED.iter().any(numbered)
}

/// `text` as an id: lower-case letters and digits of any script, with single hyphens for all between; `section` where
/// nothing is left.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_alphanumeric() {
            if slug.len() >= LONGEST && gap {
                break;
            }
            if gap && !slug.is_empty() {
                slug.push('-');
            }
            gap = false;
            if c.is_ascii() {
                slug.push(c.to_ascii_lowercase());
            } else {
                slug.extend(c.to_lowercase());
            }
        } else if !matches!(c, '\'' | '’' | '\u{300}'..='\u{36f}') {
            // An apostrophe or a combining accent does not part a word.
            gap = true;
        }
    }
    if slug.is_empty() { "section".to_owned() } else { slug }
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
        ] {
            assert_eq!(slug(text), expected);
        }
        assert!(slug(&"long word ".repeat(50)).len() <= LONGEST + 4);
    }

    #[test]
    fn ids_are_unique_and_never_ours() {
        let mut ids = Ids::default();
        assert!(ids.take("azure-2"));
        let given = ["Azure", "Azure", "Azure", "fn 1", "Ref 1"].map(|text| ids.for_text(text));
        assert_eq!(given, ["azure", "azure-3", "azure-4", "section-fn-1", "section-ref-1"]);
    }
}

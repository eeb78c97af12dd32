//! The ids that generators give headings, so that old links to a section keep working.

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How a generator makes ids of headings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Anchors {
    /// As GitHub does; Hugo, kramdown and most plugins follow it.
    #[default]
    Github,
    /// mdBook.
    MdBook,
    /// Zola: letters and digits of ASCII, with single hyphens between.
    Ascii,
    /// Zola, where `slugify.anchors` is `safe`: spaces become underscores.
    Safe,
    /// Python-Markdown, which `MkDocs` uses.
    Python,
    /// Pandoc, which Quarto uses.
    Pandoc,
    /// Headings have no ids of their own.
    None,
}

impl Anchors {
    /// The id of a heading, before it is made unique; empty where it gets none.
    pub fn slug(self, text: &str) -> String {
        let lower = || text.trim().to_lowercase();
        match self {
            Self::Github => {
                let kept = |c: &char| c.is_alphanumeric() || is_combining_mark(*c) || matches!(c, '_' | '-' | ' ');
                lower().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
            }
            Self::MdBook => {
                let kept = |c: char| match c {
                    c if c.is_alphanumeric() || matches!(c, '_' | '-') => Some(c.to_ascii_lowercase()),
                    c if c.is_whitespace() => Some('-'),
                    _ => None,
                };
                text.trim().chars().filter_map(kept).collect()
            }
            Self::Ascii => {
                let plain: String = lower().nfkd().filter(char::is_ascii).collect();
                let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
                words.collect::<Vec<_>>().join("-")
            }
            Self::Safe => text
                .replace(' ', "_")
                .chars()
                .filter(|c| !c.is_control() && !"\"#%<>[\\]()^`{|}".contains(*c))
                .collect(),
            Self::Python => {
                let plain = text.nfkd().filter(char::is_ascii);
                let kept: String =
                    plain.filter(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '_' | '-')).collect();
                let lower = kept.trim().to_lowercase();
                let parts = lower.split(|c: char| c == '-' || c.is_whitespace());
                let mut slug = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
                if lower.starts_with('-') {
                    slug.insert(0, '-');
                }
                slug
            }
            Self::Pandoc => {
                let kept = |c: &char| {
                    c.is_alphanumeric() || is_combining_mark(*c) || c.is_whitespace() || matches!(c, '_' | '-' | '.')
                };
                let kept: String = lower().chars().filter(kept).collect();
                let slug = kept.split_whitespace().collect::<Vec<_>>().join("-");
                let slug = slug.trim_start_matches(|c: char| !c.is_alphabetic());
                if slug.is_empty() { "section".to_owned() } else { slug.to_owned() }
            }
            Self::None => String::new(),
        }
    }

    fn numbered(self, slug: &str, number: usize) -> String {
        let between = if self == Self::Python { '_' } else { '-' };
        format!("{slug}{between}{number}")
    }
}

/// The ids of one page's headings, in the old site and in the new one.
#[derive(Debug, Default)]
pub(super) struct HeadingIds {
    old: FxHashSet<String>,
    new: FxHashSet<String>,
    /// The next number to try for a slug that is in use.
    next_old: FxHashMap<String, usize>,
    next_new: FxHashMap<String, usize>,
}

impl HeadingIds {
    /// The old id of a heading.
    pub fn old(&mut self, anchors: Anchors, text: &str, explicit: Option<&str>) -> String {
        let slug = explicit.map_or_else(|| anchors.slug(text), str::to_owned);
        if slug.is_empty() || self.old.insert(slug.clone()) {
            return slug;
        }
        let next = self.next_old.entry(anchors.numbered(&slug, 0)).or_insert(1);
        loop {
            let id = anchors.numbered(&slug, *next);
            *next += 1;
            if self.old.insert(id.clone()) {
                return id;
            }
        }
    }

    /// The id that a heading without one gets in the new site.
    pub fn automatic(&mut self, text: &str) -> String {
        let slug = crate::parse::slug(text);
        if !self.new.contains(&slug) {
            return slug;
        }
        // Ids are never released.
        let next = self.next_new.entry(slug.clone()).or_insert(2);
        loop {
            let id = format!("{slug}-{next}");
            if !self.new.contains(&id) {
                return id;
            }
            *next += 1;
        }
    }

    /// Adds the id of a heading of the new site; `false` if another heading has it.
    pub fn insert(&mut self, id: &str) -> bool {
        self.new.insert(id.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_generator_makes_its_own_ids() {
        for (anchors, text, expected) in [
            (Anchors::Github, "A & B: os_str", "a--b-os_str"),
            (Anchors::Github, "Überblick हिन्दी", "überblick-हिन्दी"),
            (Anchors::MdBook, "A & B: os_str", "a--b-os_str"),
            (Anchors::Ascii, "Écran & os_str", "ecran-os-str"),
            (Anchors::Safe, "What's (new)?", "What's_new?"),
            (Anchors::Python, "A -- B: os_str é", "a-b-os_str-e"),
            (Anchors::Pandoc, "3. What's new in 2.0?", "whats-new-in-2.0"),
            (Anchors::Pandoc, "33", "section"),
            (Anchors::None, "A", ""),
        ] {
            assert_eq!(anchors.slug(text), expected, "{anchors:?} {text}");
        }
    }

    #[test]
    fn ids_that_come_again_are_numbered() {
        let mut ids = HeadingIds::default();
        assert_eq!(ids.old(Anchors::Python, "A", None), "a");
        assert_eq!(ids.old(Anchors::Python, "A", None), "a_1");
        assert_eq!(ids.old(Anchors::Github, "A", None), "a-1");
        assert_eq!(ids.automatic("A"), "a");
        assert!(ids.insert("a") && !ids.insert("a"));
        assert_eq!(ids.automatic("A"), "a-2");
    }
}

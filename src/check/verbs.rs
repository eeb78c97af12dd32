//! Verbs that state something.

/// Verbs that state something in the present or past, where no ending shows it.
const VERBS: &str = "am are began begun begins bought brings brought built builds came carries combines covers did does drew enters fell felt gave \
    gives goes got grew grown grows had has have helps held is kept knew launches led left lost made makes met offers opens paid promotes \
    ran rises rose runs sat saw sells sent serves sold spent stood supplies supports takes taken told took uses visits was went were won \
    works work make use run take sell give go come get produce stand develop share";
/// What comes before a word that is none, although it looks like one: "the shared marketing".
const BEFORE: [&str; 14] =
    ["a", "an", "the", "its", "their", "his", "her", "our", "of", "for", "with", "in", "to", "and"];

/// Whether a word in lower case is one, after the word before it.
pub(super) fn is_verb(word: &str, before: &str) -> bool {
    let looks = (word.len() > 4 && word.ends_with("ed")) || VERBS.split_whitespace().any(|verb| verb == word);
    looks && !BEFORE.contains(&before)
}

/// Whether a word in lower case tells of something as past.
pub(super) fn is_past(word: &str, before: &str) -> bool {
    let looks =
        (word.len() > 4 && word.ends_with("ed")) || matches!(word, "has" | "have" | "had" | "was" | "were" | "began");
    looks && !BEFORE.contains(&before)
}

/// Whether a noun comes after a word in lower case, rather than a verb.
pub(super) fn is_before_noun(word: &str) -> bool {
    BEFORE.contains(&word)
}

/// Whether a word in lower case begins a relative clause.
pub(super) fn is_relative_word(word: &str) -> bool {
    matches!(word, "which" | "who" | "whose" | "whom" | "where" | "that")
}

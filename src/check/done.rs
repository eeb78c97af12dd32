//! Words by which a sentence tells of something as done, and those by which it leaves that open.

use std::ops::Range;

/// What leaves open whether something comes about, each word by its beginning.
const OPEN: &str = "accord account agree aim announc article believ call claim consider discuss envisag expect \
    explor eye forecast foresee future guess hope intend intent likel mean perhaps plan possib potential predict probab \
    promis propos prospect say seek seem source suggest suppos tell think want wish write";
/// The same as whole words.
const OPEN_WORDS: &str = "can could due if may might must never no none nor not said shall should sought thought \
    told unless view whether will without would wrote yet";
/// Verbs that tell of an outcome, in the past and, where no noun looks the same, in the present.
const DONE: &str = "added adds adopted adopts became becomes began begins begun bought brings brought builds built buys came \
    combined combines completed created creates delivered delivers developed develops distributed doubled \
    enlarged entered enters expanded expands extended finished floated gained gave gives grew grows helped \
    improved increased installed installs integrated integrates introduced introduces launched made makes \
    manufactured manufactures marketed merged moved opened opens preinstalled preinstalls produced produces \
    promoted promotes provided provides ran released rose runs sells shipped sold started strengthened \
    succeeded supplied took trebled tripled used uses went won";
/// With `to` after them, what is still to come: `is to launch`.
const BEING: &[&str] = &["is", "are", "was", "were", "be"];

/// The word by which a sentence tells of something as done, unless it leaves that open anywhere.
pub(super) fn done(text: &str) -> Option<Range<usize>> {
    let mut found = None;
    let mut before = String::new();
    for (word, at) in super::archive::words(text) {
        let ahead = word == "to" && BEING.contains(&before.as_str());
        if ahead || is_one_of(&word, OPEN_WORDS) || OPEN.split(' ').any(|open| word.starts_with(open)) {
            return None;
        }
        // "To" before a verb, or an article before what only looks like one: nothing is told.
        let told = is_one_of(&word, DONE) && !matches!(before.as_str(), "to" | "the" | "a" | "an" | "as");
        if told && found.is_none() {
            found = Some(at);
        }
        before = word;
    }
    found
}

fn is_one_of(word: &str, words: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_as_done() {
        let found = |text: &str| done(text).map(|range| text[range].to_owned());
        for (text, word) in [
            ("Xiaomi launched laptops.", "launched"),
            ("Cortana is built into the speaker.", "built"),
            ("The share has grown, and it opened shops.", "opened"),
            ("Microsoft promotes its phones.", "promotes"),
        ] {
            assert_eq!(found(text).as_deref(), Some(word), "{text}");
        }
        for text in [
            "Xiaomi is to launch laptops, developed together.",
            "Cortana would be built into the speaker.",
            "It intends to be sold abroad, says Microsoft.",
            "A launched product; an improved version.",
            "Help with marketing, for buyers worldwide.",
            "Nothing was built, and none sold.",
            "Support for sales channels.",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}

//! Texts as words that can be looked up. `static/search.js` does the same with what a reader asks for.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a text in lower case, without accents, each after a space.
pub(super) fn plain(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 1);
    let add = |words: &mut String, folded: &str| {
        for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            words.push(' ');
            words.push_str(word);
        }
    };
    if text.is_ascii() {
        add(&mut words, &text.to_ascii_lowercase());
        return words;
    }
    let lower = text.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase();
    let mut folded = String::with_capacity(lower.len());
    for c in lower.chars() {
        match letters(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
    add(&mut words, &folded);
    words
}

/// How letters that Unicode does not take apart are written in ASCII.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ł' => "l",
        'ø' => "o",
        'æ' => "ae",
        'œ' => "oe",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

/// Calls `each` with what a word is found by: itself, or in scripts that do not separate words each two characters that
/// follow each other, and the last one.
pub(super) fn terms<'w>(word: &'w str, mut each: impl FnMut(&'w str)) {
    if word.is_ascii() {
        return each(word);
    }
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let is_same = |c: char| is_unspaced(c) == is_unspaced(first);
        let (run, after) = rest.split_at(rest.find(|c| !is_same(c)).unwrap_or(rest.len()));
        rest = after;
        if !is_unspaced(first) {
            each(run);
            continue;
        }
        for (at, _) in run.char_indices() {
            let pair = run.get(at..).unwrap_or_default();
            let end = pair.char_indices().nth(2).map_or(pair.len(), |(end, _)| end);
            each(pair.get(..end).unwrap_or(pair));
        }
    }
}

/// Whether a character is of a script that does not separate words: Thai and its neighbours, Chinese, Japanese.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_as_in_the_browser() {
        assert_eq!(plain("Mi Cloud (2015), “Straße”: Łódź"), " mi cloud 2015 strasse lodz");
        assert_eq!(plain("Ångström Σίσυφος"), " angstrom σισυφος");
        assert_eq!(plain(" -- "), "");
    }

    #[test]
    fn scripts_without_spaces_are_found_by_pairs() {
        let of = |word| {
            let mut found = Vec::new();
            terms(word, |term| found.push(term));
            found
        };
        assert_eq!(of("cloud"), ["cloud"]);
        assert_eq!(of("小米科技"), ["小米", "米科", "科技", "技"]);
        assert_eq!(of("mi小米"), ["mi", "小米", "米"]);
    }
}

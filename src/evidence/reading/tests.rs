use super::*;

fn words_with(text: &str, sense: Senses) -> Vec<&str> {
    words(text).into_iter().filter(|word| word.senses.says(sense)).map(|word| &text[word.at]).collect()
}

#[test]
fn words_are_read_with_what_they_say() {
    assert_eq!(words_with("It may be about, or in May, reportedly.", Senses::HEDGE), ["may", "reportedly"]);
    assert_eq!(words_with("It is also to be built, and gone to.", Senses::PLAN), ["to"]);
    assert_eq!(words_with("They are new to it, and were the first to leave.", Senses::PLAN), Vec::<&str>::new());
    assert_eq!(words_with("It has to go, and is certainly to be sold.", Senses::PLAN), ["to", "to"]);
    assert_eq!(words_with("An open-source ThinkPad", Senses::OPEN), Vec::<&str>::new());
    assert_eq!(words_with("Every one of them isn’t certainly so", Senses::UNIVERSAL), ["Every"]);
    assert_eq!(words_with("It isn't so, and cannot be.", Senses::NEGATION), ["isn't", "cannot"]);
}

#[test]
fn forms_of_a_word_have_one_stem() {
    for (one, other) in [
        ("sells", "sold"),
        ("translated", "translation"),
        ("markets", "market"),
        ("patents", "patent"),
        ("planned", "planning"),
    ] {
        assert_eq!(stem(one), stem(other), "{one} and {other}");
    }
    assert_ne!(stem("report"), stem("repeat"));
}

#[test]
fn words_keep_their_places_in_any_script() {
    let text = "Größe’s “小米” don’t 12,000 ﬁn—x’";
    let found: Vec<&str> = words(text).into_iter().map(|word| &text[word.at]).collect();
    assert_eq!(found, ["Größe", "小米", "don’t", "12", "000", "ﬁn", "x"]);
    assert!(words("’ ’’ … ''").is_empty());
}

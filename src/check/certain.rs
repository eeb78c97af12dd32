//! Words by which a sentence says that something is not certain.

/// Words, each by its beginning.
const HEDGES: &[&str] = &[
    "about",
    "apparent",
    "approximate",
    "around",
    "assum",
    "believ",
    "circa",
    "conclu",
    "estimat",
    "guess",
    "if",
    "implie",
    "imply",
    "inferen",
    "inferr",
    "infer",
    "likel",
    "may",
    "maybe",
    "might",
    "perhaps",
    "plausib",
    "possib",
    "presum",
    "probab",
    "put",
    "reckon",
    "rough",
    "seem",
    "suggest",
    "suppos",
    "thought",
    "uncertain",
    "unclear",
    "unconfirmed",
    "whether",
];

/// Whether a text hedges what it says.
pub(super) fn hedges(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).any(is_hedge)
}

fn is_hedge(word: &str) -> bool {
    // The month of May is certain.
    if word == "May" {
        return false;
    }
    let lower = word.to_lowercase();
    HEDGES.iter().any(|hedge| match *hedge {
        "about" | "around" | "circa" | "if" | "may" | "put" => lower == *hedge,
        _ => lower.starts_with(hedge),
    })
}

//! A sentence part by part, as commas, semicolons and colons divide it: what leaves one part open does not leave open the next.

use crate::evidence::Ledger;
use crate::evidence::reading::{Senses, Word, is_past, lower};

use super::clauses::Clause;
use super::verbs::is_relative_word;

/// The verb by which a part of a clause says that something is done, where its claims only plan it and nothing in this part
/// leaves it open.
pub(super) fn done<'c>(ledger: &Ledger, clause: &'c Clause<'_>) -> Option<&'c Word> {
    let text = clause.sentence.text;
    let planned = planned(ledger, clause);
    let is_if = clause.words.iter().any(|word| matches!(text.get(word.at.clone()), Some("if" | "If")));
    parts(text, &clause.words).into_iter().find_map(|part| {
        let first = part.iter().find(|word| !matches!(&*lower(text, word), "and" | "but" | "so" | "yet"))?;
        let open = Senses::OPEN.and(Senses::ARTICLE).and(Senses::NEGATION).and(Senses::POSSIBLE);
        let is_dependent = first.senses.says(Senses::QUESTION) || is_relative_word(&lower(text, first));
        let rest = part.iter().enumerate().filter(|_| !is_dependent && !part.iter().any(|word| word.senses.says(open)));
        let mut verbs = rest.filter(|(at, word)| {
            let before = || part.iter().take(*at).rev().take(2);
            let form = lower(text, word);
            let is_after = |forms: &[&str]| before().any(|word| forms.contains(&&*lower(text, word)));
            let is_had = is_after(&["has", "have", "had"]);
            let is_participle = form.len() > 3 && (is_past(&form) || form.ends_with("en"));
            // "Are being made", but not "is being discussed", which is about the plan.
            if is_after(&["being"]) && is_participle {
                return true;
            }
            let Some((_, base)) = planned.iter().find(|(stem, _)| *stem == word.stem) else {
                return is_had && is_participle && !is_if;
            };
            let is_passive = is_after(&["is", "are", "was", "were", "been", "being"]) && form == *base;
            let is_subject =
                part.iter().take(*at).any(|word| !word.senses.says(Senses::EMPTY.and(Senses::PREPOSITION)))
                    || before().any(|word| matches!(&*lower(text, word), "it" | "they" | "he" | "she"));
            let is_present = form.ends_with('s');
            let is_noun = before().next().is_some_and(|word| {
                matches!(
                    &*lower(text, word),
                    "a" | "an" | "the" | "its" | "their" | "his" | "her" | "of" | "for" | "with" | "in"
                ) || text.get(word.at.end..).is_some_and(|rest| rest.starts_with("’s"))
            });
            let is_finite = form != *base && is_subject && !is_noun && (is_present || is_past(&form));
            (is_finite && !(is_present && is_if)) || is_passive || (is_had && is_participle)
        });
        verbs.next().map(|(_, word)| word)
    })
}

/// "Microsoft pays for it": a word after a name that must be its verb, since the claims of the clause have no such word, and no
/// other verb is in this part of it.
pub(super) fn present<'c>(ledger: &Ledger, clause: &'c Clause<'_>) -> Option<&'c Word> {
    let text = clause.sentence.text;
    let entities: Vec<_> = ledger.names().entities_in(text, &clause.words).map(|(at, _)| at).collect();
    let says = Senses::EMPTY.and(Senses::OPEN).and(Senses::REPORT).and(Senses::TELLS);
    clause.words.windows(2).find_map(|pair| {
        let [word, next] = pair else { return None };
        let form = lower(text, word);
        let is_form = form.len() > 3
            && form.ends_with('s')
            && !form.ends_with("ss")
            && !word.is_capital
            && !word.senses.says(says);
        let is_subject = entities.iter().any(|at| text.get(at.end..word.at.start) == Some(" "));
        let has_object = text.get(word.at.end..next.at.start) == Some(" ")
            && (next.is_capital || next.senses.says(Senses::EMPTY))
            && !next.senses.says(Senses::BEING.and(Senses::AUXILIARY));
        let is_verb = is_form && is_subject && has_object && !clause.basis.has_stem(ledger, word.stem);
        let part = if is_verb { clause.part(word) } else { &[] };
        let is_open = part.iter().any(|word| word.senses.says(Senses::OPEN.and(Senses::BEING).and(Senses::NEGATION)));
        (is_verb && !is_open).then_some(word)
    })
}

/// The verbs by which the claims of a clause say what is planned: "is to promote", "will be built"; with their form.
fn planned(ledger: &Ledger, clause: &Clause<'_>) -> Vec<(u64, String)> {
    let claims = clause.meant().iter().take(16);
    let claims = claims.filter_map(|claim| ledger.claims.get(*claim).zip(ledger.reading(*claim)));
    claims
        .filter_map(|(claim, reading)| {
            let marker = reading.words.iter().position(|word| word.senses.says(Senses::OPEN))?;
            let mut after = reading.words.iter().skip(marker + 1);
            let verb = after.find(|word| !word.senses.says(Senses::EMPTY.and(Senses::OPEN)))?;
            Some((verb.stem, lower(&claim.statement, verb)))
        })
        .collect()
}

/// The parts of a text.
pub(super) fn parts<'w>(text: &str, words: &'w [Word]) -> Vec<&'w [Word]> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, pair) in words.windows(2).enumerate() {
        let [one, two] = pair else { continue };
        let ends = text.get(one.at.end..two.at.start).is_some_and(|gap| gap.contains([',', ';', ':', '–', '—']));
        if ends {
            parts.extend(words.get(from..=at));
            from = at + 1;
        }
    }
    parts.extend(words.get(from..).filter(|part| !part.is_empty()));
    parts
}

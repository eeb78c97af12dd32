//! Who does something in prose does it in the claim that is cited for it, too.

use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::Ledger;
use crate::evidence::reading::{Senses, Word, is_past, lower};
use crate::parse::PageMetadata;

use super::clauses::Clause;

pub(super) fn check(ledger: &Ledger, _: &PageMetadata, clauses: &[Clause<'_>], problems: &mut Diagnostics) {
    for clause in clauses.iter().filter(|clause| !clause.meant().is_empty() && !clause.asks()) {
        let ours = acts(ledger, clause.sentence.text, &clause.words);
        if ours.is_empty() {
            continue;
        }
        let claims = clause.meant().iter().take(64);
        let claims = claims.filter_map(|claim| ledger.claims.get(*claim).zip(ledger.reading(*claim)));
        let theirs: Vec<_> = claims
            .flat_map(|(claim, reading)| {
                acts(ledger, &claim.statement, &reading.words).into_iter().map(move |act| (claim, act))
            })
            .collect();
        let other = ours.iter().find_map(|act| {
            let mut same = theirs.iter().filter(|(_, their)| their.is_of(act));
            let (claim, other) = same.clone().next()?;
            let is_right = same.any(|(_, their)| is_same(ledger, act.subject, their.subject));
            // "From Microsoft" for "from Xiaomi" is wrong where both are named, as in "it bought them from Xiaomi".
            let names = |own: &Act, subject| is_same(ledger, own.subject, subject) && !own.is_of(act);
            let is_exchanged = || {
                let mut of_claim = theirs.iter().filter(|(own, _)| own.id == claim.id);
                ours.iter().any(|own| names(own, other.subject)) && of_claim.any(|(_, own)| names(own, act.subject))
            };
            (!is_right && (act.role != Role::After || is_exchanged())).then_some((act, *claim, other))
        });
        let Some((act, claim, other)) = other else { continue };
        let name = |at: &Range<usize>, text: &str| text.get(at.clone()).unwrap_or_default().to_owned();
        let message = format!(
            "the sentence says of “{}” what `{}` says of “{}”",
            name(&act.at, clause.sentence.text),
            claim.id.as_str(),
            name(&other.at, &claim.statement)
        );
        let mut found = Diagnostic::new("contradicts-claim", clause.place(&act.at), message)
            .hint("say who did it as the claim does, or cite the claim that says this");
        found.labels.extend(ledger.span(&claim.statement).map(|span| (span, "what the claim says".to_owned())));
        problems.push(found);
    }
}

/// A name with the word that says what part it has.
struct Act {
    subject: u32,
    at: Range<usize>,
    role: Role,
    /// The word: what it does or is, what is its own, or the preposition before it.
    word: u64,
}

/// How a name belongs to the word beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// "Xiaomi bought".
    Does,
    /// "Xiaomi was bought".
    IsDone,
    /// "Xiaomi’s phones".
    Has,
    /// "From Xiaomi".
    After,
    /// It is named otherwise.
    Other,
}

impl Act {
    fn is_of(&self, other: &Self) -> bool {
        self.word == other.word && self.role == other.role && self.role != Role::Other
    }
}

/// Prepositions that give what follows a part that it cannot exchange with another.
const DIRECTED: [&str; 7] = ["from", "to", "over", "against", "by", "into", "through"];

/// The names of a text, with what is right beside them: a verb, or what they are, but for auxiliary verbs.
fn acts(ledger: &Ledger, text: &str, words: &[Word]) -> Vec<Act> {
    let mut acts = Vec::new();
    for (at, subject) in ledger.names().entities_in(text, words).filter(|(_, entity)| ledger.is_proper(*entity)) {
        let first = words.partition_point(|word| word.at.start < at.start);
        let mut before = words.get(..first).unwrap_or_default().iter().rev();
        let before = before.find(|word| text.get(word.at.clone()) != Some("the"));
        let is_joined = |word: &Word| matches!(text.get(word.at.clone()), Some("and" | "or" | "but" | "nor" | "than"));
        let after = text.get(at.end..).unwrap_or_default();
        let mut next = words.iter().skip_while(|word| word.at.start < at.end).peekable();
        let (role, word) = if after.starts_with("’s ") || after.starts_with("'s ") {
            (Role::Has, next.find(|word| !word.senses.says(Senses::EMPTY)).map(|word| word.stem))
        } else if let Some(before) = before.filter(|word| DIRECTED.contains(&&*lower(text, word))) {
            (Role::After, Some(before.stem))
        } else if before.is_some_and(|word| word.senses.says(Senses::PREPOSITION) || is_joined(word)) {
            // "The head of Microsoft said", "Microsoft and Xiaomi said".
            (Role::Other, None)
        } else {
            let (mut done, mut is_passive, mut predicate) = (at.end, false, None);
            for word in next.take(6) {
                if text.get(done..word.at.start) != Some(" ") {
                    break;
                }
                done = word.at.end;
                if word.senses.says(Senses::AUXILIARY) {
                    is_passive |= word.senses.says(Senses::BEING);
                    continue;
                }
                let is_content = !word.is_capital && !word.senses.says(Senses::EMPTY.and(Senses::PREPOSITION));
                predicate = Some(word).filter(|word| is_content && !is_joined(word));
                break;
            }
            let form = predicate.and_then(|word| text.get(word.at.clone())).unwrap_or_default();
            // "The speaker will have Cortana built in".
            let is_had = before.is_some_and(|word| matches!(text.get(word.at.clone()), Some("have" | "has" | "had")));
            let is_passive = (is_passive && !form.ends_with("ing")) || (is_had && is_past(form));
            (if is_passive { Role::IsDone } else { Role::Does }, predicate.map(|word| word.stem))
        };
        acts.push(Act {
            subject,
            at,
            role: if word.is_some() { role } else { Role::Other },
            word: word.unwrap_or_default(),
        });
    }
    acts
}

/// Whether two entities are one, or the name of one is in that of the other.
fn is_same(ledger: &Ledger, one: u32, other: u32) -> bool {
    let name =
        |entity: u32| ledger.entities.get(entity as usize).map(|entity| entity.name.as_str()).unwrap_or_default();
    one == other || name(one).contains(name(other)) || name(other).contains(name(one))
}

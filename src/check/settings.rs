//! The texts of `site.toml` say no figure and no name that no record has.

use crate::data::Spanned;
use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::figures::{Value, Verdict, figures};
use crate::evidence::reading::{Senses, words};
use crate::site::Site;

pub(super) fn check(site: &Site, problems: &mut Diagnostics) {
    let (config, ledger) = (&site.config, &site.ledger);
    // A site may be about other things than its few records.
    if ledger.claims.is_empty() || !ledger.is_whole() {
        return;
    }
    let topics = config.topics.iter().map(|topic| &topic.summary);
    for text in [&config.title, &config.tagline, &config.description].into_iter().chain(topics) {
        figures_of(site, text, problems);
    }
    let topics = config.topics.iter().map(|topic| &topic.summary);
    for text in [&config.tagline, &config.description].into_iter().chain(topics) {
        names_of(site, text, problems);
    }
}

fn figures_of(site: &Site, text: &Spanned<String>, problems: &mut Diagnostics) {
    let ledger = &site.ledger;
    let said = figures(text, ledger.masks());
    // What is written in words may have been counted.
    for figure in said.iter().filter(|figure| !figure.is_counted_in_words(text)) {
        let counts = [ledger.sources.len(), ledger.disagreements.len(), ledger.claims.len(), site.config.topics.len()];
        let is_count = |number: u32| counts.iter().any(|count| u32::try_from(*count) == Ok(number));
        let is_carried = |key: &str| {
            ledger
                .carried_by(key, None)
                .is_some_and(|carried| carried.verdict(&figure.value, &said) == Verdict::Supported)
        };
        let mut ids = ledger.claims.iter().map(|claim| &claim.id).chain(ledger.sources.iter().map(|source| &source.id));
        let is_known = matches!(&figure.value, Value::Number(number) if number.whole().is_some_and(is_count))
            || ids.any(|id| is_carried(id.as_str()));
        if !is_known {
            let words = text.get(figure.range.clone()).unwrap_or_default();
            let message = format!("the text says {words}, and no claim or source of the site does");
            problems.push(
                Diagnostic::new("unsupported-figure", site.config.places.span(text.node), message)
                    .hint("correct the figure, or record the claim that supports it"),
            );
        }
    }
}

fn names_of(site: &Site, text: &Spanned<String>, problems: &mut Diagnostics) {
    let names = site.ledger.names();
    for word in words(text).iter().filter(|word| word.is_capital && !word.is_first && !word.is_figure) {
        let name = text.get(word.at.clone()).unwrap_or_default();
        let is_common = word.senses.says(Senses::COMMON.and(Senses::EMPTY)) || name.len() < 2;
        let is_own =
            site.config.title.contains(name) || site.config.topics.iter().any(|topic| topic.title.contains(name));
        if is_common || is_own || names.knows(name) || name.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let message = format!("no record knows the name “{name}”");
        problems.push(
            Diagnostic::new("unknown-name", site.config.places.span(text.node), message)
                .hint("correct it, or record it in a claim or below `entities`"),
        );
    }
}

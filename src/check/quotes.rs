//! A quotation of a claim is in the text of its source, at exactly one place.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Ledger, Lines, Quote, Support};

use super::Archive;
use super::archive::{Text, hash, words};

pub(super) fn check(ledger: &Ledger, archive: &Archive, problems: &mut Diagnostics) {
    for support in ledger.claims.iter().flat_map(|claim| &claim.sources) {
        let (Some(quote), Some(text)) = (&support.quote, archive.text(&support.source)) else { continue };
        // What has no words is told elsewhere.
        if hashes(&quote.exact).is_empty() {
            continue;
        }
        let place = if support.lines.is_empty() { String::new() } else { format!(" at {}", support.lines.value) };
        let source = support.source.as_str();
        let problem = match count(text, quote, &support.lines) {
            1 => continue,
            0 => Diagnostic::new("misquoted", ledger.span(quote), format!("`{source}` does not say this{place}"))
                .hint("copy the words exactly, or correct the place"),
            count => {
                let message = format!("`{source}` says this {count} times{place}");
                Diagnostic::new("ambiguous-quote", ledger.span(quote), message)
                    .hint("name the lines, or add the words before it as `prefix` or those after it as `suffix`")
            }
        };
        problems.push(problem);
    }
}

/// The lines of a place: those that it names, else those of its quotation.
pub(super) fn lines(archive: &Archive, support: &Support) -> Lines {
    if !support.lines.is_empty() {
        return support.lines.value.clone();
    }
    let quoted = support.quote.as_ref().zip(archive.text(&support.source)).and_then(|(quote, text)| {
        let (count, lines) = text.find(&hashes(&quote.exact));
        lines.filter(|_| count == 1)
    });
    Lines(quoted.into_iter().collect())
}

/// How often a text has a quotation, on these lines where some are named.
fn count(text: &Text, quote: &Quote, lines: &Lines) -> usize {
    let exact = hashes(&quote.exact);
    let whole = hashes(&format!("{} {} {}", quote.prefix, quote.exact, quote.suffix));
    let in_passages = |wanted: &[u64], around: bool| -> usize {
        let passages = lines.0.iter().filter_map(|(first, last)| text.passage(*first, *last));
        let passages = passages.filter_map(|(passage, cited)| if around { Some(passage) } else { passage.get(cited) });
        passages.map(|passage| hashes(passage).windows(wanted.len().max(1)).filter(|run| *run == wanted).count()).sum()
    };
    match lines.is_empty() {
        true => text.find(&whole).0,
        false => match in_passages(&exact, false) {
            several if several > 1 && whole.len() > exact.len() => in_passages(&whole, true),
            count => count,
        },
    }
}

fn hashes(text: &str) -> Vec<u64> {
    words(text).map(|(word, _)| hash(&word)).collect()
}

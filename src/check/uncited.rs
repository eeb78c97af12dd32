//! Every paragraph of fact on a topic page cites something, or says why not.

use crate::diag::{Diagnostic, Diagnostics};
use crate::parse::{BlockKind, Prose};
use crate::site::Page;

use super::is_topical;

/// Whether there is anything to tell of a page: what it states and cites was counted when it was read.
pub(super) fn may_find(page: &Page) -> bool {
    is_topical(page) && page.card.front.uncited.is_none() && page.card.cited < page.card.factual
}

pub(super) fn check(prose: &Prose, problems: &mut Diagnostics) {
    for block in prose.blocks.iter().filter(|block| block.is_factual() && !block.is_cited()) {
        let what = match block.kind {
            BlockKind::Item => "list item",
            BlockKind::Row => "table row",
            BlockKind::Footnote => "footnote",
            BlockKind::Summary | BlockKind::Heading | BlockKind::Label | BlockKind::Paragraph => "paragraph",
        };
        let message = format!("this {what} states something and cites nothing");
        problems.push(
            Diagnostic::new("uncited-paragraph", block.span.clone(), message)
                .hint("cite a claim, [@claim-id], or say before it why none is needed: <!-- uncited: reason -->"),
        );
    }
}

//! Every paragraph of fact on a topic page cites something, or says why not.

use crate::diag::{Diagnostic, Diagnostics};
use crate::parse::{Block, BlockKind, PageMetadata, Prose};

fn is_uncited(metadata: &PageMetadata, block: &Block<'_>) -> bool {
    block.is_factual() && !block.is_cited() && metadata.quoted_source(block.call).is_none()
}

pub(super) fn check(metadata: &PageMetadata, prose: &Prose, problems: &mut Diagnostics) {
    // What a page states and cites was counted when it was read.
    if metadata.front.uncited.is_some() || metadata.cited >= metadata.factual {
        return;
    }
    for block in prose.blocks().filter(|block| is_uncited(metadata, block)) {
        let what = match block.kind {
            BlockKind::Item => "list item",
            BlockKind::Row => "table row",
            BlockKind::Footnote => "footnote",
            BlockKind::Summary | BlockKind::Heading | BlockKind::Label | BlockKind::Paragraph => "paragraph",
        };
        let message = format!("this {what} makes a statement without a citation");
        problems.push(
            Diagnostic::new("uncited-paragraph", block.span(), message)
                .hint("cite a claim, [@claim-id], or write above it why none is needed: <!-- uncited: reason -->"),
        );
    }
}

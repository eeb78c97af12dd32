//! Parses one content file into the data that other pages may read (metadata), its content (body), and the text for the
//! checks (prose). It does not use other pages. Invalid input gives diagnostics, besides the parts that are valid.
//!
//! A page is read in one pass over the events of pulldown-cmark (`markdown`), which writes HTML with slots for what
//! depends on other pages, on the ledger or on templates.

mod autolink;
mod block;
mod cache_codec;
mod citation;
mod cjk;
mod code;
mod component;
mod document;
mod fence;
mod footnotes;
mod front_matter;
mod front_matter_split;
mod grammar;
mod heading;
mod highlight;
mod html;
mod html_attributes;
mod inline;
pub mod limits;
mod link;
mod markdown;
mod masks;
mod math;
mod mathml;
mod page;
mod placed;
mod problems;
mod prose;
mod prose_builder;
mod raw_html;
mod reader_questions;
mod scope;
mod sentence;
mod slug;
mod source;
mod table;
mod word_count;

pub use cjk::is_cjk;
pub use document::*;
pub use front_matter::*;
pub use highlight::Highlighter;
pub use html::push_attribute;
pub use html_attributes::{attributes, candidates, unescape};
pub use page::{Settings, page, title_from_name};
pub use placed::Placed;
pub use prose::{Block, BlockKind, Prose, Sentence, Stretch};
pub use scope::HIGHLIGHT_CLASSES;
pub use sentence::sentences;
pub use slug::{github_slug, slug};

//! Limits of a page, so that a mistake or a hostile file is an error and does not exhaust the machine. Each error names
//! its limit.

/// Bytes of one page.
pub const MAX_PAGE: usize = 4 << 20;
/// Bytes of front matter: the YAML scanner reads all of it before other limits apply.
pub const MAX_FRONT_MATTER: usize = 64 << 10;
/// Nested elements; browsers flatten those deeper than 512.
pub const MAX_NESTING: usize = 100;
/// Nested component calls.
pub const MAX_COMPONENT_DEPTH: usize = 8;
/// Component calls of one page.
pub const MAX_COMPONENTS: usize = 5_000;
/// Arguments of one component call.
pub const MAX_ARGUMENTS: usize = 50;
/// Words of one code block's info string.
pub const MAX_WORDS: usize = 50;
/// Cited keys of one page.
pub const MAX_CITATIONS: usize = 10_000;
/// Links and pictures of one page.
pub const MAX_LINKS: usize = 50_000;
/// Bytes of one link's address.
pub const MAX_ADDRESS: usize = 4 << 10;
/// Headings of one page.
pub const MAX_HEADINGS: usize = 10_000;
/// References to footnotes of one page.
pub const MAX_FOOTNOTES: usize = 10_000;
/// Bytes of one code block that is highlighted; a longer one stays plain.
pub const MAX_HIGHLIGHT: usize = 256 << 10;
/// Bytes of one line of code that is highlighted; a block with a longer one stays plain.
pub const MAX_HIGHLIGHT_LINE: usize = 2 << 10;
/// Steps for highlighting one code block, besides [`HIGHLIGHT_STEPS_PER_BYTE`]. A step is about the time of one
/// backtracking step of a regular expression. A block that would take more stays plain.
pub const HIGHLIGHT_STEPS: usize = 400_000;
/// Additional steps for each of its bytes. Usual code takes 6 to 100.
pub const HIGHLIGHT_STEPS_PER_BYTE: usize = 500;
/// Steps for highlighting the code of one page; after that, the rest of it stays plain.
pub const HIGHLIGHT_STEPS_PER_PAGE: usize = 200_000_000;
/// Bytes of the code of one page in the search index.
pub const SEARCHED_CODE: usize = 4 << 10;
/// Bytes of one formula, so that even one of nested groups only needs a small part of a stack of 2 MiB.
pub const MAX_FORMULA: usize = 2 << 10;
/// Reported problems of one page.
pub const MAX_PROBLEMS: usize = 200;
/// Bytes of a citation from `[` to `]`.
pub const MAX_CITATION: usize = 1_000;

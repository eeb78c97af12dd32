//! What a page may hold at most, so that a mistake or a hostile file is an error and never exhausts the machine.
//! Each error names its limit.

/// Bytes of one page: hundreds of times an ordinary one.
pub const MAX_PAGE: usize = 4 << 20;
/// Bytes of front matter: the YAML scanner reads all of it before it limits anything.
pub const MAX_FRONT_MATTER: usize = 64 << 10;
/// Elements in one another; browsers flatten what is deeper than 512.
pub const MAX_NESTING: usize = 100;
/// Component calls in one another.
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
/// Steps that highlighting one code block may take whatever its length; see [`HIGHLIGHT_STEPS_PER_BYTE`]. A step is about
/// the time in which a regular expression goes back once to try another way. A block that would take more stays plain.
pub const HIGHLIGHT_STEPS: usize = 400_000;
/// Steps that it may take besides for each of its bytes. Usual code takes 6 to 100.
pub const HIGHLIGHT_STEPS_PER_BYTE: usize = 500;
/// Steps that highlighting the code of one page may take; past them the rest of it stays plain.
pub const HIGHLIGHT_STEPS_PER_PAGE: usize = 200_000_000;
/// Bytes of the code of one page that the search index holds.
pub const SEARCHED_CODE: usize = 4 << 10;
/// Bytes of one formula: nested to the end of them, it must leave a thread of 2 MiB most of its stack.
pub const MAX_FORMULA: usize = 2 << 10;
/// Problems reported of one page.
pub const MAX_PROBLEMS: usize = 200;
/// Bytes that a citation may take from `[` to `]`.
pub const MAX_CITATION: usize = 1_000;

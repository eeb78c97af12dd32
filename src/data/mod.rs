//! YAML and TOML into typed values that know where they stand, with every problem collected.
//!
//! Values come from `serde_yaml` and `toml` as a tree whose nodes are numbered in reading order; types say what they
//! need by `serde::Deserialize`. On the way unknown keys get a did-you-mean, doubled and missing keys their line, and a
//! bad value never hides the next one. Places are worked out only when somebody asks ([`SourceMap::span`]): a file without
//! a problem never pays for them.
//!
//! Types read here must not use `serde(flatten)` or untagged enums, which hide their keys from the decoder.

mod decode;
mod error;
mod id;
mod merge;
mod node;
mod placeholder;
mod plain;
mod source_map;
mod spanned;
mod split;
mod toml;
mod unfilled;
mod yaml;
mod yaml_spans;

pub use self::toml::toml;
pub use error::Coded;
pub use id::{ID_LIMIT, is_id, is_language, to_id};
pub use source_map::{NodeId, SourceMap};
pub use spanned::Spanned;
pub use unfilled::{placeholder_at, placeholder_in, unfilled};
pub(crate) use yaml::too_many;
pub use yaml::{Records, yaml, yaml_list};

/// The most bytes one YAML document may have: a page's front matter, or one record of an evidence file. The scanner's
/// time grows with the square of hostile nesting; at this size the worst stays under a second.
pub const DOCUMENT_LIMIT: usize = 64 * 1024;

/// The most bytes an evidence file may have: some 300,000 claims.
pub const FILE_LIMIT: usize = 128 * 1024 * 1024;

/// The most bytes `site.toml` may have.
pub const TOML_LIMIT: usize = 256 * 1024;

/// How deep lists and maps may nest.
pub const DEPTH_LIMIT: u32 = 32;

/// How many times its own size a document may grow when its aliases are followed.
pub const ALIAS_LIMIT: usize = 8;

/// The most problems told of one record; more of them say nothing new.
pub const PROBLEM_LIMIT: usize = 50;

/// The most problems told of one file; the rest is told when these are mended.
pub const FILE_PROBLEM_LIMIT: usize = 1000;

#[cfg(test)]
mod tests;

//! Reads YAML and TOML into typed values with their places, and collects all problems.
//!
//! Values come from `serde_yaml` and `toml` as a tree whose nodes are numbered in reading order; types read them with
//! `serde::Deserialize`. Unknown keys get a suggestion, duplicate and missing keys their line, and an invalid value
//! does not hide the next one. Places are computed only on request ([`SourceMap::span`]), so a file without problems
//! does not need them.
//!
//! Types read here must not use `serde(flatten)` or untagged enums, which hide their keys from the decoder.

mod decode;
mod default_value;
mod defaults;
mod error;
mod id;
mod merge;
mod node;
mod plain;
mod source_map;
mod spanned;
mod split;
mod text_or_number;
mod toml;
mod unfilled;
mod yaml;
mod yaml_spans;

pub use self::toml::toml;
pub use error::Coded;
pub use id::{ID_LIMIT, is_id, is_key, is_language, key_slug, to_id, to_key};
pub use source_map::{NodeId, SourceMap};
pub use spanned::{Spanned, TEXT_OR_RECORD};
pub use text_or_number::text_or_number;
pub use unfilled::{placeholder_at, placeholder_in, unfilled};
pub(crate) use yaml::too_many;
pub use yaml::{Records, yaml, yaml_list};

/// The maximum size of a YAML document in bytes: a page's front matter, or one record of an evidence file. The
/// scanner's time grows with the square of the nesting depth; with this limit the worst case takes less than a second.
pub const DOCUMENT_LIMIT: usize = 64 * 1024;

/// The maximum size of an evidence file in bytes: about 300,000 claims.
pub const FILE_LIMIT: usize = 128 * 1024 * 1024;

/// The maximum size of `site.toml` in bytes.
pub const TOML_LIMIT: usize = 256 * 1024;

/// The maximum nesting depth of lists and maps.
pub const DEPTH_LIMIT: u32 = 32;

/// The maximum factor by which a document may grow when its aliases are expanded.
pub const ALIAS_LIMIT: usize = 8;

/// The maximum number of problems reported for one record.
pub const PROBLEM_LIMIT: usize = 50;

/// The maximum number of problems reported for one file; the rest is reported when these are fixed.
pub const FILE_PROBLEM_LIMIT: usize = 1000;

#[cfg(test)]
mod tests;

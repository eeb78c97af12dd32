//! Dossier: a static site generator for explainers whose every claim is sourced.
//!
//! The modules are in reading order; each uses only those above it (`tests/architecture.rs` checks this).
//! `docs/architecture.md` explains how data flows through them.
//!
//! Calls that reach outside (files, clock, environment, network, terminal) are listed in `clippy.toml` and denied here;
//! only the outer modules allow them, at their top. Panics are denied as well: invalid input is a result.
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr, clippy::print_stdout)]
#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unreachable, clippy::unwrap_used)]

// Paths, spans, hashes, and the traits for inputs and outputs.
pub mod source;

// Problems as data.
pub mod diag;

// YAML and TOML into typed values with their places.
pub mod data;

// `site.toml`.
pub mod config;

// Sources, claims, events, disagreements, entities, and the standing of claims.
pub mod evidence;

// Sources as other programs and scholars know them.
pub mod bibliography;

// Parsing of a single page.
pub mod parse;

// JSON Schemas of the files that users write.
pub mod schema;

// All pages, linked.
pub mod site;

// Sites of other generators.
pub mod migrate;

// The checks.
pub mod check;

// Views, templates, drawings, feeds, data files.
pub mod render;

// The whole generator as one function.
pub mod pipeline;

// The plan of a publish, as data.
pub mod publish;

// Publishing to an object store.
#[cfg(feature = "publish")]
pub mod store;

// The only module that opens files.
pub mod disk;

// Watching for changes.
#[cfg(feature = "program")]
pub mod watch;

// The site from memory, over HTTP.
#[cfg(feature = "program")]
pub mod serve;

// The command line.
#[cfg(feature = "program")]
pub mod cli;

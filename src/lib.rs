//! Dossier: a static site generator for explainers whose every claim is sourced.
//!
//! The modules stand in reading order; each uses only those above it (`tests/architecture.rs` holds this).
//! `docs/architecture.md` tells how data flows through them.
//!
//! What reaches outside (files, clock, environment, network, terminal) is named in `clippy.toml` and denied here; only
//! the modules at the edges lift the ban, at their top. What panics is denied as well: broken input is a result.
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr, clippy::print_stdout)]
#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unreachable, clippy::unwrap_used)]

// Paths, spans, hashes, and the two doors: inputs come in by one, outputs leave by the other.
pub mod source;

// Problems as data.
pub mod diag;

// YAML and TOML into typed values that know where they stand.
pub mod data;

// `site.toml`.
pub mod config;

// Sources, claims, events, disagreements, entities, and what follows from them.
pub mod evidence;

// One content file, alone.
pub mod parse;

// JSON Schemas of what editors write.
pub mod schema;

// All pages, linked.
pub mod site;

// Sites of other generators.
pub mod migrate;

// What the checks demand.
pub mod check;

// Views, templates, drawings, feeds, data files.
pub mod render;

// The whole generator as one function.
pub mod pipeline;

// What to write and remove, as data.
pub mod publish;

// The same steps taken in an object store.
#[cfg(feature = "publish")]
pub mod store;

// The one module of the core's edge that opens files.
pub mod disk;

// What changes while somebody writes.
pub mod watch;

// The site from memory, over HTTP.
pub mod serve;

// The command line.
pub mod cli;

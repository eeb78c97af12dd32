//! Dossier: a static site generator for explainers whose every claim is sourced.
//!
//! The modules stand in reading order; each uses only those above it (`tests/architecture.rs` holds this).
//! `docs/architecture.md` tells how data flows through them.
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr, clippy::print_stdout)]
#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unreachable, clippy::unwrap_used)]

pub mod build;
pub mod check;
pub mod cli;
pub mod config;
pub mod data;
pub mod diag;
pub mod disk;
pub mod evidence;
pub mod parse;
pub mod publish;
pub mod render;
pub mod site;
pub mod source;

//! Publishing into real folders: published and foreign files, every failure, and kills at random moments.
//!
//! `ci/kill-test` runs the last of these at length.

mod faults;
mod kills;
mod names;
mod ownership;
mod program;
mod site;
mod whole;

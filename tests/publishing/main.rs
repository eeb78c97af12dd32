//! Publishing into real folders: what is ours and what is not, every fault, and kills at random moments.
//!
//! `ci/kill-test` runs the last of these at length.

mod faults;
mod kills;
mod names;
mod ownership;
mod program;
mod site;
mod whole;

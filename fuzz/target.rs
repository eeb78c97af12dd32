//! The body of every target: the bytes go to the entry of the target's name.
#![no_main]

#[path = "entries.rs"]
mod entries;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entries::run(env!("CARGO_BIN_NAME"), data));

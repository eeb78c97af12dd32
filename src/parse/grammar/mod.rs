//! Assigns scopes to code, with the syntaxes and the results of `syntect`, but several times as fast.
//!
//! `syntect` searches the rest of the line once for every rule of a context. Here each position is visited once, and
//! only those rules are tried that can match there, by the byte at the position and the characters of the line
//! ([`first`]). An expression is compiled when it is first tried, so most never are. The operations are the same, as
//! long as the [`Budget`] is not exceeded.

mod budget;
mod class;
mod first;
mod lexer;
mod pattern;
mod rules;
#[cfg(test)]
mod tests;

pub(super) use budget::Budget;
pub(super) use lexer::Lexer;
pub(super) use rules::Grammars;

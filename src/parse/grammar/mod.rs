//! Code into scopes, as `syntect` does it, several times as fast.
//!
//! `syntect` searches the rest of the line once for every rule of a context. Here a position is looked at once, and only
//! those rules are tried that can match there, told by the byte that stands there and by what stands in the line
//! ([`first`]). An expression is compiled when it is first tried, so most never are. What comes out is the same, operation
//! for operation, as long as the [`Budget`] lasts.

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

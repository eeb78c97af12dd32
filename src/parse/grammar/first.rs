//! Necessary conditions for a match: on the position where it begins, and on its line.
//!
//! The conditions may be too weak, but never too strong: unknown constructs have none.

use super::class::{Bytes, Class};

/// The conditions for a match on its position and its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct First {
    /// The possible bytes at the position.
    pub bytes: Bytes,
    /// Whether the position may be the end of the text.
    pub end: bool,
    /// Whether the position must be the start of the text.
    pub start: bool,
    /// Whether the position must be a word boundary.
    pub boundary: bool,
    /// The ASCII characters that must all occur in the line, ...
    pub needs: Bytes,
    /// ... unless one of these bytes is at the position.
    pub free: Bytes,
}

impl First {
    pub const ANY: Self =
        Self { bytes: Bytes::ALL, end: true, start: false, boundary: false, needs: Bytes::NONE, free: Bytes::ALL };
    pub const LINE_END: Self = Self { bytes: Bytes::of('\n'), ..Self::ANY };
    const NOTHING: Self =
        Self { bytes: Bytes::NONE, end: false, start: true, boundary: true, needs: Bytes::ALL, free: Bytes::NONE };

    pub fn bytes(bytes: Bytes) -> Self {
        Self { bytes, end: false, ..Self::ANY }
    }

    /// Whether the line contains the characters that a match needs if it begins with `byte`.
    pub fn is_met(&self, byte: Option<u8>, line: Bytes) -> bool {
        self.needs.is_within(line) || byte.is_none_or(|byte| self.free.has(byte))
    }

    fn possible(self) -> bool {
        self.end || self.bytes != Bytes::NONE
    }

    /// The conditions of an alternative.
    fn or(self, other: Self) -> Self {
        let both = Self {
            bytes: self.bytes.or(other.bytes),
            end: self.end || other.end,
            start: self.start && other.start,
            boundary: self.boundary && other.boundary,
            ..Self::ANY
        };
        // The bytes at which one alternative matches without the needs of the other.
        let free = |needs: Bytes, of: Self| if needs.is_within(of.needs) { of.free } else { of.bytes };
        let shared = self.needs.and(other.needs);
        both.needing([
            (shared, self.free.or(other.free)),
            (self.needs, self.free.or(free(self.needs, other))),
            (other.needs, other.free.or(free(other.needs, self))),
        ])
    }

    /// The conditions for both to match at the same position.
    fn and(self, other: Self) -> Self {
        let both = Self {
            bytes: self.bytes.and(other.bytes),
            end: self.end && other.end,
            start: self.start || other.start,
            boundary: self.boundary || other.boundary,
            ..Self::ANY
        };
        if !both.possible() {
            return Self::NOTHING;
        }
        let all = (self.needs.or(other.needs), self.free.or(other.free));
        both.needing([all, (self.needs, self.free), (other.needs, other.free)])
    }

    /// With the needs that have the fewest free bytes, of several valid ones.
    fn needing(self, all: [(Bytes, Bytes); 3]) -> Self {
        let any = (Bytes::NONE, self.bytes);
        let some = all.into_iter().filter(|(needs, _)| *needs != Bytes::NONE);
        let some = some.map(|(needs, free)| (needs, free.and(self.bytes)));
        let (needs, free) = std::iter::once(any).chain(some).min_by_key(|(_, free)| free.count()).unwrap_or(any);
        Self { needs, free, ..self }
    }

    /// The characters that are in the line wherever this matches.
    fn always(self) -> Needs {
        Needs(if self.end || self.free != Bytes::NONE { Bytes::NONE } else { self.needs })
    }
}

/// An analysis of expressions, composed from the analyses of their parts.
pub(super) trait Analysis: Copy {
    const EMPTY: Self;
    const NEVER: Self;
    const ANY: Self;

    /// Whether it analyses classes with several characters.
    const CLASSES: bool;

    /// One character of a class; in both cases if `folds`.
    fn one(class: Class, folds: bool) -> Self;
    /// A zero-width assertion with these conditions.
    fn look(first: First) -> Self;
    /// A lookahead.
    fn ahead(self) -> Self;
    fn or(self, other: Self) -> Self;
    fn optional(self) -> Self;
    /// A sequence of this part and the next.
    fn then(self, next: Self) -> Self;
    /// Whether the next part may still add conditions on the position.
    fn is_open(self) -> bool;
    /// Adds the needs of later parts.
    fn later(self, needs: Needs) -> Self;
}

/// The conditions of a part if it consumes characters, and if it consumes none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    some: First,
    none: First,
}

impl Part {
    pub fn first(self) -> First {
        self.some.or(self.none)
    }
}

impl Analysis for Part {
    const EMPTY: Self = Self { some: First::NOTHING, none: First::ANY };
    const NEVER: Self = Self { some: First::NOTHING, none: First::NOTHING };
    const ANY: Self = Self { some: First::ANY, none: First::ANY };
    const CLASSES: bool = true;

    fn one(class: Class, folds: bool) -> Self {
        let bytes = if folds { class.may.either_case() } else { class.may };
        let Needs(needs) = Needs::one(class, folds);
        let free = if needs == Bytes::NONE { bytes } else { Bytes::NONE };
        Self { some: First { needs, free, ..First::bytes(bytes) }, none: First::NOTHING }
    }

    fn look(first: First) -> Self {
        Self { none: first, ..Self::EMPTY }
    }

    fn ahead(self) -> Self {
        Self::look(self.first())
    }

    fn or(self, other: Self) -> Self {
        Self { some: self.some.or(other.some), none: self.none.or(other.none) }
    }

    fn optional(self) -> Self {
        self.or(Self::EMPTY)
    }

    fn then(self, next: Self) -> Self {
        let some = self.later(next.first().always()).some;
        Self { some: some.or(self.none.and(next.some)), none: self.none.and(next.none) }
    }

    fn is_open(self) -> bool {
        self.none.possible()
    }

    fn later(self, Needs(needs): Needs) -> Self {
        let with = |first: First| match first {
            _ if needs == Bytes::NONE || !first.possible() => first,
            First { free: Bytes::NONE, .. } => First { needs: first.needs.or(needs), ..first },
            _ => First { needs, free: Bytes::NONE, ..first },
        };
        Self { some: with(self.some), ..self }
    }
}

/// The ASCII characters that must occur in the line, wherever the match begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs(Bytes);

impl Analysis for Needs {
    const EMPTY: Self = Self(Bytes::NONE);
    const NEVER: Self = Self(Bytes::ALL);
    const ANY: Self = Self(Bytes::NONE);
    const CLASSES: bool = false;

    fn one(class: Class, folds: bool) -> Self {
        let other = folds && class.may.either_case() != class.may.or(Bytes::WIDE);
        Self(if class.may == class.sure && class.may.count() == 1 && !other { class.may } else { Bytes::NONE })
    }

    fn look(_: First) -> Self {
        Self::EMPTY
    }

    fn ahead(self) -> Self {
        self
    }

    fn or(self, other: Self) -> Self {
        Self(self.0.and(other.0))
    }

    fn optional(self) -> Self {
        Self::EMPTY
    }

    fn then(self, next: Self) -> Self {
        Self(self.0.or(next.0))
    }

    fn is_open(self) -> bool {
        true
    }

    fn later(self, needs: Needs) -> Self {
        self.then(needs)
    }
}

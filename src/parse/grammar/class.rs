//! Sets of bytes, and the bytes that character classes begin with.

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bytes([u128; 2]);

impl Bytes {
    pub const NONE: Self = Self([0, 0]);
    pub const ALL: Self = Self([u128::MAX, u128::MAX]);
    /// The bytes of all characters outside ASCII.
    pub const WIDE: Self = Self([0, u128::MAX]);
    const ASCII: Self = Self([u128::MAX, 0]);

    /// The first byte of a character; of one outside ASCII, any such byte.
    pub const fn of(char: char) -> Self {
        if char.is_ascii() { Self([1 << (char as u32), 0]) } else { Self::WIDE }
    }

    const DIGIT: Self = Self::between(b'0', b'9');
    const UPPER: Self = Self::between(b'A', b'Z');
    const LOWER: Self = Self::between(b'a', b'z');
    const LETTER: Self = Self::UPPER.or(Self::LOWER);
    const WORD: Self = Self::LETTER.or(Self::DIGIT).or(Self::of('_'));
    const HEX: Self = Self::DIGIT.or(Self::between(b'A', b'F')).or(Self::between(b'a', b'f'));
    const BLANK: Self = Self::of(' ').or(Self::of('\t'));
    const SPACE: Self = Self::between(b'\t', b'\r').or(Self::of(' '));

    /// The ASCII characters between two.
    const fn between(from: u8, to: u8) -> Self {
        if from > to { Self::NONE } else { Self([(u128::MAX >> (127 - (to - from))) << from, 0]) }
    }

    pub const fn or(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.0, other.0);
        Self([a | c, b | d])
    }

    pub fn and(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.0, other.0);
        Self([a & c, b & d])
    }

    fn not(self) -> Self {
        let [a, b] = self.0;
        Self([!a, !b])
    }

    pub fn has(self, byte: u8) -> bool {
        let [low, high] = self.0;
        (if byte < 128 { low } else { high }) >> (byte & 127) & 1 == 1
    }

    /// With both cases of every letter, and the characters that Unicode folds to them.
    pub fn either_case(self) -> Self {
        let ([upper, _], [lower, _]) = (self.and(Self::UPPER).0, self.and(Self::LOWER).0);
        // A capital letter is 32 before its small one.
        self.or(Self([upper << 32 | lower >> 32, 0])).or(Self::WIDE)
    }

    /// The number of bytes in the set.
    pub fn count(self) -> u32 {
        self.0.iter().map(|half| half.count_ones()).sum()
    }

    pub fn is_within(self, other: Self) -> bool {
        self.and(other) == self
    }

    /// The bytes of `text`; all bytes outside ASCII if it has any.
    pub fn in_text(text: &str) -> Self {
        text.bytes().fold(Self::NONE, |all, byte| all.or(Self::of(byte.into())))
    }
}

/// An approximation of a set of characters: the bytes that its members may begin with, and the ASCII characters that
/// are certainly members, which are needed for negation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Class {
    pub may: Bytes,
    pub sure: Bytes,
}

impl Class {
    pub const NONE: Self = Self { may: Bytes::NONE, sure: Bytes::NONE };
    /// Any character, for unknown syntax.
    pub const ANY: Self = Self { may: Bytes::ALL, sure: Bytes::NONE };

    /// Exactly these ASCII characters, and possibly others outside ASCII.
    fn ascii(bytes: Bytes) -> Self {
        Self { may: bytes.or(Bytes::WIDE), sure: bytes }
    }

    pub fn of(char: char) -> Self {
        Self { may: Bytes::of(char), sure: Bytes::of(char).and(Bytes::ASCII) }
    }

    pub fn range(from: char, to: char) -> Self {
        let bytes = match (u8::try_from(from), u8::try_from(to)) {
            (Ok(from), to) if from.is_ascii() => Bytes::between(from, to.map_or(127, |to| to.min(127))),
            _ => Bytes::NONE,
        };
        Self { may: if to.is_ascii() { bytes } else { bytes.or(Bytes::WIDE) }, sure: bytes }
    }

    pub fn or(self, other: Self) -> Self {
        Self { may: self.may.or(other.may), sure: self.sure.or(other.sure) }
    }

    pub fn not(self) -> Self {
        Self { may: self.sure.not().or(Bytes::WIDE), sure: self.may.not().and(Bytes::ASCII) }
    }

    /// `\w` and the like, in a class or out of one.
    pub fn escape(letter: char) -> Option<Self> {
        let bytes = match letter.to_ascii_lowercase() {
            'w' => Bytes::WORD,
            'd' => Bytes::DIGIT,
            's' => Bytes::SPACE,
            'h' => Bytes::HEX,
            _ => return None,
        };
        let class = Self::ascii(bytes);
        Some(if letter.is_ascii_uppercase() { class.not() } else { class })
    }

    /// `[:alpha:]` and the like by name.
    pub fn posix(name: &str) -> Self {
        Self::ascii(match name {
            "alpha" => Bytes::LETTER,
            "alnum" => Bytes::LETTER.or(Bytes::DIGIT),
            "upper" => Bytes::UPPER,
            "lower" => Bytes::LOWER,
            "digit" => Bytes::DIGIT,
            "xdigit" => Bytes::HEX,
            "word" => Bytes::WORD,
            "blank" => Bytes::BLANK,
            "space" => Bytes::SPACE,
            _ => return Self::ANY,
        })
    }
}

/// Whether an ASCII character is part of a word.
pub(super) fn is_word(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

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
    pub fn of(char: char) -> Self {
        if char.is_ascii() { Self([1 << u32::from(char), 0]) } else { Self::WIDE }
    }

    /// The ASCII characters that `holds` holds for.
    pub fn ascii(holds: impl Fn(char) -> bool) -> Self {
        (0..128u8).map(char::from).filter(|char| holds(*char)).fold(Self::NONE, |all, char| all.or(Self::of(char)))
    }

    pub fn or(self, other: Self) -> Self {
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

    /// With the other case of every letter, and with what Unicode folds to one.
    pub fn either_case(self) -> Self {
        let other = Self::ascii(|char| {
            let swapped = if char.is_ascii_uppercase() { char.to_ascii_lowercase() } else { char.to_ascii_uppercase() };
            self.has(swapped as u8)
        });
        self.or(other).or(Self::WIDE)
    }
}

/// What is known of a set of characters: the bytes that its members may begin with, and the ASCII characters that are
/// members for sure. The second is what a negation may leave out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Class {
    pub may: Bytes,
    pub sure: Bytes,
}

impl Class {
    pub const NONE: Self = Self { may: Bytes::NONE, sure: Bytes::NONE };
    /// Anything, for what is not understood.
    pub const ANY: Self = Self { may: Bytes::ALL, sure: Bytes::NONE };

    /// Exactly these ASCII characters, and perhaps others outside ASCII.
    fn ascii(bytes: Bytes) -> Self {
        Self { may: bytes.or(Bytes::WIDE), sure: bytes }
    }

    pub fn of(char: char) -> Self {
        Self { may: Bytes::of(char), sure: Bytes::of(char).and(Bytes::ASCII) }
    }

    pub fn range(from: char, to: char) -> Self {
        let bytes = Bytes::ascii(|char| (from..=to).contains(&char));
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
            'w' => Bytes::ascii(is_word),
            'd' => Bytes::ascii(|char| char.is_ascii_digit()),
            's' => Bytes::ascii(|char| matches!(char, '\t'..='\r' | ' ')),
            'h' => Bytes::ascii(|char| char.is_ascii_hexdigit()),
            _ => return None,
        };
        let class = Self::ascii(bytes);
        Some(if letter.is_ascii_uppercase() { class.not() } else { class })
    }

    /// `[:alpha:]` and the like by name.
    pub fn posix(name: &str) -> Self {
        Self::ascii(match name {
            "alpha" => Bytes::ascii(|char| char.is_ascii_alphabetic()),
            "alnum" => Bytes::ascii(|char| char.is_ascii_alphanumeric()),
            "upper" => Bytes::ascii(|char| char.is_ascii_uppercase()),
            "lower" => Bytes::ascii(|char| char.is_ascii_lowercase()),
            "digit" => Bytes::ascii(|char| char.is_ascii_digit()),
            "xdigit" => Bytes::ascii(|char| char.is_ascii_hexdigit()),
            "word" => Bytes::ascii(is_word),
            "blank" => Bytes::ascii(|char| matches!(char, ' ' | '\t')),
            "space" => Bytes::ascii(|char| matches!(char, '\t'..='\r' | ' ')),
            _ => return Self::ANY,
        })
    }
}

/// Whether an ASCII character is part of a word.
pub(super) fn is_word(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

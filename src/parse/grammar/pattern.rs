//! What a regular expression demands of its place and its line, read from its text. The syntax is that of Oniguruma
//! (`doc/RE` of that project).

use memchr::memchr;

use super::budget::Cost;
use super::class::{Bytes, Class};
use super::first::{First, Needs, Part, Told};

/// What `regex` demands; `None` where it moves the start of its match (`\K`), which nothing here follows.
pub(super) fn first(regex: &str) -> Option<First> {
    if escapes(regex).any(|(_, letter)| letter == b'K') {
        return None;
    }
    let mut reader = Reader { rest: regex, extended: false, folds: false, depth: 0 };
    Some(match reader.alternatives::<Part>() {
        Some(part) if reader.rest.is_empty() => part.first(),
        _ => First::ANY,
    })
}

/// The expression for where the match before did not end, where it asks for that (`\G`).
pub(super) fn apart(regex: &str) -> Option<String> {
    let (mut out, mut done) = (String::new(), 0);
    for (at, _) in escapes(regex).filter(|(_, letter)| *letter == b'G') {
        out.push_str(regex.get(done..at)?);
        out.push_str("(?!)");
        done = at + 2;
    }
    out.push_str(regex.get(done..)?);
    (done > 0).then_some(out)
}

/// What an expression costs.
pub(super) fn cost(regex: &str) -> Cost {
    let slow = regex.contains("(?i") || escapes(regex).any(|(_, letter)| matches!(letter, b'b' | b'B'));
    Cost { slow, repeats: repeats(regex) }
}

/// How many parts of an expression may be repeated without end; rather too many than too few.
fn repeats(regex: &str) -> usize {
    let (mut count, mut class, mut repeated) = (0, 0_usize, false);
    let mut bytes = regex.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        let endless = match byte {
            b'\\' => bytes.next().is_none(),
            b'[' => {
                class += 1;
                false
            }
            b']' => {
                class = class.saturating_sub(1);
                false
            }
            b'*' | b'+' => class == 0,
            b'{' => {
                class == 0
                    && regex.get(at..).and_then(|rest| rest.split_once('}')).is_some_and(|(n, _)| n.ends_with(','))
            }
            _ => false,
        };
        count += usize::from(endless && !repeated);
        repeated = endless;
    }
    count
}

/// Where characters are escaped, and which.
fn escapes(regex: &str) -> impl Iterator<Item = (usize, u8)> {
    let bytes = regex.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = at + memchr(b'\\', bytes.get(at..)?)?;
        at = found + 2;
        Some((found, *bytes.get(found + 1)?))
    })
}

/// How deep groups are followed.
const DEPTH: usize = 50;

/// Reads an expression; a method answers `None` for what it does not understand.
struct Reader<'r> {
    rest: &'r str,
    /// Whether spaces and comments stand for nothing.
    extended: bool,
    /// Whether letters stand for both cases, from here on.
    folds: bool,
    depth: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let char = self.rest.chars().next()?;
        self.rest = self.rest.get(char.len_utf8()..)?;
        Some(char)
    }

    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip(&mut self, holds: impl Fn(char) -> bool) {
        self.rest = self.rest.trim_start_matches(holds);
    }

    /// One character of a class.
    fn one<T: Told>(&self, class: Class) -> T {
        T::one(class, self.folds)
    }

    fn alternatives<T: Told>(&mut self) -> Option<T> {
        let mut all = T::NEVER;
        loop {
            all = all.or(self.sequence()?);
            if !self.eat("|") {
                return Some(all);
            }
        }
    }

    fn sequence<T: Told>(&mut self) -> Option<T> {
        let mut all = T::EMPTY;
        loop {
            if self.extended {
                self.skip(|char| char.is_ascii_whitespace());
                if self.rest.starts_with('#') {
                    let end = memchr(b'\n', self.rest.as_bytes()).unwrap_or(self.rest.len());
                    self.rest = self.rest.get(end..)?;
                    continue;
                }
            }
            if self.rest.is_empty() || self.rest.starts_with(['|', ')']) {
                return Some(all);
            }
            // Behind what takes something, nothing says more about the start.
            all = if all.is_open() { all.then(self.repeated()?) } else { all.later(self.repeated()?) };
        }
    }

    fn repeated<T: Told>(&mut self) -> Option<T> {
        let mut atom: T = self.atom()?;
        loop {
            if self.extended {
                self.skip(|char| char.is_ascii_whitespace());
            }
            if self.eat("?") || self.eat("*") {
                atom = atom.optional();
            } else if self.eat("+") {
            } else if let Some((range, rest)) = self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}'))
                && range.chars().all(|char| char.is_ascii_digit() || char == ',')
                && range.contains(|char: char| char.is_ascii_digit())
            {
                self.rest = rest;
                if range.starts_with(['0', ',']) {
                    atom = atom.optional();
                }
            } else {
                return Some(atom);
            }
        }
    }

    fn atom<T: Told>(&mut self) -> Option<T> {
        Some(match self.next()? {
            '(' => return self.group(),
            '[' if !T::CLASSES && self.skip_class().is_some() => T::ANY,
            '[' => {
                let class = self.class()?;
                self.one(class)
            }
            '\\' => return self.escape(),
            '.' => self.one(Class::ANY),
            '^' => T::look(First { start: true, ..First::ANY }),
            '$' => T::look(First::LINE_END),
            char => self.one(Class::of(char)),
        })
    }

    fn group<T: Told>(&mut self) -> Option<T> {
        self.depth += 1;
        if self.depth > DEPTH || self.rest.starts_with('*') {
            return None;
        }
        let extended = self.extended;
        let part = if self.eat("?=") {
            self.alternatives::<T>()?.ahead()
        } else if self.eat("?!") || self.eat("?<=") || self.eat("?<!") {
            self.alternatives::<Needs>()?;
            T::EMPTY
        } else if self.eat("?#") {
            self.skip(|char| char != ')');
            T::EMPTY
        } else if self.eat("?<") {
            self.skip(|char| char != '>');
            self.next()?;
            self.alternatives()?
        } else if self.eat("?:") || self.eat("?>") || !self.rest.starts_with('?') {
            self.alternatives()?
        } else {
            self.next()?;
            if !self.options()? {
                // Without a colon the options hold for the rest of the group that they stand in.
                self.depth -= 1;
                return Some(T::EMPTY);
            }
            self.alternatives()?
        };
        self.extended = extended;
        self.depth -= 1;
        self.eat(")").then_some(part)
    }

    /// Reads `i-x:` or `ix)`; whether a group follows.
    fn options(&mut self) -> Option<bool> {
        let mut on = true;
        loop {
            match self.next()? {
                '-' => on = false,
                'x' => self.extended = on,
                'i' => self.folds |= on,
                'm' => {}
                ':' => return Some(true),
                ')' => return Some(false),
                _ => return None,
            }
        }
    }

    fn escape<T: Told>(&mut self) -> Option<T> {
        let letter = self.next()?;
        Some(match letter {
            'b' => T::look(First { boundary: true, ..First::ANY }),
            'B' | 'G' => T::EMPTY,
            'A' => T::look(First { start: true, ..First::ANY }),
            'z' | 'Z' => T::look(First::LINE_END),
            't' | 'n' | 'r' | 'f' | 'v' | 'a' | 'e' => self.one(Class::of(control(letter)?)),
            _ => match Class::escape(letter) {
                Some(class) => self.one(class),
                // A property, a back-reference, a code point.
                None if letter.is_ascii_alphanumeric() => {
                    self.operand(letter)?;
                    T::ANY
                }
                None => self.one(Class::of(letter)),
            },
        })
    }

    /// Skips what follows an escaped letter or digit.
    fn operand(&mut self, letter: char) -> Option<()> {
        match letter {
            '0'..='9' => self.skip(|char| char.is_ascii_digit()),
            'p' | 'P' | 'x' if self.rest.starts_with('{') => {
                self.skip(|char| char != '}');
                self.next()?;
            }
            'x' | 'u' => {
                let most = if letter == 'x' { 2 } else { 4 };
                let digits = self.rest.chars().take(most).take_while(char::is_ascii_hexdigit).count();
                self.rest = self.rest.get(digits..)?;
            }
            'k' | 'g' if self.rest.starts_with('<') => {
                self.skip(|char| char != '>');
                self.next()?;
            }
            'R' | 'X' | 'N' | 'O' | 'y' | 'Y' => {}
            _ => return None,
        }
        Some(())
    }

    /// Skips a class of several characters up to its closing bracket, where no other class stands in it.
    fn skip_class(&mut self) -> Option<()> {
        let bytes = self.rest.as_bytes();
        let mut at = 0;
        loop {
            match bytes.get(at)? {
                b']' => break,
                b'[' => return None,
                // What follows, or its first byte, ends nothing.
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        // One character, a leading bracket and a caret are for who reads classes.
        self.rest = self.rest.get(at + 1..).filter(|_| at > 2)?;
        Some(())
    }

    /// Reads a class up to its closing bracket.
    fn class(&mut self) -> Option<Class> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let negated = self.eat("^");
        let mut all = Class::NONE;
        if self.rest.starts_with(']') {
            return None;
        }
        while !self.eat("]") {
            if self.eat("&&") {
                // Both sides narrow: what either may hold is an answer, what both hold for sure is not known.
                let both = all.or(self.rest_of_class()?);
                all = Class { sure: Bytes::NONE, ..both };
                break;
            }
            all = all.or(self.member()?);
        }
        self.depth -= 1;
        Some(if negated { all.not() } else { all })
    }

    fn rest_of_class(&mut self) -> Option<Class> {
        let mut all = Class::NONE;
        while !self.eat("]") {
            self.eat("&&");
            self.eat("^");
            all = if self.rest.starts_with(']') { Class::ANY } else { all.or(self.member()?) };
        }
        // A caret after `&&` may negate: nothing is known.
        Some(all.or(Class::ANY))
    }

    fn member(&mut self) -> Option<Class> {
        let (from, class) = self.element()?;
        let ends = self.rest.starts_with("-]") || self.rest.starts_with("-&&");
        if ends || !self.rest.starts_with('-') {
            return Some(class);
        }
        self.eat("-");
        let Some(from) = from else {
            // `\w-x`, `\x00-\x1f`: the dash stands for itself, or for what nobody here knows.
            return Some(Class { may: Bytes::ALL, ..class });
        };
        match self.element()? {
            (Some(to), _) => Some(Class::range(from, to)),
            (None, _) => Some(Class::ANY),
        }
    }

    /// One character, or one set.
    fn element(&mut self) -> Option<(Option<char>, Class)> {
        let char = match self.next()? {
            '[' if self.eat(":") => {
                let (name, rest) = self.rest.split_once(":]")?;
                self.rest = rest;
                return Some((None, Class::posix(name)));
            }
            '[' => return Some((None, self.class()?)),
            '\\' => {
                let letter = self.next()?;
                match letter {
                    'b' => '\u{8}',
                    't' | 'n' | 'r' | 'f' | 'v' | 'a' | 'e' => control(letter)?,
                    _ => match Class::escape(letter) {
                        Some(class) => return Some((None, class)),
                        None if letter.is_ascii_alphanumeric() => {
                            self.operand(letter)?;
                            return Some((None, Class::ANY));
                        }
                        None => letter,
                    },
                }
            }
            char => char,
        };
        Some((Some(char), Class::of(char)))
    }
}

fn control(letter: char) -> Option<char> {
    Some(match letter {
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'a' => '\u{7}',
        'e' => '\u{1b}',
        _ => return None,
    })
}

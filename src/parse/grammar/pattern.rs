//! Parses regular expressions to find the necessary conditions for a match. The syntax is that of Oniguruma (`doc/RE`
//! of that project).

use memchr::memchr;

use super::budget::Cost;
use super::class::{Bytes, Class};
use super::first::{Analysis, First, Needs, Part};

/// The conditions for a match of `regex`; `None` if it moves the start of its match (`\K`), which is not supported.
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

/// The expression for positions where the previous match did not end; `None` if it is the same there (it has no `\G`).
pub(super) fn not_continued(regex: &str) -> Option<String> {
    let (mut out, mut done) = (String::new(), 0);
    for (at, _) in escapes(regex).filter(|(_, letter)| *letter == b'G') {
        out.push_str(regex.get(done..at)?);
        out.push_str("(?!)");
        done = at + 2;
    }
    out.push_str(regex.get(done..)?);
    (done > 0).then_some(out)
}

/// The cost class of an expression.
pub(super) fn cost(regex: &str) -> Cost {
    let slow = regex.contains("(?i") || escapes(regex).any(|(_, letter)| matches!(letter, b'b' | b'B'));
    Cost { slow, repeats: repeats(regex) }
}

/// The number of unbounded repetitions in an expression; rather too many than too few.
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

/// The offsets of escapes, and the escaped bytes.
fn escapes(regex: &str) -> impl Iterator<Item = (usize, u8)> {
    let bytes = regex.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = at + memchr(b'\\', bytes.get(at..)?)?;
        at = found + 2;
        Some((found, *bytes.get(found + 1)?))
    })
}

/// The maximum depth of groups that are analysed.
const DEPTH: usize = 50;

/// Parses an expression; methods return `None` for unsupported syntax.
struct Reader<'r> {
    rest: &'r str,
    /// Whether spaces and comments are ignored (`x`).
    extended: bool,
    /// Whether letters match both cases from here on (`i`).
    folds: bool,
    depth: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let char = self.rest.chars().next()?;
        self.rest = self.rest.get(char.len_utf8()..)?;
        Some(char)
    }

    fn accept(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip(&mut self, holds: impl Fn(char) -> bool) {
        self.rest = self.rest.trim_start_matches(holds);
    }

    /// One character of a class.
    fn one<T: Analysis>(&self, class: Class) -> T {
        T::one(class, self.folds)
    }

    fn alternatives<T: Analysis>(&mut self) -> Option<T> {
        let mut all = T::NEVER;
        loop {
            all = all.or(self.sequence()?);
            if !self.accept("|") {
                return Some(all);
            }
        }
    }

    fn sequence<T: Analysis>(&mut self) -> Option<T> {
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
            // After a part that consumes characters, later parts only add needs of the line.
            all = if all.is_open() { all.then(self.repeated()?) } else { all.later(self.repeated()?) };
        }
    }

    fn repeated<T: Analysis>(&mut self) -> Option<T> {
        let mut atom: T = self.atom()?;
        loop {
            if self.extended {
                self.skip(|char| char.is_ascii_whitespace());
            }
            if self.accept("?") || self.accept("*") {
                atom = atom.optional();
            } else if self.accept("+") {
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

    fn atom<T: Analysis>(&mut self) -> Option<T> {
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

    fn group<T: Analysis>(&mut self) -> Option<T> {
        self.depth += 1;
        if self.depth > DEPTH || self.rest.starts_with('*') {
            return None;
        }
        let extended = self.extended;
        let part = if self.accept("?=") {
            self.alternatives::<T>()?.ahead()
        } else if self.accept("?!") || self.accept("?<=") || self.accept("?<!") {
            self.alternatives::<Needs>()?;
            T::EMPTY
        } else if self.accept("?#") {
            self.skip(|char| char != ')');
            T::EMPTY
        } else if self.accept("?<") {
            self.skip(|char| char != '>');
            self.next()?;
            self.alternatives()?
        } else if self.accept("?:") || self.accept("?>") || !self.rest.starts_with('?') {
            self.alternatives()?
        } else {
            self.next()?;
            if !self.options()? {
                // Without a colon the options are in force for the rest of the enclosing group.
                self.depth -= 1;
                return Some(T::EMPTY);
            }
            self.alternatives()?
        };
        self.extended = extended;
        self.depth -= 1;
        self.accept(")").then_some(part)
    }

    /// Parses `i-x:` or `ix)`; returns whether a group follows.
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

    fn escape<T: Analysis>(&mut self) -> Option<T> {
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

    /// Skips a class of several characters without nested classes.
    fn skip_class(&mut self) -> Option<()> {
        let bytes = self.rest.as_bytes();
        let mut at = 0;
        loop {
            match bytes.get(at)? {
                b']' => break,
                b'[' => return None,
                // An escaped byte does not close the class.
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        // Classes of one character, and special starts, are left to `class`.
        self.rest = self.rest.get(at + 1..).filter(|_| at > 2)?;
        Some(())
    }

    /// Reads a class up to its closing bracket.
    fn class(&mut self) -> Option<Class> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let negated = self.accept("^");
        let mut all = Class::NONE;
        if self.rest.starts_with(']') {
            return None;
        }
        while !self.accept("]") {
            if self.accept("&&") {
                // An intersection: the union of both sides is a valid approximation, but nothing is certain.
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
        while !self.accept("]") {
            self.accept("&&");
            self.accept("^");
            all = if self.rest.starts_with(']') { Class::ANY } else { all.or(self.member()?) };
        }
        // A caret after `&&` may negate, so any character is possible.
        Some(all.or(Class::ANY))
    }

    fn member(&mut self) -> Option<Class> {
        let (from, class) = self.element()?;
        let ends = self.rest.starts_with("-]") || self.rest.starts_with("-&&");
        if ends || !self.rest.starts_with('-') {
            return Some(class);
        }
        self.accept("-");
        let Some(from) = from else {
            // `\w-x`, `\x00-\x1f`: the dash is literal, or the range is unknown.
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
            '[' if self.accept(":") => {
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

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Expected, Unexpected};

use crate::diag::did_you_mean;

/// Why a value could not be read, without the place; the decoder adds the place and reports it.
#[derive(Debug)]
pub(super) enum DecodeError {
    /// It was reported already.
    Reported,
    /// The record lacks this key.
    Missing(&'static str),
    /// Anything else.
    Problem { code: Cow<'static, str>, message: String, hint: Option<String> },
}

/// A problem with its own code, passed to `serde::de::Error::custom` by types that are parsed from text.
///
/// Serde's errors contain only text, so the fields are encoded in it, separated by a character that no message
/// contains.
#[derive(Debug)]
pub struct Coded<'a> {
    /// One of [`crate::diag::CODES`].
    pub code: &'a str,
    /// The message.
    pub message: String,
    /// The hint.
    pub hint: Option<String>,
}

const SEPARATOR: char = '\u{1f}';

impl fmt::Display for Coded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{SEPARATOR}{}{SEPARATOR}{}", self.code, self.message, self.hint.as_deref().unwrap_or_default())
    }
}

impl DecodeError {
    /// A value of the wrong type.
    pub fn wrong_type(message: String, hint: Option<String>) -> Self {
        Self::Problem { code: "wrong-type".into(), message, hint }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reported => f.write_str("reported"),
            Self::Missing(key) => write!(f, "missing key `{key}`"),
            Self::Problem { message, .. } => f.write_str(message),
        }
    }
}

impl std::error::Error for DecodeError {}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let text = message.to_string();
        let mut parts = text.split(SEPARATOR);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(code), Some(message), hint) => Self::Problem {
                code: code.to_owned().into(),
                message: message.to_owned(),
                hint: hint.filter(|hint| !hint.is_empty()).map(str::to_owned),
            },
            _ => Self::wrong_type(text, None),
        }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let wanted = wanted(&expected.to_string());
        let hint = match (&*wanted, &found) {
            ("text", Unexpected::Signed(number)) => Some(format!("put it in quotes: \"{number}\"")),
            ("text", Unexpected::Bool(value)) => Some(format!("put it in quotes: \"{value}\"")),
            ("text", Unexpected::Float(_)) => Some("put it in quotes".into()),
            ("`true` or `false`", Unexpected::Str(_)) => Some("write `true` or `false`, without quotes".into()),
            ("a list", Unexpected::Str(text)) => Some(format!("write it as a list: `[{text}]`")),
            _ => None,
        };
        Self::wrong_type(format!("expected {wanted}, found {}", describe(found)), hint)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::wrong_type(format!("expected {}, found {}", wanted(&expected.to_string()), describe(found)), None)
    }

    fn invalid_length(len: usize, expected: &dyn Expected) -> Self {
        Self::wrong_type(format!("expected {}, found {len} values", wanted(&expected.to_string())), None)
    }

    fn unknown_variant(found: &str, expected: &'static [&'static str]) -> Self {
        let hint = did_you_mean(found, expected.iter().copied()).map(|best| format!("did you mean `{best}`?"));
        Self::wrong_type(format!("expected {}, found the text `{}`", one_of(expected), shorten(found)), hint)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}

/// Lists the variants of an enum.
pub(super) fn one_of(choices: &[&str]) -> String {
    match choices {
        [] => "nothing".into(),
        [only] => format!("`{only}`"),
        [rest @ .., last] => format!("`{}` or `{last}`", rest.join("`, `")),
    }
}

/// Translates Serde's description of an expected type.
fn wanted(serde: &str) -> Cow<'static, str> {
    let plain = match serde {
        "a string" => "text",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list",
        "a map" => "keys and values",
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number, not negative",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        other if other.starts_with("struct ") => "keys and values",
        other => return other.to_owned().into(),
    };
    plain.into()
}

fn describe(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Str(text) => format!("the text `{}`", shorten(text)),
        Unexpected::Signed(number) => format!("the number {number}"),
        Unexpected::Unsigned(number) => format!("the number {number}"),
        Unexpected::Float(number) => format!("the number {number}"),
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unit | Unexpected::Option => "nothing".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "keys and values".into(),
        other => other.to_string(),
    }
}

/// The start of a text, shortened to one line for a message.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let line: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() { format!("{}…", line.trim_end()) } else { line }
}

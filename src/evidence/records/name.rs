use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::data::TEXT_OR_RECORD;

/// The parts of a name that CSL knows. `Smith, Jane` in one text does for a person and `Reuters` for a body: a text with one comma
/// is a family name and given names, any other is printed as it is.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct NameRecord {
    /// The family name.
    #[serde(default)]
    family: Option<String>,
    /// The given names.
    #[serde(default)]
    given: Option<String>,
    /// A particle that goes with the family name: `van` in `van Gogh`.
    #[serde(default)]
    non_dropping_particle: Option<String>,
    /// A particle that is left out where the family name comes alone: `von` in `von Humboldt`.
    #[serde(default)]
    dropping_particle: Option<String>,
    /// What follows the name: `Jr.`, `III`.
    #[serde(default)]
    suffix: Option<String>,
    /// A name that is printed as it is: that of a body, or a pseudonym.
    #[serde(default)]
    literal: Option<String>,
}

/// A person or a body that made a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// A person.
    Person {
        /// The family name.
        family: String,
        /// The given names; empty where none are known.
        given: String,
        /// A particle that goes with the family name; empty where there is none.
        non_dropping_particle: String,
        /// A particle that is left out where the family name comes alone; empty where there is none.
        dropping_particle: String,
        /// What follows the name; empty where nothing does.
        suffix: String,
    },
    /// A name that is printed as it is.
    Literal(String),
}

impl Name {
    /// A person of these names.
    pub fn person(family: &str, given: &str) -> Self {
        Self::Person {
            family: family.to_owned(),
            given: given.to_owned(),
            non_dropping_particle: String::new(),
            dropping_particle: String::new(),
            suffix: String::new(),
        }
    }

    /// A name as a record writes it in one text.
    pub fn parse(text: &str) -> Self {
        match text.split_once(',') {
            Some((family, given)) if !given.contains(',') && !family.trim().is_empty() => {
                Self::person(family.trim(), given.trim())
            }
            _ => Self::Literal(text.trim().to_owned()),
        }
    }

    /// The name in a short mark: the family name with its particle.
    pub fn short(&self) -> String {
        match self {
            Self::Literal(name) => name.clone(),
            Self::Person { family, non_dropping_particle, .. } => words(&[non_dropping_particle, family]),
        }
    }

    /// The name with the family name first: `van Gogh, Vincent`.
    pub fn inverted(&self) -> String {
        let Self::Person { given, dropping_particle, suffix, .. } = self else { return self.short() };
        let given = words(&[given, dropping_particle]);
        let parts = [self.short(), given, suffix.clone()];
        parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// The name as it is spoken: `Vincent van Gogh`.
    pub fn spoken(&self) -> String {
        match self {
            Self::Literal(name) => name.clone(),
            Self::Person { family, given, non_dropping_particle, dropping_particle, suffix } => {
                words(&[given, dropping_particle, non_dropping_particle, family, suffix])
            }
        }
    }
}

fn words(parts: &[&str]) -> String {
    let mut all = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        // An apostrophe binds: `d’Alembert`.
        if !all.is_empty() && !all.ends_with(['’', '\'']) {
            all.push(' ');
        }
        all.push_str(part);
    }
    all
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const KEYS: &[&str] = &["family", "given", "non_dropping_particle", "dropping_particle", "suffix", "literal"];
        deserializer.deserialize_struct(TEXT_OR_RECORD, KEYS, NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name such as `Smith, Jane`, or its parts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Name, E> {
        if text.trim().is_empty() { Err(E::custom("a name is empty")) } else { Ok(Name::parse(text)) }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Name, A::Error> {
        let record = NameRecord::deserialize(MapAccessDeserializer::new(map))?;
        let NameRecord { family, given, non_dropping_particle, dropping_particle, suffix, literal } = record;
        let is_person = [&family, &given, &non_dropping_particle, &dropping_particle, &suffix];
        let is_person = is_person.iter().any(|part| part.is_some());
        match (literal, is_person) {
            (Some(name), false) => Ok(Name::Literal(name)),
            (Some(_), true) => Err(A::Error::custom("a name has `literal` or its parts, not both")),
            (None, false) => Err(A::Error::custom("a name has neither `family` nor `literal`")),
            (None, true) => Ok(Name::Person {
                family: family.or_else(|| given.clone()).unwrap_or_default(),
                given: given.unwrap_or_default(),
                non_dropping_particle: non_dropping_particle.unwrap_or_default(),
                dropping_particle: dropping_particle.unwrap_or_default(),
                suffix: suffix.unwrap_or_default(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(yaml: &str) -> Result<Name, String> {
        serde_yaml::from_str(yaml).map_err(|error| error.to_string())
    }

    #[test]
    fn names_in_one_text_and_in_parts() {
        assert_eq!(Name::parse("Smith, Jane"), Name::person("Smith", "Jane"));
        assert_eq!(Name::parse("Reuters"), Name::Literal("Reuters".into()));
        assert_eq!(Name::parse("Doe, Roe, and Partners").short(), "Doe, Roe, and Partners");
        let gogh = read("{family: Gogh, given: Vincent, non_dropping_particle: van, suffix: Jr.}").expect("a name");
        assert_eq!((gogh.short().as_str(), gogh.inverted().as_str()), ("van Gogh", "van Gogh, Vincent, Jr."));
        assert_eq!(gogh.spoken(), "Vincent van Gogh Jr.");
        let humboldt = read("{family: Humboldt, given: Alexander, dropping_particle: von}").expect("a name");
        assert_eq!((humboldt.short().as_str(), humboldt.inverted().as_str()), ("Humboldt", "Humboldt, Alexander von"));
        let aristotle = read("{given: Aristotle}").expect("a name");
        assert_eq!(aristotle.short(), "Aristotle");
        assert!(read("{literal: A, family: B}").is_err() && read("{}").is_err() && read("{famly: B}").is_err());
    }
}

//! Texts of the front matter with their places.

use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::data::{SourceMap, Spanned};

/// A text with its bytes in the file. The place is not compared: it moves with every edit of the lines above.
#[derive(Clone, Debug, Default, Eq)]
pub struct Placed {
    /// The text.
    pub text: String,
    /// Where its value is in the file; while the front matter is read, the number of its node.
    pub at: Range<usize>,
}

impl Placed {
    /// Replaces the number of the node by its place.
    pub(super) fn locate(&mut self, places: &SourceMap) {
        let span = u32::try_from(self.at.start).ok().and_then(|node| places.span(node));
        self.at = span.map_or(0..0, |span| span.start..span.end);
    }

    /// The text with the line ends that it has in the file, and where in the file each of its words begins. YAML changes the
    /// white space between words, and some characters in quotation marks: what follows such a character has the place of the
    /// last word before it.
    pub(super) fn as_written(&self, file: &str) -> (String, Vec<(usize, usize)>) {
        let (mut text, mut pieces, mut from) = (String::new(), vec![(0, self.at.start)], self.at.start);
        for word in self.text.trim_end().split_inclusive(char::is_whitespace) {
            let written = word.trim_end();
            let found = file.get(from..self.at.end).and_then(|rest| rest.split_once(written));
            if let Some((between, _)) = found.filter(|_| !written.is_empty()) {
                if between.contains('\n') && text.ends_with(' ') {
                    text.pop();
                    text.push('\n');
                }
                from += between.len();
                pieces.push((text.len(), from));
                from += written.len();
            }
            text.push_str(word);
        }
        (text, pieces)
    }
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Serialize for Placed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Placed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, node } = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self { text: value, at: node as usize..node as usize })
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Placed {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }

    fn inline_schema() -> bool {
        String::inline_schema()
    }
}

//! JSON Schemas of the files that editors write, for their editors' completion and checks: made from the types that
//! read the files, with the doc comments as descriptions.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::config::Config;
use crate::data::ID_LIMIT;
use crate::evidence::{Claim, Contribution, Disagreement, Entity, Event, Source};
use crate::parse::FrontMatter;

/// A kind of file that has a schema.
#[derive(Debug)]
pub struct Kind {
    /// What `dossier schema` calls it.
    pub name: &'static str,
    /// The files that it is for.
    pub files: &'static str,
    make: fn() -> Value,
}

/// Every kind of file that has a schema.
pub const KINDS: [Kind; 8] = [
    Kind { name: "site", files: "site.toml", make: record::<Config> },
    Kind { name: "page", files: "the front matter of content/**/*.md", make: record::<FrontMatter> },
    Kind { name: "sources", files: "content/evidence/sources.yaml", make: list::<Source> },
    Kind { name: "claims", files: "content/evidence/claims/**/*.yaml", make: list::<Claim> },
    Kind { name: "events", files: "content/evidence/events.yaml", make: list::<Event> },
    Kind { name: "disagreements", files: "content/evidence/disagreements.yaml", make: list::<Disagreement> },
    Kind { name: "entities", files: "content/evidence/entities.yaml", make: list::<Entity> },
    Kind { name: "contributions", files: "content/evidence/contributions.yaml", make: list::<Contribution> },
];

/// The kind of this name.
pub fn find_kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

impl Kind {
    /// Its schema, in the draft that editors know best (draft 7).
    pub fn schema(&self) -> Value {
        let mut schema = (self.make)();
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("title".into(), format!("Dossier: {}", self.files).into());
        }
        schema
    }
}

fn record<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().with_transform(Strict).into_generator().into_root_schema_for::<T>().to_value()
}

/// A file of records is a list; an empty file is an empty one.
fn list<T: JsonSchema>() -> Value {
    SchemaSettings::draft07()
        .with_transform(Strict)
        .into_generator()
        .into_root_schema_for::<Option<Vec<T>>>()
        .to_value()
}

/// What the decoder demands beyond the types: no other keys, and ids that are ids.
#[derive(Clone, Debug)]
struct Strict;

impl Transform for Strict {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
            if let Some(id) = properties.get_mut("id").and_then(Value::as_object_mut) {
                id.insert("pattern".into(), "^[a-z0-9]+(-[a-z0-9]+)*$".into());
                id.insert("maxLength".into(), ID_LIMIT.into());
            }
            object.insert("additionalProperties".into(), json!(false));
        }
        // `null` says what leaving a key out says, and widths of numbers say nothing to an editor.
        object.retain(|key, value| !(key == "default" && value.is_null() || key == "format" && *value != "date"));
        if object.get("maximum") == Some(&json!(255)) {
            object.remove("maximum");
        }
        // Descriptions are for editors: what rustdoc links to is not there.
        if let Some(Value::String(description)) = object.get_mut("description") {
            *description = description.replace("[`", "`").replace("`]", "`").replace('\n', " ");
        }
    }
}

#[cfg(test)]
mod tests;

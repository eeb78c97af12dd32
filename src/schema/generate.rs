//! Generates schemas from the types.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::Kind;
use crate::config::Config;
use crate::data::ID_LIMIT;
use crate::evidence::{Claim, Contribution, Disagreement, Entity, Event, Source};
use crate::parse::FrontMatter;

/// The schema of a kind of file, with a final line feed.
pub(super) fn generate(kind: &Kind) -> String {
    let mut schema = match kind.name {
        "site" => record::<Config>(),
        "page" => record::<FrontMatter>(),
        "sources" => list::<Source>(),
        "claims" => list::<Claim>(),
        "events" => list::<Event>(),
        "disagreements" => list::<Disagreement>(),
        "entities" => list::<Entity>(),
        "contributions" => list::<Contribution>(),
        other => panic!("no type for `{other}`"),
    };
    schema["title"] = format!("Dossier: {}", kind.files).into();
    format!("{schema:#}\n")
}

fn record<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().with_transform(Strict).into_generator().into_root_schema_for::<T>().to_value()
}

/// A file of records is a list; an empty file is an empty one. A first item `defaults` has any keys but `id`.
fn list<T: JsonSchema>() -> Value {
    let mut schema = SchemaSettings::draft07()
        .with_transform(Strict)
        .into_generator()
        .into_root_schema_for::<Option<Vec<T>>>()
        .to_value();
    let record = schema["items"].take();
    let name = T::schema_name();
    let mut keys = schema["definitions"][&*name]["properties"].clone();
    keys.as_object_mut().map(|keys| keys.remove("id"));
    schema["definitions"]["Defaults"] = json!({
        "additionalProperties": false,
        "description": "Keys that the other records of the file need not repeat; a record's own key comes before its default.",
        "properties": keys,
        "type": "object",
    });
    // Records need no key for which the file has a default; the program reports keys that have neither.
    schema["items"] = json!({
        "if": { "required": ["defaults"] },
        "then": {
            "additionalProperties": false,
            "properties": { "defaults": { "$ref": "#/definitions/Defaults" } },
        },
        "else": record,
    });
    schema
}

/// Adds what the decoder requires beyond the types: no unknown keys, and valid ids.
#[derive(Clone, Debug)]
struct Strict;

impl Transform for Strict {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
            if let Some(id) = properties.get_mut("id").and_then(Value::as_object_mut) {
                id.entry("pattern").or_insert_with(|| "^[a-z0-9]+(-[a-z0-9]+)*$".into());
                id.insert("maxLength".into(), ID_LIMIT.into());
            }
            object.insert("additionalProperties".into(), json!(false));
        }
        // `null` is the same as leaving a key out, and sizes of numbers are not relevant for editors.
        object.retain(|key, value| !(key == "default" && value.is_null() || key == "format" && *value != "date"));
        if object.get("maximum") == Some(&json!(255)) {
            object.remove("maximum");
        }
        // Descriptions are for editors: links of rustdoc do not work there.
        if let Some(Value::String(description)) = object.get_mut("description") {
            *description = description.replace("[`", "`").replace("`]", "`").replace('\n', " ");
        }
    }
}

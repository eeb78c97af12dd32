use serde_json::{Value, json};
use snapbox::{Data, assert_data_eq};

use super::*;

fn schema(name: &str) -> Value {
    find_kind(name).and_then(|kind| serde_json::from_str(kind.schema).ok()).unwrap_or_default()
}

#[test]
fn the_schemas_match_the_types() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema");
    for kind in &KINDS {
        let file = Data::read_from(&folder.join(format!("{}.json", kind.name)), None);
        assert_data_eq!(generate::generate(kind), file.raw());
    }
}

/// Calls `visit` with every property of every record in a schema, by the name of the record.
fn properties(schema: &Value, mut visit: impl FnMut(&str, &str, &Value)) {
    let definitions = schema["definitions"].as_object().into_iter().flatten();
    let root = ("", schema);
    for (record, schema) in definitions.map(|(name, schema)| (name.as_str(), schema)).chain([root]) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            visit(record, key, property);
        }
    }
}

#[test]
fn every_key_is_described_and_no_other_is_allowed() {
    for kind in &KINDS {
        let schema = schema(kind.name);
        let mut count = 0;
        properties(&schema, |record, key, property| {
            count += 1;
            let described = property["description"].as_str().is_some_and(|text| !text.is_empty());
            assert!(described, "{}: {record}.{key} has no description", kind.name);
        });
        assert!(count > 3, "{} has no keys", kind.name);
        assert!(find_kind(kind.name).is_some());
    }
    assert!(find_kind("nothing").is_none());
    assert_eq!(schema("page")["additionalProperties"], json!(false));
}

#[test]
fn the_schema_of_a_claim_matches_its_reader() {
    let schema = schema("claims");
    assert_eq!(schema["type"], json!(["array", "null"]));
    let claim = &schema["definitions"]["Claim"];
    assert_eq!(claim["required"], json!(["id", "statement", "kind"]));
    assert_eq!(claim["properties"]["id"]["pattern"], "^[a-z0-9]+(-[a-z0-9]+)*$");
    assert_eq!(claim["anyOf"], json!([{ "required": ["sources"] }, { "required": ["inferred"] }]));
    assert!(claim["properties"].get("standing").is_none(), "what is computed is not written");
}

#[test]
fn percentages_are_limited_to_a_hundred() {
    let schema = schema("site");
    assert_eq!(schema["definitions"]["CheckConfig"]["properties"]["coverage"]["maximum"], 100);
}

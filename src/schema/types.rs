//! Schemas of the types with their own implementation of `Deserialize`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::data::Spanned;
use crate::evidence::{Lines, When};

/// The place of a value does not change its schema.
impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl JsonSchema for When {
    fn schema_name() -> Cow<'static, str> {
        "When".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A date as EDTF (ISO 8601-2) says it, no finer than it is known. `?` after it means doubtful, \
                `~` about; `[a..b]` is one of these days, `a/b` a duration, `a/..` one without an end.",
            "anyOf": [{ "type": "string", "minLength": 1, "maxLength": When::LIMIT }, { "type": "integer" }],
            "examples": ["2015", "2016-06", "2018-02-23?", "[2017-10-21..2017-10-31]", "2018-02/.."],
        })
    }
}

impl JsonSchema for Lines {
    fn schema_name() -> Cow<'static, str> {
        "Lines".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let range = r"^\s*[1-9][0-9]*\s*([-–]\s*[1-9][0-9]*\s*)?(,\s*[1-9][0-9]*\s*([-–]\s*[1-9][0-9]*\s*)?)*$";
        let one =
            json_schema!({ "anyOf": [{ "type": "integer", "minimum": 1 }, { "type": "string", "pattern": range }] });
        json_schema!({
            "description": "Line numbers, from 1: `9`, `21-24`, or a list of such.",
            "anyOf": [one, { "type": "array", "items": one, "maxItems": Lines::LIMIT }],
            "examples": [9, "21-24", [9, "21-24"]],
        })
    }
}

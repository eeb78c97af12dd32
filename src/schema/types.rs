//! Schemas of the types with their own implementation of `Deserialize`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::data::Spanned;
use crate::evidence::{Lines, Locator, Name, NameRecord, Numeral, Quote, QuoteRecord, Support, SupportRecord, When};

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

impl JsonSchema for Numeral {
    fn schema_name() -> Cow<'static, str> {
        "Numeral".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number as it is printed: `12`, `3a`, `XIV`, `37-39`.",
            "anyOf": [{ "type": "string" }, { "type": "integer" }],
        })
    }
}

impl JsonSchema for Locator {
    fn schema_name() -> Cow<'static, str> {
        "Locator".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A place in a source, by the terms of CSL. A number alone is a page, a time alone a timestamp.",
            "anyOf": [{ "type": "string", "minLength": 1, "maxLength": 400 }, { "type": "integer", "minimum": 1 }],
            "examples": ["p. 37", "ch. 7, p. 212", "12:34-12:50", "para. 42", "row 9, column distance", "line 9"],
        })
    }
}

/// A record that may also be written as one text.
macro_rules! or_text {
    ($($value:ident $record:ident $text:literal)*) => {$(
        impl JsonSchema for $value {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($value).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let record = generator.subschema_for::<$record>();
                json_schema!({ "anyOf": [{ "type": "string", "description": $text }, record] })
            }
        }
    )*};
}

or_text! {
    Name NameRecord "`Smith, Jane` for a person, `Reuters` for a body."
    Quote QuoteRecord "The words, exactly as the source has them, where they occur once."
    Support SupportRecord "The id of a source and, after a comma, the place in it: `report, p. 37`."
}

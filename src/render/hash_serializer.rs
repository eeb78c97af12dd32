//! A view written down for its hash alone: quicker than as JSON, for which every letter of every text is looked at.

use std::fmt;

use serde::ser::{self, Serialize, Serializer};

/// Writes `data` so that unequal views are written unequally: every value begins with what it is, every text with its
/// length, and whatever has parts has an end.
pub(super) fn note<T: Serialize + ?Sized>(data: &T, into: &mut Vec<u8>) {
    // A view says nothing that cannot be written; were it to fail, a shorter text only costs a rendering.
    let _ = data.serialize(&mut Notes { bytes: into });
}

struct Notes<'a> {
    bytes: &'a mut Vec<u8>,
}

const END: u8 = 0;
const NOTHING: u8 = 1;
const NUMBER: u8 = 2;
const TEXT: u8 = 3;
const PARTS: u8 = 4;
const VARIANT: u8 = 5;

type Done = Result<(), fmt::Error>;

impl Notes<'_> {
    fn put(&mut self, what: u8, bytes: &[u8]) {
        self.bytes.push(what);
        self.bytes.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(bytes);
    }

    fn open(&mut self) -> Result<&mut Self, fmt::Error> {
        self.bytes.push(PARTS);
        Ok(self)
    }

    fn variant(&mut self, name: &str) -> Result<&mut Self, fmt::Error> {
        self.put(VARIANT, name.as_bytes());
        Ok(self)
    }
}

macro_rules! numbers {
    ($($method:ident $of:ty),*) => {
        $(fn $method(self, value: $of) -> Done {
            self.put(NUMBER, &value.to_le_bytes());
            Ok(())
        })*
    };
}

impl Serializer for &mut Notes<'_> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    numbers! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128,
        serialize_f32 f32, serialize_f64 f64
    }

    fn serialize_bool(self, value: bool) -> Done {
        self.serialize_u8(value.into())
    }

    fn serialize_char(self, value: char) -> Done {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Done {
        self.serialize_bytes(value.as_bytes())
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        self.put(TEXT, value);
        Ok(())
    }

    fn serialize_none(self) -> Done {
        self.bytes.push(NOTHING);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Done {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Done {
        value.serialize(self.variant(name)?)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, fmt::Error> {
        self.open()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, fmt::Error> {
        self.open()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        self.open()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Self, fmt::Error> {
        self.variant(name)?.open()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, fmt::Error> {
        self.open()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        self.open()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Self, fmt::Error> {
        self.variant(name)?.open()
    }
}

macro_rules! parts {
    ($($of:ident $method:ident($($name:ident)?)),*) => {
        $(impl ser::$of for &mut Notes<'_> {
            type Ok = ();
            type Error = fmt::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, $($name: &'static str,)? value: &T) -> Done {
                $(self.put(TEXT, $name.as_bytes());)?
                value.serialize(&mut **self)
            }

            fn end(self) -> Done {
                self.bytes.push(END);
                Ok(())
            }
        })*
    };
}

parts! {
    SerializeSeq serialize_element(), SerializeTuple serialize_element(), SerializeTupleStruct serialize_field(),
    SerializeTupleVariant serialize_field(), SerializeStruct serialize_field(name),
    SerializeStructVariant serialize_field(name)
}

impl ser::SerializeMap for &mut Notes<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        self.bytes.push(END);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize)]
    struct Pair<'t> {
        #[serde(skip_serializing_if = "Option::is_none")]
        one: Option<&'t str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        two: Option<&'t str>,
    }

    fn noted<T: Serialize>(data: T) -> Vec<u8> {
        let mut bytes = Vec::new();
        note(&data, &mut bytes);
        bytes
    }

    #[test]
    fn unequal_views_are_written_unequally() {
        let written = [
            noted(Pair { one: Some("x"), two: None }),
            noted(Pair { one: None, two: Some("x") }),
            noted(Pair { one: Some("x"), two: Some("") }),
            noted(("ab", "c")),
            noted(("a", "bc")),
            noted([["a"], ["b"]]),
            noted([&["a", "b"][..]]),
            noted([&["a", "b"][..], &[]]),
            noted(None::<&str>),
            noted(""),
            noted(0_u32),
            noted(false),
            noted(1_u64),
            noted("1"),
        ];
        let unlike = written.iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(unlike.len(), written.len(), "{written:?}");
    }
}

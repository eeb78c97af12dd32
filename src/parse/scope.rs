//! Maps the thousands of TextMate scopes to the few classes of the stylesheet.

use syntect::parsing::Scope;

/// The classes, each written `hl-NAME`; the stylesheet has a colour for every one, in light and dark.
pub const HIGHLIGHT_CLASSES: &[&str] = &[
    "attribute",
    "comment",
    "constant",
    "deleted",
    "emphasis",
    "function",
    "heading",
    "inserted",
    "invalid",
    "keyword",
    "link",
    "number",
    "string",
    "strong",
    "tag",
    "type",
    "variable",
];

/// The effect of a scope on the class of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// The class of the enclosing scope.
    Inherit,
    /// No class, as for code inside a string.
    Plain,
    /// A class, `hl-` and this.
    Class(&'static str),
}

/// Effects by the prefix of the scope; the longest matching prefix applies.
const SCOPES: &[(&str, Paint)] = {
    use Paint::{Class, Inherit, Plain};
    &[
        ("comment", Class("comment")),
        ("constant", Class("constant")),
        ("constant.numeric", Class("number")),
        ("entity.name", Class("type")),
        ("entity.name.constant", Class("constant")),
        ("entity.name.function", Class("function")),
        ("entity.name.label", Class("variable")),
        ("entity.name.section", Class("heading")),
        ("entity.name.tag", Class("tag")),
        ("entity.name.tag.toml", Class("attribute")),
        ("entity.name.tag.yaml", Class("attribute")),
        ("entity.name.variable", Class("variable")),
        ("entity.other.attribute-name", Class("attribute")),
        ("entity.other.inherited-class", Class("type")),
        ("invalid", Class("invalid")),
        ("keyword", Class("keyword")),
        ("keyword.operator", Inherit),
        ("keyword.operator.word", Class("keyword")),
        ("markup.bold", Class("strong")),
        ("markup.changed", Class("variable")),
        ("markup.deleted", Class("deleted")),
        ("markup.heading", Class("heading")),
        ("markup.inserted", Class("inserted")),
        ("markup.italic", Class("emphasis")),
        ("markup.raw", Class("string")),
        ("markup.underline.link", Class("link")),
        ("meta.diff.header", Class("comment")),
        ("meta.interpolation", Plain),
        ("meta.embedded", Plain),
        ("meta.mapping.key", Class("attribute")),
        ("meta.object-literal.key", Class("attribute")),
        ("source", Plain),
        ("storage", Class("keyword")),
        ("string", Class("string")),
        ("support.constant", Class("constant")),
        ("support.function", Class("function")),
        ("support.macro", Class("function")),
        ("support.type", Class("type")),
        ("support.type.property-name", Class("attribute")),
        ("support.class", Class("type")),
        ("text", Plain),
        ("variable.function", Class("function")),
        ("variable.language", Class("keyword")),
        ("variable.parameter", Class("variable")),
        ("variable.annotation", Class("attribute")),
    ]
};

/// The effect of `scope`.
pub(super) fn paint(scope: Scope) -> Paint {
    let name = scope.build_string();
    let fits = |prefix: &str| name.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    SCOPES
        .iter()
        .filter(|(prefix, _)| fits(prefix))
        .max_by_key(|(prefix, _)| prefix.len())
        .map_or(Paint::Inherit, |(_, paint)| *paint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_counts() {
        for (scope, expected) in [
            ("constant.numeric.integer.rust", Paint::Class("number")),
            ("constant.language.yaml", Paint::Class("constant")),
            ("keyword.operator.assignment", Paint::Inherit),
            ("punctuation.definition.string.begin", Paint::Inherit),
            ("stringent", Paint::Inherit),
            ("source.yaml", Paint::Plain),
        ] {
            assert_eq!(Scope::new(scope).ok().map(paint), Some(expected), "{scope}");
        }
    }

    #[test]
    fn every_class_is_listed() {
        assert!(HIGHLIGHT_CLASSES.is_sorted());
        for (scope, paint) in SCOPES {
            if let Paint::Class(class) = paint {
                assert!(HIGHLIGHT_CLASSES.contains(class), "{scope} paints {class}");
            }
        }
        for class in HIGHLIGHT_CLASSES {
            assert!(SCOPES.iter().any(|(_, paint)| *paint == Paint::Class(class)), "nothing paints {class}");
        }
    }
}

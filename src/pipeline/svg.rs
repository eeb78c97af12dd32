//! Drawings that hold nothing but a drawing. A picture in a page runs no script, but the same file opened by itself does.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::{NsReader, XmlVersion};

use crate::source::{controls, is_safe_link};

const SVG: Namespace<'_> = Namespace("http://www.w3.org/2000/svg");
/// The languages whose elements a browser acts on besides; what else stands in a drawing is for the program that drew it.
const OTHERS: [Namespace<'_>; 2] =
    [Namespace("http://www.w3.org/1999/xhtml"), Namespace("http://www.w3.org/1998/Math/MathML")];
/// The elements of a drawing: shapes, text, what they are painted with, and how they move.
const ELEMENTS: &[&str] = &[
    "a",
    "animate",
    "animateMotion",
    "animateTransform",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "set",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];

/// What in a drawing may run, or keeps it from being read as a browser would, as the end of a sentence.
pub(super) fn svg_fault(text: &str) -> Option<String> {
    if let Some((_, c)) = controls(text).next() {
        return Some(format!("with the character U+{:04X}", u32::from(c)));
    }
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{feff}'));
    loop {
        let (namespace, event) = match reader.read_resolved_event() {
            Ok(read) => read,
            Err(error) => return Some(format!("that is not well-formed: {error}")),
        };
        let fault = match &event {
            Event::Start(start) | Event::Empty(start) => element_fault(&namespace, start),
            Event::Decl(declared) => match declared.encoding() {
                None => None,
                Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => None,
                Some(_) => Some("that is not declared as UTF-8".to_owned()),
            },
            // Entities could be anything; the usual names of document types have nothing else in them.
            Event::DocType(text) if !text.chars().all(|c| c.is_ascii_alphanumeric() || " \n\t\"-./:".contains(c)) => {
                Some("whose document type declares something".to_owned())
            }
            Event::PI(_) => Some("with a processing instruction".to_owned()),
            Event::Eof => return None,
            _ => None,
        };
        if fault.is_some() {
            return fault;
        }
    }
}

fn element_fault(namespace: &ResolveResult<'_>, start: &BytesStart<'_>) -> Option<String> {
    let name = start.local_name();
    let refused = match namespace {
        ResolveResult::Bound(namespace) if *namespace != SVG => OTHERS.contains(namespace),
        ResolveResult::Unknown(_) => true,
        _ => !ELEMENTS.contains(&name.as_ref()),
    };
    if refused {
        return Some(format!("with an element `{}`", name.as_ref().escape_debug()));
    }
    for attribute in start.attributes() {
        let Ok(attribute) = attribute else { return Some("that is not well-formed".to_owned()) };
        let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else {
            return Some("with an unknown entity".to_owned());
        };
        let name = attribute.key.local_name();
        // A namespace is compared as it is written, while a browser decodes it first.
        let declares = attribute.key.as_namespace_binding().is_some();
        if declares && attribute.value.as_bytes().contains(&b'&') {
            return Some("with an entity in the name of a namespace".to_owned());
        }
        if is_active(name.as_ref(), &value) {
            return Some(format!("with an attribute `{}`", name.as_ref().escape_debug()));
        }
    }
    None
}

/// Whether an attribute is a script, leads to one, or makes another attribute one.
fn is_active(name: &str, value: &str) -> bool {
    let is_handler = |name: &str| name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
    let is_link = |name: &str| name.eq_ignore_ascii_case("href");
    if name == "attributeName" {
        let target = value.rsplit(':').next().unwrap_or_default().trim();
        return is_handler(target) || is_link(target);
    }
    is_handler(name) || (is_link(name) && !is_safe_link(value) && !is_picture(value))
}

/// Whether an address holds a picture that is no drawing.
fn is_picture(address: &str) -> bool {
    let kinds = [
        "data:image/png;",
        "data:image/jpeg;",
        "data:image/jpg;",
        "data:image/gif;",
        "data:image/webp;",
        "data:image/avif;",
    ];
    kinds.iter().any(|kind| address.trim_start().starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_as_programs_write_them_pass() {
        for text in [
            "<svg/>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><title>On time</title><path d=\"M0 0\"/></svg>",
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \
             \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<!-- drawn <script> -->\
             <svg:svg xmlns:svg=\"http://www.w3.org/2000/svg\" xmlns:i=\"http://www.inkscape.org/namespaces/inkscape\">\
             <i:view i:zoom=\"1\"/><svg:style>a{fill:red}</svg:style><svg:text>&lt;script&gt; &amp; <![CDATA[<script>]]></svg:text></svg:svg>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"><use xlink:href=\"#a\"/>\
             <a href=\"https://example.org/\"><image href=\"data:image/png;base64,AA==\"/></a>\
             <animate attributeName=\"cx\" to=\"1\"/></svg>",
        ] {
            assert_eq!(svg_fault(text), None, "{text}");
        }
    }

    #[test]
    fn whatever_may_run_is_a_fault() {
        let inside = |text: &str| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
                 xmlns:xlink=\"http://www.w3.org/1999/xlink\">{text}</svg>"
            )
        };
        for text in [
            "<script>alert(1)</script>",
            "<script xmlns=\"http://www.w3.org/2000/sv&#103;\">alert(1)</script>",
            "<x:script xmlns:x=\"http://www.w3.org/1999/xhtm&#108;\">alert(1)</x:script>",
            "<script href=\"x.js\"/>",
            "<h:script>alert(1)</h:script>",
            "<g><x:script xmlns:x=\"http://www.w3.org/2000/svg\">alert(1)</x:script></g>",
            "<script xmlns=\"http://www.w3.org/1999/xhtml\">alert(1)</script>",
            "<h:iframe src=\"x.html\"/>",
            "<foreignObject><b/></foreignObject>",
            "<handler>alert(1)</handler>",
            "<g onload=\"alert(1)\"/>",
            "<g ONLOAD=\"alert(1)\"/>",
            "<g xlink:onload=\"alert(1)\"/>",
            "<a href=\"javascript:alert(1)\"/>",
            "<a xlink:href=\" java&#10;script:alert(1)\"/>",
            "<a href=\"&#106;avascript:alert(1)\"/>",
            "<a href=\"data:text/html,x\"/>",
            "<use href=\"data:image/svg+xml,x\"/>",
            "<image href=\"//evil.example/x.png\"/>",
            "<a><set attributeName=\"href\" to=\"javascript:alert(1)\"/></a>",
            "<a><animate attributeName=\" xlink:href \" to=\"javascript:alert(1)\"/></a>",
            "<set attributeName=\"onclick\" to=\"alert(1)\"/>",
            "<g a=\"&x;\"/>",
            "<y:g/>",
            "<g>",
            "</g>",
            "<g a=b/>",
            "<?xml-stylesheet href=\"x.xsl\" type=\"text/xsl\"?>",
            "\u{1b}$B",
        ] {
            assert_ne!(svg_fault(&inside(text)), None, "{text}");
        }
        for text in [
            "<!DOCTYPE svg [<!ENTITY x \"<script>alert(1)</script>\">]><svg>&x;</svg>",
            "<?xml version=\"1.0\" encoding=\"utf-7\"?><svg/>",
            "<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?><svg/>",
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "<html><script>alert(1)</script></html>",
            "not <b a drawing",
        ] {
            assert_ne!(svg_fault(text), None, "{text}");
        }
    }
}

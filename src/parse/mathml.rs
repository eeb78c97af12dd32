//! Sanitizes MathML: only the elements and attributes of two tables are written.

/// The allowed elements.
const ELEMENTS: &[&str] = &[
    "math",
    "mfrac",
    "mi",
    "mn",
    "mo",
    "mover",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
];
/// The allowed attributes. `style` is not, since a strict content security policy refuses it, so colours and heights of
/// rows are lost.
const ATTRIBUTES: &[&str] = &[
    "class",
    "depth",
    "display",
    "displaystyle",
    "height",
    "largeop",
    "linethickness",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "scriptlevel",
    "stretchy",
    "symmetric",
    "width",
];
/// The stand-ins of [`stand_in`], which are noncharacters, and what is written for them.
const STAND_INS: [(char, &str); 4] =
    [('\u{fdd0}', "&amp;"), ('\u{fdd1}', "&lt;"), ('\u{fdd2}', "&gt;"), ('\u{fdd3}', "\u{a0}")];
/// The stand-in for a no-break space.
pub(super) const NO_BREAK_SPACE: &str = "\u{fdd3}";

/// The stand-in for a markup character, until the markup is written.
pub(super) fn stand_in(c: char) -> char {
    let [amp, lt, gt, _] = STAND_INS;
    match c {
        '&' => amp.0,
        '<' => lt.0,
        '>' => gt.0,
        c => c,
    }
}

/// The markup with only the allowed elements and attributes, its text escaped; `<` that does not begin a tag is text.
/// `None` if it is not well-formed, or has other elements.
pub(super) fn sanitized(markup: &str) -> Option<String> {
    let mut out = String::with_capacity(markup.len());
    let mut open: Vec<&str> = Vec::new();
    let mut rest = markup;
    while let Some((text, after)) = rest.split_once('<') {
        push_content(&mut out, text);
        let tag = after.split(['<', '>']).next().unwrap_or_default();
        let Some(next) = after.get(tag.len()..).and_then(|rest| rest.strip_prefix('>')) else {
            out.push_str("&lt;");
            rest = after;
            continue;
        };
        match tag.strip_prefix('/') {
            Some(name) => {
                open.pop().filter(|opened| *opened == name)?;
                out.push_str("</");
                out.push_str(name);
            }
            None => match tag.strip_suffix('/') {
                Some(tag) => {
                    push_start(&mut out, tag)?;
                    out.push('/');
                }
                None => open.push(push_start(&mut out, tag)?),
            },
        }
        out.push('>');
        rest = next;
    }
    push_content(&mut out, rest);
    open.is_empty().then_some(out)
}

/// Writes a start tag without `>`, and returns the name of its element.
fn push_start<'t>(out: &mut String, tag: &'t str) -> Option<&'t str> {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let name = ELEMENTS.contains(&name).then_some(name)?;
    out.push('<');
    out.push_str(name);
    while let Some((attribute, after)) = rest.trim_start().split_once("=\"") {
        let (value, after) = after.split_once('"')?;
        if ATTRIBUTES.contains(&attribute) && value.chars().all(is_plain) {
            out.push_str(&format!(" {attribute}=\"{value}\""));
        }
        rest = after;
    }
    rest.trim_start().is_empty().then_some(name)
}

/// Whether a character is allowed in values: words, numbers and units.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.')
}

/// Writes text, whose only character reference is `&nbsp;`.
fn push_content(out: &mut String, text: &str) {
    for c in text.replace("&nbsp;", NO_BREAK_SPACE).chars() {
        match STAND_INS.iter().find(|(other, _)| *other == stand_in(c)) {
            Some((_, written)) => out.push_str(written),
            None => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_tables_name_comes_out() {
        for (markup, expected) in [
            ("<math><mi>x</mi></math>", Some("<math><mi>x</mi></math>")),
            ("<mi>\u{fdd1}b\u{fdd2} \u{fdd0}&nbsp;</mi>", Some("<mi>&lt;b&gt; &amp;\u{a0}</mi>")),
            ("<mo stretchy=\"true\"minsize=\"1.2em\">(</mo>", Some("<mo stretchy=\"true\" minsize=\"1.2em\">(</mo>")),
            ("<mspace width=\"1em\" style=\"margin-left: 1em\" />", Some("<mspace width=\"1em\"/>")),
            ("<mi onclick=\"alert(1)\" class=\"a&#34;b\">x</mi>", Some("<mi>x</mi>")),
            ("<mo><</mo><mo>></mo><mo>&</mo>", Some("<mo>&lt;</mo><mo>&gt;</mo><mo>&amp;</mo>")),
            ("<mo><\u{338}</mo>", Some("<mo>&lt;\u{338}</mo>")),
            ("a > b < c &lt;", Some("a &gt; b &lt; c &amp;lt;")),
            ("<mi>x</mi", None),
            ("<mi>x", None),
            ("<mi>x</mo>", None),
            ("x</mi>", None),
            ("<mi class=\"a>x</mi>", None),
            ("<mi class>x</mi>", None),
            ("<MI>x</MI>", None),
            ("<script>alert(1)</script>", None),
            ("<mi><img src=\"x\" /></mi>", None),
            ("<!-- x -->", None),
        ] {
            assert_eq!(sanitized(markup).as_deref(), expected, "{markup}");
        }
    }
}

//! The MathML that may come out: markup of a library, read tag by tag and written anew from two tables.

/// The elements that formulas are made of.
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
/// Their attributes. Anything else is left out: above all `style`, which a strict content security policy refuses, so that
/// colours and the heights of rows are lost.
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
/// What is written for the stand-ins of [`stand_in`], which are no characters, so that no formula needs them.
const STAND_INS: [(char, &str); 4] =
    [('\u{fdd0}', "&amp;"), ('\u{fdd1}', "&lt;"), ('\u{fdd2}', "&gt;"), ('\u{fdd3}', "\u{a0}")];
/// Stands for a space that does not break.
pub(super) const NO_BREAK_SPACE: &str = "\u{fdd3}";

/// What takes the place of a character that markup is written with until the markup is there.
pub(super) fn stand_in(c: char) -> char {
    let [amp, lt, gt, _] = STAND_INS;
    match c {
        '&' => amp.0,
        '<' => lt.0,
        '>' => gt.0,
        c => c,
    }
}

/// The markup with nothing in it but what the tables name, its text escaped: a `<` that begins no tag is text. `None`
/// where it is not well-formed, or has elements that are not in the table.
pub(super) fn allowed(markup: &str) -> Option<String> {
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

/// Writes a start tag, without its end, and gives back the name of its element.
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

/// What values are written with: words, numbers and units.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.')
}

/// Writes text, in which there is no reference but one.
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
            assert_eq!(allowed(markup).as_deref(), expected, "{markup}");
        }
    }
}

//! Converts TeX to MathML. Macro definitions, which could expand without end, are refused.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::event::{Content, Dimension, DimensionUnit};
use pulldown_latex::{Event, Parser, Storage, write_mathml};

use super::limits::MAX_FORMULA;
use super::mathml::{NO_BREAK_SPACE, sanitized, stand_in};

/// Refused control sequences: those that define others, and `char`, which makes pulldown-latex 0.8 panic.
const REFUSED: &[&str] =
    &["char", "def", "edef", "gdef", "xdef", "let", "futurelet", "newcommand", "renewcommand", "providecommand"];

const CANNOT_RENDER: &str = "cannot render this formula";

/// A formula as a `math` element.
///
/// # Errors
/// The message, if the TeX is invalid or too long.
pub(super) fn mathml(tex: &str, block: bool) -> Result<String, String> {
    if tex.len() > MAX_FORMULA {
        return Err(format!("a formula of more than {MAX_FORMULA} bytes (MAX_FORMULA)"));
    }
    let words =
        tex.split('\\').skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default());
    if let Some(name) = words.into_iter().find(|name| REFUSED.contains(name)) {
        return Err(format!("`\\{name}` is not supported in formulas: write out its definition"));
    }
    // The crate may panic, which must not stop the build.
    catch_unwind(AssertUnwindSafe(|| render(tex, block))).unwrap_or_else(|_| Err(CANNOT_RENDER.to_owned()))
}

fn render(tex: &str, block: bool) -> Result<String, String> {
    let storage = Storage::new();
    let events = Parser::new(tex, &storage).collect::<Result<Vec<_>, _>>().map_err(|error| {
        let text = error.to_string();
        text.lines().next().unwrap_or_default().trim_start_matches("parsing error: ").to_owned()
    })?;
    // The crate does not escape the names of functions, so their markup characters are replaced. The result is then
    // sanitized.
    let texts: Vec<Option<String>> = events.iter().map(text_without_markup).collect();
    let events =
        events.into_iter().zip(&texts).map(|(event, text)| Ok::<_, Infallible>(without_markup(event, text.as_ref())));
    let display_mode = if block { DisplayMode::Block } else { DisplayMode::Inline };
    let mut markup = Vec::new();
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    write_mathml(&mut markup, events, config).map_err(|error| error.to_string())?;
    std::str::from_utf8(&markup).ok().and_then(sanitized).ok_or_else(|| CANNOT_RENDER.to_owned())
}

/// The replacement of an event's text, if it contains markup characters.
fn text_without_markup(event: &Event<'_>) -> Option<String> {
    match event {
        // The crate's text for `~`.
        Event::Content(Content::Text("&nbsp;")) => Some(NO_BREAK_SPACE.to_owned()),
        Event::Content(Content::Text(text) | Content::Function(text)) => {
            text.contains(['&', '<', '>']).then(|| text.chars().map(stand_in).collect())
        }
        _ => None,
    }
}

fn without_markup<'t>(event: Event<'t>, text: Option<&'t String>) -> Event<'t> {
    match (event, text) {
        (Event::Content(Content::Text(_)), Some(text)) => Event::Content(Content::Text(text)),
        (Event::Content(Content::Function(_)), Some(text)) => Event::Content(Content::Function(text)),
        // The crate only opens a tag for spaces with a width.
        (Event::Space { width: None, height, depth }, _) => {
            Event::Space { width: Some(Dimension::new(0.0, DimensionUnit::Em)), height, depth }
        }
        (event, _) => event,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas() {
        let square = mathml("x^2", false);
        assert_eq!(square, Ok("<math display=\"inline\"><msup><mi>x</mi><mn>2</mn></msup></math>".to_owned()));
        let block = mathml(r"\frac{a}{b}", true).unwrap_or_default();
        assert!(block.contains("display=\"block\"") && block.contains("<mfrac>"), "{block}");
    }

    #[test]
    fn faults() {
        assert_eq!(mathml("{", false), Err("unbalanced group found, expected it to be closed with `}`".into()));
        assert!(mathml(r"\nonsense", false).is_err());
        assert!(mathml(r"\def\a{\a\a}\a", false).is_err());
        assert!(mathml(&"x".repeat(MAX_FORMULA + 1), false).is_err());
    }

    #[test]
    fn characters_that_markup_is_written_with_are_text() {
        for (tex, expected) in [
            ("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
            (r"\mathop{<}", "<mo movablelimits=\"false\">&lt;</mo>"),
            (r"a\with b", "<mi>a</mi><mo>&amp;</mo><mi>b</mi>"),
            (r"\not<", "<mo>&lt;\u{338}</mo>"),
            (r"\operatorname{<b>&lt;}", "<mi>&lt;b&gt;&amp;lt;</mi>"),
            (r"\text{<b> &nbsp;}", "<mtext>&lt;b&gt; &amp;nbsp;</mtext>"),
            (r"\textbf{<}", "<mrow><mtext>&lt;</mtext></mrow>"),
            ("a~b", "<mi>a</mi><mtext>\u{a0}</mtext><mi>b</mi>"),
            (r"\text{ x }", "<mtext>\u{a0}x\u{a0}</mtext>"),
            (r"\strut", "<mspace width=\"0em\" height=\"1em\"/>"),
            (r"\big(", "<mo symmetric=\"true\" stretchy=\"true\" minsize=\"1.2em\" maxsize=\"1.2em\">(</mo>"),
        ] {
            assert_eq!(mathml(tex, false), Ok(format!("<math display=\"inline\">{expected}</math>")), "{tex}");
        }
    }

    #[test]
    fn no_markup_and_no_style_comes_through() {
        for tex in [
            r"\text{<script>alert(1)</script>}",
            r#"\text{" onload="x}"#,
            r"\color{red} x",
            r"\begin{array}{c|c} a & b \\[2em] c & d \end{array}",
            r"\operatorname{<b>}",
            r"\mathop{<script>alert(1)</script>}",
            "<b>",
        ] {
            let html = mathml(tex, false).unwrap_or_default();
            assert!(!html.contains("<script") && !html.contains("<b") && !html.contains("style="), "{html}");
        }
    }

    #[test]
    fn deep_formulas_do_not_overflow_the_stack() {
        for (open, close) in [
            ("{", "}"),
            (r"\frac", ""),
            (r"\sqrt{", "}"),
            (r"\left(", r"\right)"),
            ("x^", ""),
            ("x^{", "}"),
            (r"\text{", "}"),
        ] {
            let count = MAX_FORMULA / (open.len() + close.len()) - 1;
            let tex = format!("{}x{}", open.repeat(count), close.repeat(count));
            assert_ne!(mathml(&tex, false), Err("cannot render this formula".to_owned()), "{open}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_formula_defeats_the_crate(pieces in prop::collection::vec(piece(), 0..14)) {
            let tex = pieces.concat();
            let defeat = Err("cannot render this formula".to_owned());
            prop_assert_ne!(mathml(&tex, false), defeat);
        }
    }

    fn piece() -> impl Strategy<Value = String> {
        let words = r"\frac \sqrt { } [ ] ^ _ & \\ \begin{array} {c|c} \end{array} \begin{matrix} \end{matrix} \left \right ( ) \text \color
            {red} \hskip 3em \char 12 99999999999999999999 0.00000001 - + , \mathbb x ' \limits \sum \operatorname \tag \middle | \over
            \binom \genfrac \substack \begin{cases} \end{cases} \hline % # ~ \ \not = \big \overset \displaystyle é 小 \begin{align}
            \end{align} \kern mu \vec \underbrace \label \href \begin \end \begin{CD} \relax \raise \mathchoice \rule \cfrac[l]
            \begin{subarray}{c} \xrightarrow[a]{b} \sideset";
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        prop_oneof![5 => prop::sample::select(words), 1 => "\\PC{0,3}"]
    }
}

//! TeX to MathML. Only what is a formula: macros, which could grow without end, are refused.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};

use super::limits::MAX_FORMULA;

/// Control sequences that are refused: those that define others, and `char`, over which pulldown-latex 0.8 panics.
const REFUSED: &[&str] =
    &["char", "def", "edef", "gdef", "xdef", "let", "futurelet", "newcommand", "renewcommand", "providecommand"];

/// A formula as a `math` element.
///
/// # Errors
/// What is wrong with the TeX, in a sentence.
pub(super) fn mathml(tex: &str, block: bool) -> Result<String, String> {
    if tex.len() > MAX_FORMULA {
        return Err(format!("a formula of more than {MAX_FORMULA} bytes (MAX_FORMULA)"));
    }
    let words =
        tex.split('\\').skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default());
    if let Some(name) = words.into_iter().find(|name| REFUSED.contains(name)) {
        return Err(format!("`\\{name}` is not for formulas here: write out what it stands for"));
    }
    // The crate states its own bugs by panicking; a page must not stop the build for them.
    catch_unwind(AssertUnwindSafe(|| render(tex, block)))
        .unwrap_or_else(|_| Err("a formula that cannot be set".to_owned()))
}

fn render(tex: &str, block: bool) -> Result<String, String> {
    let storage = Storage::new();
    let events: Vec<_> = Parser::new(tex, &storage).collect();
    if let Some(Err(error)) = events.iter().find(|event| event.is_err()) {
        let text = error.to_string();
        return Err(text.lines().next().unwrap_or_default().trim_start_matches("parsing error: ").to_owned());
    }
    let display_mode = if block { DisplayMode::Block } else { DisplayMode::Inline };
    let mut html = String::new();
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    push_mathml(&mut html, events.into_iter(), config).map_err(|error| error.to_string())?;
    Ok(without_styles(&html))
}

/// Leaves out `style` attributes: a strict content security policy refuses them. Colours and rule widths are lost.
fn without_styles(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let close = rest[open..].find('>').map_or(rest.len(), |at| open + at);
        let (before, tag) = (&rest[..open], &rest[open..close]);
        out.push_str(before);
        match tag.find(" style=\"").and_then(|at| Some((at, at + 8 + tag[at + 8..].find('"')? + 1))) {
            Some((from, to)) => {
                out.push_str(&tag[..from]);
                out.push_str(&tag[to..]);
            }
            None => out.push_str(tag),
        }
        rest = &rest[close..];
    }
    out.push_str(rest);
    out
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
    fn no_markup_and_no_style_comes_through() {
        for tex in [
            r"\text{<script>alert(1)</script>}",
            r#"\text{" onload="x}"#,
            r"\color{red} x",
            r"\begin{array}{c|c} a & b \\[2em] c & d \end{array}",
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
            assert_ne!(mathml(&tex, false), Err("a formula that cannot be set".to_owned()), "{open}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_formula_defeats_the_crate(pieces in prop::collection::vec(piece(), 0..14)) {
            let tex = pieces.concat();
            let defeat = Err("a formula that cannot be set".to_owned());
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

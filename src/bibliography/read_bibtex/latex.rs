//! LaTeX in the values of a library as plain text, as far as titles and names have it. Accents and escaped characters are left to
//! `biblatex`, and so are braces, which keep names together.

/// Commands that `biblatex` replaces.
const LEFT: &str = "LaTeX TeX textendash textemdash textquotesingle textquotedblleft textquotedblright textquoteleft \
                    textquoteright quotedblbase quotesinglbase textquotedbl textasciicircum textasciigrave textasciitilde \
                    textasteriskcentered textbackslash textbar textbraceleft textbraceright textbullet textdagger \
                    textdaggerdbl textdollar textless textgreater textexclamdown textquestiondown textordfeminine \
                    textordmasculine textperiodcentered textregistered texttrademark textsection textunderscore \
                    guillemotleft guillemotright guilsinglleft guilsinglright aa AA ae AE dh DH dj DJ ng NG l L oe OE o O ss SS \
                    th TH P textparagraph S copyright ddag textellipsis pounds u r H v d c k b string";

/// Commands that only change how something looks or sorts, or that say nothing.
const DROPPED: &str = "emph textit textbf textsc textsl textsf textrm texttt textup textmd textnormal mkbibemph mkbibitalic \
                       mkbibbold uppercase MakeUppercase lowercase MakeLowercase mathrm mathbf mathit mathsf mathcal mathbb text \
                       mbox hbox it em bf sc tt sf sl rm itshape bfseries scshape upshape normalfont small relax protect \
                       ensuremath allowbreak nobreak t left right displaystyle url nolinkurl path hspace vspace";

const SYMBOLS: &[(&str, &str)] = &[
    ("i", "ı"),
    ("j", "ȷ"),
    ("ldots", "…"),
    ("dots", "…"),
    ("cdots", "…"),
    ("texteuro", "€"),
    ("euro", "€"),
    ("textyen", "¥"),
    ("textcent", "¢"),
    ("textdegree", "°"),
    ("textmu", "µ"),
    ("textcopyright", "©"),
    ("textonehalf", "½"),
    ("textnumero", "№"),
    ("times", "×"),
    ("texttimes", "×"),
    ("ell", "ℓ"),
    ("hbar", "ℏ"),
    ("partial", "∂"),
    ("nabla", "∇"),
    ("sum", "∑"),
    ("prod", "∏"),
    ("int", "∫"),
    ("in", "∈"),
    ("subset", "⊂"),
    ("cup", "∪"),
    ("cap", "∩"),
    ("forall", "∀"),
    ("exists", "∃"),
    ("oplus", "⊕"),
    ("otimes", "⊗"),
    ("mid", "|"),
    ("langle", "⟨"),
    ("rangle", "⟩"),
    ("ll", "≪"),
    ("gg", "≫"),
    ("equiv", "≡"),
    ("propto", "∝"),
    ("star", "⋆"),
    ("ast", "∗"),
    ("Rightarrow", "⇒"),
    ("leftrightarrow", "↔"),
    ("cdot", "·"),
    ("pm", "±"),
    ("textpm", "±"),
    ("infty", "∞"),
    ("rightarrow", "→"),
    ("to", "→"),
    ("leftarrow", "←"),
    ("le", "≤"),
    ("leq", "≤"),
    ("ge", "≥"),
    ("geq", "≥"),
    ("neq", "≠"),
    ("approx", "≈"),
    ("sim", "∼"),
    ("circ", "°"),
    ("prime", "′"),
    ("sqrt", "√"),
    ("slash", "/"),
    ("quad", " "),
    ("space", " "),
    ("nobreakspace", " "),
    ("newline", " "),
    ("linebreak", " "),
    ("par", " "),
];

/// The letters from alpha to omega, with the other sigma for the gap in Unicode.
const GREEK: &str = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau \
                     upsilon phi chi psi omega";

/// A value without the commands that `biblatex` does not know; those that say something are named in `unknown`.
pub(super) fn plain(text: &str, unknown: &mut Vec<String>) -> String {
    let mut reader = Reader { out: String::with_capacity(text.len()), unknown };
    reader.read(text, false);
    reader.out
}

struct Reader<'a> {
    out: String,
    unknown: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self, text: &str, is_math: bool) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let after = rest.get(c.len_utf8()..).unwrap_or_default();
            rest = match c {
                '\\' => self.command(after, is_math),
                '$' => self.math(after),
                '^' | '_' if is_math => self.raised(after, c == '^'),
                '~' => self.push(" ", after),
                '`' => match after.strip_prefix('`') {
                    Some(after) => self.push("“", after),
                    None => self.push("‘", after),
                },
                '\'' if after.starts_with('\'') => self.push("”", after.get(1..).unwrap_or_default()),
                c => {
                    self.out.push(c);
                    after
                }
            };
        }
    }

    fn push<'t>(&mut self, text: &str, after: &'t str) -> &'t str {
        self.out.push_str(text);
        after
    }

    /// Reads what comes after a backslash.
    fn command<'t>(&mut self, text: &'t str, is_math: bool) -> &'t str {
        let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        let is_in = |names: &str| names.split_whitespace().any(|known| known == name);
        if name.is_empty() {
            return self.sign(text);
        }
        if is_in(LEFT) {
            self.out.push('\\');
            self.out.push_str(name);
            // A space after a command is dropped, unless it is escaped.
            return if after.starts_with("\\ ") { self.push("{}", after) } else { after };
        }
        let argument = after.trim_start();
        let symbol = SYMBOLS.iter().find(|(known, _)| *known == name).map(|(_, symbol)| (*symbol).to_owned());
        if let Some(symbol) = symbol.or_else(|| greek(name).map(String::from)) {
            return self.push(&symbol, argument.strip_prefix("{}").unwrap_or(argument));
        }
        match (name, group(argument)) {
            ("url" | "nolinkurl" | "path", Some((address, after))) => self.push(&address.replace('\\', ""), after),
            ("textsuperscript" | "mkbibsuperscript" | "textsubscript", Some(_)) => {
                self.raised(argument, name != "textsubscript")
            }
            ("enquote" | "mkbibquote", Some((words, after))) => {
                self.out.push('“');
                self.read(words, is_math);
                self.push("”", after)
            }
            ("mkbibparens", Some((words, after))) => {
                self.out.push('(');
                self.read(words, is_math);
                self.push(")", after)
            }
            ("ensuremath", Some((inner, after))) => {
                self.read(inner, true);
                after
            }
            ("noopsort" | "SortNoop" | "href", Some((_, after))) => after,
            _ if is_in(DROPPED) => argument,
            _ => {
                let name = format!("the LaTeX command `\\{name}`");
                if !self.unknown.contains(&name) {
                    self.unknown.push(name);
                }
                argument
            }
        }
    }

    /// Reads what comes after a backslash and is no letter.
    fn sign<'t>(&mut self, text: &'t str) -> &'t str {
        let Some(c) = text.chars().next() else { return text };
        let after = text.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '\\' | ',' | ';' => self.push(" ", after),
            c if c.is_whitespace() => self.push(" ", after),
            '-' | '/' | '!' | '@' | '(' | ')' | '[' | ']' => after,
            c => {
                self.out.push('\\');
                self.out.push(c);
                after
            }
        }
    }

    /// Reads what comes after a dollar sign: a formula, or an amount of money that was not escaped.
    fn math<'t>(&mut self, text: &'t str) -> &'t str {
        let is_escaped = |at: usize| text.get(..at).is_some_and(|before| before.ends_with('\\'));
        let end = text.match_indices('$').map(|(at, _)| at).find(|at| !is_escaped(*at));
        let parts = end.and_then(|end| Some((text.get(..end)?, text.get(end + 1..)?)));
        let is_formula = |inner: &str| {
            let mut commands = inner.split('\\').skip(1);
            inner.contains(['^', '_'])
                || commands.any(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
                || (inner.len() < 3 && inner.bytes().all(|byte| byte.is_ascii_alphabetic()))
        };
        match parts.filter(|(inner, _)| is_formula(inner)) {
            Some((inner, after)) => {
                self.read(inner, true);
                after
            }
            None => self.push("\\$", text),
        }
    }

    /// Reads a superscript or a subscript.
    fn raised<'t>(&mut self, text: &'t str, is_up: bool) -> &'t str {
        let (inner, after) = group(text).unwrap_or_else(|| {
            // A command stays whole.
            let end = match text.strip_prefix('\\') {
                Some(name) => 1 + name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len()),
                None => text.chars().next().map_or(0, char::len_utf8),
            };
            text.split_at(end)
        });
        match small(inner, is_up) {
            Some(small) => self.out.push_str(&small),
            None => {
                let is_word = inner.chars().all(|c| c.is_alphabetic() || c.is_whitespace());
                self.out.push_str(if is_up && !is_word { "\\textasciicircum{}" } else { "" });
                self.read(inner, true);
            }
        }
        after
    }
}

/// The braces that a text begins with: what is in them, and what follows.
fn group(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{')?;
    let (mut depth, mut is_escaped) = (0_usize, false);
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            _ if is_escaped => {}
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some((inner.get(..at)?, inner.get(at + 1..)?)),
            b'}' => depth -= 1,
            _ => {}
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    None
}

fn greek(name: &str) -> Option<char> {
    let name = name.strip_prefix("var").filter(|name| *name != "sigma").unwrap_or(name);
    let small = name.to_ascii_lowercase();
    let at = GREEK.split_whitespace().position(|known| known == small)?;
    let first = if name.starts_with(|c: char| c.is_ascii_uppercase()) { 'Α' } else { 'α' };
    char::from_u32(first as u32 + at as u32)
}

/// Digits and signs as Unicode has them above and below the line; nothing for what it has not.
pub(in crate::bibliography) fn small(text: &str, is_up: bool) -> Option<String> {
    let sign = |c: char| {
        let all = "0123456789+-=()";
        let small = if is_up {
            "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾"
        } else {
            "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"
        };
        small.chars().nth(all.chars().position(|known| known == c)?)
    };
    if text.is_empty() { None } else { text.chars().map(sign).collect() }
}

#[cfg(test)]
mod tests {
    use biblatex::ChunksExt;

    use super::plain;

    /// As a reader sees it, and what was not understood.
    fn read(latex: &str) -> (String, Vec<String>) {
        let mut unknown = Vec::new();
        let text = format!("@book{{a, title = {{{}}}}}", plain(latex, &mut unknown));
        let bibliography = biblatex::Bibliography::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let title = bibliography.get("a").and_then(|entry| entry.get("title")).expect("a title");
        (title.format_verbatim(), unknown)
    }

    #[test]
    fn latex_becomes_what_readers_see() {
        for (latex, text) in [
            (
                r#"\'{\i} {\'\i} Anton{\'\i}n \^\i{} \`{e} {\c c} {\ss} \"{O} M\"uller \v s {\AA} {\L}"#,
                "í í Antonín î è ç ß Ö Müller š Å Ł",
            ),
            (
                r"``quote'' `single' it's a--b \ldots{} 5\,\texteuro{} \textendash{} J.~K. \& 50\%",
                "“quote” ‘single' it's a–b … 5 € – J. K. & 50%",
            ),
            (
                r"$\alpha$-rays, \ensuremath{\beta}, $\Omega$, H$_2$O, $x^{2}$, $11^{th}$, $E=mc^2$",
                "α-rays, β, Ω, H₂O, x², 11th, E=mc²",
            ),
            (
                r"\textit{a} {\it b} \emph{c} \enquote{d} \textsuperscript{nd} \textsubscript{2} \mkbibquote{e}",
                "a b c “d” nd ₂ “e”",
            ),
            (
                r"\href{https://x.org}{link} \url{https://x.org/a_b} {\noopsort{1}}x a\\b Win\-dows",
                "link https://x.org/a_b x a b Windows",
            ),
            (r"from $5 to $6, \$7 and $8", "from $5 to $6, $7 and $8"),
            (r"The \LaTeX\ Companion, \ss x, $\ell_1$, $\nabla f \in X$", "The LaTeX Companion, ßx, ℓ₁, ∇f ∈X"),
            (r"\textbackslash{}emph\{things\} 2\textasciicircum{}3", r"\emph{things} 2^3"),
        ] {
            assert_eq!(read(latex), (text.to_owned(), Vec::new()), "{latex}");
        }
        let (text, unknown) = read(r"a \frobnicate{b} \frobnicate c");
        assert_eq!(
            (text.as_str(), unknown.as_slice()),
            ("a b c", &[r"the LaTeX command `\frobnicate`".to_owned()][..])
        );
    }
}

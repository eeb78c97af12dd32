//! Problems as bytes, for the cache.

use super::{Diagnostic, Diagnostics, Severity, find_code};
use crate::source::{Decoder, Encoder, SitePath, Span};

impl Diagnostics {
    /// Writes them as bytes; `file` is the file of most of them.
    pub fn encode(&self, file: Option<&SitePath>, out: &mut Encoder) {
        out.list(self.iter(), |out, problem| {
            let Diagnostic { code, severity, message, at, labels, hint } = problem;
            out.text(code);
            out.number(match severity {
                Severity::Error => 0,
                Severity::Warning => 1,
                Severity::Allow => 2,
            });
            out.text(message);
            out.option(at.as_ref(), |out, span| encode_span(span, file, out));
            out.list(labels.iter(), |out, (span, text)| {
                encode_span(span, file, out);
                out.text(text);
            });
            out.option(hint.as_ref(), |out, hint| out.text(hint));
        });
    }

    /// Reads what [`Diagnostics::encode`] wrote.
    pub fn decode(file: Option<&SitePath>, from: &mut Decoder<'_>) -> Option<Self> {
        let problem = |from: &mut Decoder<'_>| {
            Some(Diagnostic {
                code: find_code(from.text()?)?.name,
                severity: match from.number()? {
                    0 => Severity::Error,
                    1 => Severity::Warning,
                    2 => Severity::Allow,
                    _ => return None,
                },
                message: from.string()?,
                at: from.option(|from| decode_span(file, from))?,
                labels: from.list(|from| Some((decode_span(file, from)?, from.string()?)))?,
                hint: from.option(Decoder::string)?,
            })
        };
        from.list(problem)
    }
}

fn encode_span(span: &Span, file: Option<&SitePath>, out: &mut Encoder) {
    let other = Some(&span.file).filter(|other| Some(*other) != file);
    out.option(other, |out, other| out.text(other.as_str()));
    out.size(span.start);
    out.size(span.end - span.start);
}

fn decode_span(file: Option<&SitePath>, from: &mut Decoder<'_>) -> Option<Span> {
    let file = match from.option(|from| SitePath::new(from.text()?).ok())? {
        Some(file) => file,
        None => file?.clone(),
    };
    let start = from.size()?;
    Some(Span::new(&file, start..start.checked_add(from.size()?)?))
}

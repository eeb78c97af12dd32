//! The texts of new records.

use crate::bibliography::{Entry, Value, record, scalar};
use crate::cli::args::{Kind, NewArgs};
use crate::evidence::Name;

/// The record by the flags; with placeholders where there are none.
pub(super) fn text(args: &NewArgs, name: &str) -> String {
    let has_flags = args.source_kind.is_some() || args.title.is_some() || !args.author.is_empty();
    if args.kind == Kind::Source && (has_flags || args.url.is_some() || args.date.is_some()) {
        return record(&source(args, name));
    }
    if args.kind == Kind::Claim && (args.statement.is_some() || args.source.is_some()) {
        return claim(args, name);
    }
    args.kind.record().replace("NAME", &scalar(name))
}

fn source(args: &NewArgs, name: &str) -> Entry {
    let text = |key, value: Option<&str>| value.map(|value| (key, Value::Text(value.to_owned())));
    let kind = args.source_kind.map_or("web-page", |kind| kind.name());
    let names: Vec<Name> = args.author.iter().map(|name| Name::parse(name)).collect();
    let fields = [
        text("kind", Some(kind)),
        text("title", Some(args.title.as_deref().unwrap_or("<its own title>"))),
        (!names.is_empty()).then_some(("authors", Value::Names(names))),
        text("url", args.url.as_deref()),
        text("date", args.date.as_deref()),
    ];
    Entry { id: name.to_owned(), fields: fields.into_iter().flatten().collect(), ..Entry::default() }
}

fn claim(args: &NewArgs, name: &str) -> String {
    let line = |key: &str, value: &str, indent| crate::bibliography::lines(key, &Value::Text(value.to_owned()), indent);
    let statement = args.statement.as_deref().unwrap_or("<what is claimed, in your own words>");
    let source = args.source.as_deref().unwrap_or("<the id of a source>");
    let mut out = format!("- id: {}\n{}  sources:\n", scalar(name), line("statement", statement, 2));
    match (&args.at, &args.quote) {
        (at, Some(quote)) => {
            out.push_str(&line("source", source, 0).replacen("source", "    - source", 1));
            out.push_str(&at.as_ref().map_or_else(String::new, |at| line("at", at, 6)));
            out.push_str(&line("quote", quote, 6));
        }
        (Some(at), None) => {
            out.push_str(&line("x", &format!("{source}, {at}"), 0).replacen("x:", "    -", 1));
        }
        (None, None) => out.push_str(&line("x", source, 0).replacen("x:", "    -", 1)),
    }
    out + "  kind: reported\n"
}

impl Kind {
    /// A record with all required keys; texts in angle brackets are placeholders.
    fn record(self) -> &'static str {
        match self {
            Self::Page => "",
            Self::Claim => {
                "- id: NAME\n  statement: <what is claimed, in your own words>\n  topics: []\n  entities: []\n  \
                 sources:\n    - source: <the id of a source>\n      lines: 1\n  kind: reported\n"
            }
            Self::Source => {
                "- id: NAME\n  kind: news\n  title: <its own title>\n  url: <https://its.address/>\n  date: <2024-03-12>\n"
            }
            Self::Disagreement => {
                "- id: NAME\n  question: <what do the sources conflict on?>\n  topics: []\n  severity: medium\n  \
                 readings:\n    - reading: <one answer>\n      claims: []\n      sources: []\n    - reading: <another>\n      \
                 claims: []\n      sources: []\n  verdict: <the answer you hold most plausible>\n  why: <why>\n"
            }
            Self::Entity => {
                "- id: NAME\n  name: <its name>\n  kind: <person>\n  definition: <what it is, in a sentence>\n"
            }
            Self::Event => {
                "- id: NAME\n  title: <what happened>\n  date: <2024-03>\n  claims: []\n  topics: []\n  \
                 status: happened\n"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::placeholder_in;

    #[test]
    fn every_placeholder_of_a_new_record_is_known() {
        for kind in [Kind::Claim, Kind::Source, Kind::Disagreement, Kind::Entity, Kind::Event] {
            for part in kind.record().split('<').skip(1) {
                let (name, _) = part.split_once('>').expect("a closing bracket");
                assert!(placeholder_in(&format!("<{name}>")).is_some(), "list `<{name}>` among the placeholders");
            }
        }
    }
}

//! Sources as BibLaTeX.

use super::fields::{NAMES, TEXTS, babel_name, entry_field};
use crate::evidence::{Name, Source};

/// A source as an entry of BibLaTeX, in UTF-8, with an empty line after it.
pub fn bibtex(source: &Source, language: &str) -> String {
    let entry = source.kind.entry();
    let mut fields: Vec<(&str, String)> = Vec::new();
    if source.public {
        for names in NAMES.iter().filter(|names| !names.bib.is_empty()) {
            let list: Vec<String> = (names.get)(source).iter().map(name).collect();
            fields.extend((!list.is_empty()).then(|| (names.bib, list.join(" and "))));
        }
        for text in TEXTS.iter().filter(|text| text.key != "language") {
            let field = entry_field(text.key, entry).unwrap_or(text.bib);
            let value = (text.get)(source).filter(|_| !field.is_empty());
            fields.extend(value.map(|value| (field, value_of(field, value))));
        }
    }
    if source.title.is_none() || !source.public {
        fields.push(("title", format!("{{{}}}", escaped(source.name()))));
    }
    let dates = [("date", &source.date), ("urldate", &source.accessed)];
    for (field, date) in dates.into_iter().filter(|(field, _)| source.public || *field == "date") {
        fields.extend(date.as_ref().map(|date| (field, escaped_date(date.edtf()))));
    }
    let language = source.language.as_ref().map_or(language, |language| language.as_str());
    match babel_name(language) {
        Some(name) => fields.push(("langid", name.to_owned())),
        None => fields.push(("language", language.to_owned())),
    }
    fields.extend(subtype(source).map(|subtype| ("entrysubtype", subtype.to_owned())));
    let mut out = format!("@{entry}{{{},\n", source.id.value);
    for (field, value) in fields {
        out.push_str(&format!("  {field} = {{{value}}},\n"));
    }
    out + "}\n\n"
}

/// What tells a kind from the others with its entry type: the type of CSL, or what Better BibTeX writes for it.
fn subtype(source: &Source) -> Option<&'static str> {
    match (source.kind.csl(), source.kind.entry()) {
        ("article-newspaper", _) => Some("newspaper"),
        ("article-magazine", _) => Some("magazine"),
        // Without it, these are read as pages of the web.
        (csl, "misc") if source.url.is_some() && source.accessed.is_some() => Some(csl),
        (csl, entry) if super::read_bibtex::kind(entry, None).is_some_and(|plain| plain.csl() == csl) => None,
        (csl, _) => Some(csl),
    }
}

fn value_of(field: &str, value: &str) -> String {
    match field {
        // Braces keep capitals as they are.
        "title" | "shorttitle" | "booktitle" => format!("{{{}}}", escaped(value)),
        "pages" => escaped(&value.replace('–', "-").replace("--", "-")).replace('-', "--"),
        // Read as they are written; what would end the field is written as addresses write it.
        "url" | "doi" => value.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C"),
        _ => escaped(value),
    }
}

/// A name in the order of BibTeX: particle and family name, suffix, given names.
fn name(name: &Name) -> String {
    match name {
        Name::Literal(name) => format!("{{{}}}", escaped(name)),
        Name::Person { family, given, non_dropping_particle, dropping_particle, suffix } => {
            let given = [given.as_str(), dropping_particle].join(" ");
            // Without braces, BibTeX would split it.
            let family = if family.contains([' ', ',']) || family.contains(" and ") {
                format!("{{{}}}", escaped(family))
            } else {
                escaped(family)
            };
            let family = [escaped(non_dropping_particle), family].join(" ");
            let parts = [family.trim().to_owned(), escaped(suffix), escaped(given.trim())];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        }
    }
}

fn escaped_date(edtf: &str) -> String {
    edtf.replace('~', "\\string~")
}

/// Text in which LaTeX finds nothing but text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '`' => out.push_str("\\textasciigrave{}"),
            // Two of them are another character.
            '-' | '\'' if out.ends_with(c) => {
                out.push_str("{}");
                out.push(c);
            }
            '{' | '}' | '$' | '&' | '%' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

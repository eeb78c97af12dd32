//! Entries that are found by their DOI.

use serde_json::{Map, Value as Json};

use super::coins::encoded;
use super::entry::{Entry, Fault, Value};
use super::fields::NAMES;
use super::read_csl;
use crate::data::{is_key, to_id};
use crate::evidence::{Name, is_doi};

/// The DOI in a text that is nothing else: `10.1000/182`, `doi:10.1000/182`, or its address.
pub fn doi(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let starts =
        ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi.org/", "doi:"];
    let start = starts.into_iter().find(|start| lower.starts_with(start)).map_or(0, str::len);
    text.get(start..).map(str::trim).filter(|doi| is_doi(doi)).map(str::to_owned)
}

/// The path below a resolver at which a DOI is found.
pub fn doi_path(doi: &str) -> String {
    encoded(doi).replace("%2F", "/")
}

/// Reads what a registry answers for a DOI: an item of CSL-JSON, with much that only it understands.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_doi(text: &str, doi: &str) -> Result<Entry, Vec<Fault>> {
    let wrong = |_| vec![Fault::new(0, "the answer is not CSL-JSON")];
    let mut item: Map<String, Json> = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(wrong)?;
    item.insert("id".into(), Json::from("doi"));
    item.insert("DOI".into(), Json::from(doi));
    item.remove("citation-key");
    // Licences, references and such are lists of objects there.
    let is_own = |value: &Json| match value {
        Json::Object(_) => true,
        Json::Array(list) => list.iter().any(|value| !value.is_string()),
        _ => false,
    };
    let is_known = |key: &str| matches!(key, "issued" | "accessed") || NAMES.iter().any(|names| names.csl == key);
    item.retain(|key, value| is_known(key) || !is_own(value));
    let mut faults = Vec::new();
    match read_csl::entry(&item, "", 0, &mut faults) {
        Some(entry) if faults.is_empty() => {
            // The address of a DOI says nothing new.
            let is_new = |(key, value): &(&str, Value)| {
                *key != "url" || !matches!(value, Value::Text(url) if self::doi(url).is_some())
            };
            let fields: Vec<_> = entry.fields.into_iter().filter(|field| is_new(field)).collect();
            Ok(Entry { id: key(&fields, doi), fields, omitted: Vec::new(), at: 0 })
        }
        _ => Err(faults),
    }
}

/// A key such as `lecun2015`, of the first name and the year; else of the DOI.
fn key(fields: &[(&'static str, Value)], doi: &str) -> String {
    let name = fields.iter().find_map(|(key, value)| match value {
        Value::Names(names) if *key == "authors" => names.first(),
        _ => None,
    });
    let year = fields.iter().find_map(|(key, value)| match value {
        Value::Text(date) if *key == "date" => date.split('-').next(),
        _ => None,
    });
    let family = match name {
        Some(Name::Person { family, .. }) => to_id(family).replace('-', ""),
        Some(Name::Literal(name)) => to_id(name),
        None => return to_id(doi),
    };
    let key = format!("{family}{}", year.unwrap_or_default());
    if is_key(&key) { key } else { to_id(doi) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bibliography::record;

    #[test]
    fn a_doi_is_found_in_its_usual_forms() {
        for (text, expected) in [
            ("10.1000/182", Some("10.1000/182")),
            ("doi:10.1000/182", Some("10.1000/182")),
            (" https://doi.org/10.1016/S0140-6736(20)30183-5 ", Some("10.1016/S0140-6736(20)30183-5")),
            ("HTTP://DX.DOI.ORG/10.1000/182", Some("10.1000/182")),
            ("10.1000/", None),
            ("10.x/182", None),
            ("11.1000/182", None),
            ("library.bib", None),
            ("https://example.org/10.1000/182", None),
        ] {
            assert_eq!(doi(text).as_deref(), expected, "{text}");
        }
        assert_eq!(doi_path("10.1002/(SICI)1<a>;b#c?d"), "10.1002/%28SICI%291%3Ca%3E%3Bb%23c%3Fd");
    }

    #[test]
    fn what_only_registries_understand_is_left_out() {
        let answer = r#"{"type": "journal-article", "title": "On <i>things</i>", "DOI": "10.1/x", "URL": "https://doi.org/10.1000/182",
            "author": [{"given": "Yann", "family": "Le Cun", "sequence": "first", "affiliation": []}, {"name": "A Group"}],
            "container-title": "Nature", "ISSN": ["0028-0836", "1476-4687"], "license": [{"URL": "https://x.org"}],
            "issued": {"date-parts": [[2015, 5, 27]]}, "reference": [{"key": "a"}], "indexed": {"date-parts": [[2024]]},
            "volume": "521", "page": "436-444", "subtitle": [], "is-referenced-by-count": 5}"#;
        let entry = read_doi(answer, "10.1000/182").unwrap_or_else(|faults| panic!("{faults:?}"));
        insta::assert_snapshot!(record(&entry), @r#"
        - id: lecun2015
          kind: article-journal
          title: On things
          container: Nature
          volume: "521"
          pages: "436-444"
          doi: "10.1000/182"
          issn: "0028-0836, 1476-4687"
          authors:
            - Le Cun, Yann
            - A Group
          date: "2015-05-27"
        "#);
        for (answer, message) in
            [("<html>", "not CSL-JSON"), ("{\"type\": \"x\"}", "is not a type of CSL"), ("[]", "not CSL-JSON")]
        {
            let faults = read_doi(answer, "10.1000/182").expect_err("it cannot be read");
            assert!(faults.iter().any(|fault| fault.message.contains(message)), "{faults:?}");
        }
    }
}

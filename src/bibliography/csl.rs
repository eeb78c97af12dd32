//! Sources as CSL-JSON 1.0.2.

use serde_json::{Map, Value, json};

use super::fields::{NAMES, TEXTS};
use crate::evidence::{Name, Precision, Source, SourceKind, When};

/// A source as CSL-JSON has it; `language` is that of a source that names none. What CSL has no variable for is in `custom`.
pub fn csl(source: &Source, language: &str) -> Value {
    let mut item = Map::new();
    item.insert("id".into(), json!(source.id.value));
    // The schema of CSL-JSON has no `event`, `license` and `event-title`, though CSL has that type and these variables.
    let is_event = source.kind == SourceKind::Event;
    item.insert("type".into(), json!(if is_event { "document" } else { source.kind.csl() }));
    item.insert("title".into(), json!(source.name()));
    item.insert("language".into(), json!(source.language.as_ref().map_or(language, |language| language.as_str())));
    if let Some(when) = source.date.as_deref() {
        item.insert("issued".into(), date(when));
    }
    if !source.public {
        return Value::Object(item);
    }
    for text in TEXTS.iter().filter(|text| text.key != "licence") {
        if let Some(value) = (text.get)(source) {
            item.insert(text.csl.into(), json!(value));
        }
    }
    for names in NAMES {
        let list: Vec<Value> = (names.get)(source).iter().map(name).collect();
        if !list.is_empty() {
            item.insert(names.csl.into(), json!(list));
        }
    }
    if let Some(when) = source.accessed.as_deref() {
        item.insert("accessed".into(), date(when));
    }
    if source.title.is_none() && source.note.is_none() {
        item.insert("note".into(), json!("title in our words"));
    }
    let custom = [
        ("type", is_event.then_some("event")),
        ("archive-url", source.archive_url.as_ref().map(|url| url.value.as_str())),
        ("archive-date", source.archive_date.as_ref().map(|date| date.edtf())),
        ("license", source.licence.as_deref()),
        ("credit", source.credit.as_deref()),
    ];
    let custom: Map<String, Value> =
        custom.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value?)))).collect();
    if !custom.is_empty() {
        item.insert("custom".into(), Value::Object(custom));
    }
    Value::Object(item)
}

fn name(name: &Name) -> Value {
    match name {
        Name::Literal(name) => json!({ "literal": name }),
        Name::Person { family, given, non_dropping_particle, dropping_particle, suffix } => {
            let parts = [
                ("family", family),
                ("given", given),
                ("non-dropping-particle", non_dropping_particle),
                ("dropping-particle", dropping_particle),
                ("suffix", suffix),
            ];
            let parts = parts.into_iter().filter(|(_, part)| !part.is_empty());
            Value::Object(parts.map(|(key, part)| (key.to_owned(), json!(part))).collect())
        }
    }
}

/// A date as CSL has it: one or two lists of numbers, a season from 1 to 4, or words.
pub(super) fn date(when: &When) -> Value {
    let edtf = when.edtf();
    let ends: Option<Vec<Vec<i64>>> = edtf.split('/').map(date_parts).collect();
    let mut item = Map::new();
    match (ends, season(edtf)) {
        (_, Some((year, season))) => {
            item.insert("date-parts".into(), json!([[year]]));
            item.insert("season".into(), json!(season));
        }
        (Some(ends), None) => _ = item.insert("date-parts".into(), json!(ends)),
        (None, None) => return json!({ "literal": when.text() }),
    }
    if when.is_uncertain() || when.is_approximate() {
        item.insert("circa".into(), json!(true));
    }
    Value::Object(item)
}

/// Year, month and day of one plain date, as far as it names them.
fn date_parts(edtf: &str) -> Option<Vec<i64>> {
    let when = When::parse(edtf).ok()?;
    let day = when.earliest().filter(|day| (1..=9999).contains(&day.year))?;
    let parts = [day.year, day.month.into(), day.day.into()];
    let count = match when.precision() {
        Precision::Year => 1,
        Precision::Month => 2,
        Precision::Day | Precision::Time => 3,
        _ => return None,
    };
    Some(parts.into_iter().take(count).collect())
}

/// The year and the season of a date that names one, from 1 for spring to 4 for winter.
fn season(edtf: &str) -> Option<(i64, u8)> {
    let when = When::parse(edtf).ok().filter(|when| when.precision() == Precision::Season)?;
    let season = edtf.get(5..7)?.parse::<u8>().ok().filter(|code| (21..=32).contains(code))?;
    Some((when.earliest()?.year, (season - 21) % 4 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_numbers_wherever_csl_has_a_form_for_them() {
        for (edtf, expected) in [
            ("2018", json!({ "date-parts": [[2018]] })),
            ("2018-02-23", json!({ "date-parts": [[2018, 2, 23]] })),
            ("2018-02~", json!({ "date-parts": [[2018, 2]], "circa": true })),
            ("2018-02-23T14:30:00Z", json!({ "date-parts": [[2018, 2, 23]] })),
            ("2014/2018", json!({ "date-parts": [[2014], [2018]] })),
            ("2018-02-23/2018-03", json!({ "date-parts": [[2018, 2, 23], [2018, 3]] })),
            ("2018-21", json!({ "date-parts": [[2018]], "season": 1 })),
            ("2018-24?", json!({ "date-parts": [[2018]], "season": 4, "circa": true })),
            ("2018/..", json!({ "literal": "from 2018 on" })),
            ("-0043", json!({ "literal": "some time in 44 BC" })),
            ("201X", json!({ "literal": "the 2010s" })),
        ] {
            let when = When::parse(edtf).unwrap_or_else(|error| panic!("{}", error.message));
            assert_eq!(date(&when), expected, "{edtf}");
        }
    }
}

//! The ledger as files for other programs. All of them are written from the same views as the pages.

use serde_json::{Map, Value, json};

use crate::data::to_id;
use crate::evidence::{BoundDate, Ledger, Precision, When};
use crate::parse::Day;

use super::SharedView;
use super::view::{ClaimView, EventView, SourceView, Views, WhenView, full_href};

/// The names of the data files that a ledger makes; none for what is empty.
pub fn data_names(ledger: &Ledger) -> Vec<&'static str> {
    let claims = (!ledger.claims.is_empty()).then_some("claims.json");
    let sources = (!ledger.sources.is_empty()).then_some("sources.json");
    let events = if ledger.events.is_empty() { &[][..] } else { &["timeline.json", "timeline.csv", "timeline.ics"] };
    claims.into_iter().chain(events.iter().copied()).chain(sources).collect()
}

/// The data files that [`data_names`] names, with their bytes.
pub fn data_files(views: Views<'_>) -> Vec<(&'static str, Vec<u8>)> {
    let ledger = &views.site.ledger;
    let claims = || ledger.claims.iter().map(|claim| views.claim(claim)).collect::<Vec<SharedView<ClaimView>>>();
    let events: Vec<EventView> = views.events(None).into_iter().map(|event| views.event(event)).collect();
    let file = |name| match name {
        "claims.json" => pretty(&claims()),
        "timeline.json" => pretty(&events),
        "timeline.csv" => csv(&events),
        "timeline.ics" => ics(views, &events),
        _ => pretty(&ledger.sources.iter().map(|source| csl(&views.source(source))).collect::<Vec<_>>()),
    };
    data_names(ledger).into_iter().map(|name| (name, file(name))).collect()
}

fn pretty<T: serde::Serialize>(data: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(data).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The timeline as RFC 4180 has it.
fn csv(events: &[EventView]) -> Vec<u8> {
    let mut text = "id,title,edtf,date,start,end,status,standing,disputed,topics,sources,claims\r\n".to_owned();
    for event in events {
        let when = event.when.as_ref();
        let of = |part: fn(&WhenView) -> Option<&str>| when.and_then(part).unwrap_or_default().to_owned();
        let ids = |ids: Vec<&str>| ids.join(" ");
        let fields = [
            event.id.clone(),
            no_formula(&event.title),
            of(|when| Some(&when.edtf)),
            of(|when| Some(&when.text)),
            of(|when| when.start.as_deref()),
            of(|when| when.end.as_deref()),
            event.status.to_owned(),
            event.standing.word.to_owned(),
            event.standing.disputed.to_string(),
            ids(event.topics.iter().map(|topic| topic.id.as_str()).collect()),
            ids(event.sources.iter().map(|source| source.id.as_str()).collect()),
            ids(event.claims.iter().map(|claim| claim.id.as_str()).collect()),
        ];
        text.push_str(&fields.map(|field| quoted(&field)).join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// A text that spreadsheets do not take for a formula. Only words need this: all else has a form of its own.
fn no_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// Quotes a CSV field where it must be.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// The timeline as iCalendar (RFC 5545): all-day entries that block no time. What is coarser than a day says so in its
/// summary; what has one end only is shown on that day. The calendar's description names what a calendar cannot show.
fn ics(views: Views<'_>, events: &[EventView]) -> Vec<u8> {
    let config = &views.site.config;
    // An entry is the same one in every copy of the file, and no other site's.
    let host = config.base_url().and_then(|base| base.split_once("://")?.1.split('/').next());
    let whose = host.map_or_else(|| to_id(&config.title), str::to_owned);
    let changed = views.site.pages.iter().filter_map(|page| page.metadata.front.last_change()).max();
    let (mut entries, mut omitted) = (Vec::new(), Vec::new());
    for event in events {
        let Some((when, (start, after))) = event.when.as_ref().and_then(|when| Some((when, calendar_days(when)?)))
        else {
            omitted.push(event.title.as_str());
            continue;
        };
        let exact = when.precision == "day" && !when.inferred && !when.approximate;
        let summary = if exact { event.title.clone() } else { format!("{} ({})", event.title, when.text) };
        let topics: Vec<String> = event.topics.iter().map(|topic| ics_text(&topic.title)).collect();
        entries.extend(["BEGIN:VEVENT".to_owned(), format!("UID:{}@{whose}", event.id)]);
        entries.extend(revision(changed));
        entries.extend([
            format!("DTSTART;VALUE=DATE:{}", start.strftime("%Y%m%d")),
            format!("DTEND;VALUE=DATE:{}", after.strftime("%Y%m%d")),
            format!("SUMMARY:{}", ics_text(&summary)),
            format!("DESCRIPTION:{}", ics_text(&event.standing.sentence)),
            format!("CATEGORIES:{}", topics.join(",")),
            format!("STATUS:{}", if when.inferred { "TENTATIVE" } else { "CONFIRMED" }),
            "TRANSP:TRANSPARENT".into(),
        ]);
        entries.extend(config.base_url().map(|base| format!("URL:{base}{}", full_href(views.site, &event.href))));
        entries.push("END:VEVENT".into());
    }
    let mut lines: Vec<String> =
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Dossier//Timeline//EN", "CALSCALE:GREGORIAN"]
            .map(str::to_owned)
            .to_vec();
    // Each by the standard's name (RFC 7986), and by the one that programs know.
    let name = ics_text(&config.title);
    lines.extend([format!("NAME:{name}"), format!("X-WR-CALNAME:{name}")]);
    if !omitted.is_empty() {
        let text = format!("Not in this calendar, for want of a date that it can show: {}", omitted.join("; "));
        let text = ics_text(&text);
        lines.extend([format!("DESCRIPTION:{text}"), format!("X-WR-CALDESC:{text}")]);
    }
    lines.extend(entries);
    lines.push("END:VCALENDAR".into());
    lines.iter().flat_map(|line| folded(line)).collect()
}

/// The first day of an entry and the day after its last; none for a date without bounds, or with years that iCalendar
/// has no form for.
fn calendar_days(when: &WhenView) -> Option<(Day, Day)> {
    let (start, end) = when.bounds;
    let day = |day: BoundDate| {
        let year = i16::try_from(day.year).ok().filter(|year| (1..=9999).contains(year))?;
        Day::new(year, i8::try_from(day.month).ok()?, i8::try_from(day.day).ok()?).ok()
    };
    Some((day(start.or(end)?)?, day(end.or(start)?)?.tomorrow().ok()?))
}

/// When an entry was last changed, as far as pages say; its number grows with every later day.
fn revision(changed: Option<Day>) -> Vec<String> {
    let Some(day) = changed else { return vec!["DTSTAMP:19700101T000000Z".to_owned()] };
    let stamp = format!("{}T000000Z", day.strftime("%Y%m%d"));
    let number = (day - Day::constant(1970, 1, 1)).get_days().max(0);
    vec![format!("DTSTAMP:{stamp}"), format!("LAST-MODIFIED:{stamp}"), format!("SEQUENCE:{number}")]
}

fn ics_text(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n");
    text.replace(char::is_control, " ")
}

/// A content line of at most 75 octets a row, as section 3.1 asks.
fn folded(line: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(line.len() + 4);
    let mut row = 0;
    for char in line.chars() {
        if row + char.len_utf8() > 75 {
            bytes.extend_from_slice(b"\r\n ");
            row = 1;
        }
        bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        row += char.len_utf8();
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// A source as CSL-JSON 1.0.2 has it.
fn csl(source: &SourceView) -> Value {
    let mut item = Map::new();
    item.insert("id".into(), json!(source.id));
    item.insert("type".into(), json!(csl_type(source.kind)));
    item.insert("title".into(), json!(source.title));
    item.insert("language".into(), json!(source.language));
    if let Some(publisher) = &source.publisher {
        item.insert("publisher".into(), json!(publisher));
    }
    if let Some(url) = &source.url {
        item.insert("URL".into(), json!(url));
    }
    if let Some(when) = &source.date {
        item.insert("issued".into(), issued(when));
    }
    if source.described {
        item.insert("note".into(), json!("title in our words"));
    }
    Value::Object(item)
}

fn csl_type(kind: &str) -> &'static str {
    match kind {
        "press-release" => "pamphlet",
        "interview" => "interview",
        "paper" => "article-journal",
        "dataset" => "dataset",
        "web-page" => "webpage",
        "book" => "book",
        "other" => "document",
        _ => "article-newspaper",
    }
}

/// A date as CSL has it: one or two lists of numbers, a season from 1 to 4, or words.
fn issued(when: &WhenView) -> Value {
    let ends: Option<Vec<Vec<i64>>> = when.edtf.split('/').map(date_parts).collect();
    let mut item = Map::new();
    match (ends, season(&when.edtf)) {
        (_, Some((year, season))) => {
            item.insert("date-parts".into(), json!([[year]]));
            item.insert("season".into(), json!(season));
        }
        (Some(ends), None) => _ = item.insert("date-parts".into(), json!(ends)),
        (None, None) => return json!({ "literal": when.text }),
    }
    if when.inferred || when.approximate {
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

    fn view(edtf: &str) -> WhenView {
        WhenView::of(&When::parse(edtf).unwrap_or_else(|error| panic!("{}", error.message)), None)
    }

    #[test]
    fn csl_gets_numbers_wherever_it_has_a_form_for_them() {
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
            assert_eq!(issued(&view(edtf)), expected, "{edtf}");
        }
    }

    #[test]
    fn calendars_get_days_that_icalendar_can_write() {
        let days = |edtf| calendar_days(&view(edtf)).map(|(from, after)| format!("{from} {after}"));
        assert_eq!(days("2018-02").as_deref(), Some("2018-02-01 2018-03-01"));
        assert_eq!(days("2018-02/..").as_deref(), Some("2018-02-01 2018-02-02"));
        assert_eq!(days("../2018-02-27").as_deref(), Some("2018-02-27 2018-02-28"));
        for none in ["-0043-03-15", "0000", "XXXX-12-25", "Y20180", "9999-12-31", "-0001/0001"] {
            assert_eq!(days(none), None, "{none}");
        }
    }

    #[test]
    fn only_words_are_kept_from_being_formulas() {
        assert_eq!(quoted(&no_formula("=1+1, or so")), "\"'=1+1, or so\"");
        assert_eq!(quoted("-0043-03-15"), "-0043-03-15");
    }
}

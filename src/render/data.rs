//! The ledger as files for other programs. All of them are written from the same views as the pages.

use crate::bibliography::{bibtex, csl};
use crate::data::to_id;
use crate::evidence::{BoundDate, Ledger};
use crate::parse::Day;

use super::HOST_FILES;
use super::view::{EventView, Views, WhenView, full_href};

/// Whether a file of this name may be made of the pages and the settings: one that is asked for besides need not be made
/// to be known as missing.
pub fn is_site_file(name: &str) -> bool {
    ["feed.xml", "robots.txt", "sitemap.xml"].contains(&name)
        || HOST_FILES.contains(&name)
        || name.starts_with("sitemap-") && name.ends_with(".xml")
        || name.contains("/by/places-") && name.ends_with(".js")
}

/// The names of the data files that a ledger makes; none for what is empty.
pub fn data_names(ledger: &Ledger) -> Vec<&'static str> {
    let claims = if ledger.claims.is_empty() { &[][..] } else { &["claims.json", "claims.jsonl"] };
    let sources = if ledger.sources.is_empty() { &[][..] } else { &["sources.json", "references.bib"] };
    let events = if ledger.events.is_empty() { &[][..] } else { &["timeline.json", "timeline.csv", "timeline.ics"] };
    [claims, events, sources].concat()
}

/// One of the data files that [`data_names`] names.
pub fn data_file(name: &str, views: Views<'_>) -> Vec<u8> {
    let ledger = &views.site.ledger;
    let language = views.site.config.language.to_string();
    let events = || views.events(None).into_iter().map(|event| views.event(event));
    match name {
        "claims.json" => array(ledger.claims.iter(), |claim, bytes| put_json(&*views.claim(claim), bytes)),
        "claims.jsonl" => lines(ledger.claims.iter(), |claim, bytes| put_json(&*views.claim(claim), bytes)),
        "timeline.json" => array(events(), |event, bytes| put_json(&event, bytes)),
        "timeline.csv" => csv(events()),
        "timeline.ics" => ics(views, events()),
        "references.bib" => {
            ledger.sources.iter().map(|source| bibtex(source, &language)).collect::<String>().into_bytes()
        }
        _ => array(ledger.sources.iter(), |source, bytes| put_json(&csl(source, &language), bytes)),
    }
}

fn put_json<T: serde::Serialize>(data: &T, bytes: &mut Vec<u8>) {
    let _ = serde_json::to_writer(bytes, data);
}

/// A line for each record, for programs that read one at a time.
fn lines<R>(records: impl Iterator<Item = R>, put: impl Fn(R, &mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    for record in records {
        put(record, &mut bytes);
        bytes.push(b'\n');
    }
    bytes
}

/// A JSON array with a line for each record, so that line tools and diffs show records.
fn array<R>(records: impl Iterator<Item = R>, put: impl Fn(R, &mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = b"[".to_vec();
    for (number, record) in records.enumerate() {
        bytes.extend_from_slice(if number == 0 { b"\n" } else { b",\n" });
        put(record, &mut bytes);
    }
    bytes.extend_from_slice(b"\n]\n");
    bytes
}

/// The timeline as RFC 4180 has it.
fn csv(events: impl Iterator<Item = EventView>) -> Vec<u8> {
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
fn ics(views: Views<'_>, events: impl Iterator<Item = EventView>) -> Vec<u8> {
    let config = &views.site.config;
    // An entry is the same one in every copy of the file, and no other site's.
    let host = config.base_url().and_then(|base| base.split_once("://")?.1.split('/').next());
    let whose = host.map_or_else(|| to_id(&config.title), str::to_owned);
    let changed = views.site.pages.iter().filter_map(|page| page.metadata.front.last_change()).max();
    let (mut entries, mut omitted) = (Vec::new(), Vec::new());
    for event in events {
        let Some((when, (start, after))) = event.when.as_ref().and_then(|when| Some((when, calendar_days(when)?)))
        else {
            omitted.push(event.title);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::When;

    fn view(edtf: &str) -> WhenView {
        WhenView::of(&When::parse(edtf).unwrap_or_else(|error| panic!("{}", error.message)), None)
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

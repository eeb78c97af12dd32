use proptest::prelude::*;

use super::*;
use crate::data::Coded;

#[test]
fn words_are_no_finer_and_no_surer_than_the_date() {
    for (edtf, words) in [
        ("2015", "some time in 2015"),
        ("2016-06", "June 2016"),
        ("2018-02-27", "27 February 2018"),
        ("2018-02-23?", "probably 23 February 2018"),
        ("2018-02?", "probably February 2018"),
        ("2018?", "probably 2018"),
        ("2018~", "about 2018"),
        ("2016-06~", "about June 2016"),
        ("2018%", "probably about 2018"),
        ("2018-02-?23", "23 February 2018, the day doubtful"),
        ("2018?-02-23", "23 February 2018, the year doubtful"),
        ("201X", "the 2010s"),
        ("20XX", "the years 2000 to 2099"),
        ("1950S2", "some time between 1900 and 1999"),
        ("2018-XX", "some time in 2018"),
        ("2018-02-XX", "a day in February 2018"),
        ("2018-XX-XX", "some time in 2018"),
        ("2018-1X", "a month between October 2018 and December 2018"),
        ("2018-02-1X", "a day between 10 and 19 February 2018"),
        ("201X-02", "February of a year in the 2010s"),
        ("156X-12-25", "25 December of a year in the 1560s"),
        ("15XX-12-25", "25 December of a year in the years 1500 to 1599"),
        ("156X-12-2X", "a day between 20 and 29 December of a year in the 1560s"),
        ("156X-12-XX", "a day in December of a year in the 1560s"),
        ("156X-XX", "the 1560s"),
        ("XXXX-12-25", "25 December of an unknown year"),
        ("XXXX", "an unknown year"),
        ("192X-21", "spring of a year in the 1920s"),
        ("192X-33", "the first quarter of a year in the 1920s"),
        ("-0043-02-1X", "a day between 10 and 19 February 44 BC"),
        ("-0043-1X", "a month between October 44 BC and December 44 BC"),
        ("Y-170000002S3", "some time between 171000000 BC and 170000001 BC"),
        ("2018-02-23/2018-02-23", "23 February 2018"),
        ("2018-02/2018-02", "within February 2018"),
        ("[2018..2018]", "2018"),
        ("2018-21", "spring 2018"),
        ("2018-33", "the first quarter of 2018"),
        ("-0043", "some time in 44 BC"),
        ("Y-170000002", "some time in 170000003 BC"),
        ("2018-02-23T14:30:00", "23 February 2018, 14:30"),
        ("2018-02-23T14:30:05Z", "23 February 2018, 14:30:05 UTC"),
        ("2018-02-23T14:30:00+08:00", "23 February 2018, 14:30 UTC+08:00"),
        ("2014/2018", "from 2014 to 2018"),
        ("2018-02/2018-06", "from February to June 2018"),
        ("2017-10-21/2017-10-31", "from 21 to 31 October 2017"),
        ("2017-09-21/2017-10-31", "from 21 September to 31 October 2017"),
        ("2016-12-30/2017-01-02", "from 30 December 2016 to 2 January 2017"),
        ("2018-02/..", "from February 2018 on"),
        ("2018-02/", "from February 2018 to an unknown end"),
        ("../2018", "until 2018"),
        ("/2018", "from an unknown start to 2018"),
        ("2014?/2018", "from probably 2014 to 2018"),
        ("2014~/2018~", "from about 2014 to about 2018"),
        ("2018-02-23?/2018-02-27?", "probably from 23 to 27 February 2018"),
        ("2018-02-23~/2018-02-27", "from about 23 February 2018 to 27 February 2018"),
        ("[2015?,2016?]", "probably 2015 or 2016"),
        ("[2017-10-21..2017-10-31]", "a day between 21 and 31 October 2017"),
        ("[2014..2018]", "some time between 2014 and 2018"),
        ("[2018-02..2018-04]", "a month between February and April 2018"),
        ("[2015,2016]", "2015 or 2016"),
        ("[..2018]", "2018 or earlier"),
        ("{2015,2016-06}", "2015 and June 2016"),
        ("{2017-10-21..2017-10-31}", "every day from 21 to 31 October 2017"),
    ] {
        let text = When::parse(edtf).map_or_else(|error| format!("{:?}", error.message), |when| when.text());
        assert_eq!(text, words, "{edtf}");
    }
}

#[test]
fn machines_get_only_what_is_certain() {
    let iso = |text: &str| When::parse(text).ok().and_then(|when| when.iso());
    for same in ["2015", "2016-06", "2018-02-23", "2018-02-23T14:30:00Z"] {
        assert_eq!(iso(same).as_deref(), Some(same));
    }
    for none in ["2018?", "2018-02~", "201X", "2018-21", "2014/2018", "[2015,2016]", "-0043", "Y20180", "1950S2"] {
        assert_eq!(iso(none), None, "{none}");
    }
}

#[test]
fn dates_have_bounds_and_an_order() -> Result<(), Coded<'static>> {
    let day = |text: &str| When::parse(text).map(|when| (when.start(), when.end()));
    assert_eq!(day("2016-02")?, (Date::new(2016, 2, 1).ok(), Date::new(2016, 2, 29).ok()));
    assert_eq!(day("2018-02/..")?, (Date::new(2018, 2, 1).ok(), None));
    assert_eq!(day("Y170000002")?, (None, None));
    let far = |text: &str| When::parse(text).map(|when| when.earliest().map(edtf_day));
    assert_eq!(far("Y170000002")?.as_deref(), Some("Y170000002"));
    assert_eq!(far("-0043-03-15")?.as_deref(), Some("-0043-03-15"));
    assert_eq!(far("XXXX-12-25")?, None);
    let when = |text: &str| When::parse(text);
    assert!(when("2014")?.is_before(&when("2015")?) && when("2015")?.meets(&when("2015-06")?));
    assert!(when("2018-02/..")?.meets(&when("2030")?));
    let mut dates =
        ["2018-02-27", "Y20180", "-0043", "2018-02/..", "2014", "XXXX", "Y-20180", "2018", "2014-01-01", "../2013"]
            .map(when)
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
    dates.sort();
    let sorted: Vec<&str> = dates.iter().map(When::edtf).collect();
    let expected =
        ["Y-20180", "-0043", "../2013", "2014-01-01", "2014", "2018", "2018-02/..", "2018-02-27", "Y20180", "XXXX"];
    assert_eq!(sorted, expected);
    assert_eq!(when("2018-02-23?")?.weekday(), Some("Friday"));
    assert_eq!(when("2018-02")?.weekday(), None);
    Ok(())
}

#[test]
fn explains_dates_that_do_not_exist() {
    let mut shown = String::new();
    for text in [
        "2018-02-30",
        "2018-13-01",
        "2018-13",
        "2018-2-3",
        "2018-2",
        "23 February 2018",
        "Feb 2018",
        "February 23, 2018",
        "last year",
        "2018/2014",
        "",
        "2018 ",
        "２０１８",
        "[2018..2014]",
        "2018-02-30/2019",
        "18-02-23",
        "201u",
        "2018-02-uu",
        "y170000002",
        "2018/unknown",
        "2018?~",
        "44 BC",
        "1 BC",
    ] {
        match When::parse(text) {
            Err(error) => shown += &format!("{} ({})\n", error.message, error.hint.unwrap_or_default()),
            Ok(when) => shown += &format!("{when:?}\n"),
        }
    }
    insta::assert_snapshot!(shown, @r"
    `2018-02-30` is not a date: day is out of range for the month (February 2018 has 28 days)
    `2018-13-01` is not a date: month must be 01-12 or a sub-year code 21-41 (there is no month 13)
    `2018-13` is not a date: month must be 01-12 or a sub-year code 21-41 (write EDTF such as `2018`, `2018-02` or `2018-02-23`; `dossier explain bad-date` shows the rest)
    `2018-2-3` is not a date: month must be two digits (or X) (write `2018-02-03`)
    `2018-2` is not a date: month must be two digits (or X) (write `2018-02`)
    `23 February 2018` is not a date: whitespace is not allowed (write `2018-02-23`)
    `Feb 2018` is not a date: whitespace is not allowed (write `2018-02`)
    `February 23, 2018` is not a date: whitespace is not allowed (write `2018-02-23`)
    `last year` is not a date: whitespace is not allowed (write EDTF such as `2018`, `2018-02` or `2018-02-23`; `dossier explain bad-date` shows the rest)
    `2018/2014` is not a date: interval end precedes interval start (write EDTF such as `2018`, `2018-02` or `2018-02-23`; `dossier explain bad-date` shows the rest)
    `` is not a date: empty input (write EDTF such as `2018`, `2018-02` or `2018-02-23`; `dossier explain bad-date` shows the rest)
    `2018 ` is not a date: whitespace is not allowed (write EDTF such as `2018`, `2018-02` or `2018-02-23`; `dossier explain bad-date` shows the rest)
    `２０１８` is not a date: EDTF permits ASCII characters only (write EDTF such as `2018`, `2018-02` or `2018-02-23`; `dossier explain bad-date` shows the rest)
    `[2018..2014]` is not a date: set range end precedes range start (write EDTF such as `2018`, `2018-02` or `2018-02-23`; `dossier explain bad-date` shows the rest)
    `2018-02-30/2019` is not a date: day is out of range for the month (write EDTF such as `2018`, `2018-02` or `2018-02-23`; `dossier explain bad-date` shows the rest)
    `18-02-23` is not a date: year must have exactly four digits (or X) (write the year with four digits, as in `2018-02-23`)
    `201u` is not a date: year must have exactly four digits (or X) (write `201X`: a digit that is not known is an `X`)
    `2018-02-uu` is not a date: day must be two digits (or X) (write `2018-02-XX`: a digit that is not known is an `X`)
    `y170000002` is not a date: year must have exactly four digits (or X) (write `Y170000002`)
    `2018/unknown` is not a date: year must have exactly four digits (or X) (write `2018/`)
    `2018?~` is not a date: expected '-' before month (write `2018%`)
    `44 BC` is not a date: whitespace is not allowed (write `-0043`: 1 BC is `0000`, 2 BC `-0001`)
    `1 BC` is not a date: whitespace is not allowed (write `0000`: 1 BC is `0000`, 2 BC `-0001`)
    ");
}

#[test]
fn yaml_gives_years_as_numbers_and_brackets_as_lists() {
    let read = |yaml| serde_yaml::from_str::<When>(yaml).ok().map(|when| when.edtf().to_owned());
    assert_eq!(read("2015").as_deref(), Some("2015"));
    assert_eq!(read("2018-02-23?").as_deref(), Some("2018-02-23?"));
    assert_eq!(read("\"[2015,2016]\"").as_deref(), Some("[2015,2016]"));
    assert!(["[2015..2016]", "{2015, 2016}", "true", "20.15", "~"].iter().all(|yaml| read(yaml).is_none()));
}

proptest! {
    #[test]
    fn no_text_panics(text in "[-0-9XYSET?~%/.\\[\\]{},:Z+ ]{0,24}") {
        if let Ok(when) = When::parse(&text) {
            prop_assert!(!when.text().is_empty());
            let _ = (when.iso(), when.sort_key(), when.precision(), when.weekday());
        }
    }
}

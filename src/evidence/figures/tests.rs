use proptest::prelude::*;

use super::super::When;
use super::Carried::{Finer, No, Yes};
use super::*;

fn show(text: &str) -> String {
    let found = figures(text).into_iter().map(|figure| {
        let word = text.get(figure.range.clone()).unwrap_or("?");
        let kind = match figure.kind {
            FigureKind::Number { value, percent, currency } => {
                format!(
                    "{value}{}{}",
                    if percent { "%" } else { "" },
                    currency.map(|c| format!(" {c}")).unwrap_or_default()
                )
            }
            FigureKind::Year(year) => format!("year {year}"),
            FigureKind::Decade(year) => format!("decade {year}"),
            FigureKind::Calendar(Calendar { year, month, day }) => {
                let part = |part: Option<String>| part.unwrap_or("?".into());
                format!("{}-{month}-{}", part(year.map(|y| y.to_string())), part(day.map(|d| d.to_string())))
            }
            FigureKind::Weekday(day) => format!("weekday {day}"),
            FigureKind::Time(hour, minute) => format!("{hour}:{minute:02}"),
            FigureKind::Verbatim(text) => format!("={text}"),
        };
        format!("[{word}] {kind}")
    });
    found.collect::<Vec<_>>().join("; ")
}

#[test]
fn finds_figures_however_they_are_written() {
    let texts = [
        "about 1,500 patents, 1500 patents, 1 500 patents, 1\u{202f}500 patents",
        "Seven partners and twelve more; one of them",
        "15%, 15 %, 15 per cent, 15 percent, 1.50 percentage points",
        "$1.5 billion, 1,500 million US dollars, €5m, 5bn yuan, two million RMB 30",
        "from 10 to 15 per cent, 5–10 million, between 5 and 10 million, 3 and 4 million",
        "in 2015, since the 2010s, 2014–18, from 2014 to 2018",
        "on 23 February 2018, on Friday 23rd of February, February 23, 2018",
        "21–31 October 2017, between 21 and 31 October 2017, from 21 September to 31 October 2017",
        "from February to June 2018, in May, May it last, mid-March, Mar 2018, Sept 2018",
        "on 2018-02-23 and in 2018-02, at 14:30",
        "Windows 10, version 10.0.1, MP3, A7, 4G, 8GB, 13.3-inch, 24-hour, the 21st, Office 365",
        "1, 2, 3, 100,000, 12,34, 1.000",
        "Fridays; no one; 0.5; 007; 99999999999999999999999999999999999999999",
        "1492 and 1700 and 3000",
    ];
    insta::assert_snapshot!(texts.map(show).join("\n"), @r"
    [1,500] 1500; [1500] 1500; [1 500] 1500; [1 500] 1500
    [Seven] 7; [twelve] 12; [one] 1
    [15%] 15%; [15 %] 15%; [15 per cent] 15%; [15 percent] 15%; [1.50 percentage points] 1.5%
    [1.5 billion] 1500000000 dollar; [1,500 million US dollars] 1500000000 dollar; [5m] 5000000 euro; [5bn yuan] 5000000000 yuan; [two million RMB] 2000000 yuan; [30] 30 yuan
    [10] 10%; [15 per cent] 15%; [5] 5000000; [10 million] 10000000; [5] 5000000; [10 million] 10000000; [3] 3; [4 million] 4000000
    [2015] year 2015; [2010s] decade 2010; [2014] year 2014; [18] year 2018; [2014] year 2014; [2018] year 2018
    [23 February 2018] 2018-2-23; [Friday] weekday 4; [23rd of February] 2018-2-23; [February 23, 2018] 2018-2-23
    [21] 2017-10-21; [31 October 2017] 2017-10-31; [21] 2017-10-21; [31 October 2017] 2017-10-31; [21 September] 2017-9-21; [31 October 2017] 2017-10-31
    [February] 2018-2-?; [June 2018] 2018-6-?; [May] ?-5-?; [March] 2018-3-?; [Mar 2018] 2018-3-?; [Sept 2018] 2018-9-?
    [2018-02-23] 2018-2-23; [2018-02] 2018-2-?; [14:30] 14:30
    [10] 10; [10.0.1] =10.0.1; [4G] 4; [8GB] 8; [13.3] 13.3; [24] 24; [21st] 21; [365] 365
    [1] 1; [2] 2; [3] 3; [100,000] 100000; [12] 12; [34] 34; [1.000] 1
    [Fridays] weekday 4; [one] 1; [0.5] 0.5; [007] 7; [99999999999999999999999999999999999999999] 99999999999999999999999999999900000000000
    [1492] 1492; [1700] year 1700; [3000] 3000
    ");
}

#[test]
fn a_sentence_says_no_more_than_it_rests_on() -> Result<(), crate::data::Coded<'static>> {
    let verdict = |sentence: &str, texts: &str, dates: &[&str]| {
        let mut carrier = Carrier::default();
        carrier.text(texts);
        for date in dates {
            carrier.date(&When::parse(date)?);
        }
        let all = figures(sentence).into_iter().map(|figure| carrier.carries(&figure)).max();
        Ok(all.unwrap_or(Yes))
    };
    for (sentence, texts, dates, expected) in [
        ("1500 patents", "about 1,500 patents", &[][..], Yes),
        ("7 partners", "seven partners", &[], Yes),
        ("eight partners", "seven partners", &[], No),
        ("15%", "15 per cent", &[], Yes),
        ("15%", "15 countries", &[], No),
        ("$5 million", "5,000,000 dollars", &[], Yes),
        ("$5 million", "€5 million", &[], No),
        ("5 million", "$5m", &[], Yes),
        ("in 2018", "", &["2018-02-23?"], Yes),
        ("in 2018", "in February 2018", &[], Yes),
        ("in February 2018", "", &["2018-02-23"], Yes),
        ("on 23 February 2018", "", &["2018-02"], Finer),
        ("on 23 February 2018", "in 2018", &[], Finer),
        ("on 23 February 2018", "on 23 February", &["2018"], Yes),
        ("on 23 February", "", &["2018-02-23"], Yes),
        ("on 23 February", "", &["2018"], Finer),
        ("in February", "", &["2018-03"], No),
        ("in 2016", "", &["2014/2018"], Finer),
        ("from 2014 to 2018", "", &["2014/2018"], Yes),
        ("between 21 and 31 October 2017", "", &["[2017-10-21..2017-10-31]"], Yes),
        ("on 25 October 2017", "", &["[2017-10-21..2017-10-31]"], Finer),
        ("since February 2018", "", &["2018-02/.."], Yes),
        ("in March 2019", "", &["2018-02/.."], Finer),
        ("in the 2010s", "", &["2015"], Yes),
        ("in 2015", "", &["201X"], Finer),
        ("on Friday", "", &["2018-02-23?"], Yes),
        ("on Friday", "on a Friday", &[], Yes),
        ("on Monday", "", &["2018-02-23?"], No),
        ("on Friday", "", &["2018-02"], No),
        ("30 February 2018", "", &["2018"], No),
        ("in 2015", "in 2016", &["2017"], No),
    ] {
        assert_eq!(verdict(sentence, texts, dates)?, expected, "{sentence} <- {texts} {dates:?}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_text_panics(text in "(?s)([0-9]{1,4}|[ ,.:%$€–-]|and|to|May|February|of|seven|million|per cent|between|é|\u{202f}){0,30}") {
        let found = figures(&text);
        for figure in &found {
            prop_assert!(text.get(figure.range.clone()).is_some_and(|word| !word.is_empty()), "{figure:?}");
        }
        let mut carrier = Carrier::default();
        carrier.text(&text);
        for figure in &found {
            prop_assert!(carrier.carries(figure) == Yes || matches!(figure.kind, FigureKind::Calendar(_)), "{figure:?}");
        }
    }
}

use super::*;
use crate::evidence::When;

/// A figure in short: its kind and value.
fn short(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Several(unit) => format!("some {unit}"),
        Value::Percent(number) => format!("{number}%"),
        Value::Money(number, code) => format!("{code} {number}"),
        Value::Fraction(part, whole) => format!("{part}/{whole}"),
        Value::Ordinal(number) => format!("#{number}"),
        Value::Weekday(day) => format!("weekday {day}"),
        Value::Time(minutes) => format!("{:02}:{:02}", minutes / 60, minutes % 60),
        Value::Date(date) => {
            let field = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
            let part = date.part.map(|part| format!(" {part:?}")).unwrap_or_default();
            let (month, day) = (date.month.map(|m| m.to_string()), date.day.map(|d| d.to_string()));
            format!("{}/{}/{}{part}", field(date.year.map(|y| y.to_string())), field(month), field(day))
        }
    }
}

fn masks() -> Masks {
    Masks::new(["Windows 10", "21Vianet", "Seven Network", "Microsoft", "Formula One", "F001", "Windows 10 Pro"])
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found: Vec<String> = figures(text, &masks()).iter().map(|figure| short(&figure.value)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn numbers_in_digits() {
    for text in ["1,500 patents", "1 500 patents", "1\u{202f}500 patents", "1\u{2009}500 patents", "1’500 patents"] {
        check(text, &["1500"]);
    }
    check("about 12,345,678.50 of them", &["12345678.5"]);
    check("a ratio of 3.5, or 0.10.", &["3.5", "0.1"]);
    check("100-metre races, 5-inch screens", &["100", "5"]);
    check("2.5 million; 3 bn; 40bn; 10k; 7 thousand", &["2500000", "3000000000", "40000000000", "10000", "7000"]);
    check("15km away, 64GB inside, 5th of them", &["15", "64", "#5"]);
    check("−5 degrees and -7 degrees, a 3-4 score", &["-5", "-7", "3", "4"]);
    check("1, 2, 300 and 4,50", &["1", "2", "300", "4", "50"]);
    check("No. 5 and number 6, number seven, № 8", &["#5", "#6", "#7", "#8"]);
}

#[test]
fn money_and_shares() {
    for text in
        ["$100 billion", "100 billion dollars", "US$100bn", "100 billion US dollars", "USD 100 billion", "$100-billion"]
    {
        check(text, &["USD 100000000000"]);
    }
    check("€1.5 million, 20 €, £30, five pounds", &["EUR 1500000", "EUR 20", "GBP 30", "GBP 5"]);
    check("HK$17 and RMB 100 and 2000 yuan", &["HKD 17", "CNY 100", "CNY 2000"]);
    check("20%, 20 per cent, twenty percent, 20 pct", &["20%", "20%", "20%", "20%"]);
    check("a third of sales, two thirds, a quarter of it, 3/4, ½", &["1/3", "2/3", "1/4", "3/4", "1/2"]);
    check("half of them; half a million; one-third", &["1/2", "500000", "1/3"]);
    check("1 in 4 users, two in three, three out of ten", &["1/4", "2/3", "3/10"]);
    check(
        "3 in 10 days, 5 in 2015, two in May, 3 in 2 shops, 1 in 4-inch boxes",
        &["3", "10", "5", "2015/-/-", "2", "-/5/-", "3", "2", "1", "4"],
    );
}

#[test]
fn ranges_share_their_unit() {
    check(
        "from 10 to 15 per cent, 5–10 million, between 5 and 10 million, 3 and 4 million",
        &["10%", "15%", "5000000", "10000000", "5000000", "10000000", "3", "4000000"],
    );
    check(
        "$5–10 billion, 5 to 10 euros, 1.50 percentage points",
        &["USD 5000000000", "USD 10000000000", "EUR 5", "EUR 10", "1.5%"],
    );
}

#[test]
fn number_words() {
    check("nine products, twelve shops, thirteen", &["9", "12", "13"]);
    check("twenty-one, one hundred and five, fifteen hundred", &["21", "105", "1500"]);
    check("a hundred phones, a dozen, three dozen, a million", &["100", "12", "36", "1000000"]);
    check("two hundred and fifty thousand; ten million", &["250000", "10000000"]);
    check("hundreds of phones, millions more, dozens", &["some 100", "some 1000000", "some 12"]);
    check("tens of thousands, a few million, several hundred", &["some 10000", "some 1000000", "some 100"]);
    check("seven partners and five-year plans", &["7", "5"]);
    check("fifth by rank, the fourth largest, twenty-first, 21st", &["#5", "#4", "#21", "#21"]);
    check("Nine to five", &["9", "5"]);
    check("One and a half thousand, two and a half years, three and a half per cent", &["1500", "2.5", "3.5%"]);
}

#[test]
fn multiples() {
    check("it doubled, trebled, rose tenfold and 10-fold", &["2", "3", "10", "10"]);
    check("twice as many, double the price, three times as many", &["2", "2", "3"]);
    check("it halved, fell by half, was cut in half", &["1/2", "1/2", "1/2"]);
    check("3½ of them, 3½ million, 2¼ hours", &["3.5", "3500000", "2.25"]);
    check("it doubled as a shop; said twice; in half an hour; by half past; manifold", &[]);
}

#[test]
fn what_only_looks_like_a_figure() {
    check("the one dated article, no one, one of them, one-off", &[]);
    check("First, the second time, a third article, a third party. Third, this", &[]);
    check("the two companies and these two, but two companies", &["2"]);
    check("Windows 10, windows 10’s, Windows 10 Pro, 21Vianet, F001, Win10, 4K, 5s, Mi8, Covid-19, GPT-4", &[]);
    check("Seven Network and Formula One, but seven networks", &["7"]);
    check("version 1.2.3, 2.0.1 and v2, 163.com", &[]);
    check("Part 2: Step 3, in Version 2.1; see Fig. 4, figure 5 and Appendix 6", &[]);
    check("under CC BY-SA 3.0, over Bluetooth 5.0; with Python 3.12, Apache 2.0", &[]);
    check("in part 40 million pounds. About 3.5 metres; in Asia 3.5 per cent", &["GBP 40000000", "3.5", "3.5%"]);
    check("a record figure: 12; in parts of 4 shops", &["12", "4"]);
    check("the commentary, line 26; lines 9, 21–24 and 30; page 5", &[]);
    check("see https://example.org/2018/02/23 for more", &[]);
    check("May begins. March on. They may march.", &[]);
    check("24/7", &[]);
}

#[test]
fn dates() {
    for text in
        ["23 February 2018", "February 23, 2018", "Feb. 23, 2018", "23rd of February 2018", "2018-02-23", "23/02/2018"]
    {
        check(text, &["2018/2/23"]);
    }
    check("Friday 23 February 2018", &["weekday 4", "2018/2/23"]);
    check("Feb 27, 2018 06:20 GMT", &["2018/2/27", "06:20"]);
    check("June 2016, in October, 6 April, 2018-02", &["2016/6/-", "-/10/-", "-/4/6", "2018/2/-"]);
    check("from May 2015 to March 2016", &["2015/5/-", "2016/3/-"]);
    check("June and July 2016", &["2016/6/-", "2016/7/-"]);
    check("21 and 31 October 2017", &["2017/10/21", "2017/10/31"]);
    check("21–31 October 2017", &["2017/10/21", "2017/10/31"]);
    check(
        "in 2015, 2015–16, 2014/15, 2014 to 2018",
        &["2015/-/-", "2015/-/-", "2016/-/-", "2014/-/-", "2015/-/-", "2014/-/-", "2018/-/-"],
    );
    check("the 2010s", &["2010/-/- Decade"]);
    check("1500 patents, 2000 dollars, 3000 phones", &["1500/-/-", "USD 2000", "3000"]);
    check("30 February 2018", &["2018/2/30"]);
    check("in June 2016 300 phones", &["2016/6/-", "300"]);
}

#[test]
fn parts_of_dates() {
    check("late October 2017, mid-2016, Early in 2018", &["2017/10/- Late", "2016/-/- Middle", "2018/-/- Early"]);
    check("the end of 2017 and the beginning of June 2016", &["2017/-/- Late", "2016/6/- Early"]);
    check("spring 2018; the summer of 2016; a spring in the step", &["2018/-/- Season(1)", "2016/-/- Season(2)"]);
    check("Q1 2018, the third quarter of 2017", &["2018/-/- Quarter(1)", "2017/-/- Quarter(3)"]);
    check("the first half of 2016", &["2016/-/- Half(1)"]);
}

#[test]
fn times() {
    check("at 6:20 pm, 6.20pm, 6 p.m. and 18:20", &["18:20", "18:20", "18:00", "18:20"]);
    check("12 am, a 16:9 screen", &["00:00", "16", "9"]);
}

#[test]
fn ranges_are_the_bytes_that_say_it() {
    let text = "In late October 2017, $5 billion – nine of “1 500”.";
    let found: Vec<&str> = figures(text, &masks()).into_iter().map(|figure| &text[figure.range]).collect();
    assert_eq!(found, ["late October 2017", "$5 billion", "nine", "1 500"]);
}

#[track_caller]
fn carries(claim: &str, date: Option<&str>, prose: &str, expected: &str) {
    let mut carried = SupportedFigures::default();
    carried.add_text(claim, &masks());
    if let Some(date) = date {
        carried.add_when(&When::parse(date).unwrap_or_else(|problem| panic!("{problem:?}")));
    }
    let said = figures(prose, &masks());
    let verdicts: Vec<String> = said
        .iter()
        .map(|figure| match carried.verdict(&figure.value, &said) {
            Verdict::Supported => "yes".to_owned(),
            Verdict::TooFine(words) => format!("finer than {words}"),
            Verdict::Missing => "no".to_owned(),
        })
        .collect();
    assert_eq!(verdicts.join(", "), expected, "{claim} / {prose}");
}

#[test]
fn claims_carry_what_says_the_same() {
    carries("about 1,500 patents", None, "1500 patents, 1 500, 1,600", "yes, yes, no");
    carries("1500 patents", None, "1,500 patents", "yes");
    carries("$100 billion", None, "100 billion dollars, 100 billion, 100 billion euros", "yes, yes, no");
    carries("half of them", None, "50%, 51%", "yes, no");
    carries("about 1,500 patents", None, "hundreds, dozens, thousands, millions", "yes, no, no, no");
    carries("£40 million", None, "tens of millions, thousands", "yes, no");
    carries("thousands of patents", None, "thousands, 3,000, millions", "yes, no, no");
    carries("it doubled", None, "twice as many", "yes");
    carries("nine products", None, "9 products, ninth", "yes, no");
    carries("placed fifth", None, "5th, five", "yes, no");
    carries("at 06:20 GMT", None, "6.20 am, 6:21", "yes, no");
}

#[test]
fn claims_are_read_as_liberally_as_sentences() {
    carries("More than a third left", None, "More than a third of users left, a quarter of them, a third", "yes, no");
    carries("A quarter left", None, "a quarter of them, 25 per cent, 1 in 4, one in five", "yes, yes, yes, no");
    carries("One in four left", None, "1 in 4, a quarter of them, 4 of them", "yes, yes, yes");
    carries("It came second", None, "2nd, 3rd", "yes, no");
    carries("One of the two shops closed", None, "1 shop, 2 shops, 3 shops", "yes, yes, no");
    carries("53 per cent there and 44 here", None, "44 per cent, 45 per cent, 53%", "yes, no, yes");
    carries("53 per cent; 44 per cent", None, "53 per cent there and 44 here", "yes, yes");
    carries("$53 there and 44 here", None, "$44, €44", "yes, no");
    carries("One and a half thousand came", None, "1,500, 1.5 thousand, 500", "yes, yes, no");
    carries("10 countries; it won 2", None, "2 in 10 countries", "yes");
}

#[test]
fn a_date_that_contradicts_is_not_too_fine() {
    carries(
        "It was founded in 2010, on 6 April 2010",
        None,
        "16 April 2010, 6 May 2010, April 2010, May 2010",
        "no, no, yes, no",
    );
    carries("It was founded in 2010", None, "16 April 2010", "finer than 2010");
}

#[test]
fn dates_in_prose_may_be_coarser_but_not_finer() {
    carries("", Some("2016-06"), "June 2016, 2016, June, the 2010s", "yes, yes, yes, yes");
    carries("", Some("2016"), "June 2016, 2016, 2017", "finer than some time in 2016, yes, no");
    carries("in 2016", None, "6 June 2016", "finer than 2016");
    carries("", Some("2018-02-23?"), "Friday 23 February 2018, Thursday", "yes, yes, no");
    carries("", Some("[2017-10-21..2017-10-31]"), "late October 2017, October 2017, 2017", "yes, yes, yes");
    carries("", Some("[2017-10-21..2017-10-31]"), "early October 2017", "no");
    carries("", Some("[2017-10-21..2017-10-31]"), "between 21 and 31 October 2017", "yes, yes");
    carries("", Some("[2017-10-21..2017-10-31]"), "21 October 2017", "finer than a day between 21 and 31 October 2017");
    carries("", Some("2014/2018"), "from 2014 to 2018, 2013", "yes, yes, no");
    carries("", Some("2018-02/.."), "February 2018, March 2018", "yes, no");
    carries("late October 2017", None, "late October 2017, October 2017, mid-October 2017", "yes, yes, no");
    carries("", Some("201X"), "the 2010s, 2015", "yes, finer than the 2010s");
    carries("", Some("2018-21"), "spring 2018, summer 2018", "yes, no");
    carries("on a Friday", None, "Friday, Monday", "yes, no");
}

proptest::proptest! {
    #[test]
    fn every_text_carries_its_own_figures(text in "(?s)([0-9]{1,4}|[ ,.:/%$€–-]|and|to|May|late|of|February|Friday|seven|third|million|per cent|between|é|\u{202f}){0,30}") {
        let found = figures(&text, &masks());
        let mut carried = SupportedFigures::default();
        carried.add_text(&text, &masks());
        for figure in &found {
            proptest::prop_assert!(text.get(figure.range.clone()).is_some_and(|words| !words.is_empty()), "{figure:?}");
            proptest::prop_assert_eq!(carried.verdict(&figure.value, &found), Verdict::Supported, "{:?}", figure);
        }
    }
}

#[test]
fn hostile_texts_end() {
    for text in [
        "1".repeat(100_000),
        "1,".repeat(50_000),
        "twenty-".repeat(20_000),
        "1 and ".repeat(20_000),
        "million ".repeat(20_000),
    ] {
        figures(&text, &masks());
    }
    for text in
        ["", "-", "’", "1.", "1,", "$", "No.", "late", "the end of", "2018-", "2018-13", "00:00", "½½", "\u{202f}"]
    {
        figures(text, &masks());
    }
}

/// Whether claims imply the first figure of a text.
#[track_caller]
fn implies(text: &str, claims: &[&str], counts: &[usize]) -> bool {
    let masks = Masks::default();
    let mut carried = SupportedFigures::default();
    claims.iter().for_each(|claim| carried.add_text(claim, &masks));
    let said = figures(text, &masks);
    let figure = said.first().unwrap_or_else(|| panic!("a figure in {text}"));
    carried.implies(figure, &Context { text, said: &said, claims, counts, masks: &masks })
}

#[test]
fn what_follows_from_a_claim_is_implied_and_what_does_not_is_not() {
    for (text, claim, follows) in [
        // Rounded, if it says so.
        ("more than 40 trams", "There are 47 trams.", true),
        ("about 50 trams", "There are 47 trams.", true),
        ("under 40 trams", "There are 47 trams.", false),
        ("40 trams", "There are 47 trams.", false),
        ("6.1 million people", "It has 6,148,000 people.", true),
        ("6.2 million people", "It has 6,148,000 people.", false),
        ("33 per cent", "A third left.", true),
        ("nearly a third of them", "31 per cent left.", true),
        ("nearly a third of them", "21 per cent left.", false),
        // In another unit.
        ("two weeks", "It took 14 days.", true),
        ("three weeks", "It took 14 days.", false),
        ("Three times an hour it leaves", "It leaves every 20 minutes.", true),
        ("Four times an hour it leaves", "It leaves every 20 minutes.", false),
        ("Three times a day it leaves", "It leaves every 20 minutes.", false),
        // Worked out.
        ("5 more than before", "It was 12, and is 17 now.", true),
        ("5 trams", "It was 12, and is 17 now.", false),
        ("29 in all", "There were 12 here and 17 there.", true),
        ("Two of them are without cracks", "Three of the five have cracks.", true),
        ("doubled", "It went from 12 to 24.", true),
        ("tripled", "It went from 12 to 24.", false),
        ("half of them", "Of 24 trams, 12 are old.", true),
        ("three years later", "It began in 2015 and ended in 2018.", true),
        ("four years later", "It began in 2015 and ended in 2018.", false),
        ("in the 21st century", "It was built in 2018.", true),
        ("in the 20th century", "It was built in 2018.", false),
        ("at six", "It begins at 18:00.", true),
        // Counted.
        ("four products", "Bing, Edge, Skype and Pix are named.", true),
        ("six products", "Bing, Edge, Skype and Pix are named.", false),
    ] {
        assert_eq!(implies(text, &[claim], &[]), follows, "“{text}” of “{claim}”");
    }
    assert!(implies("seven articles say so", &["They say so."], &[7]));
    assert!(!implies("7 articles say so", &["They say so."], &[7]));
}

#[test]
fn lists_are_counted_by_their_commas() {
    assert_eq!(lists("no list"), Vec::<usize>::new());
    assert!(lists("It has Bing, Edge and Skype.").contains(&3));
    assert!(lists("Bing or Edge").contains(&2));
}

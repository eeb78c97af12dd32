//! Common nouns that name things of one kind, each of which is none of the others: a school is no hospital.

use rustc_hash::FxHashMap;

/// What a word names: a thing, among others of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    set: u8,
    thing: u8,
}

impl Kind {
    /// Whether two words name different things of one kind.
    pub fn excludes(self, other: Self) -> bool {
        self.set == other.set && self.thing != other.thing
    }
}

/// Kinds of things, one a line: words in the singular, with other words for the same after a `/`. No word is in two of them,
/// none is the broader term of another, and none is the form of a common verb.
const KINDS: &[&str] = &[
    "phone/smartphone/handset/telephone laptop/notebook tablet television/tv smartwatch/watch camera console headset/headphone router \
     drone robot projector keyboard fridge/refrigerator printer",
    "voice/speech gesture touch vision handwriting",
    "software hardware",
    "browser spreadsheet messenger",
    "payment storage bandwidth computing networking",
    "marketing/advertising/promotion research design manufacturing/manufacture/production distribution/delivery training recruitment \
     accounting",
    "memorandum/agreement/deal/pact/accord/contract/partnership/alliance merger takeover/buyout lawsuit boycott",
    "patent licence/license trademark copyright",
    "profit revenue/turnover debt dividend tax rent salary/wage bond loan grant donation/gift fine/penalty",
    "granite sandstone limestone marble slate brick concrete steel iron timber/wood glass plastic copper gold silver \
     aluminium/aluminum cotton wool silk leather clay",
    "school kindergarten/nursery church hospital library museum theatre/theater university/college prison factory airport stadium \
     harbour/harbor hotel restaurant/café swimming supermarket council parliament court/tribunal police army newspaper mosque temple \
     laboratory/lab warehouse headquarters",
    "mayor engineer minister doctor/physician nurse lawyer/solicitor judge architect journalist/reporter priest/bishop/vicar soldier \
     sailor carpenter baker butcher fisherman shopkeeper photographer professor secretary treasurer chairman/chairwoman/chairperson \
     king queen prince princess ferryman teacher farmer analyst investor/shareholder founder employee/worker customer/user/buyer/client \
     supplier student/pupil parent patient tourist pensioner prisoner refugee voter",
    "mother father son daughter brother sister uncle aunt grandmother grandfather widow widower",
    "car/automobile bus/coach tram/streetcar train bicycle/bike lorry/truck ferry plane/aeroplane/airplane helicopter \
     motorcycle/motorbike taxi/cab",
    "village city/town district/borough county province country/nation continent",
    "wheat rice maize barley potato sugar coffee tea",
    "coal oil petrol/gasoline diesel electricity hydrogen",
    "oxygen nitrogen helium methane",
    "dog cat horse cow/cattle sheep pig goat bee mouse rat wolf fox deer eagle owl",
    "measles mumps rubella polio influenza/flu tuberculosis cholera malaria chickenpox diphtheria tetanus smallpox",
    "heart lung liver kidney brain skin",
    "roof arch pier parapet roadway/carriageway chimney cellar/basement balcony staircase",
    "bridge tunnel railway motorway runway",
    "river lake sea/ocean canal pond",
    "summer autumn winter",
    "red blue green yellow black white brown purple pink grey/gray",
    "flood earthquake drought explosion avalanche tornado",
    "guess/supposition forecast/prediction promise/pledge threat",
    "length height width depth weight temperature",
    "reputation popularity quality",
    "interview conference ceremony exhibition auction election referendum",
    "novel poem film/movie song painting photograph/photo sculpture",
];

/// All words of these, in the singular and the plural.
pub(super) fn kinds() -> FxHashMap<String, Kind> {
    let mut kinds = FxHashMap::default();
    for (set, line) in (0..).zip(KINDS) {
        for (thing, names) in (0..).zip(line.split_whitespace()) {
            for name in names.split('/') {
                kinds.insert(plural(name), Kind { set, thing });
                kinds.insert(name.to_owned(), Kind { set, thing });
            }
        }
    }
    kinds
}

fn plural(noun: &str) -> String {
    let is_after_vowel = noun.trim_end_matches('y').ends_with(['a', 'e', 'o', 'u']);
    if let Some(root) = noun.strip_suffix("man") {
        format!("{root}men")
    } else if let Some(root) = noun.strip_suffix('y').filter(|_| !is_after_vowel) {
        format!("{root}ies")
    } else if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") {
        format!("{noun}es")
    } else {
        format!("{noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_in_two_kinds() {
        let all: Vec<&str> =
            KINDS.iter().flat_map(|line| line.split([' ', '/'])).filter(|word| !word.is_empty()).collect();
        let known: rustc_hash::FxHashSet<&str> = all.iter().copied().collect();
        assert_eq!(all.len(), known.len());
    }

    #[test]
    fn plurals_are_known_and_synonyms_name_one_thing() {
        let kinds = kinds();
        for (one, other, excludes) in [
            ("phones", "laptop", true),
            ("smartphone", "phones", false),
            ("lorries", "trucks", false),
            ("buses", "trams", true),
            ("churches", "school", true),
            ("fishermen", "mayors", true),
            ("chairmen", "chairwoman", false),
            ("phone", "church", false),
        ] {
            assert_eq!(kinds[one].excludes(kinds[other]), excludes, "{one} and {other}");
        }
    }
}

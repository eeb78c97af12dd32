//! The words of English that say how sure, how much and by whom something is said. Every list of such words is here.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::Senses;

/// Words that carry no content.
const EMPTY: &str = "a about above across after again against all along already also although among an and any anybody anyone \
    anything are as at be because been before being below between both but by can cannot could did do does doing down \
    during each either else ever every few for from further had has have having he her here hers him his how however i if in into \
    is it its itself just least less many me might more most much must my near neither never no nobody none nor not nothing now \
    of off on once one only onto or other others our out over own per rather same she should since so some such than that the their \
    them then there these they this those though through thus to too toward towards under until up upon us very was we were what \
    when where whether which while who whom whose why will with within without would yet you your";
/// What leaves open whether something is so.
const HEDGES: &str = "allegedly alleged apparent apparently appear appears assume assumed assumes \
    believe believed believes conceivably could doubt doubtful estimate estimated estimates fear feared fears guess guesses \
    if imply implied implies inferred inference infer likely maybe may might perhaps possible possibly presumably probable \
    probably purported reported reportedly roughly rumour rumoured seem seemed seemingly seems suggest suggested suggests \
    suppose supposed supposedly supposes suspect suspected think thinks thought uncertain unclear unconfirmed unsettled whether \
    disputed";
/// What says outright that something is not certain.
const DOUBTS: &str = "allegedly alleged apparent apparently conceivably doubtful may maybe might perhaps possible possibly presumably probable \
    probably purported reportedly rumoured seem seemed seemingly seems supposedly unconfirmed";
/// What leaves open whether something comes about.
const PLANS: &str = "agree agreed aim aimed aiming aims announce announced anticipate anticipated anticipates awaited can \
    consider considered considers could counting discuss discussed due envisage envisaged expect expectation expected expects explore foresaw \
    foresee foreseen foresees forecast forecasts future goal going hope hoped hopes intend intended intending intends intention \
    keen later meant negotiate opportunity outlook pending plan planned planning plans possibility potential \
    potentially predict predicted predicts prepare prepares promise promised promises proposal propose proposed proposes prospect \
    prospects prospective schedule scheduled seek seeks shall should soon sought target targeted upcoming want wanted \
    wants will wish wishes would";
/// What gives a statement to somebody.
const REPORTS: &str = "according account add adds advise advises advised allege argue argued argues asked call called calls claim claimed \
    claims complain complained complains conclude concludes credit credits describe describes feel find finds hold holds judge judged \
    judges judgement name names opinion praise praised praises present presented presents rate rates read reading recommend \
    recommends regard regards report reports said say saying says see sees speak speaks spoke state stated states stress stressed \
    stresses tell tells told treat treats urge urges view views warn warned warns word words write writes wrote";
/// What a document does with what it holds: "the report gives three".
const TELLS: &str = "breaks counts dates expects gave gives goes grants had has have keeps knew knows lists made makes mentions opens prints \
    promises puts quotes ranks rejects serves shows supposes takes ties took uses writes";
/// What makes a statement stronger.
const BOOSTERS: &str = "absolute absolutely certain certainly clearly conclusively confirmed definite definitely evident evidently exactly \
    guarantee guaranteed guarantees huge hugely indeed indisputable indisputably indisputedly inevitable inevitably invariably massive massively \
    obvious obviously perfectly plainly precisely prove proved proven proves proof surely undeniable undeniably undisputed \
    undoubted undoubtedly unquestionably vastly";
/// What takes in everything of a kind.
const UNIVERSALS: &str = "all always completely entire entirely every everybody everyone everything everywhere fully never totally \
    universally whole wholly";
/// What turns a statement round.
const NEGATIONS: &str = "cannot lacked lacking lacks neither never no nobody none not nothing nowhere isn’t aren’t wasn’t weren’t \
    doesn’t don’t didn’t hasn’t haven’t hadn’t won’t wouldn’t couldn’t shouldn’t can’t";
/// What begins an indirect question.
const QUESTIONS: &str = "how what when where whether which who whom whose why whoever";
/// What may be between an article and how a source is called: "the same report".
const PLACED: &str = "dated earlier full later original same second short third translated whole";
/// Forms of "be", after which `to` tells of what is to come.
const BEING: &str = "am are be been being is was were isn’t aren’t";
/// Nouns that stand for the sources in general.
const ARTICLES: &str = "article articles source sources document documents text texts account accounts";
/// Numbers and parts of a whole.
const NUMBERS: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen \
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion dozen half third \
    thirds quarter quarters first second fourth fifth sixth seventh eighth ninth tenth once twice january february march april june \
    july august september october november december";
/// Words with a capital that are no names of anybody: of languages and nations, and what is short for a common word.
const COMMON_CAPITALS: &str = "african america american americans arabic asia asian australian austrian belgian brazilian britain british canadian \
    china chinese czech danish dutch english england europe european europeans finnish france french german germany greek hungarian \
    india indian irish italian italy japan japanese korean latin mexican norwegian polish portuguese roman russia russian scottish spain spanish \
    swedish swiss turkish ukrainian western eastern northern southern west east north south internet web earth christmas easter \
    january february march april may june july august september october november december \
    monday tuesday wednesday thursday friday saturday sunday monday’s gmt utc cet est eu un uk us usa pc pcs tv ceo cfo cto ai api pdf \
    url html css json csv ok phd mp mps ngo gdp faq id ids bc ad am pm i ii iii iv v vi km kg mw kw co i’m";
/// What denies something in part.
const PARTIAL: &str = "few fewer hardly less rarely scarcely seldom unable until without";
/// Units with their other names, by what they measure.
const UNITS: &[(u8, &str)] = &[
    (0, "second seconds s sec"),
    (0, "minute minutes min"),
    (0, "hour hours h"),
    (0, "day days"),
    (0, "week weeks"),
    (0, "month months"),
    (0, "year years"),
    (0, "decade decades"),
    (0, "century centuries"),
    (1, "millimetre millimetres mm"),
    (1, "centimetre centimetres cm"),
    (1, "metre metres meter meters m"),
    (1, "kilometre kilometres kilometer kilometers km"),
    (1, "mile miles"),
    (1, "foot feet ft"),
    (1, "inch inches in"),
    (1, "yard yards"),
    (2, "gram grams g"),
    (2, "kilogram kilograms kilo kilos kg"),
    (2, "tonne tonnes ton tons t"),
    (2, "pound pounds lb"),
    (2, "milligram milligrams mg"),
    (3, "litre litres liter liters l"),
    (3, "gallon gallons"),
    (3, "barrel barrels"),
    (4, "watt watts w"),
    (4, "kilowatt kilowatts kw"),
    (4, "megawatt megawatts mw"),
    (4, "gigawatt gigawatts gw"),
];
/// Words that say the opposite of one another, by stem or whole.
const OPPOSITES: &[(&str, &str)] = &[
    ("abolish", "introduce"),
    ("above", "below"),
    ("absent", "present"),
    ("accept", "refuse"),
    ("accepted", "rejected"),
    ("accepted", "refused"),
    ("after", "before"),
    ("agreed", "refused"),
    ("allowed", "forbidden"),
    ("allowed", "banned"),
    ("approved", "rejected"),
    ("always", "never"),
    ("badly", "well"),
    ("best", "worst"),
    ("better", "worse"),
    ("bought", "sold"),
    ("acquired", "sold"),
    ("cheap", "expensive"),
    ("cheaper", "dearer"),
    ("close", "open"),
    ("closed", "opened"),
    ("confirmed", "denied"),
    ("decreased", "increased"),
    ("denied", "admitted"),
    ("early", "late"),
    ("earlier", "later"),
    ("entered", "left"),
    ("export", "import"),
    ("failed", "succeeded"),
    ("fall", "rise"),
    ("fallen", "risen"),
    ("fell", "rose"),
    ("fewer", "more"),
    ("first", "last"),
    ("found", "lost"),
    ("full", "empty"),
    ("gained", "lost"),
    ("gain", "lose"),
    ("granted", "refused"),
    ("granted", "off"),
    ("grew", "shrank"),
    ("higher", "lower"),
    ("highest", "lowest"),
    ("high", "low"),
    ("illegal", "legal"),
    ("joined", "left"),
    ("large", "small"),
    ("larger", "smaller"),
    ("largest", "smallest"),
    ("least", "most"),
    ("less", "more"),
    ("long", "short"),
    ("longer", "shorter"),
    ("majority", "minority"),
    ("maximum", "minimum"),
    ("near", "far"),
    ("new", "old"),
    ("north", "south"),
    ("east", "west"),
    ("northern", "southern"),
    ("eastern", "western"),
    ("often", "seldom"),
    ("often", "rarely"),
    ("possible", "impossible"),
    ("passed", "rejected"),
    ("public", "private"),
    ("public", "secret"),
    ("quickly", "slowly"),
    ("faster", "slower"),
    ("rejected", "adopted"),
    ("rarely", "always"),
    ("seldom", "always"),
    ("safe", "dangerous"),
    ("started", "stopped"),
    ("started", "ended"),
    ("began", "ended"),
    ("strong", "weak"),
    ("stronger", "weaker"),
    ("supported", "opposed"),
    ("top", "bottom"),
    ("true", "false"),
    ("urban", "rural"),
    ("vaccinated", "unvaccinated"),
    ("voluntary", "compulsory"),
    ("with", "without"),
    ("won", "lost"),
    ("young", "old"),
    ("younger", "older"),
    ("still", "longer"),
    ("certain", "uncertain"),
    ("certain", "approximate"),
    ("only", "both"),
    ("official", "unofficial"),
    ("certain", "doubtful"),
    ("known", "unknown"),
    ("likely", "unlikely"),
    ("necessary", "unnecessary"),
    ("equal", "unequal"),
    ("reach", "miss"),
];

/// What each word says.
static SENSES: LazyLock<FxHashMap<&str, Senses>> = LazyLock::new(|| {
    let mut senses = FxHashMap::default();
    let lists = [
        (EMPTY, Senses::EMPTY),
        (HEDGES, Senses::HEDGE),
        (DOUBTS, Senses::DOUBT),
        (QUESTIONS, Senses::QUESTION),
        (PLACED, Senses::PLACED),
        (PLANS, Senses::PLAN),
        (REPORTS, Senses::REPORT),
        (TELLS, Senses::TELLS),
        (REPORTS, Senses::TELLS),
        (BOOSTERS, Senses::BOOSTER),
        (UNIVERSALS, Senses::UNIVERSAL),
        (NEGATIONS, Senses::NEGATION),
        (PARTIAL, Senses::PARTIAL),
        (BEING, Senses::BEING),
        (ARTICLES, Senses::ARTICLE),
        (COMMON_CAPITALS, Senses::COMMON),
    ];
    for (words, sense) in lists {
        for word in words.split_whitespace() {
            let known: &mut Senses = senses.entry(word).or_default();
            *known = known.and(sense);
        }
    }
    senses
});

/// By each name of a unit what it measures and the number of the unit.
static UNIT_OF: LazyLock<FxHashMap<&str, (u8, usize)>> = LazyLock::new(|| {
    let units = UNITS.iter().enumerate();
    units
        .flat_map(|(number, (kind, names))| names.split_whitespace().map(move |name| (name, (*kind, number))))
        .collect()
});

static NUMBER: LazyLock<rustc_hash::FxHashSet<&str>> = LazyLock::new(|| NUMBERS.split_whitespace().collect());

/// Whether a word in lower case is a number.
pub(super) fn is_number(word: &str) -> bool {
    NUMBER.contains(word)
}

static OPPOSITE_OF: LazyLock<FxHashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut opposites: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for (one, other) in OPPOSITES {
        opposites.entry(one).or_default().push(other);
        opposites.entry(other).or_default().push(one);
    }
    opposites
});

/// What a word in lower case says.
pub(super) fn senses(word: &str) -> Senses {
    SENSES.get(word).copied().unwrap_or_default()
}

/// What a word measures and in which unit, as numbers, if it is a unit.
pub fn unit(word: &str) -> Option<(u8, usize)> {
    UNIT_OF.get(word).copied()
}

/// The words that say the opposite of a word.
pub fn opposites(word: &str) -> &'static [&'static str] {
    OPPOSITE_OF.get(word).map(Vec::as_slice).unwrap_or_default()
}

/// Forms of one word whose spelling does not show it.
const IRREGULAR: &[(&str, &str)] = &[
    ("bought", "buy"),
    ("sold", "sell"),
    ("began", "begin"),
    ("begun", "begin"),
    ("gave", "give"),
    ("given", "give"),
    ("said", "say"),
    ("held", "hold"),
    ("made", "make"),
    ("told", "tell"),
    ("wrote", "write"),
    ("written", "write"),
    ("built", "build"),
    ("grew", "grow"),
    ("grown", "grow"),
    ("rose", "rise"),
    ("risen", "rise"),
    ("fell", "fall"),
    ("fallen", "fall"),
    ("took", "take"),
    ("taken", "take"),
    ("went", "go"),
    ("gone", "go"),
    ("came", "come"),
    ("knew", "know"),
    ("known", "know"),
    ("brought", "bring"),
    ("led", "lead"),
    ("left", "leave"),
    ("lost", "lose"),
    ("met", "meet"),
    ("paid", "pay"),
    ("ran", "run"),
    ("seen", "see"),
    ("saw", "see"),
    ("sent", "send"),
    ("spent", "spend"),
    ("stood", "stand"),
    ("won", "win"),
    ("children", "child"),
    ("people", "person"),
    ("men", "man"),
    ("women", "woman"),
    ("lives", "life"),
    ("die", "death"),
    ("dies", "death"),
    ("died", "death"),
    ("dying", "death"),
    ("deaths", "death"),
    ("dead", "death"),
];

static BASE_OF: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| IRREGULAR.iter().copied().collect());

/// Endings, the longest first.
const ENDINGS: &[&str] = &[
    "ications", "ication", "ations", "ation", "ments", "ating", "ally", "ment", "ated", "ates", "ings", "ions", "ness",
    "able", "ing", "ion", "ers", "ies", "ied", "ate", "er", "ed", "es", "ly", "al", "y", "s", "e",
];

/// A word in lower case without its ending.
pub(super) fn stem(word: &str) -> &str {
    let word = BASE_OF.get(word).copied().unwrap_or(word);
    let cut = |ending: &&&str| word.len() >= ending.len() + 3 && word.ends_with(**ending);
    let root = ENDINGS.iter().find(cut).map_or(word, |ending| word.strip_suffix(*ending).unwrap_or(word));
    let bytes = root.as_bytes();
    match bytes {
        [.., a, b] if a == b && root.len() > 3 && b.is_ascii_alphabetic() && *b != b's' && *b != b'l' => {
            root.get(..root.len() - 1).unwrap_or(root)
        }
        _ => root,
    }
}

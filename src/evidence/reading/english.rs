//! The words of English that say how sure, how much and by whom something is said. Every list of such words is here.

mod kinds;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

pub use kinds::Kind;

use super::Senses;

/// Words that carry no content.
const EMPTY: &str = "a about above across after again against all along already also although among an and any anybody anyone \
    anything are around as at be because been before being below between both but by can cannot could did do does doing down \
    during each either else ever every few for from further had has have having he her here hers him his how however i if in into \
    is it its itself just least less many me might more most much must my near neither never no nobody none nor not nothing now \
    of off on once one only onto or other others our out over own per rather same she should since so some such than that the their \
    them then there these they this those though through thus to too toward towards under until up upon us very was we were what \
    when where whether which while who whom whose why will with within without would yet you your";
/// What leaves open whether something is so.
const HEDGES: &str = "afraid allegedly alleged apparent apparently appear appears assume assumed assumes \
    believe believed believes conceivably could doubt doubtful estimate estimated estimates fear feared fears guess guesses \
    if imply implied implies inferred inference infer likely maybe may might perhaps possible possibly presumably probable \
    probably purported reported reportedly roughly rumour rumoured seem seemed seemingly seems suggest suggested suggests \
    suppose supposed supposedly supposes suspect suspected think thinks thought uncertain unclear unconfirmed unsettled whether \
    disputed";
/// What says outright that something is not certain.
const DOUBTS: &str = "allegedly alleged apparent apparently conceivably doubtful may maybe might perhaps possible possibly presumably probable \
    probably purported reportedly rumoured seem seemed seemingly seems supposedly unconfirmed";
/// What leaves open whether something comes about.
const PLANS: &str = "\
    agenda agree agreed ahead aim aimed aiming aims ambition ambitions announce announced anticipate anticipated anticipates \
    aspiration aspirations aspire aspires await awaited awaits candidate coming commitment commits committed consider \
    considered considers could counting discuss discussed draft drafted due eager envisage envisaged eventually expect \
    expectation expected expects explore forecast forecasts foresaw foresee foreseen foresees forthcoming future goal going \
    hope hoped hopes idea ideas intend intended intending intends intention keen meant must need needed needs negotiate \
    negotiating negotiation negotiations obliged opportunity option options outlook pending plan planned planning plans \
    pledge pledged pledges possibility potential potentially predict predicted predicts preparation preparations prepare \
    prepares preparing project projected promise promised promises promising proposal propose proposed proposes prospect \
    prospective prospects recommendation recommended required roadmap schedule scheduled seek seeks shall should someday soon \
    sought talks target targeted tomorrow undertake undertakes upcoming vision vow vowed vows want wanted wants will wish \
    wishes would";
/// What makes it no more than possible.
const POSSIBLE: &str = "consider considered considering considers could discuss discussed discussing discussion explore explored explores \
    exploring hope hoped hopes if likely may maybe might perhaps possibilities possibility possible possibly potential potentially \
    probable probably proposal propose proposed proposes suggest suggested suggests uncertain unclear whether wish wished wishes";
/// What says that it will be.
const CERTAIN_FUTURE: &str = "shall will won’t";
/// What gives a statement to somebody.
const REPORTS: &str = "according account add adds advise advises advised allege argue argued argues asked call called calls claim claimed \
    claims complain complained complains conclude concludes credit credits describe describes feel find finds hold holds judge judged \
    judges judgement name names opinion praise praised praises present presented presents rate rates read reading recommend \
    recommends regard regards report reports said say saying says see sees speak speaks spoke state stated states stress stressed \
    stresses tell tells told treat treats urge urges view views warn warned warns word words write writes wrote";
/// What a document does with what it holds: "the report gives three".
const TELLS: &str = "breaks counts dates expects gave gives goes grants had has have keeps knew knows lists made makes mentions opens prints \
    promises puts quotes ranks rejects serves shows supposes takes ties took uses writes acknowledged acknowledges adds admits \
    admitted assumes cited cites confirmed confirms contains contained counted covered covers dated described documented documents \
    estimated explained explains found included includes indicated indicates insisted insists listed maintained maintains measured \
    mentioned noted notes observed observes offered offers omits omitted placed places printed promised quoted ranked rated records \
    recorded remarks remarked reveals revealed showed speaks tracked warns have list name quote mention count give make put rank record \
    show note add print cite describe explain contain cover include observe confirm define defines specify specifies require requires \
    allow allows forbid forbids set sets treat withdraw withdraws";
/// What makes a statement stronger.
const BOOSTERS: &str = "absolute absolutely certain certainly clearly conclusively confirmed definite definitely evident evidently exactly \
    guarantee guaranteed guarantees huge hugely indeed indisputable indisputably indisputedly inevitable inevitably invariably massive massively \
    obvious obviously officially perfectly plainly precisely prove proved proven proves proof surely undeniable undeniably undisputed \
    undoubted undoubtedly unquestionably vastly";
/// What takes in everything of a kind.
const UNIVERSALS: &str = "all always completely entire entirely every everybody everyone everything everywhere fully never totally \
    universally whole wholly constantly exclusively forever permanently solely";
/// What turns a statement round.
const NEGATIONS: &str = "cannot lacked lacking lacks neither never no nobody none not nothing nowhere isn’t aren’t wasn’t weren’t \
    doesn’t don’t didn’t hasn’t haven’t hadn’t won’t wouldn’t couldn’t shouldn’t can’t";
/// What begins an indirect question.
const QUESTIONS: &str = "how what when where whether which who whom whose why whoever";
/// What may be between an article and how a source is called: "the same report".
const PLACED: &str = "dated earlier full later original same second short third translated whole";
/// Forms of "be", after which `to` tells of what is to come.
const BEING: &str = "am are be been being is was were isn’t aren’t";
/// What may be between a subject and what is said of it: auxiliary verbs, and adverbs that say nothing of their own.
const AUXILIARIES: &str = "again already also always am are been being both can cannot could did do does each earlier even ever first had has have is just later may might must \
    now often once only shall should soon still then to was were will would";
/// What a phrase of place, time or means begins with.
const PREPOSITIONS: &str = "about above across after against among around as at before behind below beside besides between beyond by during for \
    from in inside into near of off on onto out outside over per since than through throughout toward towards under until up upon via with within";
/// What takes in the whole world.
const WORLD: &str = "everywhere global globally globe internationally world worldwide";
/// What keeps to one place: "at home".
const LOCAL: &str = "domestic domestically home local locally national nationally regional regionally there";
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
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun \
    monday tuesday wednesday thursday friday saturday sunday monday’s gmt utc cet est eu un uk us usa pc pcs tv ceo cfo cto ai api pdf \
    url html css json csv ok phd mp mps ngo gdp faq id ids bc ad am pm i ii iii iv v vi km kg mw kw co i’m";
/// What denies something in part.
const PARTIAL: &str = "few fewer hardly less rarely scarcely seldom unable until without absence absent avoid avoided avoids ban banned \
    barred cease ceased close closed closes denied denies deny except exclude excluded excludes fail failed fails failure free ignore ignored instead keep \
    keeps kept little miss missed missing only prevent prevented prevents rather refuse refused refuses reject rejected rejects remain \
    remained remains shut spared stay stayed stays still stop stopped stops unaffected unchanged uncertain unclear unknown withheld";
/// Units with their other names, by what they measure, with their size in one of them.
const UNITS: &[(u8, f64, &str)] = &[
    (0, 1.0, "second seconds s sec"),
    (0, 60.0, "minute minutes min"),
    (0, 3600.0, "hour hours h"),
    (0, 86_400.0, "day days"),
    (0, 604_800.0, "week weeks"),
    (0, 1_209_600.0, "fortnight fortnights"),
    (0, 2_629_800.0, "month months"),
    (0, 31_557_600.0, "year years"),
    (0, 315_576_000.0, "decade decades"),
    (0, 3_155_760_000.0, "century centuries"),
    (1, 0.001, "millimetre millimetres mm"),
    (1, 0.01, "centimetre centimetres cm"),
    (1, 1.0, "metre metres meter meters m"),
    (1, 1000.0, "kilometre kilometres kilometer kilometers km"),
    (1, 1609.344, "mile miles"),
    (1, 0.3048, "foot feet ft"),
    (1, 0.0254, "inch inches"),
    (1, 0.9144, "yard yards"),
    (2, 0.001, "gram grams g"),
    (2, 1.0, "kilogram kilograms kilo kilos kg"),
    (2, 1000.0, "tonne tonnes ton tons t"),
    (2, 0.453_592_37, "pound pounds lb"),
    (2, 1e-6, "milligram milligrams mg"),
    (3, 1.0, "litre litres liter liters l"),
    (3, 4.546, "gallon gallons"),
    (3, 159.0, "barrel barrels"),
    (4, 1.0, "watt watts w"),
    (4, 1000.0, "kilowatt kilowatts kw"),
    (4, 1_000_000.0, "megawatt megawatts mw"),
    (4, 1_000_000_000.0, "gigawatt gigawatts gw"),
];
/// Pairs of words that say the opposite of one another; other forms of them have the same stem.
const OPPOSITES: &str = "\
    abolish introduce, above below, absent present, accept refuse, accepted rejected, accepted refused, after before, \
    agreed refused, allowed forbidden, allowed banned, approved rejected, always never, badly well, best worst, better worse, \
    bought sold, acquired sold, cheap expensive, cheaper dearer, close open, closed opened, confirmed denied, \
    decreased increased, denied admitted, early late, earlier later, entered left, export import, failed succeeded, \
    fall rise, fallen risen, fell rose, fewer more, first last, found lost, full empty, gained lost, gain lose, \
    granted refused, granted off, grew shrank, higher lower, highest lowest, high low, illegal legal, joined left, \
    large small, larger smaller, largest smallest, least most, less more, long short, longer shorter, majority minority, \
    maximum minimum, near far, new old, north south, east west, northern southern, eastern western, often seldom, \
    often rarely, possible impossible, passed rejected, public private, public secret, quickly slowly, faster slower, \
    rejected adopted, rarely always, seldom always, safe dangerous, started stopped, started ended, began ended, strong weak, \
    stronger weaker, supported opposed, top bottom, true false, urban rural, vaccinated unvaccinated, voluntary compulsory, \
    with without, won lost, young old, younger older, still longer, certain uncertain, certain approximate, only both, \
    official unofficial, certain doubtful, known unknown, likely unlikely, necessary unnecessary, equal unequal, reach miss, \
    abandon adopt, abandon keep, accelerate slow, active inactive, add remove, advantage disadvantage, allow forbid, \
    allow ban, allow prevent, approve reject, approve oppose, arrive depart, ascend descend, attack defend, attract repel, \
    available unavailable, backward forward, ban permit, beneath above, beneficial harmful, big small, blame praise, \
    borrow lend, broad narrow, built demolished, build demolish, built destroyed, calm nervous, cancel confirm, \
    cautious reckless, clean dirty, clear unclear, cold hot, cold warm, combine separate, combined separate, common rare, \
    complete incomplete, connect disconnect, consistent inconsistent, construct demolish, continue stop, continue end, \
    continued stopped, contract expand, cooler warmer, correct incorrect, create destroy, criticise praise, criticize praise, \
    damage repair, damaged repaired, dark light, decline grow, decline rise, decline increase, declined rose, declined grew, \
    declined increased, deep shallow, defeat victory, deny confirm, departed arrived, dependent independent, die survive, \
    died survived, difficult easy, disagree agree, discourage encourage, dismiss appoint, dismiss hire, domestic foreign, \
    down up, downstream upstream, drop rise, dropped rose, dry wet, easier harder, effective ineffective, empty crowded, \
    enable disable, enabled disabled, encouraged discouraged, enemy ally, enter leave, equal different, exclude include, \
    excluded included, expand shrink, expanded shrank, expanded reduced, expensive affordable, extend shorten, \
    external internal, fail succeed, fail pass, failed passed, famous unknown, fast slow, favourable unfavourable, few many, \
    fewer increased, final first, flat steep, float sink, forbade allowed, formal informal, forward back, free paid, \
    frequent rare, frequently rarely, fresh stale, friend enemy, front rear, gain loss, gather scatter, generous stingy, \
    giant tiny, good bad, good poor, greater smaller, guilty innocent, happy unhappy, hard easy, harmful harmless, \
    harmless dangerous, healthy sick, heavy light, heavier lighter, improve worsen, improved worsened, improved deteriorated, \
    include omit, included omitted, incomplete finished, increase reduce, increased reduced, increase cut, inferior superior, \
    inside outside, indoor outdoor, inner outer, interest indifference, joined quit, kept broke, large tiny, launch cancel, \
    launched cancelled, launched discontinued, lead trail, leading trailing, left right, lengthen shorten, lift lower, \
    live die, local foreign, local global, lock unlock, loose tight, loss profit, losses profits, loud quiet, loss win, \
    major minor, male female, men women, boys girls, mother father, brother sister, mild severe, minor serious, \
    modern ancient, modern old, morning evening, move stay, narrow wide, narrower wider, natural artificial, nearby distant, \
    negative positive, nervous confident, normal unusual, northbound southbound, odd even, offline online, online printed, \
    optional mandatory, optional compulsory, optional required, original copy, partial complete, partly entirely, \
    partly fully, passive active, pay receive, permanent temporary, permanently temporarily, permit forbid, \
    permitted forbidden, pessimistic optimistic, physical digital, plural singular, polite rude, poor rich, \
    popular unpopular, possible certain, postpone hasten, postponed advanced, powerful weak, precede follow, \
    preceded followed, presence absence, previous following, previous next, prohibit allow, prohibited allowed, \
    promote demote, promoted demoted, prove refute, proved disproved, confirmed refuted, confirmed disproved, pull push, \
    punish reward, quick slow, raise lower, raised lowered, raise cut, raised cut, rapid slow, rapidly slowly, refuse agree, \
    refuse allow, reject adopt, relaxed strict, reliable unreliable, remember forget, repeal enact, retire appoint, \
    retreat advance, reveal hide, revealed hid, rural city, sank rose, sceptical convinced, sceptical enthusiastic, \
    seller buyer, buy sell, separate joint, separately together, separately jointly, shrink grow, silent loud, \
    similar different, simple complex, simple complicated, single several, single many, smooth rough, soft hard, \
    sooner later, special ordinary, stable unstable, start end, start stop, start finish, started finished, \
    started completed, sparse dense, straight crooked, strength weakness, strengths weaknesses, strict lax, \
    strengthen weaken, strengthened weakened, success failure, sufficient insufficient, sunk raised, support oppose, \
    supports opposes, surplus deficit, surplus shortage, surrender resist, survive perish, teacher pupil, temporary lasting, \
    thick thin, together alone, top lowest, transparent opaque, trust distrust, trusts distrusts, underestimate overestimate, \
    underestimated overestimated, unite divide, united divided, upper lower, useful useless, usual unusual, vague precise, \
    vertical horizontal, violent peaceful, visible invisible, voluntary mandatory, voluntary obligatory, warm cool, \
    weakest strongest, welcome criticise, welcomed criticised, welcomed rejected, welcomed opposed, win lose, wins loses, \
    withdraw join, withdrew joined, withdrew signed, wooden stone, worse improved, worthless valuable, wrong right, \
    young elderly, competitor partner, competitors partners, rival partner, rivals partners, hardware software, \
    upload download, abroad home, foreign home, mostly rarely, mainly partly, weekday weekend, weekdays weekends, \
    ceiling floor, income expenditure, revenue cost, debit credit, majority few, unanimous divided, unanimously narrowly, \
    exceeded missed, ahead behind, overtake trail, above under, over under, cooperate compete, cooperation competition, \
    hope fear, hopes fears, optimism pessimism, gains losses, delay hasten, delayed advanced, tighten loosen, \
    tightened loosened, tighten relax, tightened relaxed, since until, below higher, above lower, under higher, never rarely, \
    never seldom, never sometimes, never usually, always sometimes, always usually, always often, press hesitate, \
    push hesitate, insist hesitate, eager reluctant, keen reluctant, willing unwilling, able unable, agreed completed, agreed concluded, \
    planned completed, planned concluded, planned finished, intended settled, discussed settled, considered decided, \
    considered settled, discussed decided, proposed adopted, proposed decided, sought obtained, hoped achieved, aimed achieved, \
    younger oldest, older youngest, smaller largest, larger smallest, shorter longest, longer shortest, lower highest, \
    higher lowest, worse best, better worst, north east, north west, south east, south west, northern eastern, northern western, \
    southern eastern, southern western";

/// A word with what is known of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Entry {
    /// What it says.
    pub senses: Senses,
    /// Whether it is a number.
    pub is_number: bool,
    /// What it names, among things of one kind.
    pub kind: Option<Kind>,
    /// The hash of its stem, where the spelling does not show it.
    pub stem: Option<u64>,
}

static KIND_OF: LazyLock<FxHashMap<String, Kind>> = LazyLock::new(kinds::kinds);

static LEXICON: LazyLock<FxHashMap<&str, Entry>> = LazyLock::new(|| {
    let mut lexicon: FxHashMap<&str, Entry> = FxHashMap::default();
    let lists = [
        (EMPTY, Senses::EMPTY),
        (HEDGES, Senses::HEDGE),
        (DOUBTS, Senses::DOUBT),
        (QUESTIONS, Senses::QUESTION),
        (PLACED, Senses::PLACED),
        (PLANS, Senses::PLAN),
        (REPORTS, Senses::REPORT.and(Senses::TELLS)),
        (TELLS, Senses::TELLS),
        (BOOSTERS, Senses::BOOSTER),
        (UNIVERSALS, Senses::UNIVERSAL),
        (NEGATIONS, Senses::NEGATION),
        (PARTIAL, Senses::PARTIAL),
        (POSSIBLE, Senses::POSSIBLE),
        (CERTAIN_FUTURE, Senses::WILL),
        (BEING, Senses::BEING),
        (ARTICLES, Senses::ARTICLE),
        (COMMON_CAPITALS, Senses::COMMON),
        (AUXILIARIES, Senses::AUXILIARY),
        (PREPOSITIONS, Senses::PREPOSITION),
        (WORLD, Senses::WORLD),
        (LOCAL, Senses::LOCAL),
    ];
    for (words, sense) in lists {
        for word in words.split_whitespace() {
            let known = lexicon.entry(word).or_default();
            known.senses = known.senses.and(sense);
        }
    }
    NUMBERS.split_whitespace().for_each(|word| lexicon.entry(word).or_default().is_number = true);
    KIND_OF.iter().for_each(|(word, kind)| lexicon.entry(word).or_default().kind = Some(*kind));
    for (word, base) in IRREGULAR {
        lexicon.entry(word).or_default().stem = Some(super::hash(without_ending(base)));
    }
    lexicon
});

/// What is known of a word in lower case.
pub(super) fn entry(word: &str) -> Entry {
    LEXICON.get(word).copied().unwrap_or_default()
}

static UNIT_OF: LazyLock<FxHashMap<&str, Unit>> = LazyLock::new(|| {
    let named = |(kind, size, names): &(u8, f64, &'static str)| {
        let unit = Unit { kind: *kind, size: *size };
        names.split_whitespace().map(move |name| (name, unit))
    };
    UNITS.iter().flat_map(named).collect()
});

/// A unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// What it measures: time, length, weight, volume, power.
    pub kind: u8,
    /// How large it is among those that measure the same.
    pub size: f64,
}

/// By the stem of a word the stems of its opposites.
static OPPOSITE_OF: LazyLock<FxHashMap<u64, Vec<u64>>> = LazyLock::new(|| {
    let mut opposites: FxHashMap<u64, Vec<u64>> = FxHashMap::default();
    for (one, other) in OPPOSITES.split(", ").filter_map(|pair| pair.split_once(' ')) {
        let (one, other) = (super::stem(one), super::stem(other));
        if one != other {
            opposites.entry(one).or_default().push(other);
            opposites.entry(other).or_default().push(one);
        }
    }
    opposites
});

/// The unit that a word is, if it is one.
pub fn unit(word: &str) -> Option<Unit> {
    UNIT_OF.get(word).copied()
}

/// The stems of the words that say the opposite of a word of this stem.
pub fn opposites(stem: u64) -> &'static [u64] {
    OPPOSITE_OF.get(&stem).map(Vec::as_slice).unwrap_or_default()
}

/// What the words that begin so deny: "unclear", "impossible", "non-smoker".
const DENYING: [&str; 6] = ["un", "non", "dis", "in", "im", "ir"];

/// The stem of what a word in lower case denies by how it begins, if it does.
pub fn denied(word: &str) -> Option<u64> {
    let rest = DENYING.iter().find_map(|prefix| word.strip_prefix(prefix))?;
    (rest.len() > 3).then(|| super::stem(rest))
}

/// Whether a word that ends like a superlative is none, or ranks nothing.
pub fn has_no_degree(word: &str) -> bool {
    const NONE: &str = "arrest attest behest chest conquest contest detest digest divest earliest forest guest harvest honest ingest interest \
        invest latest manifest midwest modest nearest northwest protest quest request southwest suggest tempest unrest";
    NONE.split_whitespace().any(|own| own == word)
}

/// How much of a kind a word in lower case takes in, from none to all.
pub fn extent(word: &str) -> Option<u8> {
    match word {
        "no" | "none" => Some(0),
        "few" => Some(1),
        "some" | "several" | "various" => Some(2),
        "many" => Some(3),
        "most" => Some(4),
        "all" | "every" | "each" => Some(5),
        _ => None,
    }
}

/// Whether a word in lower case may be between a subject and what is said of it.
pub fn is_auxiliary(word: &str) -> bool {
    entry(word).senses.says(Senses::AUXILIARY)
}

/// Whether a word in lower case is a form of the past whose spelling does not show it, or does by its ending.
pub fn is_past(word: &str) -> bool {
    word.ends_with("ed") || IRREGULAR.iter().any(|(form, _)| *form == word)
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

/// Endings by their last letter, the longest first.
fn endings(last: u8) -> &'static [&'static str] {
    match last {
        b's' => &["ications", "ations", "ments", "ates", "ings", "ions", "ness", "ers", "ies", "es", "s"],
        b'n' => &["ication", "ation", "ion"],
        b'g' => &["ating", "ing"],
        b'y' => &["ally", "ly", "y"],
        b't' => &["ment"],
        b'd' => &["ated", "ied", "ed"],
        b'e' => &["able", "ate", "e"],
        b'r' => &["er"],
        b'l' => &["al"],
        _ => &[],
    }
}

/// A word in lower case without its ending.
pub(super) fn without_ending(word: &str) -> &str {
    // "Press" is no plural.
    let last = word.as_bytes().last().filter(|_| !word.ends_with("ss") || word.ends_with("ness"));
    let endings = last.map_or(&[][..], |last| endings(*last));
    let cut = |ending: &&str| word.strip_suffix(*ending).filter(|root| root.len() >= 3);
    let root = endings.iter().find_map(cut).unwrap_or(word);
    match root.as_bytes() {
        [.., a, b] if a == b && root.len() > 3 && b.is_ascii_alphabetic() && *b != b's' && *b != b'l' => {
            root.get(..root.len() - 1).unwrap_or(root)
        }
        _ => root,
    }
}

//! The text of the pages: words by chance, the shape always the same.

use std::fmt::Write;

/// Pages in one section.
pub const SECTION: u32 = 100;

/// The words of all texts.
pub const WORDS: &[&str] = &[
    "account",
    "agreement",
    "archive",
    "battery",
    "border",
    "camera",
    "capital",
    "carrier",
    "change",
    "chapter",
    "cloud",
    "company",
    "contract",
    "council",
    "country",
    "customer",
    "data",
    "delay",
    "design",
    "device",
    "document",
    "engine",
    "estimate",
    "evidence",
    "factory",
    "figure",
    "forecast",
    "gateway",
    "harbour",
    "history",
    "import",
    "index",
    "island",
    "journal",
    "kernel",
    "ladder",
    "language",
    "ledger",
    "letter",
    "licence",
    "machine",
    "market",
    "measure",
    "memory",
    "meeting",
    "message",
    "mountain",
    "network",
    "notice",
    "number",
    "office",
    "option",
    "origin",
    "partner",
    "patent",
    "people",
    "phone",
    "picture",
    "planet",
    "pocket",
    "policy",
    "process",
    "product",
    "project",
    "quarter",
    "question",
    "record",
    "region",
    "release",
    "report",
    "research",
    "river",
    "sample",
    "screen",
    "season",
    "sensor",
    "server",
    "service",
    "signal",
    "source",
    "speaker",
    "standard",
    "station",
    "statement",
    "store",
    "summer",
    "supply",
    "survey",
    "system",
    "table",
    "target",
    "teacher",
    "timeline",
    "tower",
    "trade",
    "update",
    "value",
    "venture",
    "version",
    "village",
    "voice",
    "window",
    "winter",
    "worker",
];
const SMALL: &[&str] = &["the", "a", "of", "in", "with", "for", "and", "under", "after", "before", "its", "that", "by"];
const VERBS: &[&str] = &["shows", "names", "moves", "holds", "follows", "changes", "joins", "opens", "limits", "tells"];

/// One page of the corpus.
pub struct Page {
    pub number: u32,
    /// How many there are: links lead to any of them.
    pub of: u32,
    pub seed: u64,
    pub code: bool,
}

/// `p000042`
pub fn name(number: u32) -> String {
    format!("p{number:06}")
}

/// `s0003`
pub fn section(number: u32) -> String {
    format!("s{number:04}")
}

/// A paragraph that depends on the seed alone.
pub fn paragraph(seed: u64) -> String {
    let mut chance = Chance(seed);
    let mut out = String::new();
    chance.prose(&mut out, 60);
    out
}

impl Page {
    /// Front matter, 600 words, five headings, two lists, a table, two footnotes, three internal links, perhaps code.
    pub fn markdown(&self, as_addresses: bool) -> String {
        let mut chance = Chance(self.seed.wrapping_mul(0x9E37_79B9).wrapping_add(u64::from(self.number) + 1));
        let mut out = String::with_capacity(6000);
        let (month, day) = (1 + self.number / 28 % 12, 1 + self.number % 28);
        let title = format!("{} {} {}", chance.name(), chance.word(), self.number);
        let _ = write!(out, "---\ntitle: {title}\nsummary: On the {} and the {}.\n", chance.word(), chance.word());
        let _ = write!(out, "date: 2024-{month:02}-{day:02}\n---\n\n");
        chance.prose(&mut out, 60);
        out.push_str("[^one]\n");
        for part in 0..5 {
            let _ = write!(out, "\n## {} {} {}\n\n", chance.name(), chance.word(), chance.word());
            chance.prose(&mut out, 42);
            match part {
                0 | 2 | 3 => self.link(&mut chance, &mut out, as_addresses),
                1 => out.push_str("[^two]"),
                _ => {}
            }
            out.push_str("\n\n");
            match part {
                0 | 2 => chance.list(&mut out),
                1 => chance.table(&mut out),
                3 | 4 if self.code => chance.code(&mut out),
                _ => {}
            }
            chance.prose(&mut out, 42);
            out.push('\n');
        }
        for note in ["one", "two"] {
            let _ = write!(out, "\n[^{note}]: ");
            chance.prose(&mut out, 14);
            out.push('\n');
        }
        out
    }

    fn link(&self, chance: &mut Chance, out: &mut String, as_addresses: bool) {
        let to = chance.below(u64::from(self.of)) as u32;
        let (folder, file, word) = (section(to / SECTION), name(to), chance.word());
        let _ = match as_addresses {
            true => write!(out, " See [the {word}](/{folder}/{file}.html)."),
            false => write!(out, " See [the {word}](../{folder}/{file}.md)."),
        };
    }
}

/// `SplitMix64`: short, and good enough for words.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len() as u64) as usize]
    }

    fn word(&mut self) -> &'static str {
        self.of(WORDS)
    }

    fn name(&mut self) -> String {
        let word = self.word();
        format!("{}{}", word[..1].to_uppercase(), &word[1..])
    }

    /// About `words` words, in sentences.
    fn prose(&mut self, out: &mut String, words: usize) {
        let mut left = words;
        while left > 0 {
            let count = (8 + self.below(7) as usize).min(left);
            let _ = write!(out, "{}", self.name());
            for at in 1..count {
                let mark = self.below(40);
                let word = match at % 4 {
                    1 if at > 1 => self.of(VERBS),
                    1 | 2 => self.of(SMALL),
                    _ => self.word(),
                };
                match mark {
                    0 => write!(out, " *{word}*"),
                    1 => write!(out, " **{word}**"),
                    2 => write!(out, " `{word}`"),
                    3 => write!(out, ", {word}"),
                    _ => write!(out, " {word}"),
                }
                .unwrap_or_default();
            }
            left -= count;
            out.push_str(if left > 0 { ". " } else { "." });
        }
    }

    fn list(&mut self, out: &mut String) {
        for _ in 0..4 {
            out.push_str("- ");
            self.prose(out, 9);
            out.push('\n');
        }
        out.push('\n');
    }

    fn table(&mut self, out: &mut String) {
        let _ = write!(out, "| {} | {} | Number |\n|---|---|---|\n", self.name(), self.name());
        for _ in 0..4 {
            let number = self.below(10_000);
            let _ =
                writeln!(out, "| {} {} | {} {} | {number} |", self.name(), self.word(), self.of(SMALL), self.word());
        }
        out.push('\n');
    }

    /// A block of 20 to 30 lines, in one of four languages.
    fn code(&mut self, out: &mut String) {
        let lines = 20 + self.below(11);
        let language = self.of(&["rust", "python", "js", "yaml"]);
        let _ = writeln!(out, "```{language}");
        let mut written = 0;
        while written < lines {
            let (a, b, c, n) = (self.word(), self.word(), self.word(), self.below(1000));
            let part: Vec<String> = match language {
                "rust" => vec![
                    format!("/// The {a} of the {b}."),
                    format!("pub fn {a}_{b}({c}: &str, limit: usize) -> Result<Vec<u32>, Error> {{"),
                    format!("    let mut {b} = Vec::with_capacity({n});"),
                    format!("    for (at, part) in {c}.split(\"{a}, \").enumerate() {{"),
                    format!("        if at > limit && part != \"{b}\" {{ break; }}"),
                    format!("        {b}.push(part.len() as u32 + {n}); // {a}"),
                    "    }".to_owned(),
                    format!("    Ok({b})\n}}"),
                ],
                "python" => vec![
                    format!("def {a}_{b}({c}, limit={n}):"),
                    format!("    \"\"\"Give the {a} of {b}.\"\"\""),
                    format!("    {b} = [part for part in {c}.split(', ') if part]"),
                    format!("    if len({b}) > limit:  # {a}"),
                    format!("        raise ValueError(f\"{a}: {{len({b})}}\")"),
                    format!("    return {{'{a}': {b}, 'count': {n}}}\n"),
                ],
                "js" => vec![
                    format!("/* The {a} of the {b}. */"),
                    format!("export async function {a}{n}({b}, limit = {n}) {{"),
                    format!("  const {c} = await fetch(`/api/${{{b}}}?limit={n}`);"),
                    format!("  if (!{c}.ok) throw new Error(\"{a}: \" + {c}.status);"),
                    format!("  return ({c}.items ?? []).filter((x) => x.name !== '{a}'); // {b}"),
                    "}".to_owned(),
                ],
                _ => vec![
                    format!("- id: {a}-{b}-{n}"),
                    format!("  title: \"The {a} of the {b}\" # {c}"),
                    format!("  count: {n}"),
                    format!("  topics: [{a}, {b}, {c}]"),
                    "  open: true".to_owned(),
                ],
            };
            for line in part.iter().flat_map(|line| line.split('\n')) {
                if written < 30 {
                    out.push_str(line);
                    out.push('\n');
                    written += 1;
                }
            }
        }
        out.push_str("```\n\n");
    }
}

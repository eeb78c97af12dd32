//! The edit loop as an editor feels it: from the write of a file to the message that has the tab show it, and to the new
//! text in Chromium.
//!
//! `cargo bench --bench edit_loop -- [PAGES] [EDITS] [MANY]`, 10,000 pages, 50 edits of each kind and 1,000 for the memory
//! where nothing is said. It drives the real program over a real socket, and prints the whole distribution, the time to the
//! first page and the memory.

#[path = "../tests/support/chromium.rs"]
mod chromium;
#[path = "../tests/support/served.rs"]
mod served;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use chromium::{DESKTOP, browse};
use served::{Served, Tab};

/// Nobody saves ten times a second; sweeps come and go in between.
const PAUSE: Duration = Duration::from_millis(150);

/// Notes when the words "Seen number N" are about to be painted, by the clock of the machine.
const WATCH: &str = r"(window.seen = {}, new MutationObserver(() => {
    const number = document.body.textContent.match(/Seen number (\d+)/)?.[1];
    if (number && !(number in seen)) requestAnimationFrame(() => seen[number] ??= Date.now());
}).observe(document, { subtree: true, childList: true, characterData: true }))";

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let number = |index: usize, otherwise: usize| numbers.get(index).copied().unwrap_or(otherwise);
    let (pages, edits, many) = (number(0, 10_000), number(1, 50), number(2, 1000));
    let shared = Path::new("/dev/shm");
    let temp = if shared.is_dir() { tempfile::tempdir_in(shared) } else { tempfile::tempdir() }.expect("a folder");
    let site = temp.path().join("generated");
    generate(&site, pages);
    println!("generated site of {pages} pages");
    measure(&site, "part0/page3", edits, many);
    let own = temp.path().join("own");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["content", "templates", "static"] {
        copy(&here.join(folder), &own.join(folder));
    }
    fs::copy(here.join("site.toml"), own.join("site.toml")).expect("a configuration");
    println!("the site of this repository");
    measure(&own, "cloud", edits, many);
}

/// A file that is edited, and put back as it was.
struct Edited {
    file: PathBuf,
    text: String,
}

impl Edited {
    fn open(file: PathBuf) -> Self {
        let text = fs::read_to_string(&file).expect("the file can be read");
        Self { file, text }
    }

    fn write(&self, text: &str) {
        fs::write(&self.file, text).expect("the file can be written");
    }

    fn add(&self, more: &str) {
        self.write(&format!("{}\n{more}\n", self.text));
    }
}

impl Drop for Edited {
    fn drop(&mut self) {
        self.write(&self.text);
    }
}

fn measure(site: &Path, page: &str, edits: usize, many: usize) {
    let output = format!("/{page}.html");
    let start = Instant::now();
    let served = Served::start(site, &["--watch"]);
    assert_eq!(served.get(&output).status, 200, "the page is there");
    println!("  first page after start: {} ms, {:.0} MiB resident", start.elapsed().as_millis(), served.resident());
    let body = Edited::open(site.join(format!("content/{page}.md")));
    let mut tab = served.tab(&output);
    while tab.hear(Duration::from_millis(700)).is_some() {}
    let busy = times(&mut tab, edits, PAUSE, |number| body.add(&format!("Word number {number} of this page.")));
    show("a word, while the rest renders in the background", busy);
    rest(&served);
    let word = times(&mut tab, edits, PAUSE, |number| body.add(&format!("Word {number} again on this page.")));
    show("a word of a body", word);
    let paragraphs = times(&mut tab, edits, PAUSE, |number| {
        let more = "Another paragraph that says something about it.\n\n".repeat(number % 3);
        body.add(&format!("{more}\nEnd {number}."));
    });
    show("paragraphs come and go", paragraphs);
    let base = Edited::open(site.join("templates/base.html"));
    let template = times(&mut tab, edits.min(20), PAUSE, |number| {
        base.write(&base.text.replace("</body>", &format!("<p>{number}</p></body>")));
    });
    show("a template", template);
    drop(base);
    rest(&served);
    for done in (250..=many).step_by(250) {
        let pause = Duration::from_millis(20);
        times(&mut tab, 250, pause, |number| body.add(&format!("Word {number} of the edits up to {done}.")));
        println!("  after {done} more edits: {:.0} MiB resident", served.resident());
    }
    drop(tab);
    in_chromium(&served, &body, &output, edits);
}

/// The background comes to an end: what follows is the state of most of a day.
fn rest(served: &Served) {
    let rest = Instant::now();
    let mut cpu = 0;
    while rest.elapsed() < Duration::from_mins(2) {
        std::thread::sleep(Duration::from_millis(500));
        let now = spent(served);
        if now == cpu {
            break;
        }
        cpu = now;
    }
    println!("  background at rest after {:.1} s, {:.0} MiB resident", rest.elapsed().as_secs_f64(), served.resident());
}

/// The time from before each edit to the message that the page has changed.
fn times(tab: &mut Tab, count: usize, pause: Duration, edit: impl Fn(usize)) -> Vec<Duration> {
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let start = Instant::now();
        edit(number);
        loop {
            let news = tab.hear(Duration::from_secs(10)).expect("the tab hears of every edit");
            assert_eq!(news["problems"], serde_json::json!([]), "nothing is wrong with the edit");
            if news["changed"] == true {
                break;
            }
        }
        times.push(start.elapsed());
        std::thread::sleep(pause);
    }
    times
}

/// The time from before each edit to the frame with the new text.
fn in_chromium(served: &Served, body: &Edited, output: &str, edits: usize) {
    browse(DESKTOP, async |page| {
        page.goto(&format!("http://127.0.0.1:{}{output}", served.port)).await;
        page.wait("document.readyState === 'complete'").await;
        std::thread::sleep(Duration::from_secs(1));
        page.eval(WATCH).await;
        let mut times = Vec::with_capacity(edits);
        for number in 0..edits {
            let before = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a time after 1970");
            body.add(&format!("Seen number {number}."));
            page.wait(&format!("'{number}' in window.seen")).await;
            let seen = page.eval(&format!("window.seen['{number}']")).await.as_f64().expect("a time");
            times.push(Duration::from_secs_f64((seen / 1000.0 - before.as_secs_f64()).max(0.0)));
            std::thread::sleep(PAUSE);
        }
        show("a word of a body, to the frame in Chromium", times);
    });
}

fn show(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |part: f64| {
        let index = ((times.len() as f64 - 1.0) * part).round() as usize;
        times.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
    };
    println!(
        "  {what}: {} edits, min {:.1}, median {:.1}, 90 % {:.1}, worst {:.1} ms",
        times.len(),
        at(0.0),
        at(0.5),
        at(0.9),
        at(1.0)
    );
}

/// Ticks of the processor that the program has used (Linux).
fn spent(served: &Served) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", served.child.id())).unwrap_or_default();
    let fields: Vec<&str> = stat.split(' ').collect();
    let field = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    (field(13) + field(14)) / 5
}

/// Pages of 600 words with headings, lists, a table, footnotes, links, and code in one of five.
fn generate(site: &Path, pages: usize) {
    let words =
        "the report of an agreement between two companies names many plans and few dates so readers ask what holds";
    let words: Vec<&str> = words.split(' ').collect();
    let mut seed = 7_usize;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut sentence = move |count: usize| {
        let text: Vec<&str> = (0..count).map(|_| words[next(words.len())]).collect();
        format!("{}.", text.join(" "))
    };
    fs::create_dir_all(site.join("content")).expect("a folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &site.join("templates"));
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("static"), &site.join("static"));
    fs::write(site.join("site.toml"), "title = \"Generated\"\n").expect("a configuration");
    fs::write(site.join("content/index.md"), "---\ntitle: Home\n---\n\nWelcome here.\n").expect("a page");
    for number in 0..pages.saturating_sub(1) {
        let folder = site.join(format!("content/part{}", number / 100));
        if number % 100 == 0 {
            fs::create_dir_all(&folder).expect("a folder");
            fs::write(folder.join("index.md"), format!("---\ntitle: Part {}\n---\n", number / 100)).expect("a page");
        }
        let mut text = format!(
            "---\ntitle: Page {number}\nsummary: {}\ndate: 2018-02-{:02}\n---\n\n",
            sentence(8),
            number % 28 + 1
        );
        for part in 0..5 {
            text.push_str(&format!(
                "## Heading {part}\n\n{} {}[^1]\n\n{}\n\n",
                sentence(30),
                sentence(30),
                sentence(40)
            ));
            if part < 3 {
                text.push_str(&format!(
                    "See [another page](page{}.md).\n\n",
                    number / 100 * 100 + (number + part) % 90
                ));
            }
            if part < 2 {
                text.push_str(&format!("- {}\n- {}\n\n", sentence(8), sentence(8)));
            }
        }
        text.push_str("| a | b |\n|---|--:|\n| one | 1 |\n| two | 2 |\n\n[^1]: A footnote.\n");
        if number % 5 == 0 {
            let code =
                "fn main() {\n    let text = \"one\"; // two\n    println!(\"{text} {}\", 3 + 4);\n}\n".repeat(6);
            text.push_str(&format!("\n```rust\n{code}// {number}\n```\n\n```rust\n{code}// {number} again\n```\n"));
        }
        fs::write(folder.join(format!("page{number}.md")), text).expect("a page");
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().filter_map(Result::ok) {
        let place = to.join(entry.path().strip_prefix(from).expect("it lies there"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(place).expect("a folder");
        } else {
            fs::copy(entry.path(), place).expect("a file");
        }
    }
}

//! A real browser: headless Chromium, driven by ChromeDriver.
//!
//! Every test gets a browser and a profile of its own. Both are ended by their process ids, whatever happens in the
//! test. If either program is missing, the test is skipped with a message; with `CI=true` that is a failure.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// The settings of the browser.
#[derive(Clone, Copy)]
pub struct Reader {
    /// Whether pages may run scripts.
    pub script: bool,
    /// Width and height of the window in CSS pixels.
    pub size: (u32, u32),
}

/// A desktop with scripts.
pub const DESKTOP: Reader = Reader { script: true, size: (1280, 900) };

/// Keys by their names in WebDriver.
pub const TAB: &str = "\u{E004}";
/// The Enter key.
pub const ENTER: &str = "\u{E007}";
/// The Escape key.
pub const ESCAPE: &str = "\u{E00C}";
/// The arrow-down key.
pub const DOWN: &str = "\u{E015}";

/// Runs a test in its own browser, or reports that there is none.
pub fn browse(reader: Reader, test: impl AsyncFnOnce(&Page)) {
    let (Some(chromium), Some(_)) =
        (program(&["chromium", "chromium-browser", "google-chrome"]), program(&["chromedriver"]))
    else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI=true, and chromium or chromedriver is absent");
        println!("skipped: chromium or chromedriver is absent");
        return;
    };
    let driver = Driver::start();
    let profile = tempfile::tempdir().expect("a temporary folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let page = runtime.block_on(Page::open(&driver, capabilities(reader, &chromium, profile.path())));
    let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(&page))));
    // Closing the session ends the browser, ending the driver ends what is left of it.
    drop(runtime.block_on(page.client.clone().close()));
    drop(driver);
    if let Err(panic) = ended {
        resume_unwind(panic);
    }
}

/// The flags of every run: headless, and without network access of its own.
fn capabilities(reader: Reader, chromium: &std::path::Path, profile: &std::path::Path) -> Value {
    let mut args: Vec<String> = [
        "headless",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
    ]
    .map(|flag| format!("--{flag}"))
    .into();
    args.push(format!("--window-size={},{}", reader.size.0, reader.size.1));
    args.push(format!("--user-data-dir={}", profile.display()));
    // 2 is "block" in the settings for contents.
    let script = if reader.script { 1 } else { 2 };
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": {
            "binary": chromium,
            "args": args,
            "prefs": { "profile.managed_default_content_settings.javascript": script },
        },
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}

/// The first of these programs that is installed.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|found| found.is_file()))
}

/// A running ChromeDriver; it ends its browser and itself when dropped.
struct Driver {
    process: Child,
    port: u16,
    /// Kept open, so that the driver can write to it.
    _output: BufReader<std::process::ChildStdout>,
}

impl Driver {
    fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut output = BufReader::new(process.stdout.take().expect("its output is piped"));
        let port = loop {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).unwrap_or(0), 0, "chromedriver ended before it printed its port");
            let announced = line
                .trim_end()
                .trim_end_matches('.')
                .rsplit_once("successfully on port ")
                .and_then(|(_, port)| port.parse().ok());
            if let Some(port) = announced {
                break port;
            }
        };
        Self { process, port, _output: output }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked to shut down, it closes the sessions that a failed test left open.
        drop(request(self.port, "GET", "/shutdown", ""));
        let patience = Instant::now() + Duration::from_secs(5);
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Sends a request to the driver, and returns the body of the response.
fn request(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let len = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\ncontent-length: {len}\r\n\
         connection: close\r\n\r\n{body}"
    )?;
    // The driver keeps the connection open, so its `Content-Length` marks the end of the response.
    let (mut answer, mut len) = (BufReader::new(stream), 0);
    loop {
        let mut line = String::new();
        answer.read_line(&mut line)?;
        match line.trim_end().to_ascii_lowercase().split_once(": ") {
            Some(("content-length", announced)) => len = announced.parse().unwrap_or(0),
            Some(_) => {}
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; len];
    answer.read_exact(&mut body)?;
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// Actions and observations of a reader. Any error fails the test, with the action.
pub struct Page {
    client: Client,
    port: u16,
    session: String,
}

impl Page {
    async fn open(driver: &Driver, capabilities: Value) -> Self {
        let Value::Object(capabilities) = capabilities else { unreachable!("capabilities are an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .expect("a session with the browser");
        let session = client.session_id().await.ok().flatten().expect("the session has an id");
        Self { client, port: driver.port, session }
    }

    /// Opens an address.
    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("going to {url}: {error}"));
    }

    /// Opens an address in a new tab, switches to it, and returns its name.
    pub async fn open_tab(&self, url: &str) -> WindowHandle {
        let tab = self.client.new_window(true).await.expect("a tab opens").handle;
        self.show_tab(&tab).await;
        self.goto(url).await;
        tab
    }

    /// Switches to another tab.
    pub async fn show_tab(&self, tab: &WindowHandle) {
        self.client.switch_to_window(tab.clone()).await.expect("the tab is there");
    }

    /// The address of the page that is open.
    pub async fn url(&self) -> String {
        self.client.current_url().await.expect("the page has an address").into()
    }

    /// Goes back in the history.
    pub async fn back(&self) {
        self.client.back().await.expect("there is a page before");
    }

    /// The first element that matches a CSS selector.
    pub async fn find(&self, css: &str) -> Element {
        self.client.find(Locator::Css(css)).await.unwrap_or_else(|error| panic!("finding `{css}`: {error}"))
    }

    /// Clicks on the first such element.
    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap_or_else(|error| panic!("clicking `{css}`: {error}"));
    }

    /// Clicks on the first visible link with this text.
    pub async fn follow(&self, text: &str) {
        let links = self.client.find_all(Locator::LinkText(text)).await.expect("links can be looked for");
        for link in links {
            if link.is_displayed().await.unwrap_or(false) {
                return link.click().await.unwrap_or_else(|error| panic!("clicking `{text}`: {error}"));
            }
        }
        panic!("no visible link `{text}` on {}", self.url().await);
    }

    /// The visible text of the first such element.
    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap_or_else(|error| panic!("reading `{css}`: {error}"))
    }

    /// The number of visible elements.
    pub async fn seen(&self, css: &str) -> usize {
        let mut seen = 0;
        for element in self.client.find_all(Locator::Css(css)).await.expect("elements can be looked for") {
            seen += usize::from(element.is_displayed().await.unwrap_or(false));
        }
        seen
    }

    /// Types on the keyboard, into whatever has the focus; single keys have the names of WebDriver.
    pub async fn keys(&self, keys: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.unwrap_or_else(|error| panic!("typing {keys:?}: {error}"));
    }

    /// Presses Tab until an element that matches the selector has the focus, then Enter.
    pub async fn enter(&self, css: &str) {
        let there = format!("document.activeElement.matches({})", json!(css));
        for _ in 0..250 {
            self.keys(TAB).await;
            if self.eval(&there).await == json!(true) {
                return self.keys(ENTER).await;
            }
        }
        panic!("Tab never came to `{css}` on {}", self.url().await);
    }

    /// The value of an expression in the page.
    pub async fn eval(&self, expression: &str) -> Value {
        let script = format!("return ({expression})");
        self.client.execute(&script, Vec::new()).await.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Waits until an expression holds.
    pub async fn wait(&self, expression: &str) {
        let patience = Instant::now() + Duration::from_secs(10);
        while self.eval(expression).await != json!(true) {
            assert!(Instant::now() < patience, "it never came to be: {expression}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A command of the DevTools protocol.
    pub fn devtools(&self, command: &str, parameters: &Value) {
        let body = json!({ "cmd": command, "params": parameters }).to_string();
        let path = format!("/session/{}/goog/cdp/execute", self.session);
        let answer = request(self.port, "POST", &path, &body).expect("the driver answers");
        assert!(!answer.contains("\"error\""), "{command}: {answer}");
    }

    /// Sets the window to a phone of this width.
    pub fn phone(&self, width: u32) {
        let parameters = json!({ "width": width, "height": 640, "deviceScaleFactor": 2, "mobile": true });
        self.devtools("Emulation.setDeviceMetricsOverride", &parameters);
    }

    /// Sets the media type and the preferred colour scheme.
    pub fn media(&self, media: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": media, "features": features }));
    }

    /// The browser's console errors since the last call.
    pub fn complaints(&self) -> Vec<String> {
        let path = format!("/session/{}/se/log", self.session);
        let answer = request(self.port, "POST", &path, r#"{"type":"browser"}"#).expect("the driver answers");
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let entries = answer["value"].as_array().cloned().unwrap_or_default();
        entries.iter().map(|entry| format!("{}: {}", entry["level"], entry["message"])).collect()
    }
}

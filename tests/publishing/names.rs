//! Names that a file system allows, with the program itself: each is published with working links, or reported.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::links;
use crate::site::{Result, folder, tree, write};

/// Names of pages and pictures that are published. Those of the second list get a warning: Windows does not allow them.
const GOOD: &[&str] = &[
    "with space",
    "#hash",
    "100%",
    "100%25",
    "%2e%2e",
    "apostrophe's",
    "caf\u{e9}",
    "cafe\u{301} of another form",
    "日本語",
    "emoji 🎉",
    "\u{202e}turned",
    "\u{200f}right to left",
    "שלום",
    "zero\u{200b}width",
    "\u{feff}mark",
    "-rf",
    "--help",
    "$HOME",
    "~",
    "~root",
    "`tick`",
    "a&b",
    "a&amp;b",
    "{{ page.title }}",
    "{% raw %}",
    "[x](y)",
    "@azure",
    "semi;colon",
    "comma,",
    "plus+",
    "equals=1",
    "!bang",
    "(round)",
    "\u{a0}no-break",
    "\u{2028}line",
    "\u{e000}private",
    "e\u{301}\u{301}\u{301}",
    "index.html",
    "a.b.c",
    "UPPER",
    "javascript%3Aalert(1)",
];
const WARNED: &[&str] = &[
    "what?",
    "quo\"te",
    "new\nline",
    "tab\t",
    "bell\u{7}",
    "escape\u{1b}[31m",
    "delete\u{7f}",
    "<b>",
    "a:b",
    "a|b",
    "a*b",
    "back\\slash",
    "con",
    "PRN",
    "com1",
    "lpt9.x",
    "aux",
    "nul",
];

/// The output of the program for the site in this folder, and whether it published.
fn build(root: &Path) -> Result<(bool, String)> {
    let run = Command::new(env!("CARGO_BIN_EXE_dossier")).args(["build"]).current_dir(root).output()?;
    assert!(matches!(run.status.code(), Some(0 | 1)), "it ends as it should: {:?}", run.status);
    Ok((run.status.success(), String::from_utf8_lossy(&run.stderr).into_owned()))
}

/// Every byte but letters and digits as `%XX`.
fn encoded(name: &str) -> String {
    let byte = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).into() } else { format!("%{byte:02X}") };
    name.bytes().map(byte).collect()
}

#[test]
fn every_name_is_published_with_working_links() -> Result {
    let temp = folder()?;
    let root = temp.path().join("site");
    let long = "x".repeat(250);
    let deep = format!("{}page", "down/".repeat(60));
    let names: Vec<&str> = GOOD.iter().chain(WARNED).copied().chain([&*long, &*deep]).collect();
    write(&root, "site.toml", "title = 'T'\n")?;
    let mut home = "# Home\n".to_owned();
    for (at, name) in names.iter().enumerate() {
        let link = name.split('/').map(encoded).collect::<Vec<_>>().join("/");
        write(
            &root,
            &format!("content/{name}.md"),
            &format!("# Case {at}\n\n![A picture](/{link}.svg)\n\n[Home](/index.md)\n"),
        )?;
        write(
            &root,
            &format!("static/{name}.svg"),
            &format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- {at} --></svg>"),
        )?;
        home.push_str(&format!("\n[{at}]({link}.md)\n"));
    }
    write(&root, "content/index.md", &home)?;
    let (published, output) = build(&root)?;
    assert!(published, "{output}");
    assert_eq!(output.matches("warning[").count(), output.matches("warning[unportable-name]").count(), "{output}");
    assert_eq!(output.matches("warning[unportable-name]").count(), WARNED.len() * 2, "{output}");
    assert!(!output.contains(['\u{1b}', '\u{7}', '\u{202e}']), "what is shown moves no cursor: {output:?}");

    let made = tree(&root.join("public"));
    let mut reached = BTreeSet::new();
    for page in links("index.html", &made["index.html"])? {
        let html =
            String::from_utf8_lossy(made.get(&page).ok_or_else(|| format!("{page:?} is not there"))?).into_owned();
        let Some((_, rest)) = html.split_once("<h1>Case ") else { continue };
        let at: usize = rest.split('<').next().unwrap_or_default().parse()?;
        let picture = format!("<!-- {at} -->");
        let named = links(&page, html.as_bytes())?;
        let shows = named
            .iter()
            .filter_map(|name| made.get(name))
            .any(|bytes| String::from_utf8_lossy(bytes).contains(&picture));
        assert!(shows && named.contains(&"index.html".to_owned()), "{page:?}: its picture and the way back: {named:?}");
        reached.insert(at);
    }
    assert_eq!(reached, (0..names.len()).collect(), "every page is reached from the home page");
    assert!(names.len() >= 40);
    println!("{} names published, {} refused", names.len(), refused().len());
    Ok(())
}

/// Files that cannot all be published, and the messages.
fn refused() -> Vec<(Vec<String>, &'static str)> {
    let one = |name: &str| vec![name.to_owned()];
    let two = |one: &str, other: &str| vec![one.to_owned(), other.to_owned()];
    vec![
        (two("content/Twin.md", "content/twin.md"), "address-twice"),
        (two("static/Twin.svg", "static/twin.svg"), "address-twice"),
        (two("static/caf\u{e9}.svg", "static/cafe\u{301}.svg"), "address-twice"),
        (two("content/caf\u{e9}.md", "content/cafe\u{301}.md"), "address-twice"),
        (two("content/ß.md", "content/ẞ.md"), "address-twice"),
        (two("content/a.md", "static/a.html"), "address-twice"),
        (two("static/x", "content/x/y.md"), "output-path-clash"),
        (one(&format!("content/{}.md", "é".repeat(126))), "write-failed"),
        (one("static/.dossier/manifest.jsonl"), "write-failed"),
        (one("static/.Dossier/x"), "write-failed"),
    ]
}

#[test]
fn unpublishable_names_are_reported_and_the_site_is_unchanged() -> Result {
    for (names, code) in refused() {
        let temp = folder()?;
        let root = temp.path().join("site");
        write(&root, "site.toml", "title = 'T'\noutput = { hidden = ['.dossier', '.Dossier'] }\n")?;
        write(&root, "content/index.md", "# Home\n")?;
        let (published, output) = build(&root)?;
        assert!(published, "{output}");
        let before = tree(&root.join("public"));
        for name in &names {
            write(&root, name, "# A page\n")?;
        }
        let (published, output) = build(&root)?;
        assert!(!published && output.contains(&format!("error[{code}]")), "{names:?}: {output}");
        assert!(tree(&root.join("public")) == before, "{names:?}");
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_is_reported() -> Result {
    use std::os::unix::ffi::OsStrExt;
    let temp = folder()?;
    let root = temp.path().join("site");
    write(&root, "site.toml", "title = 'T'\n")?;
    write(&root, "content/index.md", "# Home\n")?;
    fs::write(root.join("content").join(std::ffi::OsStr::from_bytes(b"latin\xe9.md")), "# L\n")?;
    let (published, output) = build(&root)?;
    assert!(!published && output.contains("content/latin"), "{output}");
    Ok(())
}

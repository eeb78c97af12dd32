//! A small site on tea, with what matters to hosts: aliases, folders, a picture of another site.

use super::site::Site;

const SITE: &str = "\
//- site.toml
title = \"Tea\"
base_url = \"https://example.org/deal/\"
[output]
//- content/index.md
# Home

Read about [tea](tea.md#black) and [its trade](trade/index.md), or see ![a map](https://maps.example/tea.png).
//- content/tea.md
---
title: Tea
aliases: [leaves, old/]
---

## Black

Fully oxidised. Fully oxidised. Fully oxidised. Fully oxidised.
//- content/trade/index.md
# Trade

Back to [tea](../tea.md) or [home](../index.md), on to [ships](ships.md).
//- content/trade/ships.md
# Ships

From [trade](index.md).
//- static/tea.csv
kind,colour
black,black
green,green
white,white
black,black
green,green
//- static/dot.txt
.
";

/// The site, with these lines in `[output]`.
pub fn site(output: &str) -> Site {
    Site::new(&SITE.replace("[output]\n", &format!("[output]\n{output}\n")))
}

/// Builds it without problems, and returns the output.
pub fn build(site: &Site, words: &[&str]) -> String {
    let run = site.run(&[&["build"], words].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}: {}", run.out);
    run.out
}

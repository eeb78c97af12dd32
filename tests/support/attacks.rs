//! Pages that try to run a script, shared by all tests.

/// Name and text of each page of `tests/fixtures/xss.txt`.
pub fn attacks() -> Vec<(&'static str, &'static str)> {
    let entries = include_str!("../fixtures/xss.txt").split("\n%%%% ").skip(1);
    let attacks: Vec<_> = entries.map(|entry| entry.split_once('\n').unwrap_or((entry, ""))).collect();
    assert!(attacks.len() >= 60, "a table that lost its entries proves nothing");
    attacks
}

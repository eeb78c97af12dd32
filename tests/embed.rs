//! The example for programs that embed the library makes a site.

#[path = "../examples/embed.rs"]
#[expect(dead_code, reason = "only `main` is not called")]
mod embed;

#[test]
fn the_example_makes_a_site_from_memory() {
    let site = embed::make().expect("a site without problems");
    let home = site.text("index.html").expect("a home page");
    assert!(home.contains("The bridge opened in 1932"), "{home}");
    assert!(site.text("claims.html").is_some_and(|claims| claims.contains("id=\"opened\"")));
}

/// The crates that only the program needs are not there without it.
#[test]
fn the_library_alone_needs_no_server_and_no_command_line() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = std::process::Command::new(cargo)
        .args(["tree", "--offline", "--no-default-features", "--edges", "normal", "--prefix", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8_lossy(&tree.stdout);
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"rayon"), "{names:?}");
    for name in ["axum", "clap", "hyper", "indicatif", "notify", "tokio"] {
        assert!(!names.contains(&name), "{name}");
    }
}

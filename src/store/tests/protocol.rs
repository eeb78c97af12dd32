use std::sync::Arc;

use object_store::{Attribute, ObjectStore, ObjectStoreExt, PutPayload};

use super::counting::Counting;
use super::{all, expected, objects_with, options, publish, site};
use crate::store::{Bucket, Options, Session, State};

const FIRST: &str = "index.html=1 a.html=1 a.html.gz=z1 style.1.css feed.xml=1 map.png";

/// Runs a test on one thread, with a clock that advances only when all tasks wait.
fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn state(store: &Counting) -> State {
    let bytes = store.get(&".dossier/state.jsonl".into()).await.unwrap().bytes().await.unwrap();
    State::read(&bytes).unwrap()
}

#[test]
fn a_first_publish_creates_in_order_and_never_lists() {
    run(async {
        let store = Counting::new();
        let published = publish(&store, FIRST, Options { jobs: 1, ..options("one") }).await.unwrap();
        assert_eq!((published.plan.writes().count(), published.unchanged, published.bytes), (5, 0, 22));
        insta::assert_snapshot!(store.requests().join("\n"), @r"
        get .dossier/state.jsonl
        create .dossier/state.jsonl
        create style.1.css
        create map.png
        create a.html
        create feed.xml
        create index.html
        update .dossier/state.jsonl
        ");
        assert_eq!(all(&*store).await, expected(FIRST));
        assert_eq!(state(&store).await.intent, None);
    });
}

#[test]
fn one_changed_page_is_one_read_one_upload_one_write() {
    run(async {
        let store = Counting::new();
        publish(&store, FIRST, options("one")).await.unwrap();
        store.requests();
        publish(&store, &FIRST.replace("z1", "z2"), options("two")).await.unwrap();
        insta::assert_snapshot!(store.requests().join("\n"), @r"
        get .dossier/state.jsonl
        overwrite a.html
        update .dossier/state.jsonl
        ");
        publish(&store, &FIRST.replace("z1", "z2"), options("three")).await.unwrap();
        assert_eq!(store.requests(), ["get .dossier/state.jsonl"], "nothing changed");
    });
}

#[test]
fn objects_have_headers_and_metadata() {
    run(async {
        let store = Counting::new();
        publish(&store, FIRST, options("one")).await.unwrap();
        let header = async |path: &str, key: Attribute| {
            let found = store.get(&path.into()).await.unwrap();
            found.attributes.get(&key).map(|value| value.to_string())
        };
        assert_eq!(header("a.html", Attribute::ContentType).await.as_deref(), Some("text/html; charset=utf-8"));
        assert_eq!(header("a.html", Attribute::ContentEncoding).await.as_deref(), Some("gzip"));
        assert_eq!(header("a.html", Attribute::CacheControl).await.as_deref(), Some("no-cache"));
        assert_eq!(header("style.1.css", Attribute::CacheControl).await.as_deref(), Some("immutable"));
        assert_eq!(header("map.png", Attribute::ContentEncoding).await, None);
        let hash = header("map.png", Attribute::Metadata("blake3".into())).await.unwrap();
        assert_eq!(hash, crate::source::Hash::of(b"map.png").hex());
    });
}

#[test]
fn an_object_whose_headers_change_is_sent_again() {
    let (_, outputs) = site(FIRST);
    let mut objects = objects_with(&outputs, None);
    let path = crate::source::SitePath::new("map.png").unwrap();
    let before = objects[&path].identity(true);
    objects.get_mut(&path).unwrap().cache_control = "max-age=60".to_owned();
    assert_ne!(before, objects[&path].identity(true));
    assert_eq!(objects[&path].identity(false).hash, outputs[&path].hash, "a folder keeps no headers");
}

#[test]
fn the_next_publish_continues_an_interrupted_one() {
    run(async {
        let second = "index.html=2 a.html=2 b.html style.2.css feed.xml=2 map.png";
        let third = "index.html=3 b.html=3 c.html style.1.css feed.xml=1";
        for target in [second, third, FIRST] {
            for stop in 0..14 {
                let store = Counting::new();
                publish(&store, FIRST, options("one")).await.unwrap();
                store.stop_after(stop);
                let broken = publish(&store, second, options("two")).await;
                store.stop_after(usize::MAX);
                // From another folder, a publish that may still be running must be taken over.
                let options = Options { ended: Some("two".to_owned()), ..options("three") };
                let published = publish(&store, target, options).await.unwrap();
                assert_eq!(all(&*store).await, expected(target), "stopped after {stop}");
                let (state, (_, outputs)) = (state(&store).await, site(target));
                assert_eq!(state.manifest.outputs.len(), objects_with(&outputs, Some("gz")).len());
                assert!(state.intent.is_none() && state.unsure.is_empty() && state.unreached.is_empty());
                if target == second && broken.is_err() && stop > 1 {
                    assert!(published.resumed, "stopped after {stop}");
                    assert_eq!(published.plan.steps.len(), 7 - stop, "of six steps none is done twice");
                }
            }
        }
    });
}

#[test]
fn foreign_objects_are_never_changed() {
    run(async {
        let store = Counting::new();
        store.put(&"a.html".into(), PutPayload::from_static(b"theirs")).await.unwrap();
        store.put(&"map.png".into(), PutPayload::from_static(b"theirs")).await.unwrap();
        let refused = publish(&store, FIRST, options("one")).await.unwrap_err();
        assert_eq!(refused, "publish-foreign-object: an object that Dossier did not publish exists at `map.png`\n");
        assert!(!all(&*store).await.contains_key("index.html"), "the home page comes last");
        // Nor by the next one, which knows the intent of the first.
        assert!(publish(&store, FIRST, options("two")).await.unwrap_err().contains("map.png"));
        // Nor when the page is removed from the site.
        publish(&store, "index.html=1", options("three")).await.unwrap();
        let all = all(&*store).await;
        assert_eq!(all.keys().collect::<Vec<_>>(), ["a.html", "index.html", "map.png"]);
        assert_eq!((&*all["a.html"], &*all["map.png"]), ("theirs", "theirs"));
    });
}

#[test]
fn of_two_concurrent_publishes_one_wins_and_the_other_reports_it() {
    run(async {
        let store = Counting::new();
        publish(&store, FIRST, options("one")).await.unwrap();
        let bucket = Bucket::new(store.clone(), "s3://bucket", "", true);
        let texts = [FIRST.replace("z1", "ada"), FIRST.replace("z1", "bob")];
        let sites = texts.clone().map(|text| site(&text));
        let objects = sites.each_ref().map(|(_, outputs)| objects_with(outputs, Some("gz")));
        let ada = Session::begin(&bucket, &objects[0], options("ada")).await.unwrap();
        let bob = Session::begin(&bucket, &objects[1], options("bob")).await.unwrap();
        ada.publish(&sites[0].0, &|_| {}).await.unwrap();
        let lost = bob.publish(&sites[1].0, &|_| {}).await.unwrap_err();
        assert_eq!(lost[0].to_string(), "ada@here has published there since");
        // Bob's page was sent before he knew. Ada's next publish corrects it, although her site did not change.
        let repaired = publish(&store, &texts[0], options("ada again")).await.unwrap();
        assert_eq!(repaired.plan.writes().count(), 1);
        assert_eq!(all(&*store).await, expected(&texts[0]));
    });
}

#[test]
fn of_two_concurrent_large_publishes_the_second_sends_nothing() {
    run(async {
        let store = Counting::new();
        publish(&store, FIRST, options("one")).await.unwrap();
        let bucket = Bucket::new(store.clone(), "s3://bucket", "", true);
        let texts = ["index.html=ada a.html=ada", "index.html=bob a.html=bob b.html"];
        let sites = texts.map(site);
        let objects = sites.each_ref().map(|(_, outputs)| objects_with(outputs, None));
        let ada = Session::begin(&bucket, &objects[0], options("ada")).await.unwrap();
        let bob = Session::begin(&bucket, &objects[1], options("bob")).await.unwrap();
        ada.publish(&sites[0].0, &|_| {}).await.unwrap();
        store.requests();
        let lost = bob.publish(&sites[1].0, &|_| {}).await.unwrap_err();
        assert_eq!(lost[0].code(), "publish-at-once");
        assert!(store.requests().iter().all(|request| request.ends_with("state.jsonl")));
        assert_eq!(all(&*store).await, expected(texts[0]));
    });
}

#[test]
fn a_running_publish_blocks_others_and_a_dead_one_does_not() {
    run(async {
        let store = Counting::new();
        store.stop_after(3);
        publish(&store, FIRST, options("ada")).await.unwrap_err();
        store.stop_after(usize::MAX);
        assert!(state(&store).await.live, "it could not say that it ended");
        let now = store.head(&".dossier/state.jsonl".into()).await.unwrap().last_modified.timestamp();
        let later = |minutes: i64| Options { now: now + 60 * minutes, ..options("bob") };
        let busy = publish(&store, FIRST, later(4)).await.unwrap_err();
        assert!(busy.starts_with("publish-at-once: ada@here is publishing there, last active"), "{busy}");
        publish(&store, FIRST, later(-400)).await.expect_err("a clock that is behind");
        publish(&store, FIRST, Options { take_over: true, ..later(4) }).await.unwrap();
        store.stop_after(3);
        publish(&store, "index.html=2 b.html", options("ada")).await.unwrap_err();
        store.stop_after(usize::MAX);
        publish(&store, FIRST, later(31)).await.unwrap();
        assert_eq!(all(&*store).await, expected(FIRST));
    });
}

#[test]
fn a_failed_publish_does_not_block_others() {
    run(async {
        let store = Counting::new();
        store.put(&"map.png".into(), PutPayload::from_static(b"theirs")).await.unwrap();
        publish(&store, FIRST, options("ada")).await.unwrap_err();
        assert!(!state(&store).await.live);
        publish(&store, "index.html=1", options("bob")).await.unwrap();
    });
}

#[test]
fn removals_are_limited_and_another_site_is_unchanged() {
    run(async {
        let store = Counting::new();
        publish(&store, FIRST, options("one")).await.unwrap();
        let before = all(&*store).await;
        let few = Options { max_deletes: 3, ..options("two") };
        let refused = publish(&store, "index.html=1", few.clone()).await.unwrap_err();
        assert_eq!(refused, "publish-many-removals: 4 objects would be removed; the limit is 3\n");
        let other = Options { site: "atlas".to_owned(), ..options("three") };
        let refused = publish(&store, FIRST, other.clone()).await.unwrap_err();
        assert_eq!(refused, "output-other-site: another site, `deal`, is published there\n");
        assert_eq!(all(&*store).await, before);
        publish(&store, "index.html=2", Options { replace_site: true, ..other }).await.unwrap();
        assert_eq!(all(&*store).await, expected("index.html=2"));
        assert_eq!(state(&store).await.manifest.site, "atlas");
    });
}

#[test]
fn a_damaged_state_stops_the_publish() {
    run(async {
        let store = Counting::new();
        for (text, code) in
            [("{\"dossier_state\":9}\n", "output-newer-manifest"), ("<html>", "output-damaged-manifest")]
        {
            store.put(&".dossier/state.jsonl".into(), PutPayload::from(text.to_owned())).await.unwrap();
            assert!(publish(&store, FIRST, options("one")).await.unwrap_err().starts_with(code));
        }
        assert!(all(&*store).await.is_empty());
        // Without the state, identical objects are accepted as ours.
        store.delete(&".dossier/state.jsonl".into()).await.unwrap();
        publish(&store, FIRST, options("one")).await.unwrap();
        store.delete(&".dossier/state.jsonl".into()).await.unwrap();
        publish(&store, FIRST, options("two")).await.unwrap();
        assert_eq!(all(&*store).await, expected(FIRST));
    });
}

#[test]
fn a_changed_or_truncated_state_is_detected() {
    run(async {
        let store = Counting::new();
        store.stop_after(3);
        publish(&store, FIRST, options("one")).await.unwrap_err();
        store.stop_after(usize::MAX);
        let whole = state(&store).await;
        let bytes = whole.to_bytes();
        assert_eq!(State::read(&bytes).unwrap(), whole);
        let head = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        for at in 0..bytes.len() - 1 {
            let cut = State::read(&bytes[..at]);
            // Truncated between manifest and intent it would be a valid state; the length from the server shows that it
            // is not.
            assert!(cut.is_err() || cut.is_ok_and(|cut| cut.intent.is_none()), "cut off at {at}");
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(at <= head || State::read(&changed).is_err(), "byte {at} changed");
        }
    });
}

#[test]
fn objects_that_others_changed_are_repaired() {
    run(async {
        let store = Counting::new();
        publish(&store, FIRST, options("one")).await.unwrap();
        store.put(&"a.html".into(), PutPayload::from_static(b"theirs")).await.unwrap();
        store.delete(&"map.png".into()).await.unwrap();
        let repair = Options { repair: true, ..options("two") };
        let repaired = publish(&store, FIRST, repair).await.unwrap();
        assert_eq!(repaired.plan.writes().count(), 2);
        assert_eq!(all(&*store).await, expected(FIRST));
    });
}

#[test]
fn a_file_that_changed_since_the_build_is_not_sent() {
    run(async {
        let store = Counting::new();
        let (files, outputs) = site(FIRST);
        files.insert(crate::source::SitePath::new("map.png").unwrap(), b"edited".to_vec());
        let bucket = Bucket::new(store.clone(), "s3://bucket", "", true);
        let objects = objects_with(&outputs, None);
        let session = Session::begin(&bucket, &objects, options("one")).await.unwrap();
        let faults = session.publish(&files, &|_| {}).await.unwrap_err();
        assert_eq!(faults[0].code(), "output-edited-file");
        assert!(!all(&*store).await.contains_key("map.png"));
    });
}

#[test]
fn large_files_are_sent_in_parts() {
    run(async {
        let store = Counting::new();
        let large = "x".repeat(20 << 20);
        let text = format!("index.html=1 film.mp4={large}");
        publish(&store, &text, options("one")).await.unwrap();
        assert!(store.requests().contains(&"parts film.mp4".to_owned()));
        assert_eq!(all(&*store).await, expected(&text));
        let other = Counting::new();
        other.put(&"film.mp4".into(), PutPayload::from_static(b"theirs")).await.unwrap();
        assert!(publish(&other, &text, options("one")).await.unwrap_err().contains("film.mp4"));
    });
}

#[test]
fn a_folder_is_published_in_the_same_way() {
    run(async {
        let temp = tempfile::tempdir().unwrap();
        let address = format!("file://{}", temp.path().join("www").display());
        let store: Arc<dyn ObjectStore> =
            Arc::new(object_store::local::LocalFileSystem::new_with_prefix(temp.path()).unwrap());
        for text in [FIRST, "index.html=2 b.html", "index.html=3 b.html c/d.html"] {
            let (files, outputs) = site(text);
            let bucket = Bucket::open(&address).unwrap();
            let objects = objects_with(&outputs, None);
            let session = Session::begin(&bucket, &objects, options("one")).await.unwrap();
            session.publish(&files, &|_| {}).await.unwrap();
            let found = all(&*store).await;
            let meant = objects.keys().map(|path| (format!("www/{path}"), files.text(path.as_str()).unwrap()));
            assert_eq!(found, meant.collect());
        }
    });
}

#[test]
fn invalid_addresses_are_explained_without_secrets() {
    let why = |address: &str| match Bucket::open(address) {
        Ok(bucket) => format!("{} is fine", bucket.url()),
        Err(fault) => format!("{}: {fault}", fault.code()),
    };
    let texts_of_errors: Vec<String> =
        ["ftp://x/y", "s3://", "bucket", "s3://key:secret@bucket", "az://c?sig=secret", "file://host/x"]
            .map(why)
            .into();
    insta::assert_snapshot!(texts_of_errors.join("\n"), @r"
    publish-bad-target: nothing can be published to `ftp://x/y`: `ftp` is not a supported scheme; use `s3`, `az`, `gs` or `file`
    publish-bad-target: nothing can be published to `s3://`: it names no bucket
    publish-bad-target: nothing can be published to `bucket`: it is not an address: relative URL without a base
    publish-bad-target: nothing can be published to `s3://bucket`: it has more than a bucket and a prefix; put credentials into the environment
    publish-bad-target: nothing can be published to `az://c`: it has more than a bucket and a prefix; put credentials into the environment
    publish-bad-target: nothing can be published to `file://host/x`: it names a host; write `file:///` and the path
    ");
}

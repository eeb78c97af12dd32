"""Good days and bad ones. Each takes a store and the site that is published there, and leaves both the same."""

import random, time

from explainer import PAGES, Site, expect, expect_done, expect_fault, finish
from proxy import FATES
from reader import expect_same, expect_whole


def good_days(store, site):
    before = store.proxy.count
    dry = expect_done(site.publish(store, "--dry-run"), published=False)
    expect(store.proxy.count == before + 1 and not store.bucket.objects(), "a dry run touched the store")
    expect(not (site.root / "public").exists(), "a dry run built")
    first = expect_done(site.publish(store), published=True, removed=0)
    expect((first["written"], first["bytes"]) == (dry["written"], dry["bytes"]), dry, first)
    expect_same(store, site)
    yield "first publish"
    before = store.proxy.count
    expect_done(site.publish(store), written=0, removed=0)
    expect(store.proxy.count == before + 1, "more than one request for nothing")
    site.write("page-7", "An edit.")
    before = len(store.proxy.seen)
    expect_done(site.publish(store), written=1, removed=0)
    requests = [line.split(" ")[:2] for line in store.proxy.seen[before:]]
    expect([method for method, _ in requests] == ["GET", "PUT", "PUT"], "read, upload, write", requests)
    expect_same(store, site)
    yield "one edit: one read, one upload, one write"
    site.remove("page-8")
    expect(expect_done(site.publish(store))["removed"] >= 1, "nothing was removed")
    expect_same(store, site)
    yield "removal"


def bounds(store, site):
    names = [f"page-{number}" for number in range(50, 55)]
    for name in names:
        site.remove(name)
    before = store.bucket.objects()
    expect_fault(site.publish(store, "--max-deletes", "4"), "publish-many-removals", "5 objects")
    built = {file: file.stat().st_mtime_ns for file in (site.root / "public").rglob("*")}
    dry = site.publish(store, "--dry-run", "--max-deletes", "5")
    expect_done(dry, removed=5, published=False)
    expect(sum(line.get("step") == "remove" for line in dry[1]) == 5, dry)
    expect(store.bucket.objects() == before, "a dry run touched the store")
    expect(built == {file: file.stat().st_mtime_ns for file in (site.root / "public").rglob("*")}, "or the folder")
    expect_done(site.publish(store, "--max-deletes", "5"), removed=5)
    expect_same(store, site)
    yield "removals are bounded, and a dry run touches nothing"
    for name in names:
        site.write(name, "Back.")
    expect_done(site.publish(store))
    expect_same(store, site)


def killed(store, site, requests, *words):
    """Kills a publish after so many requests."""
    before, store.proxy.slow = store.proxy.count, 0.05
    run = site.begin(store, *words)
    while store.proxy.count < before + requests and run.poll() is None:
        time.sleep(0.005)
    run.kill()
    run.communicate()
    expect(run.returncode == -9, "it was over before it was killed")
    store.proxy.slow = 0.0
    time.sleep(0.3)  # What was sent by then arrives.
    expect_whole(store)


def kill(store, site):
    for number in range(PAGES):
        if number != 8:
            site.write(f"page-{number}", "Anew.")
    site.write("page-new", "New.")
    killed(store, site, 25, "--jobs", "2")
    # Another folder is another machine: it does not know that the first is dead.
    other = Site(pages=PAGES // 2)
    expect_fault(other.publish(store, "--max-deletes", "1000"), "publish-at-once")
    expect_whole(store)
    expect(expect_done(site.publish(store), resumed=True)["unchanged"] > 10, "it began anew")
    expect_same(store, site)
    yield "killed, and gone on from"
    site.write("page-1", "Once more.")
    site.write("page-2", "Once more.")
    site.remove("page-new")
    killed(store, site, 3, "--jobs", "1")
    expect_done(other.publish(store, "--take-over", "--max-deletes", "1000"))
    expect_same(store, other)
    yield "killed, and overtaken"
    expect_done(site.publish(store))
    expect_same(store, site)


def two_at_once(store, site):
    other = Site(like=site)
    for one, word in [(site, "mine"), (other, "theirs")]:
        for number in range(10, 20):
            one.write(f"page-{number}", word)
        one.build(store)
    store.proxy.slow = 0.1
    results = [finish(run) for run in [one.begin(store, "--no-build") for one in (site, other)]]
    store.proxy.slow = 0.0
    expect(sorted(code for code, _, _ in results) == [0, 1], results)
    winner, lost = (site, results[1]) if results[0][0] == 0 else (other, results[0])
    expect_fault(lost, "publish-at-once")
    expect_same(store, winner)
    yield "two at once: one wins, the other says so"
    expect_done(site.publish(store))
    expect_same(store, site)


def failing(store, site):
    before, store.proxy.nth = store.proxy.failed, 20
    for word in ["A storm.", "Another.", "A third."]:
        for number in range(10, PAGES):
            site.write(f"page-{number}", word)
        site.remove("page-40")
        expect_done(site.publish(store))
        expect_same(store, site)
        site.write("page-40", word)
        expect_done(site.publish(store))
    store.proxy.nth = 0
    failures = store.proxy.failed - before
    expect(failures >= 6, f"only {failures} requests failed")
    expect_same(store, site)
    yield f"5 % of requests failing ({failures} of them)"
    for fate in FATES:
        for request in (1, 2, 3):
            site.write("page-5", f"{fate} {request}")
            store.proxy.doomed = {store.proxy.count + request: fate}
            expect_done(site.publish(store), written=1)
            expect(not store.proxy.doomed, "nothing failed")
            expect_same(store, site)
    yield "each of the three requests of an edit lost, in each manner"


def large(store, site):
    film = site.root / "static/film.mp4"
    film.parent.mkdir()
    film.write_bytes(random.Random(0).randbytes(20 << 20))
    store.proxy.nth = 3
    expect_done(site.publish(store), written=1)
    store.proxy.nth = 0
    expect_same(store, site)
    film.unlink()
    expect_done(site.publish(store), removed=1)
    expect_same(store, site)
    yield "20 MiB in parts, every third request failing"


def refused(store, site):
    site.write("page-3", "Never seen.")
    site.write("page-4", "Never seen.")
    before = store.bucket.objects()
    for name, url, env, canned, code in store.bad_days():
        store.proxy.canned = canned
        result = site.publish(store, env=env, url=url)
        store.proxy.canned = None
        expect_fault(result, code)
        expect("AKIASECRET" not in result[2], "what a server repeats was printed", result)
        expect(store.bucket.objects() == before, f"{name}: something was touched")
        yield name
    expect_done(site.publish(store))
    expect_same(store, site)


def in_the_way(store, site):
    store.bucket.put("page-theirs.html", b"theirs")
    site.write("page-theirs", "Ours.")
    expect_fault(site.publish(store), "publish-foreign-object", "page-theirs.html")
    expect(store.bucket.objects()["page-theirs.html"][0] == b"theirs", "it was written over")
    expect_whole(store)
    store.bucket.remove("page-theirs.html")
    expect_done(site.publish(store))
    expect_same(store, site)
    yield "an object of others in the way"
    before = store.bucket.objects()
    expect_fault(site.publish(store, "--base-url", "https://elsewhere.example/"), "output-other-site")
    expect(store.bucket.objects() == before, "another site was touched")
    expect_done(site.publish(store), written=0)
    yield "another site"
    state = before[".dossier/state.jsonl"][0]
    for what, text, code in [
        ("a manifest of a newer version", b'{"dossier_state":9}\n', "output-newer-manifest"),
        ("a manifest that is cut off", state[:-40], "output-damaged-manifest"),
    ]:
        store.bucket.put(".dossier/state.jsonl", text)
        before = store.bucket.objects()
        expect_fault(site.publish(store), code)
        expect(store.bucket.objects() == before, f"{what}: something was touched")
        yield what
    store.bucket.put(".dossier/state.jsonl", state)
    expect_done(site.publish(store), written=0)
    expect_same(store, site)


ALL = [good_days, bounds, kill, two_at_once, failing, large, refused, in_the_way]

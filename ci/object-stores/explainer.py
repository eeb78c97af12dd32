"""A small site in a folder of its own, and the program that publishes it."""

import json, os, pathlib, shutil, subprocess, tempfile

from stores import TOOLS

PROGRAM = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target")).resolve() / "debug/dossier"
PAGES = 60
CONFIG = """title = "Deal"
[output]
precompress = true
search = false
[publish.production]
url = "URL"
encoding = "gzip"
"""


class Site:
    def __init__(self, like=None, pages=PAGES):
        self.root = pathlib.Path(tempfile.mkdtemp(dir=TOOLS))
        if like:
            shutil.copytree(like.root / "content", self.root / "content")
            return
        (self.root / "content").mkdir()
        for number in range(pages):
            self.write(f"page-{number}", f"Words {number}.")

    def write(self, page, text):
        """Writes a page; the text comes below its summary, so that no other page shows it."""
        self.put(page, f"The page of {page}.\n\n## More\n\n{text}\n")
        self.list()

    def remove(self, page):
        (self.root / f"content/{page}.md").unlink()
        self.list()

    def list(self):
        """The home page leads to all others."""
        names = sorted(file.stem for file in (self.root / "content").glob("page-*.md"))
        self.put("index", "".join(f"- [{name}]({name}.md)\n" for name in names))

    def put(self, page, text):
        (self.root / f"content/{page}.md").write_text(f"---\ntitle: {page}\n---\n\n{text}")

    def run(self, command, *words, env=None):
        keep = {key: os.environ[key] for key in ["PATH", "HOME"] if key in os.environ}
        words = [str(PROGRAM), command, *words, "--root", str(self.root)]
        return subprocess.Popen(words, env={**keep, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True)

    def begin(self, store, *words, env=None, url=None):
        """Starts a publish to the target `production`."""
        self.configure(url or store.url)
        env = store.env() if env is None else env
        run = self.run("publish", "production", "--format", "json", *words, env=env)
        run.secrets = [value for key, value in env.items() if "KEY" in key or "SECRET" in key]
        return run

    def publish(self, store, *words, **more):
        return finish(self.begin(store, *words, **more))

    def configure(self, url):
        (self.root / "site.toml").write_text(CONFIG.replace("URL", url))

    def build(self, store):
        self.configure(store.url)
        code, _, text = finish(self.run("build", "--quiet", "--precompress"))
        expect(code == 0, text)

    def built(self):
        """What readers shall get: texts compressed, all others as they are."""
        public, meant = self.root / "public", {}
        for file in public.rglob("*"):
            path = str(file.relative_to(public))
            if file.is_file() and not path.startswith(".dossier") and not path.endswith((".br", ".gz")):
                packed = file.with_name(file.name + ".gz")
                meant[path] = ((packed if packed.exists() else file).read_bytes(), "gzip" if packed.exists() else None)
        return meant


def finish(run):
    """Waits for the program. It says what came of it once, and none of the credentials that it was given."""
    out, err = run.communicate(timeout=300)
    for secret in getattr(run, "secrets", []):
        expect(secret not in out + err, "credentials were printed", out, err)
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    if getattr(run, "secrets", None) is not None and run.returncode in (0, 1):
        expect(sum("result" in line for line in lines) == 1 and "result" in lines[-1], out)
    return run.returncode, lines, out + err


def expect(fine, *what):
    if not fine:
        raise AssertionError(*what)


def expect_done(result, **figures):
    code, lines, text = result
    expect(code == 0, text)
    last = lines[-1]["result"]
    for key, value in figures.items():
        expect(last[key] == value, f"{key} is not {value}", last)
    return last


def expect_fault(result, code, *words):
    """Exit code 1, that problem, and what to do about it."""
    status, lines, text = result
    found = [line for line in lines if line.get("code") == code]
    expect(status == 1 and found and all(line["hint"] for line in found), code, status, text)
    for word in words:
        expect(word in text, word, text)
    expect(lines[-1]["result"]["published"] is False, text)

"""What readers meet in a bucket."""

import gzip, html.parser, posixpath, re, urllib.parse

from explainer import expect


class Links(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        rel = dict(attributes).get("rel")
        self.found += [value for name, value in attributes if name in ("href", "src") and value and rel != "canonical"]


def text_of(object):
    body, _, _, coding, _ = object
    return (gzip.decompress(body) if coding == "gzip" else body).decode()


def walk(there):
    """Follows every link from the home page on; each leads to an object. Returns the paths that were reached."""
    reached, ahead = set(), ["index.html"] if "index.html" in there else []
    while ahead:
        path = ahead.pop()
        if path in reached:
            continue
        reached.add(path)
        links = []
        if path.endswith(".html"):
            links = Links(text_of(there[path])).found
        elif path.endswith(".css"):
            links = re.findall(r"url\([\"']?([^)\"']+)", text_of(there[path]))
        for link in links:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            to = posixpath.normpath(posixpath.join(posixpath.dirname(path), urllib.parse.unquote(parts.path)))
            expect(to in there, f"{path} leads to {link}, which is not there")
            ahead.append(to)
    return reached


def expect_whole(store):
    """Nothing that a reader can come to is missing, whatever was broken off."""
    return walk(store.bucket.objects())


def expect_same(store, site):
    """The bucket holds what was built, byte for byte, under the right headers, and nothing else."""
    there = {path: got for path, got in store.bucket.objects().items() if not path.startswith(".dossier/")}
    meant = site.built()
    expect(set(there) == set(meant), "names differ", set(there) ^ set(meant))
    for path, (body, coding) in meant.items():
        got, kind, caching, encoding, noted = there[path]
        expect(got == body, f"{path} holds something else")
        expect(encoding == coding, path, encoding, coding)
        expect(noted and len(noted) == 64, path, noted)
        if path.endswith(".html"):
            expect(kind == "text/html; charset=utf-8" and caching == "public, max-age=0, must-revalidate", path, kind)
        if path.endswith(".css"):
            expect(kind.startswith("text/css") and caching.endswith("immutable"), path, kind, caching)
    pages = {path for path in meant if path.startswith("page-")}
    expect(pages <= walk(there), "pages that no link leads to", pages - walk(there))

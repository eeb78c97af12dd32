import json, urllib.parse, zlib

from proxy import Proxy
from stores import free_port
from stores.s3 import Bucket, moto

ERROR = "<?xml version='1.0' encoding='UTF-8'?><Error><Code>{}</Code><Message>{}</Message></Error>"

# moto takes any key here, and wants to see one.
NOBODY = "AWS4-HMAC-SHA256 Credential=nobody/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=none"


class Translator(Proxy):
    """Has an S3 server answer what is asked in Google's XML API. The two differ in the names of headers, in slashes, and
    in what tells versions of an object apart: generations there, ETags here."""

    etags = {}

    def ask(self, head, body):
        first, *lines = head.decode().split("\r\n")
        method, target, protocol = first.split(" ")
        path, mark, query = target.partition("?")
        out = [f"{method} {urllib.parse.quote(urllib.parse.unquote(path))}{mark}{query} {protocol}"]
        for line in lines:
            name, colon, value = line.partition(":")
            if name.lower() == "x-goog-if-generation-match":
                known = self.etags.get(value.strip(), '"no such generation"')
                line = "If-None-Match: *" if value.strip() == "0" else f"If-Match: {known}"
            if name.lower() == "authorization":
                continue
            out.append(line.replace("x-goog-meta-", "x-amz-meta-", 1))
        out.insert(1, f"Authorization: {NOBODY}")
        reply, end, rest = super().ask("\r\n".join(out).encode(), body).partition(b"\r\n\r\n")
        lines = reply.decode().split("\r\n")
        for etag in [line.partition(":")[2].strip() for line in lines if line.lower().startswith("etag:")]:
            generation = str(zlib.crc32(etag.encode()) + 1)
            self.etags[generation] = etag
            lines.append(f"x-goog-generation: {generation}")
        return "\r\n".join(line.replace("x-amz-meta-", "x-goog-meta-", 1) for line in lines).encode() + end + rest


class Google:
    """No emulator of the package registries speaks the XML API with conditions on generations, which is what the program
    writes by. So this is moto behind a translator: our side of the talk is tried in full, Google's is as S3's."""

    name, url = "gs", "gs://site/deal"

    def __init__(self):
        port = free_port()
        self.server = moto(port)
        self.proxy = Translator(port)
        self.bucket = Bucket(port)
        self.bucket.client.create_bucket(Bucket="site")

    def env(self):
        account = {"gcs_base_url": f"http://127.0.0.1:{self.proxy.port}", "disable_oauth": True, "client_email": "",
                   "private_key": "", "private_key_id": ""}
        return {"GOOGLE_SERVICE_ACCOUNT_KEY": json.dumps(account)}

    def bad_days(self):
        broken = {"GOOGLE_SERVICE_ACCOUNT_KEY": '"a-key-without-its-frame"'}
        yield "a key that is none", self.url, broken, None, "publish-refused"
        yield "no bucket", "gs://nowhere", self.env(), None, "publish-no-bucket"
        # The translator checks no rights: these are the answers that Google documents.
        wrong = ("401 Unauthorized", ERROR.format("AuthenticationRequired", "Authentication required."))
        yield "wrong or expired key (canned)", self.url, self.env(), wrong, "publish-refused"
        denied = ("403 Forbidden", ERROR.format("AccessDenied", "Access denied."))
        yield "no permission (canned)", self.url, self.env(), denied, "publish-refused"

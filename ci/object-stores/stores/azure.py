import base64, datetime, tempfile

from azure.storage.blob import BlobServiceClient, generate_container_sas

from proxy import Proxy
from stores import TOOLS, free_port, start

ACCOUNT = "devstoreaccount1"
# The key that every Azurite has.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class Container:
    """The container `site`, as others see it."""

    def __init__(self, port):
        service = BlobServiceClient(f"http://127.0.0.1:{port}/{ACCOUNT}", credential=KEY)
        self.client = service.create_container("site")

    def objects(self):
        found = {}
        for item in self.client.list_blobs():
            # As it is stored: not unpacked.
            got = self.client.download_blob(item.name, decompress=False)
            settings = got.properties.content_settings
            found[item.name.removeprefix("deal/")] = (
                got.readall(), settings.content_type, settings.cache_control, settings.content_encoding or None,
                got.properties.metadata.get("blake3"))
        return found

    def put(self, path, body):
        self.client.upload_blob(f"deal/{path}", body, overwrite=True)

    def remove(self, path):
        self.client.delete_blob(f"deal/{path}")


class Azure:
    """Azurite, which checks signatures, permissions and expiry by itself."""

    name, url = "az", "az://site/deal"

    def __init__(self):
        port = free_port()
        folder = tempfile.mkdtemp(dir=TOOLS)
        self.server = start([str(TOOLS / "node_modules/.bin/azurite-blob"), "--silent", "--skipApiVersionCheck",
                             "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", folder], port)
        self.proxy = Proxy(port)
        self.bucket = Container(port)

    def env(self, **more):
        return {"AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT, "AZURE_ALLOW_HTTP": "true",
                "AZURE_STORAGE_ENDPOINT": f"http://127.0.0.1:{self.proxy.port}/{ACCOUNT}",
                **(more or {"AZURE_STORAGE_ACCOUNT_KEY": KEY})}

    def signed(self, rights, hours):
        until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
        token = generate_container_sas(ACCOUNT, "site", KEY, permission=rights, expiry=until)
        return self.env(AZURE_STORAGE_SAS_KEY=token)

    def bad_days(self):
        yield "no credentials", self.url, {}, None, "publish-refused"
        broken = self.env(AZURE_STORAGE_ACCOUNT_KEY="not base64!")
        yield "a key that is none", self.url, broken, None, "publish-refused"
        yield "no container", "az://nowhere", self.env(), None, "publish-no-bucket"
        wrong = self.env(AZURE_STORAGE_ACCOUNT_KEY=base64.b64encode(b"x" * 64).decode())
        yield "wrong key", self.url, wrong, None, "publish-refused"
        yield "no permission", self.url, self.signed("rl", 1), None, "publish-refused"
        yield "expired key", self.url, self.signed("rwdl", -1), None, "publish-refused"

import json

import boto3

from proxy import Proxy
from stores import TOOLS, free_port, start

ERROR = "<Error><Code>{}</Code><Message>{}</Message><AWSAccessKeyId>AKIASECRET</AWSAccessKeyId></Error>"


def moto(port, env=None):
    return start([str(TOOLS / "venv/bin/moto_server"), "-H", "127.0.0.1", "-p", str(port)], port, env)


class Bucket:
    """The bucket `site` of a moto server, as others see it."""

    def __init__(self, port, key="nobody", secret="nobody"):
        keys = dict(aws_access_key_id=key, aws_secret_access_key=secret, region_name="us-east-1")
        self.client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", **keys)

    def objects(self):
        found = {}
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket="site"):
            for item in page.get("Contents", []):
                got = self.client.get_object(Bucket="site", Key=item["Key"])
                found[item["Key"].removeprefix("deal/")] = (
                    got["Body"].read(), got["ContentType"], got.get("CacheControl"), got.get("ContentEncoding") or None,
                    got["Metadata"].get("blake3"))
        return found

    def put(self, path, body):
        self.client.put_object(Bucket="site", Key=f"deal/{path}", Body=body)

    def remove(self, path):
        self.client.delete_object(Bucket="site", Key=f"deal/{path}")


class S3:
    """moto, with a user who may do everything and one who may only read."""

    name, url = "s3", "s3://site/deal"

    def __init__(self):
        port = free_port()
        # The first requests make the users; from then on every one is checked.
        self.server = moto(port, {"INITIAL_NO_AUTH_ACTION_COUNT": "7"})
        self.proxy = Proxy(port)
        iam = boto3.client("iam", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
                           aws_access_key_id="nobody", aws_secret_access_key="nobody")
        self.keys = {}
        for user, action in [("editor", "s3:*"), ("reader", ["s3:GetObject", "s3:ListBucket"])]:
            iam.create_user(UserName=user)
            policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
            iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=json.dumps(policy))
            key = iam.create_access_key(UserName=user)["AccessKey"]
            self.keys[user] = (key["AccessKeyId"], key["SecretAccessKey"])
        Bucket(port).client.create_bucket(Bucket="site")
        self.bucket = Bucket(port, *self.keys["editor"])

    def env(self, user="editor"):
        key, secret = self.keys[user]
        return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "us-east-1",
                "AWS_ENDPOINT": f"http://127.0.0.1:{self.proxy.port}", "AWS_ALLOW_HTTP": "true"}

    def bad_days(self):
        half = {"AWS_ACCESS_KEY_ID": "AKIAHALFOFTHEM"}
        yield "half of the credentials", self.url, half, None, "publish-refused"
        yield "no bucket", "s3://nowhere", self.env(), None, "publish-no-bucket"
        wrong = {**self.env(), "AWS_ACCESS_KEY_ID": "AKIAWRONG"}
        yield "wrong key", self.url, wrong, None, "publish-refused"
        wrong = {**self.env(), "AWS_SECRET_ACCESS_KEY": "not-the-secret-of-that-key"}
        yield "wrong secret", self.url, wrong, None, "publish-refused"
        yield "no permission", self.url, self.env("reader"), None, "publish-refused"
        # moto knows no expiry and no clock: these are the answers that S3 documents.
        expired = ("400 Bad Request", ERROR.format("ExpiredToken", "The provided token has expired."))
        yield "expired key (canned)", self.url, self.env(), expired, "publish-refused"
        skewed = ("403 Forbidden", ERROR.format("RequestTimeTooSkewed", "The difference is too large."))
        yield "wrong clock (canned)", self.url, self.env(), skewed, "publish-refused"

"""Publishes a small site to each kind of object store, in good days and bad ones, and walks every bucket as a reader would.

Run by ci/test-publish. Names of stores as arguments (s3, az, gs) run those alone.
"""

import sys, traceback

from explainer import Site, expect
from stores.azure import Azure
from stores.google import Google
from stores.s3 import S3
from trials import ALL

wanted = sys.argv[2:] or ["s3", "az", "gs"]
failed = False
for kind in [kind for kind in (S3, Azure, Google) if kind.name in wanted]:
    store, site = kind(), Site()
    try:
        for trial in ALL:
            for name in trial(store, site):
                print(f"{store.name}: {name}: ok", flush=True)
        lists = [line for line in store.proxy.seen if "list-type" in line or "comp=list" in line]
        expect(not lists, "a bucket was listed", lists)
        print(f"{store.name}: {store.proxy.count} requests, and no listing", flush=True)
    except Exception as error:
        failed = True
        traceback.print_exc()
        print(f"{store.name}: {type(error).__name__}: {str(error)[:3000]}", flush=True)
    finally:
        store.server.terminate()
        store.server.wait()
sys.exit(1 if failed else 0)

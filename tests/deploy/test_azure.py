"""Deploys to Azurite, Microsoft's own stand-in for Azure Blob Storage, in the name of a shared access signature."""

import base64
import contextlib
import hashlib
import hmac
import os
import pathlib
import tempfile
import unittest
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET

import hosts

# The account and key that Azurite documents.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def signature():
    """A signature for all of the account's blobs."""
    version, start, end = "2021-12-02", "2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z"
    text = f"{ACCOUNT}\nrwdlac\nb\nsco\n{start}\n{end}\n\nhttps,http\n{version}\n\n"
    sig = base64.b64encode(hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()).decode()
    return urllib.parse.urlencode({"sv": version, "ss": "b", "srt": "sco", "sp": "rwdlac", "st": start, "se": end,
                                   "spr": "https,http", "sig": sig})


class Container(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        number = hosts.port()
        stack.enter_context(hosts.server(
            number, os.environ.get("AZURITE") or hosts.program("azurite-blob"), "--silent", "--inMemoryPersistence",
            "--blobHost", "127.0.0.1", "--blobPort", str(number), "--skipApiVersionCheck", "--disableTelemetry"))
        self.proxy = hosts.Fault(number)
        stack.callback(self.proxy.shutdown)
        self.sas = signature()
        self.base = f"http://127.0.0.1:{number}/{ACCOUNT}"
        self.ask("PUT", "$web", "restype=container&")
        through = f"http://127.0.0.1:{self.proxy.server_address[1]}/{ACCOUNT}"
        self.site = hosts.Site(pathlib.Path(folder, "site"), f'kind = "azure"\nendpoint = "{through}"\nprefix = "ب"\n')
        self.env = {"AZURE_STORAGE_SAS_TOKEN": self.sas, "SECRETS": self.sas.split("sig=")[1]}
        self.proxy.victim = self.site

    def ask(self, method, path, more=""):
        url = f"{self.base}/{urllib.parse.quote(path)}?{more}{self.sas}"
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=60) as answer:
            return answer.headers, answer.read()

    def keys(self):
        _, body = self.ask("GET", "$web", "restype=container&comp=list&")
        return [node.findtext("Name") for node in ET.fromstring(body.decode("utf-8-sig")).iter("Blob")]

    def served(self):
        keys = [key for key in self.keys() if not key.startswith("ب/.dhikra/")]
        return {key[2:]: self.ask("GET", f"$web/{key}")[1] for key in keys}

    def deploy(self, **options):
        return self.site.deploy(env=self.env, **options)

    def is_served(self, wanted):
        self.assertEqual(hosts.without_old_assets(self.served(), wanted), wanted)

    def test_a_container_is_deployed_to_and_brought_back(self):
        first = self.site.built()
        self.assertEqual(self.deploy()["uploads"], len(first))
        self.is_served(first)
        headers, _ = self.ask("GET", "$web/ب/صفحة-1/index.html")
        self.assertEqual((headers["content-type"], headers["cache-control"]), ("text/html; charset=utf-8", "no-cache"))
        self.assertEqual(self.deploy()["uploads"], 0)
        self.site.second()
        second = self.site.built()
        self.assertEqual(self.deploy()["deletions"], 1)
        self.is_served(second)
        self.site.rollback(env=self.env)
        self.is_served(first)
        wrong = {**self.env, "AZURE_STORAGE_SAS_TOKEN": self.sas[:-8] + "AAAA"}
        _, shown = self.site.run("deploy", "--yes", env=wrong, code=1)
        self.assertIn("credentials", shown)

    def test_every_request_may_fail_or_be_the_last(self):
        site = self.site
        first = site.built()
        self.deploy()
        site.second()
        second = site.built()
        self.proxy.set(None, None, False)
        self.deploy()
        count = self.proxy.count
        self.assertGreater(count, 20)
        site.rollback(env=self.env)
        for at in range(count):
            how = ("cut", "kill", "lose", "kill late", "refuse")[at % 5]
            with self.subTest(request=at, how=how):
                dies = how.startswith("kill")
                self.proxy.set(at, how, not dies)
                self.deploy(code=None if dies else 0)
                hosts.check_whole(self.served(), first, second)
                self.proxy.set(None, None, False)
                if dies:
                    self.deploy()
                self.is_served(second)
                site.rollback(env=self.env)
                self.is_served(first)


if __name__ == "__main__":
    unittest.main(verbosity=2)

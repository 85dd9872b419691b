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
    def test_a_container_is_deployed_to_and_brought_back(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
            number = hosts.port()
            stack.enter_context(hosts.server(
                number, os.environ.get("AZURITE") or hosts.program("azurite-blob"), "--silent", "--location", folder + "/blobs",
                "--blobHost", "127.0.0.1", "--blobPort", str(number), "--skipApiVersionCheck", "--disableTelemetry"))
            sas = signature()
            base = f"http://127.0.0.1:{number}/{ACCOUNT}"

            def ask(method, path, more=""):
                url = f"{base}/{urllib.parse.quote(path)}?{more}{sas}"
                with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=60) as answer:
                    return answer.headers, answer.read()

            ask("PUT", "$web", "restype=container&")
            site = hosts.Site(pathlib.Path(folder, "site"), f'kind = "azure"\nendpoint = "{base}"\nprefix = "ب"\n')
            env = {"AZURE_STORAGE_SAS_TOKEN": sas, "SECRETS": sas.split("sig=")[1]}
            first = site.built()
            served = lambda wanted: {path: ask("GET", f"$web/ب/{path}")[1] for path in wanted}
            self.assertEqual(site.deploy(env=env)["uploads"], len(first))
            self.assertEqual(served(first), first)
            headers, _ = ask("GET", "$web/ب/صفحة-1/index.html")
            self.assertEqual((headers["content-type"], headers["cache-control"]),
                             ("text/html; charset=utf-8", "no-cache"))
            self.assertEqual(site.deploy(env=env)["uploads"], 0)
            site.second()
            second = site.built()
            self.assertEqual(site.deploy(env=env)["deletions"], 1)
            self.assertEqual(served(second), second)
            site.rollback(env=env)
            self.assertEqual(served(first), first)
            _, shown = site.run("deploy", "--yes", env={**env, "AZURE_STORAGE_SAS_TOKEN": sas[:-8] + "AAAA"}, code=1)
            self.assertIn("credentials", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)

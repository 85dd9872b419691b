"""Deploys to stores that speak the language of S3: moto, whose rules are Amazon's, and rclone, which checks signatures."""

import contextlib
import pathlib
import tempfile
import unittest
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET

import hosts

NS = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class Moto:
    """What is in a bucket, asked without the program."""

    def __init__(self, number):
        self.url = f"http://127.0.0.1:{number}"
        # What files hold by their tags, which are hashes: it is looked at after every request.
        self.known = {}

    def ask(self, method, path, body=None, headers=None):
        # Anybody's name will do; without one, it is nobody who asks.
        named = {"Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, "
                 "SignedHeaders=host, Signature=0", "Content-Type": "text/html", **(headers or {})}
        request = urllib.request.Request(self.url + urllib.parse.quote(path, safe="/?&=%"), body, named, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.headers, answer.read()

    def reset(self):
        self.ask("POST", "/moto-api/reset", b"")
        self.ask("PUT", "/web")

    def keys(self, prefix=""):
        return [key for key, _ in self.tagged(prefix)]

    def tagged(self, prefix=""):
        keys, token = [], ""
        while True:
            more = "&continuation-token=" + urllib.parse.quote(token, safe="") if token else ""
            _, body = self.ask("GET", f"/web?list-type=2&prefix={urllib.parse.quote(prefix)}{more}")
            root = ET.fromstring(body)
            nodes = root.iter(f"{NS}Contents")
            keys += [(node.find(f"{NS}Key").text, node.find(f"{NS}ETag").text) for node in nodes]
            token = root.findtext(f"{NS}NextContinuationToken") or ""
            if not token:
                return keys

    def served(self, prefix=""):
        served = {}
        for key, tag in self.tagged(prefix):
            if key.startswith(f"{prefix}.dhikra/"):
                continue
            if tag not in self.known:
                self.known[tag] = self.ask("GET", "/web/" + key)[1]
            served[key[len(prefix):]] = self.known[tag]
        return served


class WithMoto(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        number = hosts.port()
        cls.stack.enter_context(
            hosts.server(number, hosts.program("moto_server"), "-H", "127.0.0.1", "-p", str(number)))
        cls.moto = Moto(number)
        cls.proxy = hosts.Fault(number)
        cls.endpoint = f"http://127.0.0.1:{cls.proxy.server_address[1]}"

    @classmethod
    def tearDownClass(cls):
        cls.proxy.shutdown()
        cls.stack.close()

    def setUp(self):
        self.moto.reset()
        self.proxy.set(None, None, False)
        self.proxy.watch = None
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def site(self, more=""):
        return hosts.Site(self.folder, f'kind = "s3"\nbucket = "web"\nendpoint = "{self.endpoint}"\n{more}')

    def test_files_have_their_headers_and_an_unchanged_site_uploads_nothing(self):
        site = self.site()
        built = site.built()
        self.assertEqual(site.deploy()["uploads"], len(built))
        self.assertEqual(self.moto.served(), built)
        headers, _ = self.moto.ask("GET", "/web/صفحة-1/index.html")
        self.assertEqual((headers["content-type"], headers["cache-control"]), ("text/html; charset=utf-8", "no-cache"))
        style = next(path for path in built if path.endswith(".css"))
        headers, _ = self.moto.ask("GET", "/web/" + style)
        self.assertIn("immutable", headers["cache-control"])
        self.proxy.set(None, None, False)
        self.assertEqual(site.deploy()["uploads"], 0)
        self.assertEqual({method for method, _ in self.proxy.log}, {"GET"}, "nothing is written")

    def test_a_site_goes_forth_and_back(self):
        site = self.site('prefix = "a/ب"')
        first = site.built()
        site.deploy()
        site.second()
        second = site.built()
        done = site.deploy()
        self.assertEqual((done["deletions"], done["kept"]), (1, 1))
        served = self.moto.served("a/ب/")
        self.assertEqual(hosts.without_old_assets(served, second), second)
        self.assertTrue(set(first) & {p for p in served if p.startswith("assets/")}, "pages in caches need them")
        site.rollback()
        self.assertEqual(hosts.without_old_assets(self.moto.served("a/ب/"), first), first)
        headers, _ = self.moto.ask("GET", "/web/a/ب/صفحة-1/index.html")
        self.assertEqual((headers["content-type"], headers["cache-control"]), ("text/html; charset=utf-8", "no-cache"))
        site.rollback("--to", site.releases()[0]["release"])
        self.assertEqual(hosts.without_old_assets(self.moto.served("a/ب/"), second), second)
        self.assertEqual([key for key in self.moto.keys() if not key.startswith("a/ب/")], [])

    def test_what_others_did_to_headers_or_files_is_found(self):
        site = self.site()
        built = site.built()
        self.moto.ask("PUT", "/web/theirs.txt", b"theirs")
        site.deploy()
        self.moto.ask("PUT", "/web/index.html", b"x" * len(built["index.html"]))
        self.moto.ask("DELETE", "/web/robots.txt")
        done = site.deploy()
        self.assertEqual(done["reasons"]["not as it was deployed"], 2)
        self.assertEqual(self.moto.served(), {**built, "theirs.txt": b"theirs"})

    def test_a_change_of_headers_alone_is_a_change(self):
        site = self.site()
        site.deploy()
        # What is written down says that a page was put with other headers, as by an older version of the program.
        _, state = self.moto.ask("GET", "/web/.dhikra/current.json")
        old = state.replace(b'"text/html; charset=utf-8","cache":"no-cache"', b'"text/html","cache":"max-age=9"', 1)
        self.assertNotEqual(old, state)
        self.moto.ask("PUT", "/web/.dhikra/current.json", old)
        done = site.deploy()
        self.assertEqual((done["uploads"], done["reasons"]["headers changed"]), (1, 1))

    def test_every_request_may_fail(self):
        site = self.site()
        first = site.built()
        site.deploy()
        site.second()
        second = site.built()
        self.proxy.set(None, None, False)
        site.deploy()
        count = self.proxy.count
        self.assertGreater(count, 20)
        whole = lambda: hosts.check_whole(self.moto.served(), first, second)
        wrong = []

        def watch():
            try:
                whole()
            except AssertionError as error:
                wrong.append(error)

        for at in range(count):
            how = ("cut", "lose", "refuse", "late")[at % 4]
            with self.subTest(request=at, how=how):
                self.moto.reset()
                self.proxy.set(None, None, False)
                site.first()
                site.deploy()
                site.second()
                self.proxy.watch = watch
                # Once: it is tried again, and all is done.
                self.proxy.set(at, how, True)
                site.deploy()
                self.proxy.watch = None
                self.assertEqual(wrong, [])
                self.assertEqual(hosts.without_old_assets(self.moto.served(), second), second)
                site.rollback()
                self.assertEqual(hosts.without_old_assets(self.moto.served(), first), first)

    def test_a_run_may_be_killed_at_every_request(self):
        site = self.site()
        first = site.built()
        site.deploy()
        site.second()
        second = site.built()
        self.proxy.set(None, None, False)
        site.deploy()
        count, self.proxy.victim = self.proxy.count, site
        self.proxy.set(None, None, False)
        site.rollback()
        for at in range(max(count, self.proxy.count)):
            how = ("kill", "kill late")[at % 2]
            with self.subTest(request=at, how=how):
                self.proxy.set(at, how, False)
                site.deploy(code=None)
                hosts.check_whole(self.moto.served(), first, second)
                self.proxy.set(None, None, False)
                # The lock of the dead is known for one: from its own folder the next goes on at once.
                site.deploy()
                self.assertEqual(hosts.without_old_assets(self.moto.served(), second), second)
                self.proxy.set(at, how, False)
                site.run("rollback", "--yes", code=None)
                hosts.check_whole(self.moto.served(), first, second)
                self.proxy.set(None, None, False)
                if site.code != 0:
                    site.rollback()
                self.assertEqual(hosts.without_old_assets(self.moto.served(), first), first)

    def test_a_store_that_stays_away_is_gone_on_with_later(self):
        site = self.site()
        first = site.built()
        for at in (3, 24):
            with self.subTest(request=at):
                self.moto.reset()
                self.proxy.set(None, None, False)
                site.first()
                site.deploy()
                site.second()
                second = site.built()
                self.proxy.set(at, "cut", False)
                site.deploy(code=1)
                hosts.check_whole(self.moto.served(), first, second)
                self.proxy.set(None, None, False)
                site.deploy()
                self.assertEqual(hosts.without_old_assets(self.moto.served(), second), second)
                site.rollback()
                self.assertEqual(hosts.without_old_assets(self.moto.served(), first), first)

    def test_five_thousand_files(self):
        site = self.site()
        site.many(5000)
        built = site.built()
        self.assertGreater(len(built), 5000)
        self.assertEqual(site.deploy()["uploads"], len(built))
        self.assertEqual({key for key in self.moto.keys() if not key.startswith(".dhikra/")}, set(built))
        self.assertEqual(site.deploy()["uploads"], 0)

    def test_bytes_that_are_kept_are_not_believed_by_their_name(self):
        site = self.site()
        site.deploy()
        site.second()
        second = site.built()
        site.deploy()
        for key in [key for key in self.moto.keys() if key.startswith(".dhikra/blobs/")]:
            self.moto.ask("PUT", "/web/" + key, b"X" * len(self.moto.ask("GET", "/web/" + key)[1]))
        _, shown = site.run("rollback", "--yes", code=1)
        self.assertIn("cannot be served again", shown)
        self.assertEqual(hosts.without_old_assets(self.moto.served(), second), second)

    def test_a_lock_of_elsewhere_is_kept_and_can_be_taken(self):
        site = self.site()
        site.deploy()
        claim = b'{"id":"theirs","place":"elsewhere","since":1,"until":9999999999}'
        self.moto.ask("PUT", "/web/.dhikra/lock", claim)
        site.second()
        _, shown = site.run("deploy", "--yes", code=1)
        self.assertIn("--allow lock", shown)
        site.deploy("--allow", "lock")
        second = site.built()
        self.assertEqual(hosts.without_old_assets(self.moto.served(), second), second)

    def test_wrong_settings_are_said(self):
        site = self.site()
        _, shown = site.run("deploy", "--yes", env={"AWS_ACCESS_KEY_ID": ""}, code=1)
        self.assertIn("AWS_ACCESS_KEY_ID", shown)
        site = hosts.Site(self.folder, f'kind = "s3"\nbucket = "none"\nendpoint = "{self.endpoint}"\n')
        _, shown = site.run("deploy", "--yes", code=1)
        self.assertIn("NoSuchBucket", shown)


class WithRclone(unittest.TestCase):
    """A store that checks every signature, and knows neither conditions nor headers that last."""

    def test_signatures_hold(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
            number = hosts.port()
            store = pathlib.Path(folder, "store")
            (store / "web").mkdir(parents=True)
            key = f'{hosts.KEY["AWS_ACCESS_KEY_ID"]},{hosts.KEY["AWS_SECRET_ACCESS_KEY"]}'
            stack.enter_context(hosts.server(number, hosts.program("rclone"), "serve", "s3", "--addr",
                                             f"127.0.0.1:{number}", "--auth-key", key, str(store)))
            site = hosts.Site(pathlib.Path(folder, "site"),
                              f'kind = "s3"\nbucket = "web"\nendpoint = "http://127.0.0.1:{number}"\n')
            first = site.built()
            site.deploy()
            self.assertEqual(hosts.tree(store / "web"), first)
            self.assertEqual(site.deploy()["uploads"], 0)
            site.second()
            second = site.built()
            site.deploy()
            self.assertEqual(hosts.without_old_assets(hosts.tree(store / "web"), second), second)
            site.rollback()
            self.assertEqual(hosts.without_old_assets(hosts.tree(store / "web"), first), first)
            _, shown = site.run("deploy", "--yes", env={"AWS_SECRET_ACCESS_KEY": "wrong0key"}, code=1)
            self.assertIn("credentials", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)

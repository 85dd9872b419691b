"""Deploys to a branch, over HTTP through `git http-backend`, and to a folder."""

import contextlib
import http.server
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest

import hosts


def git(folder, *arguments):
    done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=True)
    return done.stdout


class Backend(http.server.BaseHTTPRequestHandler):
    """What a git server is: a door to `git http-backend`. `refuse` of the server is how many pushes it refuses."""

    def log_message(self, *_):
        pass

    def serve(self):
        path, _, query = self.path.partition("?")
        if self.server.refuse and "git-receive-pack" in path and self.command == "POST":
            self.server.refuse -= 1
            self.send_error(503)
            return
        if self.headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.headers.get("content-encoding") == "gzip":
            import gzip
            body = gzip.decompress(body)
        environment = {**os.environ, "GIT_PROJECT_ROOT": str(self.server.folder), "GIT_HTTP_EXPORT_ALL": "1",
                       "REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query,
                       "CONTENT_TYPE": self.headers.get("content-type", ""), "CONTENT_LENGTH": str(len(body)),
                       "GIT_PROTOCOL": self.headers.get("git-protocol", ""), "REMOTE_ADDR": "127.0.0.1"}
        done = subprocess.run(["git", "http-backend"], input=body, capture_output=True, env=environment)
        head, _, data = done.stdout.partition(b"\r\n\r\n")
        fields = [line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line]
        status = next((value for name, value in fields if name.lower() == "status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, value in fields:
            if name.lower() != "status":
                self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = serve


class Branch(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.repository = self.folder / "pages.git"
        subprocess.run(["git", "init", "-q", "--bare", self.repository], check=True)
        git(self.repository, "config", "http.receivepack", "true")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend)
        server.folder, server.refuse = self.folder, 0
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.stack.callback(server.shutdown)
        self.server = server
        self.remote = f"http://127.0.0.1:{server.server_address[1]}/pages.git"

    def site(self, more=""):
        return hosts.Site(self.folder / "site", f'kind = "git"\nremote = "{self.remote}"\nbranch = "pages"\n{more}')

    def served(self):
        names = git(self.repository, "ls-tree", "-r", "-z", "--name-only", "pages").decode().split("\0")
        files = {name: git(self.repository, "cat-file", "blob", f"pages:{name}") for name in names if name}
        return {name: data for name, data in files.items() if not name.startswith(".dhikra/")}

    def pages(self, wanted):
        served = hosts.without_old_assets(self.served(), wanted)
        return {path: data for path, data in served.items() if path not in (".nojekyll", "CNAME")}

    def test_a_branch_is_deployed_to_and_brought_back(self):
        site = self.site('domain = "example.org"')
        first = site.built()
        self.assertEqual(site.deploy()["uploads"], len(first))
        self.assertEqual(self.pages(first), first)
        self.assertEqual((self.served()[".nojekyll"], self.served()["CNAME"]), (b"", b"example.org\n"))
        tip = git(self.repository, "rev-parse", "pages")
        self.assertEqual(site.deploy()["uploads"], 0)
        self.assertEqual(git(self.repository, "rev-parse", "pages"), tip, "nothing was pushed")
        site.second()
        second = site.built()
        done = site.deploy()
        self.assertEqual((done["deletions"], done["kept"]), (1, 1))
        self.assertEqual(self.pages(second), second)
        self.assertTrue([path for path in self.served() if path.startswith("assets/") and path in first])
        self.assertEqual(len(site.releases()), 2)
        site.rollback()
        self.assertEqual(self.pages(first), first)
        listed = site.releases()
        self.assertEqual([release["current"] for release in listed], [False, True])
        site.run("rollback", "--yes", code=1)
        site.rollback("--to", listed[0]["release"])
        self.assertEqual(self.pages(second), second)

    def test_what_others_put_there_stays(self):
        work = self.folder / "work"
        subprocess.run(["git", "clone", "-q", self.repository, work], check=True, capture_output=True)
        (work / "README.md").write_text("ours")
        (work / "CNAME").write_text("theirs.example\n")
        (work / "index.html").write_text("theirs")
        commit = ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first"]
        git(work, "checkout", "-qb", "pages")
        git(work, "add", ".")
        git(work, *commit)
        git(work, "push", "-q", "origin", "pages")
        site = self.site()
        _, shown = site.run("deploy", "--yes", code=1)
        self.assertIn("--allow foreign", shown)
        site.deploy("--allow", "foreign")
        site.second()
        site.deploy()
        served = self.served()
        self.assertEqual((served["README.md"], served["CNAME"]), (b"ours", b"theirs.example\n"))

    def commit(self, **files):
        """A commit of somebody else's to the branch; names have `_` for `.`."""
        work = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        subprocess.run(["git", "clone", "-q", "-b", "pages", self.repository, work], check=True, capture_output=True)
        for name, text in files.items():
            (work / name.replace("_", ".")).write_text(text)
        git(work, "add", ".")
        git(work, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "by hand")
        git(work, "push", "-q", "origin", "pages")

    def test_a_commit_of_somebody_else_takes_nothing_from_what_is_known(self):
        site = self.site()
        first = site.built()
        site.deploy()
        self.commit(CNAME="theirs.example\n", robots_txt="changed")
        self.assertEqual(len(site.releases()), 1)
        done = site.deploy()
        self.assertEqual((done["uploads"], done["deletions"]), (1, 0), "what they changed of ours is put right")
        self.assertEqual(self.pages(first), first)
        for _ in range(30):
            self.commit(notes_txt=str(_))
        site.second()
        second = site.built()
        self.assertEqual(site.deploy()["deletions"], 1, "also where ours lies deep")
        self.assertEqual(self.pages({**second, "notes.txt": b""}), {**second, "notes.txt": b"29"})
        self.assertEqual(self.served()["CNAME"], b"theirs.example\n")

    def test_a_branch_with_sources_is_not_deployed_to_unasked(self):
        work = self.folder / "work"
        subprocess.run(["git", "clone", "-q", self.repository, work], check=True, capture_output=True)
        (work / "main.c").write_text("int main;")
        git(work, "checkout", "-qb", "pages")
        git(work, "add", ".")
        git(work, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first")
        git(work, "push", "-q", "origin", "pages")
        _, shown = self.site().run("deploy", "--yes", code=1)
        self.assertIn("--allow foreign", shown)
        self.assertEqual(set(self.served()), {"main.c"})

    def test_another_domain_alone_is_deployed(self):
        self.site('domain = "one.example"').deploy()
        self.site('domain = "two.example"').deploy()
        self.assertEqual(self.served()["CNAME"], b"two.example\n")

    def test_an_open_line_or_a_token_in_the_address_is_refused(self):
        for remote in ("http://example.org/x.git", "git://example.org/x.git", "https://t0ken@example.org/x.git"):
            site = hosts.Site(self.folder / "site", f'kind = "git"\nremote = "{remote}"\n')
            _, shown = site.run("deploy", "--yes", code=1)
            self.assertIn("remote", shown)
            self.assertNotIn("t0ken", shown)

    def test_a_push_that_fails_changes_nothing_and_is_tried_again(self):
        site = self.site()
        first = site.built()
        site.deploy()
        site.second()
        self.server.refuse = 100
        site.deploy(code=1)
        self.assertEqual(self.pages(first), first)
        self.server.refuse = 2
        site.deploy()
        second = site.built()
        self.assertEqual(self.pages(second), second)

    def test_a_repository_that_is_not_there_is_said(self):
        site = hosts.Site(self.folder / "site", f'kind = "git"\nremote = "{self.remote}x"\n')
        _, shown = site.run("deploy", "--yes", code=1)
        self.assertIn("git ls-remote", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)

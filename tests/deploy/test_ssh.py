"""Deploys to an sshd of the test's own, with rsync."""

import contextlib
import getpass
import os
import pathlib
import subprocess
import tempfile
import unittest

import hosts


class Host(unittest.TestCase):
    """A server that is reached by SSH."""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        for key in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / key], check=True)
        (self.folder / "authorized").write_text((self.folder / "user.pub").read_text())
        number = hosts.port()
        (self.folder / "sshd_config").write_text(
            f"Port {number}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host\nStrictModes no\nUsePAM no\n"
            f"AuthorizedKeysFile {self.folder}/authorized\nPidFile none\nPermitRootLogin yes\n"
            "PasswordAuthentication no\nMaxStartups 100\n")
        pathlib.Path("/run/sshd").mkdir(exist_ok=True) if os.geteuid() == 0 else None
        self.stack.enter_context(
            hosts.server(number, "/usr/sbin/sshd", "-D", "-e", "-f", str(self.folder / "sshd_config")))
        host_key = (self.folder / "host.pub").read_text()
        (self.folder / "known").write_text(f"[127.0.0.1]:{number} {host_key}")
        (self.folder / "ssh_config").write_text(
            f"Host web\n HostName 127.0.0.1\n Port {number}\n User {getpass.getuser()}\n"
            f" IdentityFile {self.folder}/user\n IdentitiesOnly yes\n UserKnownHostsFile {self.folder}/known\n")
        self.env = {"DHIKRA_SSH_CONFIG": str(self.folder / "ssh_config")}
        self.www = self.folder / "www"


class Server(Host):
    def setUp(self):
        super().setUp()
        self.site = hosts.Site(self.folder / "site", f'kind = "ssh"\nhost = "web"\npath = "{self.www}"\nkeep = 1\n')

    def served(self, wanted):
        return hosts.without_old_assets(hosts.tree(self.www / "current"), wanted)

    def test_a_server_is_deployed_to_and_brought_back(self):
        site = self.site
        first = site.built()
        self.assertEqual(site.deploy(env=self.env)["uploads"], len(first))
        self.assertEqual(self.served(first), first)
        self.assertTrue((self.www / "current").is_symlink())
        before = (self.www / "current/صورة.svg").stat()
        self.assertEqual(site.deploy(env=self.env)["uploads"], 0)
        site.second()
        second = site.built()
        done = site.deploy(env=self.env)
        self.assertEqual((done["deletions"], done["kept"]), (1, 1))
        self.assertEqual(self.served(second), second)
        self.assertTrue([path for path in hosts.tree(self.www / "current") if path.startswith("assets/") and path in first])
        self.assertEqual((self.www / "current/صورة.svg").stat().st_ino, before.st_ino, "what is the same is shared")
        # The same size and time, and other bytes.
        site.page("صفحة-4", "صفحة 4", "الآخر.")
        site.rollback(env=self.env)
        self.assertEqual(self.served(first), first)
        site.rollback("--to", site.releases(env=self.env)[0]["release"], env=self.env)
        self.assertEqual(self.served(second), second)
        site.deploy(env=self.env)
        third = site.built()
        self.assertEqual(self.served(third), third)
        self.assertEqual(len(list((self.www / "releases").iterdir())), 2, "the oldest went")
        self.assertFalse((self.www / ".dhikra/lock").exists())

    def test_a_cut_changes_nothing_and_is_gone_on_with(self):
        site = self.site
        first = site.built()
        site.deploy(env=self.env)
        site.second()
        second = site.built()
        # A program in the place of rsync that is cut in the midst of things.
        bin = self.folder / "bin"
        bin.mkdir()
        (bin / "rsync").write_text("#!/bin/sh\nexit 12\n")
        (bin / "rsync").chmod(0o755)
        path = f"{bin}:{os.environ['PATH']}"
        _, shown = site.run("deploy", "--yes", env={**self.env, "PATH": path}, code=1)
        self.assertIn("rsync", shown)
        self.assertEqual(self.served(first), first)
        # What is left of a deploy that was cut, and what does not belong there.
        left = self.www / "releases/.incoming/secret"
        left.parent.mkdir()
        left.write_text("x")
        site.deploy(env=self.env)
        self.assertEqual(self.served(second), second)

    def test_a_lock_keeps_others_out(self):
        import time
        (self.www / ".dhikra").mkdir(parents=True)
        (self.www / ".dhikra/lock").write_text(f"other {int(time.time()) - 90} {int(time.time()) + 600}\n")
        _, shown = self.site.run("deploy", "--yes", env=self.env, code=1)
        self.assertIn("2 minutes ago", shown)
        self.site.deploy("--allow", "lock", env=self.env)
        self.assertEqual(self.served(self.site.built()), self.site.built())

    def test_a_host_that_is_not_known_is_not_spoken_to(self):
        (self.folder / "known").write_text("")
        _, shown = self.site.run("deploy", "--yes", env=self.env, code=1)
        self.assertIn("Host key verification failed", shown)
        self.assertFalse(self.www.exists())

    def test_a_folder_in_the_place_of_the_link_stays(self):
        (self.www / "current").mkdir(parents=True)
        (self.www / "current/theirs.html").write_text("theirs")
        _, shown = self.site.run("deploy", "--yes", env=self.env, code=1)
        self.assertIn("no symbolic link", shown)
        self.assertEqual((self.www / "current/theirs.html").read_text(), "theirs")


if __name__ == "__main__":
    unittest.main(verbosity=2)

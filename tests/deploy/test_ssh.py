"""Deploys to an sshd of the test's own, with rsync."""

import contextlib
import getpass
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
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
        pathlib.Path("/run/sshd").mkdir(exist_ok=True) if os.geteuid() == 0 else None
        self.start()
        self.env = {"DHIKRA_SSH_CONFIG": str(self.folder / "ssh_config")}
        self.www = self.folder / "www"

    def start(self, login=""):
        """Starts a server; `login` is what a shell does there before it runs what it is told to."""
        number = hosts.port()
        forced = self.script("login", f"#!/bin/sh\n{login}\nexec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"\n")
        (self.folder / "sshd_config").write_text(
            f"Port {number}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host\nStrictModes no\nUsePAM no\n"
            f"AuthorizedKeysFile {self.folder}/authorized\nPidFile none\nPermitRootLogin yes\n"
            "PasswordAuthentication no\nMaxStartups 100\n" + (f"ForceCommand {forced}\n" if login else ""))
        self.stack.enter_context(
            hosts.server(number, "/usr/sbin/sshd", "-D", "-e", "-f", str(self.folder / "sshd_config")))
        host_key = (self.folder / "host.pub").read_text()
        (self.folder / "known").write_text(f"[127.0.0.1]:{number} {host_key}")
        (self.folder / "ssh_config").write_text(
            f"Host web\n HostName 127.0.0.1\n Port {number}\n User {getpass.getuser()}\n"
            f" IdentityFile {self.folder}/user\n IdentitiesOnly yes\n UserKnownHostsFile {self.folder}/known\n")

    def script(self, path, text):
        path = self.folder / path
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path


class Server(Host):
    def setUp(self):
        super().setUp()
        self.target = f'kind = "ssh"\nhost = "web"\npath = "{self.www}"\nkeep = 1\n'
        self.site = hosts.Site(self.folder / "site", self.target)

    def served(self, wanted):
        return hosts.without_old_assets(hosts.tree(self.www / "current"), wanted)

    def current(self):
        return os.readlink(self.www / "current").removeprefix("releases/")

    def rsync(self, text):
        """The environment of a run that has a program of ours in the place of rsync; `$REAL` is rsync."""
        self.script("bin/rsync", f"#!/bin/sh\nREAL={shutil.which('rsync')}\nF={self.folder}\n{text}\n")
        return {**self.env, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"}

    def begin(self, site, env):
        """Starts a deploy, and waits until a script of ours wrote `started`."""
        run = subprocess.Popen([hosts.PROGRAM, "deploy", "--yes", "--root", site.root], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                               env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **env})
        for _ in range(600):
            if (self.folder / "started").exists():
                return run
            time.sleep(0.1)
        raise RuntimeError("it did not get that far")

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
        newer = self.current()
        self.assertEqual((done["deletions"], done["kept"]), (1, 1))
        self.assertEqual(self.served(second), second)
        self.assertTrue([path for path in hosts.tree(self.www / "current") if path.startswith("assets/") and path in first])
        self.assertEqual((self.www / "current/صورة.svg").stat().st_ino, before.st_ino, "what is the same is shared")
        # The same size and time, and other bytes.
        site.page("صفحة-4", "صفحة 4", "الآخر.")
        site.rollback(env=self.env)
        self.assertEqual(self.served(first), first)
        site.rollback("--to", newer, env=self.env)
        self.assertEqual(self.served(second), second)
        site.deploy(env=self.env)
        third = site.built()
        self.assertEqual(self.served(third), third)
        self.assertEqual(len(list((self.www / "releases").iterdir())), 2, "the oldest went")
        self.assertFalse((self.www / ".dhikra/lock").exists())
        left = [path.name for path in (self.www / ".dhikra").iterdir()]
        self.assertEqual(left, ["releases"], "nothing is left lying about")
        self.assertEqual(len(list((self.www / ".dhikra/releases").iterdir())), 4)

    def test_names_that_mean_something_to_shells_are_names(self):
        names = ["#h.txt", ";s.txt", "a b.txt", "it's \"so\".txt", "100%.txt", "a+b.txt", "what?.txt", "*.txt", "$HOME.txt",
                 "-rf.txt", "`x`.txt", "ميناء بيروت.txt", "[a].txt", "#f/ل ل.txt"]
        for name in names:
            self.site.write(f"static/{name}", name)
        built = self.site.built()
        self.assertEqual([name for name in names if name not in built], [])
        self.site.deploy(env=self.env)
        self.assertEqual(self.served(built), built)
        self.assertEqual(self.site.deploy(env=self.env)["uploads"], 0)
        self.site.second()
        (self.site.root / "static/#h.txt").unlink()
        self.site.deploy(env=self.env)
        self.assertFalse((self.www / "current/#h.txt").exists())
        self.site.rollback(env=self.env)
        self.assertEqual(self.served(built), built)

    def test_what_was_served_last_stays_longest(self):
        site = self.site
        first = site.built()
        site.deploy(env=self.env)
        site.second()
        site.deploy(env=self.env)
        site.rollback(env=self.env)
        site.page("صفحة-4", "صفحة 4", "الثالث.")
        site.deploy(env=self.env)
        site.rollback(env=self.env)
        self.assertEqual(self.served(first), first)

    def test_a_cut_changes_nothing_and_is_gone_on_with(self):
        site = self.site
        first = site.built()
        site.deploy(env=self.env)
        site.second()
        second = site.built()
        # A program in the place of rsync that is cut in the midst of things.
        _, shown = site.run("deploy", "--yes", env=self.rsync("exit 12"), code=1)
        self.assertIn("rsync", shown)
        self.assertEqual(self.served(first), first)
        # What is left of deploys that were cut: with a folder where a file is to be, and where nobody may write.
        for name in (".incoming", ".incoming-5-1-a"):
            (self.www / "releases" / name / "index.html").mkdir(parents=True)
            (self.www / "releases" / name / "index.html/secret").write_text("x")
            (self.www / "releases" / name / "index.html").chmod(0)
        (self.www / "releases/20200101-000000-abcdef12").mkdir()
        (self.www / "releases/theirs").mkdir()
        site.deploy(env=self.env)
        self.assertEqual(self.served(second), second)
        left = [path.name for path in (self.www / "releases").iterdir()]
        self.assertEqual((len(left), "theirs" in left), (3, True), left)

    def test_what_is_changed_while_it_is_brought_is_not_served(self):
        site = self.site
        first = site.built()
        site.deploy(env=self.env)
        site.second()
        page = site.root / ".dhikra/deploy/web/index.html"
        # In the folder of the build, before it is read; and on its way.
        env = self.rsync(f'"$REAL" "$@"; printf x >> {page}')
        _, shown = site.run("deploy", "--yes", env=env, code=1)
        self.assertIn("`index.html` was changed while it was being deployed", shown)
        self.assertEqual(self.served(first), first)
        env = self.rsync(f'printf x >> {page}; "$REAL" "$@"; rc=$?; truncate -s -1 {page}; exit $rc')
        _, shown = site.run("deploy", "--yes", env=env, code=1)
        self.assertIn("is not what was brought there: `index.html`", shown)
        self.assertEqual(self.served(first), first)
        site.deploy(env=self.env)
        self.assertEqual(self.served(site.built()), site.built())

    def altered(self):
        site = self.site
        first = site.built()
        site.deploy(env=self.env)
        older = self.current()
        site.second()
        second = site.built()
        site.deploy(env=self.env)
        newer = self.www / "releases" / self.current()
        # A page of the same size, one of another, one that is gone.
        page = self.www / "current/صفحة-1/index.html"
        page.unlink()
        page.write_bytes(second["صفحة-1/index.html"][:-1] + b"!")
        (self.www / "current/index.html").unlink()
        (self.www / "current/index.html").write_text("hacked")
        (self.www / "current/صفحة-2/index.html").unlink()
        return site, older, newer, first, second

    def test_what_somebody_changed_at_the_server_is_brought_again(self):
        site, older, newer, first, second = self.altered()
        done = site.deploy(env=self.env)
        self.assertEqual((done["uploads"], done["reasons"]["not as it was deployed"]), (3, 3))
        self.assertEqual(self.served(second), second)
        self.assertFalse(newer.exists(), "what is not what it was is of no use")
        self.assertEqual(site.deploy(env=self.env)["uploads"], 0)
        site.rollback(env=self.env)
        self.assertEqual(self.served(first), first)
        # What releases share is changed in both of them.
        with open(self.www / "current/صورة.svg", "r+b") as file:
            file.write(b"hack")
        with open(next((self.www / "current/assets").iterdir()), "ab") as file:
            file.write(b"hack")
        site.first()
        done = site.deploy(env=self.env)
        self.assertEqual(done["reasons"]["not as it was deployed"], 2)
        self.assertEqual(self.served(first), first)

    def test_a_server_without_hashes_compares_sizes(self):
        tools = ("sh rsync head tail mkdir date ln rm mv cat find wc tr sort comm xargs dirname readlink chmod printf sleep").split()
        (self.folder / "tools").mkdir()
        for tool in tools:
            os.symlink(shutil.which(tool), self.folder / "tools" / tool)
        self.start(f"PATH={self.folder}/tools; export PATH")
        site, _, newer, first, second = self.altered()
        done = site.deploy(env=self.env)
        self.assertEqual(done["reasons"]["not as it was deployed"], 2, "those of another size")
        self.assertEqual(self.served(second), second, "and all is right in what is new")
        site.rollback(env=self.env)
        self.assertEqual(self.served(first), first)
        page = site.root / ".dhikra/deploy/web/index.html"
        site.second()
        site.page("_index", "الرئيسية", "أخرى.")
        # Other bytes of the same size.
        env = self.rsync(f'case "$*" in *dry-run*) exec "$REAL" "$@";; esac; cp {page} $F/was; printf x | dd of={page} conv=notrunc '
                         f'2>/dev/null; "$REAL" "$@"; rc=$?; cp $F/was {page}; exit $rc')
        _, shown = site.run("deploy", "--yes", env=env, code=1)
        self.assertIn("is not what was brought there: `index.html`", shown)

    def test_a_release_that_is_no_longer_there_is_brought_again(self):
        site = self.site
        site.deploy(env=self.env)
        first, second = site.built(), None
        shutil.move(self.www / "releases" / self.current(), self.folder / "away")
        self.assertEqual(site.deploy(env=self.env)["uploads"], len(first))
        self.assertEqual(self.served(first), first)
        older = self.current()
        site.second()
        second = site.built()
        site.deploy(env=self.env)
        shutil.move(self.www / "releases" / older, self.folder / "away2")
        _, shown = site.run("rollback", "--yes", env=self.env, code=1)
        self.assertIn(f"the release {older} is no longer on the server", shown)
        self.assertEqual(self.served(second), second)

    def test_an_older_release_that_is_not_what_it_was_is_not_served(self):
        site = self.site
        site.deploy(env=self.env)
        older = self.www / "releases" / self.current()
        first = site.built()
        site.second()
        second = site.built()
        site.deploy(env=self.env)
        page = older / "صفحة-1/index.html"
        page.unlink()
        page.write_bytes(first["صفحة-1/index.html"][:-1] + b"!")
        _, shown = site.run("rollback", "--yes", env=self.env, code=1)
        self.assertIn("`صفحة-1/index.html` is not as it was", shown)
        page.unlink()
        _, shown = site.run("rollback", "--yes", env=self.env, code=1)
        self.assertIn("`صفحة-1/index.html` is gone", shown)
        self.assertEqual(self.served(second), second)
        page.write_bytes(first["صفحة-1/index.html"])
        site.rollback(env=self.env)
        self.assertEqual(self.served(first), first)

    def test_old_assets_that_somebody_changed_are_served_no_longer(self):
        site = self.site
        site.deploy(env=self.env)
        style = next(path for path in site.built() if path.startswith("assets/"))
        site.second()
        site.deploy(env=self.env)
        kept = self.www / "current" / style
        self.assertTrue(kept.exists())
        kept.unlink()
        kept.write_text("hacked")
        site.deploy(env=self.env)
        self.assertFalse(kept.exists())
        self.assertEqual(self.served(site.built()), site.built())

    def test_a_lock_keeps_others_out(self):
        (self.www / ".dhikra").mkdir(parents=True)
        (self.www / ".dhikra/lock").write_text(f"other {int(time.time()) - 90} {int(time.time()) + 600} elsewhere\n")
        _, shown = self.site.run("deploy", "--yes", env=self.env, code=1)
        self.assertIn("2 minutes ago", shown)
        self.site.deploy("--allow", "lock", env=self.env)
        self.assertEqual(self.served(self.site.built()), self.site.built())
        # One that was not renewed ends.
        (self.www / ".dhikra/lock").write_text(f"other {int(time.time()) - 900} {int(time.time()) - 1} elsewhere\n")
        self.site.second()
        self.site.deploy(env=self.env)
        self.assertFalse((self.www / ".dhikra/lock").exists())

    def test_a_lock_is_renewed_on_the_way(self):
        env = self.rsync(f'cat {self.www}/.dhikra/lock >> $F/seen; sleep 1.1; "$REAL" "$@" || exit; exit 0')
        self.start(f'case "$SSH_ORIGINAL_COMMAND" in *"ln -s releases/"*) cat {self.www}/.dhikra/lock >> {self.folder}/seen; '
                   'sleep 1.1;; *"rm -f .dhikra/releases"*) '
                   f'cat {self.www}/.dhikra/lock >> {self.folder}/seen;; esac')
        self.site.deploy(env=env)
        self.site.second()
        self.site.deploy(env=env)
        self.site.page("_index", "الرئيسية", "الثالث.")
        (self.folder / "seen").unlink()
        self.site.deploy(env=env)
        locks = [line.split() for line in (self.folder / "seen").read_text().splitlines()]
        self.assertEqual([len(lock) for lock in locks], [4] * 3)
        ends = [int(lock[2]) for lock in locks]
        self.assertTrue(ends[0] < ends[1] < ends[2] <= time.time() + 600, ends)
        self.assertEqual(len({(lock[0], lock[1], lock[3]) for lock in locks}), 1)

    def check_a_run_whose_lock_was_taken(self, env):
        site, other = self.site, hosts.Site(self.folder / "other", self.target)
        site.page("صفحة-4", "صفحة 4", "الثالث.")
        other.second()
        late = self.begin(site, env)
        _, shown = other.run("deploy", "--yes", env=self.env, code=1)
        self.assertIn("minutes ago", shown)
        other.deploy("--allow", "lock", env=self.env)
        second, current = other.built(), self.current()
        (self.folder / "go").touch()
        shown, _ = late.communicate(timeout=60)
        self.assertEqual(late.returncode, 1, shown)
        self.assertIn("another deploy took the lock", shown)
        self.assertEqual((self.served(second), self.current()), (second, current))
        other.page("صفحة-4", "صفحة 4", "الرابع.")
        other.deploy(env=self.env)
        self.assertEqual(self.served(other.built()), other.built())
        self.assertEqual([path for path in (self.www / "releases").iterdir() if path.name.startswith(".")], [])

    def test_whoever_lost_the_lock_writes_into_no_release_of_others(self):
        self.site.deploy(env=self.env)
        self.check_a_run_whose_lock_was_taken(
            self.rsync('touch $F/started; while [ ! -e $F/go ]; do sleep 0.05; done; exec "$REAL" "$@"'))

    def test_whoever_lost_the_lock_cannot_switch(self):
        self.site.deploy(env=self.env)
        self.start(f'cd {self.folder}; case "$SSH_ORIGINAL_COMMAND" in *"ln -s releases/"*) if mkdir once 2>/dev/null; then '
                   'touch started; while [ ! -e go ]; do sleep 0.05; done; fi;; esac')
        self.check_a_run_whose_lock_was_taken(self.env)

    def test_a_run_that_was_killed_is_in_the_way_of_nobody_who_goes_on_from_there(self):
        site = self.site
        site.deploy(env=self.env)
        site.second()
        env = self.rsync('touch $F/started; while [ ! -e $F/go ]; do sleep 0.05; done; "$REAL" "$@"; touch $F/ended')
        killed = self.begin(site, env)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        self.assertTrue((self.www / ".dhikra/lock").exists())
        site.deploy(env=self.env)
        second = site.built()
        self.assertEqual(self.served(second), second)
        # The rsync of the one that was killed lives on.
        (self.folder / "go").touch()
        for _ in range(200):
            if (self.folder / "ended").exists():
                break
            time.sleep(0.1)
        self.assertEqual(self.served(second), second)
        site.page("صفحة-4", "صفحة 4", "الثالث.")
        site.deploy(env=self.env)
        self.assertEqual(self.served(site.built()), site.built())
        self.assertEqual([path for path in (self.www / "releases").iterdir() if path.name.startswith(".")], [])

    def test_a_web_server_can_read_what_is_deployed(self):
        self.start("umask 077")
        self.site.deploy(env=self.env)
        self.site.second()
        self.site.deploy(env=self.env)
        current = (self.www / "current").resolve()
        for folder in (self.www, self.www / "releases", current, *(p for p in current.rglob("*") if p.is_dir())):
            self.assertEqual(folder.stat().st_mode & 0o777, 0o755, folder)
        for file in (path for path in current.rglob("*") if path.is_file()):
            self.assertEqual(file.stat().st_mode & 0o777, 0o644, file)

    def test_a_shell_that_writes_something_is_told_of(self):
        site = self.site
        site.deploy(env=self.env)
        first = site.built()
        site.second()
        site.deploy(env=self.env)
        self.start("printf 'Welcome to web!\\nhave a nice day'")
        self.assertEqual(len(site.releases(env=self.env)), 2)
        site.rollback(env=self.env)
        self.assertEqual(self.served(first), first)
        _, shown = site.run("deploy", "--yes", env=self.env, code=1)
        self.assertIn("the login shell on web writes something", shown)
        self.assertNotIn("move it away", shown)
        self.assertEqual(self.served(first), first)

    def test_a_host_that_is_not_known_is_not_spoken_to(self):
        (self.folder / "known").write_text("")
        _, shown = self.site.run("deploy", "--yes", env=self.env, code=1)
        self.assertIn("Host key verification failed", shown)
        self.assertIn("connect once", shown)
        self.assertFalse(self.www.exists())

    def test_a_host_whose_key_is_another_one_is_not_spoken_to(self):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "wrong"], check=True)
        known = (self.folder / "known").read_text().split()[0]
        (self.folder / "known").write_text(f"{known} {(self.folder / 'wrong.pub').read_text()}")
        _, shown = self.site.run("deploy", "--yes", env=self.env, code=1)
        self.assertIn("find out why its key is another one", shown)
        self.assertNotIn("connect once", shown)
        self.assertFalse(self.www.exists())

    def test_a_folder_in_the_place_of_the_link_stays(self):
        (self.www / "current").mkdir(parents=True)
        (self.www / "current/theirs.html").write_text("theirs")
        _, shown = self.site.run("deploy", "--yes", env=self.env, code=1)
        self.assertIn("no symbolic link", shown)
        self.assertEqual((self.www / "current/theirs.html").read_text(), "theirs")


if __name__ == "__main__":
    unittest.main(verbosity=2)

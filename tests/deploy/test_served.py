"""What is deployed, served: nginx and Caddy by the configuration that came with the release, asked as browsers ask."""

import os
import pathlib
import subprocess
import sys

import hosts
import test_ssh

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hosting"))
import servers


class Served(test_ssh.Host):
    def test_a_release_brings_the_configuration_of_its_server(self):
        site = self.folder / "hosting"
        servers.copy(site, "")
        target = f'\n[targets.web]\nkind = "ssh"\nhost = "web"\npath = "{self.www}"\n'
        (site / "site.toml").write_text((site / "site.toml").read_text() + target)

        def deploy():
            subprocess.run([hosts.PROGRAM, "deploy", "--yes", "--root", site], check=True, capture_output=True,
                           stdin=subprocess.DEVNULL, env={**os.environ, **self.env})

        deploy()
        current = self.www / "current"
        for kind, file in [(servers.nginx, "nginx.conf"), (servers.caddy, "Caddyfile")]:
            with self.subTest(server=kind.__name__):
                checks, failures = servers.try_with(kind, file, self.folder / kind.__name__, current, current, "")
                self.assertGreater(checks, 30)
                self.assertEqual(failures, 0)
        # Another configuration alone is a new release, and the one before still has its own.
        before = current.resolve()
        settings = (site / "site.toml").read_text()
        (site / "site.toml").write_text(settings.replace("hsts = 86400", "hsts = 3600"))
        deploy()
        self.assertNotEqual(current.resolve(), before)
        self.assertIn("max-age=3600", (current / ".dhikra/hosting/nginx.conf").read_text())
        self.assertIn("max-age=86400", (before / ".dhikra/hosting/nginx.conf").read_text())

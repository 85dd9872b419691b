"""Deploys to a folder of this machine."""

import pathlib
import tempfile
import unittest

import hosts


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.site = hosts.Site(self.folder / "site", 'kind = "directory"\npath = "../www"\n')

    def is_served(self, wanted):
        served = hosts.without_old_assets(hosts.tree(self.folder / "www"), wanted)
        self.assertEqual(served, wanted)

    def test_a_file_becomes_a_folder_and_the_other_way_round(self):
        self.site.write("static/x", "a file")
        first = self.site.built()
        self.site.deploy()
        (self.site.root / "static/x").unlink()
        self.site.write("static/x/y.txt", "in a folder")
        second = self.site.built()
        self.site.deploy()
        self.is_served(second)
        self.site.rollback()
        self.is_served(first)
        self.site.rollback("--to", self.site.releases()[0]["release"])
        self.is_served(second)

    def test_a_name_with_a_backslash_is_a_problem_of_the_file(self):
        self.site.write("static/a\\b.txt", "x")
        _, shown = self.site.run("deploy", "--yes", code=1)
        self.assertIn("backslash", shown)
        self.assertFalse((self.folder / "www").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)

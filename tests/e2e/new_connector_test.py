"""A stranger adds a connector of each kind with tests/tools/new-connector: it builds, and passes every test that connectors have."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["TOCSIN_SOURCE_DIR"])
COPIED = ("CMakeLists.txt", "CMakePresets.json", "README.md", ".clang-format", "router", "connectors",
          "rules", "tests", "config", "deploy")


class NewConnectorTest(unittest.TestCase):
    def setUp(self):
        self.tree = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-stranger-")) / "tocsin"
        self.addCleanup(shutil.rmtree, self.tree.parent)
        self.tree.mkdir()
        for name in COPIED:
            origin = SOURCE / name
            if origin.is_dir():
                shutil.copytree(origin, self.tree / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif origin.exists():
                shutil.copy2(origin, self.tree / name)

    def run_in_tree(self, *command, code=0):
        done = subprocess.run(command, cwd=self.tree, capture_output=True, text=True, check=False,
                              timeout=1500, env={**os.environ, "TOCSIN_SOURCE_DIR": str(self.tree)})
        self.assertEqual(done.returncode, code, (done.stdout + done.stderr)[-4000:])
        return done.stdout

    def test_a_new_connector_of_each_kind_builds_and_passes_what_all_pass(self):
        tool = str(self.tree / "tests/tools/new-connector")
        for kind, name in (("source", "tea-kettle"), ("channel", "tin-can"), ("hook", "wind-up")):
            written = self.run_in_tree(tool, kind, name, "something made up for a test").split()
            self.assertIn("connectors/catalog.def", written)
            for path in written:
                self.assertTrue((self.tree / path).exists(), path)
            self.run_in_tree(tool, kind, name, "again", code=1)
        self.run_in_tree(tool, "sauce", "tea", "x", code=2)
        self.run_in_tree("cmake", "--preset", "dev")
        self.run_in_tree("ninja", "-C", "build", "test_connectors", "test_house")
        self.assertIn("All tests passed", self.run_in_tree("build/tests/test_connectors", "tea-kettle*,tin-can*,wind-up*"))
        self.run_in_tree("build/tests/test_connectors", "[contract]")
        self.run_in_tree("build/tests/test_house", "every connector of the catalogue*,every file of a connector*,the catalogue is*")


if __name__ == "__main__":
    unittest.main()

"""cmake --install makes a tree that works where it is moved: program, report, studies; nothing of this machine is inside.

    check_install.py BUILD SOURCE
"""
import os
import pathlib
import subprocess
import sys
import tempfile

BUILD, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
EXPECTED = ("bin/gridqueue", "share/gridqueue/LICENSE", "share/gridqueue/README.md", "share/gridqueue/data/radial.h5",
            "share/gridqueue/docs/evaluation.md", "share/gridqueue/experiments/radial_queue/study.toml",
            "share/gridqueue/report/gridqueue_report/__main__.py")


def check(what, condition, text=""):
    if not condition:
        sys.exit(f"FAILED: {what}\n{text}")


def install(folder):
    """Installed to one place, moved to another."""
    done = subprocess.run(["cmake", "--install", BUILD, "--prefix", folder / "first"], capture_output=True, text=True)
    check("cmake --install", done.returncode == 0, done.stdout + done.stderr)
    (folder / "first").rename(folder / "second")
    return folder / "second"


def run(tree, *arguments, **environment):
    """The moved program, as someone else would run it: in the tree's own folder, with next to no environment."""
    done = subprocess.run([tree / "bin/gridqueue", *arguments], cwd=tree / "share/gridqueue", capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "HOME": str(tree), **environment})
    return done.returncode, done.stdout + done.stderr


def check_report(tree, results):
    """The report starts from the moved tree; where no interpreter or no package is there it says how to name one."""
    code, text = run(tree, "report", results, "--out", str(tree / "page"), GRIDQUEUE_PYTHON=str(tree / "no-python"))
    check("an interpreter that is not there is an error that names the variable",
          code == 4 and "GRIDQUEUE_PYTHON" in text and "no-python" in text, text)
    code, text = run(tree, "report", results, "--out", str(tree / "page"), GRIDQUEUE_PYTHON=sys.executable)
    if code == 0:
        check("the report's page is written", (tree / "page/index.html").exists(), text)
    else:
        check("missing packages are an error that names the variable", code == 4 and "GRIDQUEUE_PYTHON" in text, text)


def main():
    with tempfile.TemporaryDirectory() as name:
        tree = install(pathlib.Path(name))
        for file in EXPECTED:
            check(f"{file} is installed", (tree / file).exists())
        check("no caches are installed", not list(tree.rglob("__pycache__")))
        program = (tree / "bin/gridqueue").read_bytes()
        for place in (SOURCE, BUILD):
            at = program.find(os.fsencode(place))
            check(f"'{place}' is not inside the program", at < 0, str(program[max(0, at - 80):at + 120]))
        code, text = run(tree, "run", "experiments/radial_queue/study.toml", "--orders", "20", "--out", str(tree / "r.h5"))
        check("a study runs", code == 0 and "20 orders of 8 units" in text, text)
        code, text = run(tree, "show", str(tree / "r.h5"))
        check("its results are shown", code == 0, text)
        check_report(tree, str(tree / "r.h5"))
    print("the installed tree works where it was moved")


if __name__ == "__main__":
    main()

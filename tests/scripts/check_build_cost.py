"""scripts/build-cost on one small file of a build folder: a row of its target, and of a header that it sees.

    check_build_cost.py BUILD
"""
import pathlib
import re
import subprocess
import sys

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "build-cost"


def cost(*arguments):
    done = subprocess.run([sys.executable, "-B", SCRIPT, "--build", sys.argv[1], *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def check(what, condition, text):
    if not condition:
        sys.exit(f"FAILED: {what}\n{text}")


def main():
    code, text = cost("--files", "host/model/names.cpp")
    check("one file's target has a row with its seconds", code == 0 and re.search(r"^gridqueue_core +1 +\d+\.\d$", text, re.M), text)
    check("and the file has one", re.search(r"^ +\d+\.\d\d  host/model/names\.cpp$", text, re.M), text)
    code, text = cost("--headers", "--files", "host/model/names.cpp", "--match", "network.hpp")
    check("a header has a row", code == 0 and re.search(r"^ +\d+\.\d\d +1 +\d+\.\d  include/gridqueue/network\.hpp$", text, re.M), text)
    code, text = cost("--build", "no-such-folder")
    check("a folder that is not configured is an error", code != 0 and "cmake --preset" in text, text)
    print("build-cost counts")


if __name__ == "__main__":
    main()

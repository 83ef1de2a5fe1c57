"""gridqueue, run in the repository's root."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Program:
    def __init__(self, path, out):
        self.path, self.out = path, out

    def attempt(self, *arguments):
        return subprocess.run([self.path, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False)

    def __call__(self, *arguments):
        done = self.attempt(*arguments)
        if done.returncode:
            sys.exit(f"gridqueue {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done.stdout

"""python -m gridqueue_report RESULTS.h5 --out DIR; `gridqueue report` starts it. Exit codes: gridqueue --help."""

import argparse
import sys

UNAVAILABLE, INPUT = 4, 3
NEEDED = ("numpy", "h5py", "plotly", "matplotlib")


def arguments():
    parser = argparse.ArgumentParser(prog="gridqueue report", description="Interactive report of a results file")
    parser.add_argument("results", help="results file (.h5)")
    parser.add_argument("--out", default="report", help="folder of the report, made where it is missing (default: report)")
    return parser.parse_args()


def missing_packages():
    from importlib.util import find_spec
    return [name for name in NEEDED if find_spec(name) is None]


def main():
    args = arguments()
    if missing := missing_packages():
        print(f"gridqueue: the report needs Python packages that are not here ({', '.join(missing)}; this is "
              f"{sys.executable}); install them with `make python` in gridqueue's source tree or "
              f"`{sys.executable} -m pip install {' '.join(missing)}`, or name an interpreter that has them with "
              f"$GRIDQUEUE_PYTHON", file=sys.stderr)
        return UNAVAILABLE
    from .damage import BadResults
    from .report import write_report
    try:
        print(write_report(args.results, args.out))
    except BadResults as error:
        print(f"gridqueue: {error}", file=sys.stderr)
        return INPUT
    except OSError as error:
        print(f"gridqueue: cannot write the report to '{args.out}' ({error.strerror or error})", file=sys.stderr)
        return INPUT
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Per evaluation, as Markdown: what the kernels of evaluations did in a run of test_ptx (GRIDQUEUE_PTX_COUNTS).

    count_table.py FILE.counts
"""
import csv
import re
import sys

NAMES = {"LinearDayOfThread": "thread = linearized evaluation", "DayOfThread": "thread = evaluation",
         "true>": "block = evaluation", "false>": "warp = evaluation"}


def kernel(spelt):
    """A readable name; None of what is no kernel of evaluations."""
    if "planted" in spelt or not re.search(r"gridqueue::run_(items|teams)<", spelt):
        return None
    name = next((text for part, text in NAMES.items() if part in spelt), None)
    return name and f"{name}, {'double' if '<double>' in spelt or 'double,' in spelt else 'float'}"


def rounded(number):
    return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.2g}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = [(name, row) for row in csv.DictReader(file, delimiter="\t") if (name := kernel(row["kernel"]))]
    rows = [(name, row) for name, row in rows if int(row["items"])]
    if not rows:
        sys.exit("count_table: no kernel of evaluations ran")
    rows.sort(key=lambda r: r[0])
    columns = [c for c in rows[0][1] if c not in ("kernel", "launches", "items")]
    print("| per evaluation | " + " | ".join(name for name, _ in rows) + " |")
    print("|---" * (len(rows) + 1) + "|")
    print("| evaluations counted | " + " | ".join(row["items"] for _, row in rows) + " |")
    for c in columns:
        print(f"| {c} | " + " | ".join(rounded(int(row[c]) / int(row["items"])) for _, row in rows) + " |")


main()

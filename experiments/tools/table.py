"""A table as Markdown for people and as CSV for programs."""

import csv
from dataclasses import dataclass, field


@dataclass
class Table:
    name: str      # of the CSV
    title: str
    columns: list  # (heading, format); a format of "" is text
    rows: list = field(default_factory=list)

    def markdown(self):
        head = "| " + " | ".join(h for h, _ in self.columns) + " |"
        rule = "|" + "|".join("---" if not f else "---:" for _, f in self.columns) + "|"
        rows = ["| " + " | ".join(_text(v, f) for v, (_, f) in zip(row, self.columns)) + " |" for row in self.rows]
        return "\n".join([f"**{self.title}**", "", head, rule, *rows, ""])

    def write_csv(self, folder):
        with open(folder / f"{self.name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([h for h, _ in self.columns])
            writer.writerows(self.rows)


def _text(value, form):
    if value is None:
        return ""
    text = format(value, form) if form else str(value)
    return text.lstrip("-") if text.strip("-0.") == "" else text

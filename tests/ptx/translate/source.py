"""PTX text in statements, each with its line."""
import re
from dataclasses import dataclass


class Unsupported(Exception):
    """What the translator does not know."""


@dataclass
class Statement:
    kind: str  # "statement", "label", "open", "close"
    text: str
    line: int


@dataclass
class Instruction:
    text: str
    line: int
    opcode: list  # ["ld", "global", "v2", "f32"]
    operands: list
    guard: str  # "%p1", "!%p1" or ""

    @property
    def name(self):
        return self.opcode[0]

    @property
    def modifiers(self):
        return self.opcode[1:]

    @property
    def type(self):
        return self.opcode[-1]

    def one_of(self, *names):
        """The first modifier that is among the names."""
        return next((m for m in self.modifiers if m in names), None)


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.S)
    return re.sub(r"//[^\n]*", "", text)


TOKEN = re.compile(r"\s*(?:(?P<label>[$\w]+):(?!:)|(?P<open>\{)|(?P<close>\})|(?P<statement>(?:[^;{}]|\{[^{};]*\})+);)")


def statements(body, line):
    """Those of a function's body, which begins on a line. Braces within a statement are vectors and argument lists."""
    at = 0
    while body[at:].strip():
        found = TOKEN.match(body, at)
        if not found:
            raise Unsupported(f"line {line}: {body[at:at + 60].strip()!r} is no statement")
        kind = found.lastgroup
        start = found.start(kind)
        first = line + body.count("\n", at, start)
        yield Statement(kind, " ".join(found[kind].split()), first)
        line += body.count("\n", at, found.end())
        at = found.end()


def split(text):
    """At the commas outside of brackets."""
    parts, depth, part = [], 0, ""
    for c in text:
        depth += (c in "{[(") - (c in "}])")
        if c == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += c
    return parts + [part.strip()] if part.strip() else parts


def parse_instruction(text, line):
    found = re.fullmatch(r"(?:@(!?%?[\w$]+)\s+)?([a-z][\w.:]*)\s*(.*)", text)
    if not found:
        raise Unsupported(text)
    guard, opcode, rest = found.groups()
    return Instruction(text, line, opcode.replace("::", ":").split("."), split(rest), guard or "")

"""A PTX file: its variables, entries and functions."""
import re
from dataclasses import dataclass

from . import arithmetic, collectives, compare, control, memory  # noqa: F401  (they know opcodes)
from .dispatch import translated
from .function import Function
from .source import Unsupported, parse_instruction, split, statements, without_comments
from .types import SIZE

HEAD = re.compile(r"^(?:\.(?:visible|weak|extern) )*\.(entry|func)\s+(?:\(([^)]*)\)\s*)?([\w$]+)\s*(?:\(([^)]*)\))?([^{;]*)([{;])", re.M)
DYNAMIC_SHARED = re.compile(r"^\.extern \.shared (?:\.align \d+ )?\.\w+ ([\w$]+)\[\];", re.M)
IGNORED = (".pragma", ".loc ", ".file", ".section")


@dataclass
class Parameter:
    name: str
    size: int


def parameters_of(text):
    found = []
    for part in split(text or ""):
        m = re.fullmatch(r"\.(?:param|reg) (?:\.align \d+ )?\.(\w+) (?:\.ptr (?:\.\w+ )?(?:\.align \d+ )?)?([\w$]+)(?:\[(\d+)\])?", " ".join(part.split()))
        if not m:
            raise Unsupported(f"parameter {part}")
        found.append(Parameter(m[2], SIZE[m[1]] * int(m[3] or 1)))
    return found


class Module:
    def __init__(self, text, name):
        self.name = name
        text = without_comments(text)
        self.architecture = int(re.search(r"^\.target sm_(\d+)", text, re.M)[1])
        self.dynamic_shared = set(DYNAMIC_SHARED.findall(text))  # no other variable of a module is known
        self.functions, self.unsupported = {}, []
        heads = [m for m in HEAD.finditer(text) if m[6] == "{"]
        for m in heads:  # all names first: one may call what comes later
            parameters = parameters_of(m[2]) + parameters_of(m[4])
            self.functions[m[3]] = Function(self, m[3], m[1] == "entry", parameters, m[5])
        for m in heads:
            end = body_end(text, m.end())
            self.translate(self.functions[m[3]], text[m.end():end], text.count("\n", 0, m.end()) + 1)

    def translate(self, function, body, line):
        function.straight = False
        for s in statements(body, line):
            try:
                self.statement(function, s)
            except Unsupported as problem:
                self.unsupported.append(f"{function.name}, line {s.line}: {problem}")
                escaped = s.text.replace("\\", "\\\\").replace('"', '\\"')
                function.emit(f'ptx::untranslated("{escaped}", {s.line});')
                function.straight = False

    @staticmethod
    def statement(function, s):
        if s.kind == "open":
            function.open_scope()
        elif s.kind == "close":
            function.close_scope()
        elif s.kind == "label":
            function.label(s.text)
        elif s.text.startswith(IGNORED):
            return
        elif s.text.startswith(".reg"):
            function.declare_registers(s.text)
        elif s.text.startswith("."):
            function.declare_variable(s.text)
        else:
            i = parse_instruction(s.text, s.line)
            guard = function.value(i.guard, "pred") if i.guard else ""
            text = translated(function, i)
            text = f"{function.count(i)} {text}".strip()
            function.emit(f"if ({guard}) {{ {text} }}" if guard else text)


def body_end(text, at):
    depth = 1
    for m in re.compile(r"[{}]").finditer(text, at):
        depth += 1 if m[0] == "{" else -1
        if depth == 0:
            return m.start()
    raise Unsupported("a body without an end")

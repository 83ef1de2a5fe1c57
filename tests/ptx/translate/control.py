"""Branches, calls and the end."""
from .dispatch import opcode
from .function import cpp_name
from .source import Unsupported, split


@opcode("bra")
def branch(f, i):
    return f"goto {f.label_name(i.operands[0])};"


@opcode("ret")
def back(f, i):
    return "return;"


@opcode("exit")
def end(f, i):
    return "ptx::end_thread();"


@opcode("trap")
def trap(f, i):
    return f"ptx::trap({i.line});"


@opcode("nanosleep")
def sleep(f, i):
    return "ptx::hand_over();"


@opcode("membar", "fence")
def fence(f, i):
    """Threads take turns: what one wrote all see."""
    return ";"


@opcode("call")
def call(f, i):
    parts = list(i.operands)
    results = split(parts.pop(0)[1:-1]) if parts[0].startswith("(") else []
    name = parts.pop(0)
    arguments = split(parts.pop(0)[1:-1]) if parts else []
    if parts or name not in f.module.functions:
        raise Unsupported(i.text)
    places = ", ".join(f"reinterpret_cast<unsigned char*>({f.symbol(a)})" for a in results + arguments)
    return f"{{ unsigned char* const parameters[] = {{{places or 'nullptr'}}}; {cpp_name(name)}(parameters); }}"

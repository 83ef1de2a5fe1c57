"""What an instruction counts as; the order of kinds and spaces is that of machine/work.hpp."""
from .types import SIZE

KINDS = ["fma.f32", "f32", "fma.f64", "f64", "special", "integer", "move", "load", "store", "atomic", "branch", "shuffle", "barrier"]
SPACES = ["global", "shared", "local", "param", "constant"]
BY_NAME = {
    "move": ["mov", "cvta", "selp", "slct", "cvt", "prefetch", "prefetchu", "nanosleep"],
    "special": ["rcp", "sqrt", "rsqrt", "sin", "cos", "ex2", "lg2", "tanh"],
    "branch": ["bra", "brx", "ret", "exit", "call", "trap"],
    "shuffle": ["shfl", "vote", "match"],
    "barrier": ["bar", "barrier"],
    "atomic": ["atom", "red", "membar", "fence"],
    "load": ["ld", "ldu"],
    "store": ["st"],
}
KIND = {name: kind for kind, names in BY_NAME.items() for name in names}


def kind_of(instruction):
    """Of the table of kinds; arithmetic by the type of its operands."""
    named = KIND.get(instruction.name)
    if named:
        return named
    kind = instruction.type if instruction.type in ("f32", "f64") else "integer"
    if kind != "integer" and instruction.name == "div":
        return "special"
    return "fma." + kind if kind != "integer" and instruction.name == "fma" else kind


def bytes_of(instruction):
    """(space, bytes) that a load or store moves; None where only the machine knows the space."""
    if instruction.name not in ("ld", "ldu", "st"):
        return None
    names = {"const": "constant", **{s: s for s in SPACES}}
    named = [names[m.split(":")[0]] for m in instruction.modifiers if m.split(":")[0] in names]
    vector = instruction.one_of("v2", "v4", "v8")
    return (named[0], SIZE[instruction.type] * int(vector[1] if vector else 1)) if named else None

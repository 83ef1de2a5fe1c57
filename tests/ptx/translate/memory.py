"""Moves between registers, and between registers and memory."""
from .dispatch import opcode
from .source import Unsupported, split
from .types import CPP, SIZE

SPACES = {"global": "global", "shared": "shared", "local": "local", "param": "param", "const": "constant"}


def elements(operand):
    return split(operand[1:-1]) if operand.startswith("{") else [operand]


def space_of(i):
    named = [m.split(":")[0] for m in i.modifiers if m.split(":")[0] in SPACES]
    return SPACES[named[0]] if named else "generic"


@opcode("mov")
def move(f, i):
    to, of = elements(i.operands[0]), elements(i.operands[1])
    if len(to) == len(of) == 1:
        return f.assign(to[0], f.value(of[0], i.type))
    part = f"b{8 * SIZE[i.type] // max(len(to), len(of))}"
    step = int(part[1:])
    if len(of) == 1:
        whole = f.value(of[0], "b" + i.type[1:])
        return " ".join(f.assign(o, f"static_cast<{CPP[part]}>({whole} >> {step * k})") for k, o in enumerate(to))
    whole = " | ".join(f"(std::uint64_t{{{f.value(o, part)}}} << {step * k})" for k, o in enumerate(of))
    return f.assign(to[0], f"static_cast<{CPP['b' + i.type[1:]]}>({whole})")


def access(i, address, size, how):
    order = "strong" if i.one_of("volatile", "relaxed", "acquire", "release", "mmio") else "weak"
    return f"ptx::{how}<ptx::Space::{space_of(i)}>({address}, {size}, {i.line}, ptx::Order::{order})"


@opcode("ld", "ldu")
def load(f, i):
    to = elements(i.operands[0])
    size = SIZE[i.type]
    place = access(i, f.address(i.operands[1]), size * len(to), "load")
    parts = " ".join(f.assign(o, f"ptx::read_bits<{CPP[i.type]}>(p + {size * k})") for k, o in enumerate(to))
    return f"{{ const auto* p = static_cast<const unsigned char*>({place}); {parts} }}"


@opcode("st")
def store(f, i):
    of = elements(i.operands[1])
    size = SIZE[i.type]
    place = access(i, f.address(i.operands[0]), size * len(of), "store")
    parts = " ".join(f"ptx::write_bits<{CPP[i.type]}>(p + {size * k}, {f.value(o, i.type)});" for k, o in enumerate(of))
    return f"{{ auto* p = static_cast<unsigned char*>({place}); {parts} }}"


ATOMIC = {"add": "ptx::add<{t}>(old, b)", "min": "ptx::least<{t}>(old, b)", "max": "ptx::largest<{t}>(old, b)",
          "and": "old & b", "or": "old | b", "xor": "old ^ b", "exch": "b", "cas": "old == b ? c : old",
          "inc": "old >= b ? 0 : old + 1", "dec": "old == 0 || old > b ? b : old - 1"}


@opcode("atom", "red")
def atomic(f, i):
    what = i.one_of(*ATOMIC)
    if not what or i.type == "b128":
        raise Unsupported(i.text)
    operands = i.operands[1:] if i.name == "atom" else i.operands
    t = CPP[i.type]
    place = f"ptx::store<ptx::Space::{space_of(i)}>({f.address(operands[0])}, {SIZE[i.type]}, {i.line}, ptx::Order::strong)"
    text = f"{{ void* p = {place}; const auto old = ptx::read_bits<{t}>(p); [[maybe_unused]] const {t} b = {f.value(operands[1], i.type)};"
    if what == "cas":
        text += f" const {t} c = {f.value(operands[2], i.type)};"
    text += f" ptx::write_bits<{t}>(p, static_cast<{t}>({ATOMIC[what].format(t=t)}));"
    return text + (f" {f.assign(i.operands[0], 'old')}" if i.name == "atom" else "") + " }"


@opcode("cvta")
def convert_address(f, i):
    space = space_of(i)
    ptx = "b64"
    text = f.value(i.operands[1], ptx)
    if space == "shared":
        text = f"ptx::{'to' if 'to' in i.modifiers else 'from'}_shared({text})"
    return f.assign(i.operands[0], f"ptx::as<{CPP[i.type]}>({text})")


@opcode("prefetch", "prefetchu")
def prefetch(f, i):
    return ";"

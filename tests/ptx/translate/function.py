"""One entry or function on its way to C++: its names, its text, what each straight piece of it does."""
import re

from .kinds import KINDS, SPACES, bytes_of, kind_of
from .source import Unsupported, split
from .types import CPP, SIZE, register_type

SPECIAL = {"%tid.x": "ptx::index().thread", "%ntid.x": "ptx::index().threads", "%ctaid.x": "ptx::index().block",
           "%nctaid.x": "ptx::index().blocks", "%laneid": "ptx::lane()", "%warpid": "(ptx::index().thread / 32u)",
           "%lanemask_eq": "(1u << ptx::lane())", "%lanemask_lt": "((1u << ptx::lane()) - 1u)",
           "%lanemask_le": "((2u << ptx::lane()) - 1u)", "%lanemask_gt": "(~((2u << ptx::lane()) - 1u))",
           "%lanemask_ge": "(~((1u << ptx::lane()) - 1u))", "WARP_SZ": "32u"}
SPECIAL.update({f"%{name}.{axis}": "0u" for name in ("tid", "ctaid") for axis in "yz"})
SPECIAL.update({f"%{name}.{axis}": "1u" for name in ("ntid", "nctaid") for axis in "yz"})
RESERVED_SHARED = 1024  # [bytes] at the start of a block's shared memory that are the system's


def cpp_name(name):
    return re.sub(r"\W", "_", name)


class Function:
    def __init__(self, module, name, entry, parameters, limits):
        self.module, self.name, self.entry, self.parameters = module, name, entry, parameters
        self.limits = limits  # directives between its head and its body
        self.lines, self.scopes = [], [{}]
        self.shared, self.shared_bytes = {}, RESERVED_SHARED
        self.pieces = []  # [(counts by kind, bytes by space)]
        self.straight = False  # whether the current piece goes on

    # --- text ---
    def emit(self, text):
        self.lines.append(text)

    def open_scope(self):
        self.scopes.append({})
        self.emit("{")

    def close_scope(self):
        self.scopes.pop()
        self.emit("}")

    def label(self, name):
        self.straight = False
        self.emit(f"{self.label_name(name)}:;")

    @staticmethod
    def label_name(name):
        return "at_" + cpp_name(name)

    # --- what a piece does ---
    def enter_piece(self):
        self.pieces.append(([0] * len(KINDS), [0] * len(SPACES)))
        return f"++entered_{cpp_name(self.name)}[{len(self.pieces) - 1}];"

    def count(self, instruction):
        """Adds it to the piece it belongs to; returns what must be run where a new piece begins."""
        begins = "" if self.straight and not instruction.guard else self.enter_piece()
        kinds, spaces = self.pieces[-1]
        kinds[KINDS.index(kind_of(instruction))] += 1
        moved = bytes_of(instruction)
        if moved:
            spaces[SPACES.index(moved[0])] += moved[1]
        # what is guarded, and what follows a branch or a place where others may go on, is counted apart
        self.straight = not instruction.guard and kind_of(instruction) not in ("branch", "barrier")
        return begins

    # --- names ---
    def declare_registers(self, text):
        found = re.fullmatch(r"\.reg \.(\w+) (.*)", text)
        if not found or found[1] not in CPP:
            raise Unsupported(text)
        suffix = f"_{len(self.lines)}" if len(self.scopes) > 1 else ""
        for name in split(found[2]):
            many = re.fullmatch(r"(%?[\w$]+)<(\d+)>", name)
            base = "r" + cpp_name(many[1] if many else name) + suffix
            self.emit(f"[[maybe_unused]] {register_type(found[1])} {base}{f'[{many[2]}]' if many else ''};")
            for i in range(int(many[2]) if many else 0):
                self.scopes[-1][many[1] + str(i)] = (f"{base}[{i}]", found[1])
            if not many:
                self.scopes[-1][name] = (base, found[1])

    def declare_variable(self, text):
        found = re.fullmatch(r"\.(local|param|shared) (?:\.align (\d+) )?\.(\w+) ([\w$]+)(?:\[(\d+)\])?", text)
        if not found:
            raise Unsupported(text)
        space, align, ptx, name, count = found.groups()
        size, align = SIZE[ptx] * int(count or 1), int(align or SIZE[ptx])
        if space == "shared":
            self.shared_bytes = -(-self.shared_bytes // align) * align
            self.shared[name] = self.shared_bytes
            self.shared_bytes += size
            return
        cpp = f"v{cpp_name(name)}_{len(self.lines)}"
        self.scopes[-1]["symbol " + name] = cpp
        self.emit(f"alignas({align}) unsigned char {cpp}[{size}];" + (f" ptx::fill_local({cpp}, {size});" if space == "local" else ""))

    def find(self, name):
        return next((scope[name] for scope in reversed(self.scopes) if name in scope), None)

    def register(self, name):
        found = self.find(name)
        if not found:
            raise Unsupported(f"{name} is no register")
        return found

    # --- operands ---
    def value(self, operand, ptx):
        """The operand as a number of a PTX type, as C++."""
        if operand.startswith("!"):
            return f"(!{self.value(operand[1:], ptx)})"
        found = self.find(operand)
        if found:
            return found[0] if ptx == "pred" else f"ptx::as<{CPP[ptx]}>({found[0]})"
        if operand in SPECIAL:
            return f"static_cast<{CPP[ptx]}>({SPECIAL[operand]})"
        return literal(operand, ptx) or f"ptx::as<{CPP[ptx]}>({self.symbol(operand)})"

    def symbol(self, name):
        """The address of a variable: in its space if that is shared, else anywhere."""
        if name in self.shared:
            return f"std::uint64_t{{{self.shared[name]}}}"
        if name in self.module.dynamic_shared:
            return "std::uint64_t{ptx::dynamic_shared()}"
        local = self.find("symbol " + name)
        place = local or next((f"P[{i}]" for i, p in enumerate(self.parameters) if p.name == name), None)
        if not place:
            raise Unsupported(f"{name} is not known")
        return f"reinterpret_cast<std::uint64_t>({place})"

    def address(self, operand):
        found = re.fullmatch(r"\[\s*([^\s+\]]+)\s*(?:\+\s*(-?\w+))?\s*\]", operand)
        if not found:
            raise Unsupported(f"address {operand}")
        base, offset = found[1], int(found[2] or "0", 0)
        known = self.find(base)
        text = f"ptx::as<std::uint64_t>({known[0]})" if known else base + "ull" if base.isdigit() else self.symbol(base)
        return f"{text} + static_cast<std::uint64_t>(std::int64_t{{{offset}}})" if offset else text

    def assign(self, operand, text):
        return f"static_cast<void>({text});" if operand == "_" else f"ptx::assign({self.register(operand)[0]}, {text});"


def literal(operand, ptx):
    """A number as C++; None where it is none."""
    if re.fullmatch(r"0[fF][0-9a-fA-F]{8}", operand):
        return f"std::bit_cast<float>(0x{operand[2:]}u)"
    if re.fullmatch(r"0[dD][0-9a-fA-F]{16}", operand):
        return f"std::bit_cast<double>(std::uint64_t{{0x{operand[2:]}ull}})"
    if not re.fullmatch(r"-?(0[xX][0-9a-fA-F]+|\d+)U?", operand):
        return None
    number = int(operand.rstrip("U"), 0)
    if ptx == "pred":
        return "true" if number else "false"
    if ptx in ("f32", "f64"):
        raise Unsupported(f"{operand} as a {ptx}")
    return f"static_cast<{CPP[ptx]}>({number % 2**64}ull)"

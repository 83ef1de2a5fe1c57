"""Instructions that compute in registers."""
from .dispatch import opcode
from .source import Unsupported
from .types import CPP, SIZE, is_float


def refuse_modifiers(i, *known):
    """A modifier that is passed over would change the result without a word."""
    unknown = [m for m in i.modifiers[:-1] if m not in known]
    if unknown:
        raise Unsupported(i.text)


def finished(i, text):
    """With .ftz and .sat applied."""
    text = f"ptx::flush({text})" if "ftz" in i.modifiers else text
    return f"ptx::saturate({text})" if "sat" in i.modifiers else text


def operand(f, i, k, ptx=None):
    """The k-th operand; with .ftz a subnormal one is zero."""
    ptx = ptx or i.type
    text = f.value(i.operands[k], ptx)
    return f"ptx::flush({text})" if "ftz" in i.modifiers and is_float(ptx) else text


@opcode("add", "sub", "min", "max")
def two_operands(f, i):
    refuse_modifiers(i, *(("rn", "ftz", "sat") if is_float(i.type) else ()))
    name = {"min": "least", "max": "largest"}.get(i.name, i.name)
    return f.assign(i.operands[0], finished(i, f"ptx::{name}<{CPP[i.type]}>({operand(f, i, 1)}, {operand(f, i, 2)})"))


@opcode("mul", "mad")
def multiply(f, i):
    if is_float(i.type):
        refuse_modifiers(i, "rn", "ftz", "sat")
        if i.name == "mad":
            raise Unsupported(i.text)
        return f.assign(i.operands[0], finished(i, f"ptx::mul<{CPP[i.type]}>({operand(f, i, 1)}, {operand(f, i, 2)})"))
    refuse_modifiers(i, "lo", "hi", "wide")
    result = i.type[0] + str(2 * int(i.type[1:])) if "wide" in i.modifiers else i.type
    cpp = CPP[result]
    a, b = (f"static_cast<{cpp}>({f.value(o, i.type)})" for o in i.operands[1:3])
    text = f"ptx::{'mul_high' if 'hi' in i.modifiers else 'mul'}<{cpp}>({a}, {b})"
    if i.name == "mad":
        text = f"ptx::add<{cpp}>({text}, {f.value(i.operands[3], result)})"
    return f.assign(i.operands[0], text)


@opcode("fma")
def fused(f, i):
    refuse_modifiers(i, "rn", "ftz", "sat")
    return f.assign(i.operands[0], finished(i, f"std::fma({operand(f, i, 1)}, {operand(f, i, 2)}, {operand(f, i, 3)})"))


@opcode("div", "rem")
def divide(f, i):
    a, b = operand(f, i, 1), operand(f, i, 2)
    if not is_float(i.type):
        refuse_modifiers(i)
        return f.assign(i.operands[0], f"ptx::{i.name}<{CPP[i.type]}>({a}, {b})")
    refuse_modifiers(i, "rn", "full", "approx", "ftz")
    text = f"({a} / {b})"
    return f.assign(i.operands[0], finished(i, text if "rn" in i.modifiers else f"ptx::approximate<{CPP[i.type]}>({text}, {a})"))


SPECIAL = {"rcp": "{one} / {x}", "sqrt": "std::sqrt({x})", "rsqrt": "{one} / std::sqrt({x})", "sin": "std::sin({x})",
           "cos": "std::cos({x})", "ex2": "std::exp2({x})", "lg2": "std::log2({x})", "tanh": "std::tanh({x})"}


@opcode(*SPECIAL)
def special(f, i):
    refuse_modifiers(i, "rn", "approx", "ftz")
    x, cpp = operand(f, i, 1), CPP[i.type]
    exact = SPECIAL[i.name]
    if "rn" in i.modifiers:
        return f.assign(i.operands[0], finished(i, exact.format(one=f"{cpp}(1)", x=x)))
    wide = "double" if i.type == "f32" else "long double"
    text = exact.format(one=f"static_cast<{wide}>(1)", x=f"static_cast<{wide}>({x})")
    return f.assign(i.operands[0], finished(i, f"ptx::approximate<{cpp}>(static_cast<{cpp}>({text}), {x})"))


@opcode("neg", "abs")
def sign(f, i):
    refuse_modifiers(i, "ftz")
    return f.assign(i.operands[0], finished(i, f"ptx::{'neg' if i.name == 'neg' else 'absolute'}<{CPP[i.type]}>({operand(f, i, 1)})"))


@opcode("copysign")
def copy_sign(f, i):
    return f.assign(i.operands[0], f"std::copysign({operand(f, i, 2)}, {operand(f, i, 1)})")


@opcode("and", "or", "xor")
def logic(f, i):
    sign = {"and": "&", "or": "|", "xor": "^"}[i.name]
    return f.assign(i.operands[0], f"static_cast<{CPP[i.type]}>({operand(f, i, 1)} {sign} {operand(f, i, 2)})")


@opcode("not")
def complement(f, i):
    return f.assign(i.operands[0], f"static_cast<{CPP[i.type]}>({'!' if i.type == 'pred' else '~'}{operand(f, i, 1)})")


@opcode("lop3")
def three_inputs(f, i):
    if len(i.operands) != 5 or i.type != "b32":
        raise Unsupported(i.text)
    a, b, c = (f.value(o, "b32") for o in i.operands[1:4])
    table = int(i.operands[4], 0)
    terms = [" & ".join(f"{'' if row >> bit & 1 else '~'}{x}" for x, bit in ((a, 2), (b, 1), (c, 0))) for row in range(8) if table >> row & 1]
    return f.assign(i.operands[0], "static_cast<std::uint32_t>(" + (" | ".join(f"({t})" for t in terms) or "0u") + ")")


@opcode("shl", "shr")
def shift(f, i):
    way = "left" if i.name == "shl" else "right"
    return f.assign(i.operands[0], f"ptx::shift_{way}<{CPP[i.type]}>({operand(f, i, 1)}, {f.value(i.operands[2], 'u32')})")


@opcode("shf")
def funnel_shift(f, i):
    low, high, by = (f.value(o, "u32") for o in i.operands[1:4])
    flags = ", ".join("true" if m in i.modifiers else "false" for m in ("l", "wrap"))
    return f.assign(i.operands[0], f"ptx::funnel({low}, {high}, {by}, {flags})")


@opcode("popc", "clz", "brev")
def bits(f, i):
    x = f.value(i.operands[1], "u" + i.type[1:])
    text = {"popc": f"std::popcount({x})", "clz": f"std::countl_zero({x})", "brev": f"ptx::reverse_bits({x})"}[i.name]
    if i.name == "brev" and SIZE[i.type] != 4:
        raise Unsupported(i.text)
    return f.assign(i.operands[0], f"static_cast<std::uint32_t>({text})")


@opcode("bfi", "bfe")
def field(f, i):
    first = 3 if i.name == "bfi" else 2
    at, count = (f.value(o, "u32") for o in i.operands[first:first + 2])
    taken = ", ".join(f.value(o, i.type) for o in i.operands[1:first])
    return f.assign(i.operands[0], f"ptx::{'insert' if i.name == 'bfi' else 'extract'}_field<{CPP[i.type]}>({taken}, {at}, {count})")


@opcode("prmt")
def permute(f, i):
    if len(i.modifiers) != 1:
        raise Unsupported(i.text)
    return f.assign(i.operands[0], "ptx::permute({}, {}, {})".format(*(f.value(o, "b32") for o in i.operands[1:4])))


@opcode("cvt")
def convert(f, i):
    to, of = i.modifiers[-2:]
    how = i.modifiers[:-2]
    x = operand(f, i, 1, of)
    if to in CPP and of in CPP and not is_float(to) and is_float(of):
        rounding = {"rzi": "std::trunc", "rni": "std::nearbyint", "rmi": "std::floor", "rpi": "std::ceil"}
        known = [h for h in how if h in rounding]
        if len(known) != 1 or set(how) - {known[0], "ftz"}:
            raise Unsupported(i.text)
        return f.assign(i.operands[0], f"ptx::to_integer<{CPP[to]}>({rounding[known[0]]}({x}))")
    if to not in CPP or of not in CPP or set(how) - ({"rn", "ftz"} if is_float(to) else set()):
        raise Unsupported(i.text)
    text = f"static_cast<{CPP[to]}>({x})"
    # a register wider than the result holds it extended
    return f.assign(i.operands[0], f"ptx::flush({text})" if "ftz" in how else text)

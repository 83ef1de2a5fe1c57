"""Predicates, and choices by them."""
from .dispatch import opcode
from .source import Unsupported
from .types import CPP, is_float

ORDERED = {"eq": "==", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
OPPOSITE = {"eq": "!=", "ne": "==", "lt": ">=", "le": ">", "gt": "<=", "ge": "<"}
UNSIGNED = {"lo": "lt", "ls": "le", "hi": "gt", "hs": "ge"}


def comparison(how, a, b, ptx):
    """As C++; of floats, NaN makes an ordered one false and an unordered one (..u) true."""
    if not is_float(ptx):
        how = UNSIGNED.get(how, how)
        sign = "!=" if how == "ne" else ORDERED.get(how)
        if not sign:
            raise Unsupported(f"comparison {how}.{ptx}")
        return f"({a} {sign} {b})"
    if how in ORDERED:
        return f"({a} {ORDERED[how]} {b})"
    if how == "ne":
        return f"({a} < {b} || {a} > {b})"
    if how in ("num", "nan"):
        return f"{'!' if how == 'num' else ''}(std::isnan({a}) || std::isnan({b}))"
    if how == "equ":
        return f"!({a} < {b} || {a} > {b})"
    if how.endswith("u") and how[:-1] in OPPOSITE:
        return f"(!({a} {OPPOSITE[how[:-1]]} {b}))"
    raise Unsupported(f"comparison {how}.{ptx}")


@opcode("setp")
def set_predicate(f, i):
    how, *rest = i.modifiers[:-1]
    if "|" in i.operands[0] or set(rest) - {"and", "or", "xor"}:
        raise Unsupported(i.text)
    text = comparison(how, f.value(i.operands[1], i.type), f.value(i.operands[2], i.type), i.type)
    if rest:
        text = f"({text} {({'and': '&&', 'or': '||', 'xor': '!='})[rest[0]]} {f.value(i.operands[3], 'pred')})"
    return f.assign(i.operands[0], text)


@opcode("set")
def set_number(f, i):
    how, to, of = i.modifiers[0], i.modifiers[-2], i.type
    if len(i.modifiers) != 3:
        raise Unsupported(i.text)
    text = comparison(how, f.value(i.operands[1], of), f.value(i.operands[2], of), of)
    true = "1.0f" if to == "f32" else "0xffffffffu"
    return f.assign(i.operands[0], f"static_cast<{CPP[to]}>({text} ? {true} : 0)")


@opcode("selp")
def choose(f, i):
    a, b = f.value(i.operands[1], i.type), f.value(i.operands[2], i.type)
    return f.assign(i.operands[0], f"({f.value(i.operands[3], 'pred')} ? {a} : {b})")


@opcode("slct")
def choose_by_sign(f, i):
    to = i.modifiers[-2]
    a, b, c = f.value(i.operands[1], to), f.value(i.operands[2], to), f.value(i.operands[3], i.type)
    return f.assign(i.operands[0], f"({c} >= 0 ? {a} : {b})")

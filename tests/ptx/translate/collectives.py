"""What threads do together."""
from .dispatch import opcode
from .source import Unsupported


@opcode("bar", "barrier")
def barrier(f, i):
    how = [m for m in i.modifiers if m not in ("cta", "aligned")]
    if how == ["warp", "sync"]:
        return f"ptx::sync_warp({f.value(i.operands[0], 'b32')}, {i.line});"
    if how == ["sync"] and i.operands == ["0"]:
        return f"ptx::sync_block({i.line});"
    if len(how) == 3 and how[0] == "red" and len(i.operands) == 3 and i.operands[1] == "0":
        name = {"or": "any", "and": "all", "popc": "count"}.get(how[1])
        if name:
            return f.assign(i.operands[0], f"ptx::sync_block_{name}({f.value(i.operands[2], 'pred')}, {i.line})")
    raise Unsupported(i.text)


@opcode("vote")
def vote(f, i):
    what = i.one_of("any", "all", "uni", "ballot")
    if "sync" not in i.modifiers or what == "uni":
        raise Unsupported(i.text)
    mask = f.value(i.operands[2], "b32")
    text = f"ptx::ballot({f.value(i.operands[1], 'pred')}, {mask}, {i.line})"
    return f.assign(i.operands[0], {"ballot": text, "any": f"{text} != 0", "all": f"{text} == {mask}"}[what])


@opcode("match")
def match(f, i):
    if i.modifiers[:2] != ["any", "sync"]:
        raise Unsupported(i.text)
    return f.assign(i.operands[0], f"ptx::match_any({f.value(i.operands[1], i.type)}, {f.value(i.operands[2], 'b32')}, {i.line})")


@opcode("shfl")
def shuffle(f, i):
    if i.modifiers[0] != "sync" or i.type != "b32":
        raise Unsupported(i.text)
    to, _, in_range = i.operands[0].partition("|")
    numbers = ", ".join(f.value(o, "b32") for o in i.operands[1:5])
    text = f"const auto s = ptx::shuffle(ptx::Shuffle::{i.modifiers[1]}, {numbers}, {i.line}); {f.assign(to, 's.bits')}"
    return f"{{ {text} {f.assign(in_range, 's.in_range') if in_range else ''} }}"

"""A translated module as a C++ file."""
import re

from .function import cpp_name


def numbers(values):
    return "{" + ", ".join(map(str, values)) + "}"


def limit(function, directive):
    found = re.search(rf"\.{directive} (\d+)", function.limits)
    return int(found[1]) if found else 0


def table(f):
    """What each of its pieces does, and how often each was entered."""
    name, n = cpp_name(f.name), max(1, len(f.pieces))
    rows = ", ".join(f"{{{numbers(kinds)}, {numbers(spaces)}}}" for kinds, spaces in f.pieces)
    return [f"std::uint64_t entered_{name}[{n}];", f"const ptx::Work work_{name}[{n}] = {{{rows}}};"]


def definition(f):
    return [f"void {cpp_name(f.name)}([[maybe_unused]] unsigned char* const* P) {{", *f.lines, "}"]


def registration(f, module):
    name = cpp_name(f.name)
    sizes = numbers(p.size for p in f.parameters) if f.parameters else "{0}"
    facts = (f'"{f.name}", {name}, {"true" if f.entry else "false"}, {module.architecture}, sizes_{name}, {len(f.parameters)}, {f.shared_bytes}, '
             f'{limit(f, "maxntid")}, {len(f.pieces)}, work_{name}, entered_{name}')
    return f"constexpr std::uint32_t sizes_{name}[] = {sizes};\nconst ptx::Registered registered_{name}{{ptx::Function{{{facts}}}}};"


def cpp_text(module):
    functions = list(module.functions.values())
    lines = [f"// Translated from {module.name}.", '#include "tests/ptx/machine/machine.hpp"', "namespace {"]
    lines += [f"void {cpp_name(f.name)}(unsigned char* const* P);" for f in functions]
    for f in functions:
        lines += table(f) + definition(f)
    lines += [registration(f, module) for f in functions] + ["}  // namespace", ""]
    return "\n".join(lines)

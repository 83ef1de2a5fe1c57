"""python -m translate FILE.ptx OUT.cpp: translates, and says what it could not (that ends a run which reaches it)."""
import pathlib
import sys

from .module import Module
from .write import cpp_text


def main():
    source, out = map(pathlib.Path, sys.argv[1:])
    module = Module(source.read_text(), source.name)
    out.write_text(cpp_text(module))
    pieces = sum(len(f.pieces) for f in module.functions.values())
    print(f"{source.name}: {len(module.functions)} functions, {pieces} straight pieces, {len(module.unsupported)} instructions not translated")
    print("".join(f"  {u}\n" for u in module.unsupported), end="")


main()

"""A portable program has AVX-512 where its own vectors for it are and nowhere else, and nothing wider than SSE2 runs before
the processor is looked at: the linker could have taken an inline function of the standard library from a file that is
compiled for more (cmake/GridqueuePortable.cmake).

    check_portable.py PROGRAM
"""
import re
import subprocess
import sys

WIDE = re.compile(r"%zmm|%[xy]mm(1[6-9]|2\d|3[01])\b|%k[0-7]\b")
AVX = re.compile(r"\t(v(?!er[rw])[a-z0-9]+|shlx|shrx|sarx|mulx|rorx|andn|pdep|pext|bzhi)\b")


def functions(program):
    """(name, binding, code) of every function, as objdump shows it."""
    kinds = {}
    for line in subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout.splitlines():
        parts = line.split()
        if len(parts) == 3:
            kinds.setdefault(parts[2], parts[1])
    listing = subprocess.run(["objdump", "-d", "--no-show-raw-insn", program], capture_output=True, text=True, check=True).stdout
    for block in re.split(r"\n(?=[0-9a-f]{16} <)", listing):
        if head := re.match(r"\n?[0-9a-f]{16} <([^>]+)>:", block):
            yield head[1], kinds.get(head[1], "?"), block


def main():
    wide, checked, guard = [], 0, None
    for name, kind, code in functions(sys.argv[1]):
        if "refuse_older_processors" in name:
            guard = code
        if WIDE.search(code):
            checked += 1
            # a local function cannot stand for another file's; a shared one must name its vectors
            if kind != "t" and "portable_v4" not in name:
                wide.append(f"{name} ({kind})")
    if not checked:
        sys.exit("FAILED: no function has AVX-512: is this a portable program?")
    if wide:
        sys.exit("FAILED: AVX-512 in functions that other files share:\n" + "\n".join(wide[:20]))
    if guard is None or AVX.search(guard):
        sys.exit(f"FAILED: what looks at the processor is missing or needs more of it than it may\n{guard}")
    print(f"{checked} functions have AVX-512, all of the vectors for it")


if __name__ == "__main__":
    main()

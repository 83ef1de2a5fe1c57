"""Writes lp.toml: the least-cost plan of a small power network as a linear program.

Two buses, nine snapshots, load at Bus1 only; a generator at each bus and one line, all of them to be built.
Per snapshot t: p of each generator, s of the line (positive towards Bus1); built once: p_nom, s_nom.
    min   sum of capital costs * built + sum of marginal costs * p
    Bus1  p_Gen0 + s = load        Bus2  p_Gen1 - s = 0
    0 <= p <= p_nom                -s_nom <= s <= s_nom
The bounds of p and s are rows, as in PyPSA, and p and s themselves are free: 30 variables, 72 rows.

    python3 make_lp.py > lp.toml
"""

LOAD = [50, 49, 48, 47, 46, 90, 46.5, 47.5, 48.5]  # [MW] at Bus1
GENERATORS = {"Gen0": ("Bus1", 2, 50), "Gen1": ("Bus2", 4, 10)}  # bus, marginal cost, capital cost
LINE_CAPITAL_COST = 20  # Bus2 -> Bus1


def variable(name, cost, lower):
    return f'[[variable]]\nname = "{name}"\ncost = {cost}\nlower = {lower}\n'


def row(name, terms, bound):
    inner = ", ".join(f'"{v}" = {c}' for v, c in terms.items())
    return f'[[row]]\nname = "{name}"\nterms = {{ {inner} }}\n{bound}\n'


def generator_rows(name, t):
    p, built = f"{name} p @ {t}", f"{name} p_nom"
    yield row(f"{name} upper @ {t}", {p: 1, built: -1}, "upper = 0")
    yield row(f"{name} lower @ {t}", {p: 1}, "lower = 0")


def line_rows(t):
    s = f"Line s @ {t}"
    yield row(f"Line upper @ {t}", {s: 1, "Line s_nom": -1}, "upper = 0")
    yield row(f"Line lower @ {t}", {s: 1, "Line s_nom": 1}, "lower = 0")


def bus_rows(t, load):
    yield row(f"Bus1 @ {t}", {f"Gen0 p @ {t}": 1, f"Line s @ {t}": 1}, f"equal = {load}")
    yield row(f"Bus2 @ {t}", {f"Gen1 p @ {t}": 1, f"Line s @ {t}": -1}, "equal = 0")


def main():
    print('# Written by make_lp.py; the network is described there.\nname = "two buses, nine snapshots"\n')
    for name, (_, marginal, capital) in GENERATORS.items():
        print(variable(f"{name} p_nom", capital, 0))
        for t in range(len(LOAD)):
            print(variable(f"{name} p @ {t}", marginal, "-inf"))
    print(variable("Line s_nom", LINE_CAPITAL_COST, 0))
    for t in range(len(LOAD)):
        print(variable(f"Line s @ {t}", 0, "-inf"))
    for t, load in enumerate(LOAD):
        for text in [*bus_rows(t, load), *generator_rows("Gen0", t), *generator_rows("Gen1", t), *line_rows(t)]:
            print(text)


main()

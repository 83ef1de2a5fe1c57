"""PyPSA solves the network of experiments/constraint_matrix; objective, plan and prices must be ours.

    check_pypsa.py TEST_ALLOCATE      exit code 77 = skipped: pypsa or a solver for it is not installed
$GRIDQUEUE_PYTHON, where set, is the interpreter that has pypsa.
"""
import json
import os
import subprocess
import sys
import tempfile

LOAD = [50, 49, 48, 47, 46, 90, 46.5, 47.5, 48.5]  # [MW]
TOLERANCE = 1e-6  # of two simplex codes on numbers up to 4590


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def ours(program):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "network.json")
        subprocess.run([program, "--gtest_filter=Report.WritesTheNetworkAsJson"], check=True,
                       env={**os.environ, "GRIDQUEUE_ALLOCATE_JSON": path}, stdout=subprocess.DEVNULL)
        with open(path) as file:
            return json.load(file)


def network(pypsa):
    n = pypsa.Network()
    n.set_snapshots(range(len(LOAD)))
    n.add("Bus", "Bus1")
    n.add("Bus", "Bus2")
    n.add("Generator", "Gen0", bus="Bus1", marginal_cost=2, capital_cost=50, p_nom_extendable=True)
    n.add("Generator", "Gen1", bus="Bus2", marginal_cost=4, capital_cost=10, p_nom_extendable=True)
    n.add("Line", "Line", bus0="Bus2", bus1="Bus1", x=0.1, s_nom_extendable=True, capital_cost=20)
    n.add("Load", "load", bus="Bus1", p_set=LOAD)
    return n


def expect(name, value, reference):
    if abs(value - reference) > TOLERANCE * max(1, abs(reference)):
        sys.exit(f"{name}: {value} here, {reference} in PyPSA")


def compare(mine, n):
    expect("objective", mine["objective"], n.objective)
    expect("Line s_nom", mine["x"]["Line s_nom"], n.lines.s_nom_opt["Line"])
    for generator in ("Gen0", "Gen1"):
        expect(f"{generator} p_nom", mine["x"][f"{generator} p_nom"], n.generators.p_nom_opt[generator])
        for t in range(len(LOAD)):
            name = f"{generator} p @ {t}"
            expect(name, mine["x"][name], n.generators_t.p[generator][t])
    for t, load in enumerate(LOAD):
        price = n.buses_t.marginal_price["Bus1"][t]
        expect(f"mu Bus1 @ {t}", mine["mu"][f"Bus1 @ {t}"], price)
        expect(f"induced cost Bus1 @ {t}", mine["induced_cost"][f"Bus1 @ {t}"], price * load)


def main():
    other = os.environ.get("GRIDQUEUE_PYTHON")
    if other and not os.environ.get("GRIDQUEUE_INNER"):
        os.execve(other, [other, *sys.argv], {**os.environ, "GRIDQUEUE_INNER": "1"})
    try:
        import pypsa
    except ImportError as error:
        skip(f"{error}; pip install pypsa highspy")
    n = network(pypsa)
    status = n.optimize(solver_name="highs")
    if status[0] != "ok":
        skip(f"PyPSA did not solve the network: {status}")
    compare(ours(sys.argv[1]), n)
    print("PyPSA agrees: objective", n.objective)


main()

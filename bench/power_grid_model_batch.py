"""Power Grid Model's batch power flow on a feeder of the radial feeder's size, one thread: prints one JSON line.

    .venv/bin/python bench/power_grid_model_batch.py data/radial.h5

The same buses, lines (as sequence impedances; single-phase branches as three-phase ones, which is all it knows), loads of
constant current and 15 units of PV; asymmetric, iterative current, 288 steps per batch. Without what makes an evaluation
dearer: no taps move, no limits are observed, nothing but node voltages is asked for.
"""
import importlib.metadata
import json
import sys
import time

import h5py
import numpy as np
import power_grid_model as pgm
from power_grid_model.validation import assert_valid_input_data

TOLERANCE = 1e-6  # [pu], as gridqueue in float


def sequences(z, n):
    """Positive and zero sequence impedance of an n x n matrix with equal rows on average."""
    own = np.mean(np.diag(z)[:n])
    mutual = (z[:n, :n].sum() - np.trace(z[:n, :n])) / (n * n - n) if n > 1 else 0
    return own - mutual, own + 2 * mutual


def model(f):
    bus, branch, load = f["bus"], f["branch"], f["load"]
    n = len(bus["parent"])
    node = pgm.initialize_array("input", "node", n)
    node["id"], node["u_rated"] = np.arange(n), bus["kv_base"][:] * 1e3 * np.sqrt(3)
    kinds, parents, phases = branch["kind"][:], bus["parent"][:], bus["num_nodes"][:]
    changes_level = [c for c in range(1, n) if not np.isclose(node["u_rated"][c], node["u_rated"][parents[c]])]
    rest = [c for c in range(1, n) if c not in changes_level]

    line = pgm.initialize_array("input", "line", len(rest))
    line["id"], line["from_node"], line["to_node"] = n + np.arange(len(rest)), parents[rest], rest
    line["from_status"] = line["to_status"] = 1
    for i, c in enumerate(rest):
        z1, z0 = sequences(branch["z"][c], phases[c])
        z1, z0 = (z if abs(z) > 1e-6 else 1e-6j for z in (z1, z0))
        line["r1"][i], line["x1"][i], line["r0"][i], line["x0"][i] = z1.real, z1.imag, z0.real, z0.imag
    line["c1"] = line["c0"] = line["tan1"] = line["tan0"] = 0

    transformer = pgm.initialize_array("input", "transformer", len(changes_level))
    transformer["id"] = 2 * n + np.arange(len(changes_level))
    transformer["from_node"], transformer["to_node"] = parents[changes_level], changes_level
    transformer["from_status"] = transformer["to_status"] = 1
    transformer["u1"], transformer["u2"] = node["u_rated"][parents[changes_level]], node["u_rated"][changes_level]
    transformer["sn"], transformer["uk"], transformer["pk"], transformer["i0"], transformer["p0"] = 20e6, 0.08, 80e3, 0, 0
    transformer["winding_from"], transformer["winding_to"], transformer["clock"] = 2, 1, 1
    transformer["tap_side"], transformer["tap_pos"], transformer["tap_min"], transformer["tap_max"], transformer["tap_size"] = 0, 0, 0, 0, 0

    source = pgm.initialize_array("input", "source", 1)
    source["id"], source["node"], source["status"], source["u_ref"], source["sk"] = 3 * n, 0, 1, 1.03, 1e9

    loads = pgm.initialize_array("input", "asym_load", len(load["bus"]))
    loads["id"], loads["node"], loads["status"] = 4 * n + np.arange(len(loads)), load["bus"][:], 1
    loads["type"] = pgm.LoadGenType.const_current
    p, q = np.zeros((len(loads), 3)), np.zeros((len(loads), 3))
    for i, (b, k) in enumerate(zip(load["bus"][:], load["node"][:])):
        phase = bus["phase"][b][k] - 1
        p[i, phase], q[i, phase] = load["kw"][i] * 1e3, load["kvar"][i] * 1e3
    loads["p_specified"], loads["q_specified"] = p, q

    pv = pgm.initialize_array("input", "asym_gen", 15)
    candidates = f["candidate_bus"][:]
    pv["id"], pv["node"], pv["status"] = 5 * n + np.arange(15), candidates[(7 * np.arange(15) + 3) % len(candidates)], 1
    pv["type"], pv["p_specified"], pv["q_specified"] = pgm.LoadGenType.const_power, 0, 0
    return {"node": node, "line": line, "transformer": transformer, "source": source, "asym_load": loads, "asym_gen": pv}


def day(f, data):
    """Updates of the 288 steps."""
    multiplier, shape = f["shape/value"][0], f["step/pv_shape"][:]
    loads = pgm.initialize_array("update", "asym_load", (len(shape), len(data["asym_load"])))
    pv = pgm.initialize_array("update", "asym_gen", (len(shape), len(data["asym_gen"])))
    loads["id"], pv["id"] = data["asym_load"]["id"], data["asym_gen"]["id"]
    loads["p_specified"] = multiplier[:, None, None] * data["asym_load"]["p_specified"]
    loads["q_specified"] = multiplier[:, None, None] * data["asym_load"]["q_specified"]
    kw = 50.0 + (131 * np.arange(15)) % 351
    pv["p_specified"] = shape[:, None, None] * (kw * 1e3 / 3)[None, :, None]
    pv["q_specified"] = 0
    return {"asym_load": loads, "asym_gen": pv}


def main():
    with h5py.File(sys.argv[1], "r") as f:
        data = model(f)
        steps = day(f, data)
    assert_valid_input_data(data, symmetric=False)
    grid = pgm.PowerGridModel(data)
    seconds = []
    for _ in range(12):
        start = time.perf_counter()
        out = grid.calculate_power_flow(symmetric=False, error_tolerance=TOLERANCE, update_data=steps, threading=-1,
                                        calculation_method=pgm.CalculationMethod.iterative_current,
                                        output_component_types={"node": ["u_pu"]})
        seconds.append(time.perf_counter() - start)
    u = out["node"]["u_pu"]
    if not np.isfinite(u).all():
        sys.exit("the power flow did not converge")
    best = min(seconds)
    print(json.dumps({"version": importlib.metadata.version("power-grid-model"), "buses": u.shape[1], "steps": u.shape[0],
                      "days_per_s": 1 / best, "power_flows_per_s": u.shape[0] / best, "median_s": float(np.median(seconds)),
                      "best_s": best, "voltage_pu": [float(u.min()), float(u.max())]}))


if __name__ == "__main__":
    main()

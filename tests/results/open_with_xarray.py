"""Opens a results file the way an analyst would; any warning is an error. Exit status 77: libraries are missing."""
import sys
import warnings

try:
    import netCDF4
    import numpy as np
    import xarray as xr
except ImportError as e:
    print(e)
    sys.exit(77)

EVERY_FILE = ["queue", "mass", "total", "end", "bus", "node", "element", "allocation"]
KEPT_ORDERS = ["unit", "upgrade_set", "state", "step", "order", "distribution"]


def every_file(root, data):
    queue, mass, total, end, shares = (data[g] for g in ("queue", "mass", "total", "end", "allocation"))
    assert root.attrs["file_type"] == "gridqueue results" and root.attrs["version"] == 3, root.attrs
    assert queue["mean_usd"].dims == ("queue", "unit"), queue["mean_usd"].dims
    assert queue.sizes["queue"] == root.attrs["queues"]
    np.testing.assert_array_equal(queue["kw"].notnull().sum("unit"), queue["units"])
    np.testing.assert_allclose(queue["mean_usd"].sum("unit"), queue["total_mean_usd"])
    for table in (mass, total):
        np.testing.assert_allclose((table["usd"] * table["probability"]).groupby(table["queue"]).sum(), queue["total_mean_usd"])
    np.testing.assert_allclose(end["probability"].groupby(end["queue"]).sum(), 1)
    assert shares["share_usd"].dims == ("queue", "rule", "unit"), shares["share_usd"].dims
    np.testing.assert_allclose(shares["share_usd"].sum("unit").transpose("rule", "queue"), [shares["total_usd"]] * shares.sizes["rule"])
    by_name = shares.assign_coords(rule=shares["rule_name"])["share_usd"]
    np.testing.assert_allclose(by_name.sel(rule="pro-rata-kw").sum("unit"), queue["total_mean_usd"])


def kept_orders(root, data):
    order = data["order"]
    assert order["cost_usd"].dims == ("realization", "position"), order["cost_usd"].dims
    assert order.sizes["realization"] == root.attrs["committed"]
    assert data["state"]["normal_hours"].dtype == "f8"  # "hours" would become a time
    assert order["cost_usd"].attrs["units"] == "USD"
    np.testing.assert_allclose(order["cost_usd"].sum("position"), order["total_usd"])
    # a join over tables: the state after each step of each order
    state = data["state"].isel(state=order["state"])
    assert state["vdiff_pct"].dims == ("realization", "position")
    assert set(np.unique(order["unit"].isel(realization=0))) == set(range(data["unit"].sizes["unit"]))
    assert data["unit"]["bus"].values[0] == "bus_3"
    assert data["distribution"]["mean_by_position"].dims == ("unit", "position")


def main(path):
    warnings.simplefilter("error")
    for engine in ("netcdf4", "h5netcdf"):
        try:
            __import__({"netcdf4": "netCDF4"}.get(engine, engine))
        except ImportError:
            continue
        root = xr.open_dataset(path, engine=engine)
        with netCDF4.Dataset(path) as file:
            kept = "order" in file.groups
        data = {g: xr.open_dataset(path, group=g, engine=engine) for g in EVERY_FILE + KEPT_ORDERS * kept}
        for name, group in data.items():
            for variable in group.variables.values():
                assert "long_name" in variable.attrs, (name, variable.name)
                variable.values  # decodes
        every_file(root, data)
        if kept:
            kept_orders(root, data)
    with netCDF4.Dataset(path) as file:
        assert file.data_model == "NETCDF4", file.data_model
        assert file["queue"].dimensions["queue"].isunlimited()
        if kept:
            assert file["order"].dimensions["realization"].isunlimited()
            assert set(file["order"].dimensions) == {"realization", "position"}, file["order"].dimensions
            assert set(file["step"].dimensions) >= {"step", "step_line"}, file["step"].dimensions
    print("ok")


main(sys.argv[1])

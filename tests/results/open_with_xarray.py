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

warnings.simplefilter("error")
path = sys.argv[1]
groups = ["unit", "bus", "node", "element", "upgrade_set", "state", "step", "order", "allocation"]

for engine in ("netcdf4", "h5netcdf"):
    try:
        __import__({"netcdf4": "netCDF4"}.get(engine, engine))
    except ImportError:
        continue
    root = xr.open_dataset(path, engine=engine)
    assert root.attrs["file_type"] == "gridqueue results", root.attrs
    data = {g: xr.open_dataset(path, group=g, engine=engine) for g in groups}
    for name, group in data.items():
        for variable in group.variables.values():
            assert "long_name" in variable.attrs, (name, variable.name)
            variable.values  # decodes
    order = data["order"]
    assert order["cost_usd"].dims == ("realization", "position"), order["cost_usd"].dims
    assert order.sizes["realization"] == root.attrs["committed"]
    assert data["state"]["normal_hours"].dtype == "f8"  # "hours" would become a time
    assert order["cost_usd"].attrs["units"] == "USD"
    total = order["cost_usd"].sum("position")
    np.testing.assert_allclose(total, order["total_usd"])
    shares = data["allocation"]
    assert shares["share_usd"].dims == ("rule", "unit"), shares["share_usd"].dims
    by_name = shares.assign_coords(rule=shares["rule_name"])["share_usd"]
    np.testing.assert_allclose(by_name.sel(rule="trigger").sum(), shares.attrs["total_mean_usd"])
    assert list(shares["rule_name"].values) == ["trigger", "pro-rata-kw"], shares["rule_name"].values
    # a join over tables: the state after each step of each order
    state = data["state"].isel(state=order["state"])
    assert state["vdiff_pct"].dims == ("realization", "position")
    assert set(np.unique(order["unit"].isel(realization=0))) == set(range(data["unit"].sizes["unit"]))
    assert data["unit"]["bus"].values[0] == "bus_3"

with netCDF4.Dataset(path) as file:
    assert file.data_model == "NETCDF4", file.data_model
    assert file["order"].dimensions["realization"].isunlimited()
    assert set(file["order"].dimensions) == {"realization", "position"}, file["order"].dimensions
    assert set(file["step"].dimensions) >= {"step", "step_line"}, file["step"].dimensions
print("ok")

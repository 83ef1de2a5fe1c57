"""Opens a file of many queues as a user does; exits with 77 where xarray or netCDF4 is missing."""
import sys
import warnings

try:
    import netCDF4  # noqa: F401
    import numpy as np
    import xarray as xr
except ImportError as e:
    print(e)
    sys.exit(77)

warnings.simplefilter("error")
path = sys.argv[1]
root = xr.open_dataset(path)
assert root.attrs["file_type"] == "gridqueue queues", root.attrs
queue = xr.open_dataset(path, group="queue")
mass = xr.open_dataset(path, group="mass")
end = xr.open_dataset(path, group="end")
shares = xr.open_dataset(path, group="allocation")
for group in (queue, mass, end, shares):
    for variable in group.variables.values():
        assert "long_name" in variable.attrs, variable.name
        variable.values  # decodes
assert queue["mean_usd"].dims == ("queue", "unit"), queue["mean_usd"].dims
assert queue.sizes["queue"] == root.attrs["committed"] == root.attrs["queues"]
np.testing.assert_array_equal(queue["kw"].notnull().sum("unit"), queue["units"])
np.testing.assert_allclose(queue["mean_usd"].sum("unit"), queue["total_mean_usd"])
mean = (mass["usd"] * mass["probability"]).groupby(mass["queue"]).sum()
np.testing.assert_allclose(mean, queue["total_mean_usd"])
np.testing.assert_allclose(end["probability"].groupby(end["queue"]).sum(), 1)
assert shares["share_usd"].dims == ("queue", "rule", "unit"), shares["share_usd"].dims
np.testing.assert_allclose(shares["share_usd"].sum("unit").transpose("rule", "queue"), [queue["total_mean_usd"]] * 2)
print("ok")

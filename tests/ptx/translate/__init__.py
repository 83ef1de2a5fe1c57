"""PTX, as nvcc embeds it in objects, to C++ for tests/ptx/machine: one function for each entry and function, run once a thread."""

# A thin door to the CMake presets. `make run` and `make test` also install what is missing (apt, as root or sudo).
PRESET ?= release
BUILD := build/$(PRESET)
STUDY ?= experiments/radial_queue/study.toml

.PHONY: python run build test bench gpu-check emulated-gpu-check ptx-check check-long setup clean
# The program alone, for a first result soon; everything else builds all of it in $(BUILD).
run:
	@scripts/setup program
	cmake --preset run
	cmake --build --preset run
	build/run/gridqueue run $(STUDY) --force

build: setup
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET)

# Packages first: CMake looks for OpenDSS among them.
test: setup
	@scripts/setup-python || echo "gridqueue: packages of PyPI could not be installed (see above): the tests that need them are skipped"
	@$(MAKE) --no-print-directory build
	ctest --preset $(PRESET)

bench: build
	python3 scripts/bench --build $(BUILD)

# Tests, compute-sanitizer, benchmarks and targets on a machine with a GPU, in nine minutes (exit code 4: there is none).
gpu-check:
	@scripts/gpu-check

# Device code on the CPU, under sanitizers: no GPU needed.
emulated-gpu-check: setup
	@scripts/emulated-gpu-check

# Device code as nvcc made it (PTX), run on the CPU: nvcc needed, no GPU (exit code 4: there is no nvcc).
ptx-check: setup
	@scripts/ptx-check

# What takes long, or needs packages that `make setup` does not install.
check-long: setup
	@scripts/check-long

# What `gridqueue report` and the tests against OpenDSS need, in the project's own environment .venv.
python:
	@scripts/setup-python

setup:
	@scripts/setup

clean:
	rm -rf build

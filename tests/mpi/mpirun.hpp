// Runs by several ranks, where the build and the machine have MPI.
#pragma once
#include <string>

#include "tests/cli/program.hpp"

namespace gridqueue::test {

//! Of as many ranks as there are; several share a core here.
inline std::string mpirun(int ranks) {
  return "mpirun --allow-run-as-root --oversubscribe -n " + std::to_string(ranks) + " $GQ run --threads 1 ";
}

inline bool have_mpi() { return GRIDQUEUE_MPI && shell("mpirun --version").code == 0; }
#define NEEDS_MPI()      \
  if (!test::have_mpi()) \
  GTEST_SKIP() << "this build has no MPI, or there is no mpirun (cmake --preset mpi; openmpi-bin)"

}  // namespace gridqueue::test

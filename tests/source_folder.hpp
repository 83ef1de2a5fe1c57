// Where data/ and experiments/ are for tests and benchmarks.
#pragma once
#include <cstdlib>
#include <string>

namespace gridqueue {

//! The source tree, or $GRIDQUEUE_SOURCE where programs run elsewhere than they were built (scripts/gpu-check --pack).
inline std::string source_folder() {
  const char* moved = std::getenv("GRIDQUEUE_SOURCE");
  return moved ? moved : GRIDQUEUE_SOURCE_DIR;
}

}  // namespace gridqueue

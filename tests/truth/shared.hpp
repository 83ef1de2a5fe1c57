// The reference results live outside this repository (GRIDQUEUE_SHARED or ../shared); tests skip without them.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gridqueue/evaluation.hpp"
#include "tests/radial.hpp"

namespace gridqueue {

inline std::filesystem::path shared_folder() {
  if (const char* env = std::getenv("GRIDQUEUE_SHARED")) return env;
  return std::filesystem::path(GRIDQUEUE_SOURCE_DIR) / ".." / "shared";
}

inline bool have_truth(const std::string& file) { return std::filesystem::exists(shared_folder() / "truth" / file); }

inline nlohmann::json truth(const std::string& file) {
  std::ifstream in(shared_folder() / "truth" / file);
  return nlohmann::json::parse(in);
}

#define GQ_NEEDS_TRUTH(file) \
  if (!have_truth(file)) GTEST_SKIP() << "reference results '" << file << "' are not here (set GRIDQUEUE_SHARED)"

inline std::unique_ptr<Evaluator> radial_evaluator(Precision precision = Precision::single,
                                                   const std::string& monitors = "i2x") {
  EvaluatorOptions options;
  options.monitors = monitor_set(radial(), monitors);
  options.precision = precision;
  return make_evaluator(radial(), options);
}

}  // namespace gridqueue

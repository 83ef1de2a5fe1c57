// Answers of before that must not change a bit unnoticed: where they do, kEvaluationVersion is to be raised, or kept
// answers would be mixed with others.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "gridqueue/machine.hpp"
#include "host/answers/hash.hpp"
#include "host/feeder/feeder_file.hpp"
#include "kernels/ac/answer_rows.hpp"

namespace gridqueue {
namespace {

std::string digest_of(const Network& network, Precision precision) {
  EvaluatorOptions options;
  options.monitors = monitor_set(network, "all");
  options.precision = precision;
  const auto evaluator = make_evaluator(network, options);
  StateBatch states;
  for (const double kw : {0.0, 40.0, 300.0, 1500.0}) {
    for (std::size_t i = 0; i < network.candidate_buses.size(); i += 7) states.add_der(network.candidate_buses[i], kw);
    states.finish_state(UpgradeSetId(0));
  }
  std::vector<Answer> answers;
  evaluator->answer_source()->evaluate(states, answers);
  std::string all;
  for (const Answer& a : answers) all.append(a.begin(), a.end());
  return fmt::format("{:016x}", XXH3_64bits(all.data(), all.size()));
}

//! By numeric build: version, then radial and IEEE 13 in float and in double. A build that is not here is not judged.
const std::map<std::string, std::string> kReference = {
    {"avx512 12.2.0", "version 2 351450396ff53b82 5b5e3ee832b7459d 684e3e4a1ec8a159 0c38754654b64d41"},
};

TEST(Reference, AnswersOfThisVersionAreWhatTheyWere) {
  std::string now = fmt::format("version {}", kEvaluationVersion);
  for (const char* feeder : {"radial", "ieee13"})
    for (const Precision precision : {Precision::single, Precision::dual})
      now += " " + digest_of(read_feeder(fmt::format(GRIDQUEUE_SOURCE_DIR "/data/{}.h5", feeder)), precision);
  const auto known = kReference.find(numeric_build());
  if (known == kReference.end())
    GTEST_SKIP() << "no reference for build '" << numeric_build() << "' (its answers: " << now << ")";
  EXPECT_EQ(now, known->second) << "answers have changed: raise kEvaluationVersion, and note the new ones";
}

}  // namespace
}  // namespace gridqueue

// Hosting capacities that start from the linearized feeder's are those of the search in AC alone, for less work.
#include "../kernels/support.hpp"
#include "host/explore/hosting_capacity.hpp"
#include "host/linear/linear_evaluator.hpp"

namespace gridqueue {
namespace {

std::vector<HostingQuery> every_candidate() {
  std::vector<HostingQuery> queries;
  for (BusId b : radial().candidate_buses) queries.push_back({{}, UpgradeSetId(0), b});
  return queries;
}

TEST(HostingGuess, FindsWhatBisectFinds) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  const auto linear = make_linear_evaluator(*ac, {PowerFlow::linear, 1, {}});
  const auto queries = every_candidate();
  HostingSearchOptions options;
  const auto reference = hosting_capacities(*ac, queries, {{}}, options);
  options.guess = linear.get();
  std::uint64_t evaluations = 0;
  const auto found = hosting_capacities(*ac, queries, {{}}, options, &evaluations);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    EXPECT_EQ(found[i].kw, reference[i].kw) << radial().buses[queries[i].bus.index()].name;
    EXPECT_EQ(found[i].limits, reference[i].limits);
  }
  EXPECT_LE(static_cast<double>(evaluations), 5.0 * static_cast<double>(queries.size()));
}

TEST(HostingGuess, LinearAloneIsWithinHalfAPercent) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  const auto linear = make_linear_evaluator(*ac, {PowerFlow::linear, 1, {}});
  const auto queries = every_candidate();
  const auto exact = hosting_capacities(*ac, queries, {{}}, {}), found = hosting_capacities(*linear, queries, {{}}, {});
  double error = 0;
  for (std::size_t i = 0; i < queries.size(); ++i) error += std::abs(found[i].kw / exact[i].kw - 1);
  EXPECT_LE(error / static_cast<double>(queries.size()), 0.005);
}

//! A guess that is far off costs evaluations, no correctness.
class Doubled final : public Evaluator {
 public:
  explicit Doubled(Evaluator& ac) : ac_(ac) {}
  std::vector<Quantities> evaluate(const StateBatch& states) override {
    StateBatch doubled = states;
    for (double& kw : doubled.der_kw) kw *= 1.3;
    return ac_.evaluate(doubled);
  }
  DayTrace trace(const StateBatch& states) override { return ac_.trace(states); }
  [[nodiscard]] const Network& network() const override { return ac_.network(); }
  [[nodiscard]] const EvaluatorOptions& options() const override { return ac_.options(); }

 private:
  Evaluator& ac_;
};

TEST(HostingGuess, ABadGuessIsCorrected) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  Doubled bad(*ac);
  HostingSearchOptions options;
  std::vector<HostingQuery> queries;
  for (const char* name : {"bus_5", "bus_17", "bus_9"})
    queries.push_back({{}, UpgradeSetId(0), radial().find_bus(name).value()});
  const auto reference = hosting_capacities(*ac, queries, {{}}, options);
  options.guess = &bad;
  const auto found = hosting_capacities(*ac, queries, {{}}, options);
  for (std::size_t i = 0; i < queries.size(); ++i) EXPECT_NEAR(found[i].kw, reference[i].kw, 0.1) << i;
}

}  // namespace
}  // namespace gridqueue

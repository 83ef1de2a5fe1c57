#include <gtest/gtest.h>

#include <algorithm>

#include "host/policy/upgrade_policy.hpp"
#include "host/statistics/random.hpp"
#include "host/walk/orders.hpp"
#include "tests/explore/fake_evaluator.hpp"

namespace gridqueue {
namespace {

//! A unit at c violates until a, b, c are all upgraded; walked c, b, a where it is alone, b, a, c where a unit is at b.
class TwoPaths final : public Evaluator {
 public:
  explicit TwoPaths(const Network& n) : network_(n) { options_.monitors = monitor_set(n, "all"); }
  std::vector<Quantities> evaluate(const StateBatch& s) override {
    std::vector<Quantities> out(s.size());
    for (std::size_t i = 0; i < s.size(); ++i) {
      const auto from = s.der_site.begin() + s.der_offset[i], to = s.der_site.begin() + s.der_offset[i + 1];
      const auto& lines = s.upgrade_sets[s.upgrade_set[i].index()];
      const auto built = [&](int b) { return std::binary_search(lines.begin(), lines.end(), BusId(b)); };
      out[i].converged = true;
      if (std::find(from, to, UnitSite(BusId(3))) == to || lines.size() == 3) continue;
      out[i].violations = limit_vdiff;
      const bool from_b = std::find(from, to, UnitSite(BusId(2))) != to && !(built(1) && built(2));
      out[i].vdiff_buses = {BusId(from_b ? 2 : 3)};
    }
    return out;
  }
  DayTrace trace(const StateBatch&) override { return {}; }
  [[nodiscard]] const Network& network() const override { return network_; }
  [[nodiscard]] const EvaluatorOptions& options() const override { return options_; }
  [[nodiscard]] const Thresholds& thresholds() const override { return thresholds_; }

 private:
  const Network& network_;
  EvaluatorOptions options_;
  Thresholds thresholds_;
};

//! Sums of fractions depend on their order; a distribution over distinct costs must not.
TEST(LineCost, IsTheSameForTheSameLinesInWhateverOrderTheyAreBuilt) {
  for (std::uint64_t k = 0; k < 50; ++k) {
    Network tree = small_tree();
    for (std::size_t b = 1; b < tree.buses.size(); ++b)
      tree.buses[b].branch.length_ft *=
          random_unit(random_bits(k, Purpose::verification, 0, static_cast<std::uint32_t>(b)));
    TwoPaths evaluator(tree);
    Walker walker(evaluator, {{{BusId(3), 100}, {BusId(2), 100}}}, upgrade_policy(evaluator),
                  HostingCapacityMode::none);
    const Trajectories t = walk_orders(walker, {2, {0, 1, 1, 0}});
    const Step &alone = walker.steps()[t.step[0].index()], &second = walker.steps()[t.step[3].index()];
    ASSERT_EQ(alone.built, (Upgrades{BusId(3), BusId(2), BusId(1)}));
    ASSERT_EQ(second.built, (Upgrades{BusId(2), BusId(1), BusId(3)}));
    EXPECT_EQ(alone.cost_usd, second.cost_usd) << k;
  }
}

}  // namespace
}  // namespace gridqueue

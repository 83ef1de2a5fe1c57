// Two backends walk the same random queues: every decision, line and cost must be the same. Where not, the first state
// on which they part must be a near-limit tie: quantities equal to the tolerance, a limit between them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "host/policy/upgrade_policy.hpp"
#include "host/queue/random_queue.hpp"
#include "host/walk/orders.hpp"
#include "tests/explore/walker_group.hpp"
#include "tests/kernels/support.hpp"

namespace gridqueue {
namespace {

struct Side {
  Backend backend = Backend::cpu;
  Precision precision = Precision::single;
  Mapping mapping = Mapping::lanes;
};

std::unique_ptr<Evaluator> evaluator(const Side& side) {
  EvaluatorOptions options = radial_options(side.backend, side.precision);
  options.mapping = side.mapping;
  return make_evaluator(radial(), options);
}

//! Queues of 8 to 30 units of 50 to 1000 kW.
std::vector<Queue> random_queues(std::size_t count) {
  const auto on = evaluator({Backend::cpu, Precision::dual, Mapping::lanes});
  std::vector<Queue> queues;
  for (std::size_t q = 0; q < count; ++q) {
    RandomQueueSpec spec;
    spec.sites = sites_of_kind(radial(), SiteKind::three_phase);
    spec.seed = 7;
    spec.realization = q;
    spec.count = 8 + 22 * q / std::max<std::size_t>(1, count - 1);
    queues.push_back(draw_random_queue(*on, spec));
  }
  return queues;
}

struct Walked {
  std::unique_ptr<Evaluator> on;
  std::unique_ptr<WalkerGroup> group;
  std::vector<Trajectories> taken;
};

Walked walk(const Side& side, const std::vector<Queue>& queues, const std::vector<Orders>& orders) {
  Walked w{evaluator(side), nullptr, {}};
  w.group = std::make_unique<WalkerGroup>(*w.on, queues, upgrade_policy(*w.on), HostingCapacityMode::none);
  w.taken = walk_together(w.group->walkers(), orders);
  return w;
}

//! Quantities of the units in before the step, the stepping unit, and the lines upgraded until the walks part.
Quantities at_parting(const Walked& w, const Walker& walker, const Step& step, std::size_t lines) {
  StateBatch batch;
  const State& from = walker.states()[step.from.index()];
  for (std::size_t u = 0; u < walker.queue().units.size(); ++u)
    if (from.in.has(UnitId(u)) || UnitId(u) == step.unit)
      batch.add_der(walker.queue().units[u].site, walker.queue().units[u].kw);
  Upgrades upgraded = walker.upgrade_sets()[from.upgrades.index()];
  upgraded.insert(upgraded.end(), step.built.begin(), step.built.begin() + static_cast<std::ptrdiff_t>(lines));
  std::sort(upgraded.begin(), upgraded.end());
  batch.upgrade_sets.push_back(upgraded);
  batch.finish_state(UpgradeSetId(1));
  return w.on->evaluate(batch).front();
}

bool same(const Step& a, const Step& b) {
  return a.unit == b.unit && a.decision == b.decision && a.limits == b.limits && a.cost_usd == b.cost_usd &&
         a.built == b.built;
}

void expect_tie(const Walked& a, const Walked& b, const Walker& wa, const Walker& wb, const Step& sa, const Step& sb,
                double relative, const std::string& where) {
  std::size_t common = 0;
  while (common < std::min(sa.built.size(), sb.built.size()) && sa.built[common] == sb.built[common]) ++common;
  const Quantities qa = at_parting(a, wa, sa, common), qb = at_parting(b, wb, sb, common);
  EXPECT_TRUE(qa.violations != qb.violations || qa.vdiff_buses != qb.vdiff_buses ||
              qa.overloaded_branches != qb.overloaded_branches)
      << where << ": the backends agree on the state but not on what follows";
  EXPECT_NEAR(qa[limit_vdiff].value, qb[limit_vdiff].value, 100 * relative) << where;
  EXPECT_NEAR(qa[limit_vmax].value, qb[limit_vmax].value, 2 * relative) << where;
  EXPECT_NEAR(qa[limit_vmin].value, qb[limit_vmin].value, 2 * relative) << where;
  EXPECT_NEAR(qa[limit_emergency].value, qb[limit_emergency].value, 10 * relative * qb[limit_emergency].value) << where;
}

//! Orders are compared up to their first tie.
void compare(const Side& one, const Side& other, std::size_t num_queues, std::size_t num_orders) {
  const std::vector<Queue> queues = random_queues(num_queues);
  std::vector<Orders> orders;
  for (std::size_t q = 0; q < queues.size(); ++q)
    orders.push_back(
        random_orders(queues[q].units.size(), 11, 0, num_orders, Sampling::independent, static_cast<std::uint32_t>(q)));
  const Walked a = walk(one, queues, orders), b = walk(other, queues, orders);
  const double relative = one.precision == Precision::dual && other.precision == Precision::dual ? 1e-9 : 2e-5;
  std::size_t steps = 0, ties = 0, triggers = 0;
  for (std::size_t q = 0; q < queues.size(); ++q) {
    const Walker &wa = *a.group->walkers()[q], &wb = *b.group->walkers()[q];
    for (std::size_t i = 0; i < a.taken[q].step.size(); ++i, ++steps) {
      const Step &sa = wa.steps()[a.taken[q].step[i].index()], &sb = wb.steps()[b.taken[q].step[i].index()];
      triggers += sa.decision != Decision::accept;
      if (same(sa, sb)) continue;
      ++ties;
      expect_tie(a, b, wa, wb, sa, sb, relative, fmt::format("queue {}, order {}", q, i / queues[q].units.size()));
      if (testing::Test::HasFailure()) return;
      i += queues[q].units.size() - 1 - i % queues[q].units.size();
    }
  }
  testing::Test::RecordProperty("steps", static_cast<int>(steps));
  testing::Test::RecordProperty("ties", static_cast<int>(ties));
  fmt::print("{} steps compared, {} triggers, {} near-limit ties\n", steps, triggers, ties);
  EXPECT_GT(triggers, steps / 20);
  EXPECT_LE(ties, steps / 200);
}

TEST(Decisions, FloatDecidesAsDouble) {
  compare({Backend::cpu, Precision::single}, {Backend::cpu, Precision::dual}, 8, 12);
}
TEST(Decisions, TeamDecidesAsTheTreeWalk) {
  compare({Backend::cpu, Precision::single, Mapping::team}, {Backend::cpu, Precision::single}, 3, 2);
}

struct CudaDecides : testing::TestWithParam<std::pair<Precision, Mapping>> {};
TEST_P(CudaDecides, AsTheCpu) {
  if (const auto why = backend_unavailable_reason(Backend::cuda); !why.empty()) GTEST_SKIP() << why;
  const auto [precision, mapping] = GetParam();
  const std::size_t emulated = mapping == Mapping::team ? 1 : 2;
  compare({Backend::cuda, precision, mapping}, {Backend::cpu, precision}, kEmulatedCuda ? emulated : 20,
          kEmulatedCuda ? emulated : 1000);
}
INSTANTIATE_TEST_SUITE_P(Mappings, CudaDecides,
                         testing::Values(std::pair{Precision::single, Mapping::lanes},
                                         std::pair{Precision::dual, Mapping::lanes},
                                         std::pair{Precision::single, Mapping::team},
                                         std::pair{Precision::dual, Mapping::team}),
                         [](const auto& p) {
                           return std::string(p.param.second == Mapping::lanes ? "lanes" : "team") +
                                  (p.param.first == Precision::single ? "_float" : "_double");
                         });

}  // namespace
}  // namespace gridqueue

// Twelve reference queues, three orders each: decisions up to the first near-limit one, costs exact, quantities.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "host/policy/upgrade_policy.hpp"
#include "host/walk/orders.hpp"
#include "tests/truth/shared.hpp"

namespace gridqueue {
namespace {

struct QueuesTruth : testing::TestWithParam<Precision> {};

void expect_quantities(const Quantities& q, const nlohmann::json& want, const std::string& where) {
  EXPECT_NEAR(q[limit_vdiff].value, want.at("vdiff").get<double>(), 0.005) << where;
  EXPECT_NEAR(q[limit_vmax].value, want.at("vmax").get<double>(), 2e-4) << where;
  EXPECT_NEAR(q[limit_vmin].value, want.at("vmin").get<double>(), 2e-4) << where;
  EXPECT_NEAR(q[limit_emergency].value, want.at("emerg_pct").get<double>(), 0.2) << where;
  EXPECT_NEAR(q[limit_normal_hours].value, want.at("norm_hrs").get<double>(), 1.01 / 12) << where;
}

void expect_step(const Walker& w, const Step& step, const nlohmann::json& want, const std::string& where) {
  static const std::vector<std::string> names{"accept", "upgrade", "reject"};
  EXPECT_EQ(names[static_cast<std::size_t>(step.decision)], want.at("decision").get<std::string>()) << where;
  EXPECT_EQ(step.cost_usd, want.at("cost").get<double>()) << where;
  const Quantities& added = w.evaluations()[step.added.index()];
  expect_quantities(added, want.at("pre"), where);
  if (!want.contains("upgrades")) return;
  std::vector<std::string> lines, built;
  for (const auto& u : want.at("upgrades")) lines.push_back(u.at("line"));
  for (const Upgrade& u : step.built) built.push_back(radial().buses[u.element.index()].branch.name.substr(5));
  if (step.decision == Decision::upgrade) {
    EXPECT_EQ(built, lines) << where;
  }
}

TEST_P(QueuesTruth, DecidesAsTheReference) {
  GQ_NEEDS_TRUTH("queues.json");
  const auto evaluator = radial_evaluator(GetParam());
  int compared = 0, strict = 0;
  const auto reference = truth("queues.json");
  for (const auto& q : reference.at("queues")) {
    Queue queue;
    for (const auto& u : q.at("units")) queue.units.push_back({bus(u.at("bus")), u.at("kw").get<double>()});
    Walker walker(*evaluator, queue, upgrade_policy(*evaluator), HostingCapacityMode::none);
    for (const auto& o : q.at("orders")) {
      Orders orders{queue.units.size(), o.at("perm").get<std::vector<std::int32_t>>()};
      const auto walked = walk_orders(walker, orders);
      const std::size_t safe =
          o.at("first_fragile_pos").is_null() ? queue.units.size() : o.at("first_fragile_pos").get<std::size_t>() - 1;
      for (std::size_t p = 0; p < safe; ++p, ++strict) {
        // The reference solved to 1e-4 pu. To 1e-9 OpenDSS moves another tap here (lowest voltage 0.97714), as double
        // does.
        if (GetParam() == Precision::dual && q.at("id") == 18 && o.at("order") == 0 && p == 1) continue;
        expect_step(
            walker, walker.steps()[walked.step[p].index()], o.at("steps")[p],
            fmt::format("queue {} order {} position {}", q.at("id").get<int>(), o.at("order").get<int>(), p + 1));
      }
      double total = 0;
      for (StepId s : walked.step) total += walker.steps()[s.index()].cost_usd;
      compared += total == o.at("final").at("total_cost").get<double>() ? 1 : 0;
    }
  }
  RecordProperty("positions_compared", strict);
  // Beyond a near-limit decision the engines may part; this one never does.
  EXPECT_EQ(compared, 36);
}

INSTANTIATE_TEST_SUITE_P(Precisions, QueuesTruth, testing::Values(Precision::single, Precision::dual),
                         [](const auto& p) { return p.param == Precision::single ? "single" : "dual"; });

}  // namespace
}  // namespace gridqueue

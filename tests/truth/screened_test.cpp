// The screened linearized feeder on the reference queues: every step as AC decides it, with a model for every set of
// lines.
#include <gtest/gtest.h>

#include "host/linear/linear_evaluator.hpp"
#include "tests/linear/walked_queues.hpp"
#include "tests/truth/shared.hpp"

namespace gridqueue {
namespace {

TEST(ScreenedTruth, DecidesEveryStepOfTheReferenceQueuesAsAC) {
  GQ_NEEDS_TRUTH("queues.json");
  const auto ac = radial_evaluator();
  WalkAgreement all;
  std::uint64_t linear_states = 0;
  const auto reference = truth("queues.json");
  for (const auto& q : reference.at("queues")) {
    Queue queue;
    for (const auto& u : q.at("units")) queue.units.push_back({bus(u.at("bus")), u.at("kw").get<double>()});
    Orders orders{queue.units.size(), {}};
    for (const auto& o : q.at("orders"))
      for (std::int32_t unit : o.at("perm").get<std::vector<std::int32_t>>()) orders.unit.push_back(unit);
    const auto screened = make_linear_evaluator(*ac, {PowerFlow::screened});
    all.add(compare_walks(*ac, *screened, queue, orders));
    linear_states += screened->counters().linear;
  }
  EXPECT_EQ(all.orders, 36u);
  EXPECT_EQ(all.orders_alike, all.orders);
  EXPECT_GT(linear_states, 0u);
}

}  // namespace
}  // namespace gridqueue

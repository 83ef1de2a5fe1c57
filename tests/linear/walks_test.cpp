// Whole queues walked with the linearized feeder (gridqueue_linear_queues in bench/ walks a hundred).
#include "../kernels/support.hpp"
#include "host/linear/linear_evaluator.hpp"
#include "tests/linear/walked_queues.hpp"

namespace gridqueue {
namespace {

WalkAgreement walk_some(PowerFlow model) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  WalkAgreement all;
  for (std::uint64_t k : {0, 6, 9}) {
    const auto linear = make_linear_evaluator(*ac, {model});
    const Queue queue = some_queue(*ac, 77, k, k == 9 ? 1000 : 400);
    all.add(compare_walks(*ac, *linear, queue, random_orders(queue.units.size(), 5, 0, 40)));
    EXPECT_GT(linear->counters().linear, 0u);
  }
  return all;
}

TEST(LinearWalks, ScreenedDecidesEveryStepAsAC) {
  const WalkAgreement w = walk_some(PowerFlow::screened);
  EXPECT_GT(w.triggered, 0u);
  EXPECT_EQ(w.orders_alike, w.orders);
}

TEST(LinearWalks, LinearNamesTheFirstTrigger) {
  const WalkAgreement w = walk_some(PowerFlow::linear);
  EXPECT_GE(static_cast<double>(w.same_first), 0.95 * static_cast<double>(w.triggered));
}

}  // namespace
}  // namespace gridqueue

// The orders of a walk: the same wherever Thrust runs, and what a plain walk over tables gives.
#include "host/walk/order_front.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/statistics/random.hpp"

namespace gridqueue {
namespace {

std::unique_ptr<OrderFront> front_at(FrontPlace place, const OrderDraw& draw) {
  try {
    return make_order_front(place, draw);
  } catch (const Error&) {
    return nullptr;  // no device here
  }
}

std::string name_of(FrontPlace place) {
  return place == FrontPlace::one_thread ? "one_thread" : place == FrontPlace::all_threads ? "all_threads" : "device";
}

class EveryPlace : public ::testing::TestWithParam<FrontPlace> {
 protected:
  std::unique_ptr<OrderFront> make(const OrderDraw& draw) { return front_at(GetParam(), draw); }
};
INSTANTIATE_TEST_SUITE_P(Places, EveryPlace,
                         ::testing::Values(FrontPlace::one_thread, FrontPlace::all_threads, FrontPlace::device),
                         [](const auto& place) { return name_of(place.param); });

//! Units by rising key, as a sort gives them; the partner of an antithetic draw is its reverse.
TEST_P(EveryPlace, OrdersAreSortedKeys) {
  for (const std::uint32_t n : {1u, 2u, 15u, 128u}) {
    const OrderDraw draw{n, 7, 100, 501, n == 15 ? 2u : 1u, 3};
    const auto front = make(draw);
    if (!front) GTEST_SKIP() << "no CUDA device to run on";
    const auto orders = front->orders();
    ASSERT_EQ(orders.size(), n * draw.count);
    for (std::uint64_t k = 0; k < draw.count; ++k) {
      const std::uint64_t order = draw.first + k;
      std::vector<std::pair<std::uint64_t, std::int32_t>> keys;
      for (std::uint32_t u = 0; u < n; ++u)
        keys.emplace_back(random_bits(7, Purpose::order, order / draw.cluster, u, 3), static_cast<std::int32_t>(u));
      std::sort(keys.begin(), keys.end());
      if (draw.cluster == 2 && order % 2 == 1) std::reverse(keys.begin(), keys.end());
      for (std::uint32_t p = 0; p < n; ++p) ASSERT_EQ(orders[k * n + p], keys[p].second) << "order " << order;
    }
  }
}

//! States are sets of units here; steps are numbered as they are met.
struct Tables {
  std::vector<std::int32_t> step_of, to;  //!< [state][n], [step]
  std::vector<std::uint32_t> evaluations;
  std::uint32_t n;

  std::int32_t step(std::uint64_t pair) {
    const auto state = static_cast<std::int32_t>(pair >> 8), unit = static_cast<std::int32_t>(pair & 0xff);
    const std::size_t at = static_cast<std::size_t>(state) * n + static_cast<std::size_t>(unit);
    if (at >= step_of.size()) step_of.resize((static_cast<std::size_t>(state) + 1) * n, -1);
    if (step_of[at] < 0) {
      step_of[at] = static_cast<std::int32_t>(to.size());
      to.push_back(state | 1 << unit);
      evaluations.push_back(1 + static_cast<std::uint32_t>((state * 7 + unit) % 5));
    }
    return step_of[at];
  }
};

void walk(OrderFront& front, Tables& tables, std::vector<std::uint64_t>& needed) {
  front.know(tables.step_of, {tables.to, tables.evaluations});
  for (std::uint32_t level = 0; level < tables.n; ++level) {
    const auto unknown = front.unknown();
    const std::size_t known = tables.to.size();
    std::vector<std::int32_t> steps;
    for (const std::uint64_t pair : unknown) steps.push_back(tables.step(pair));
    EXPECT_TRUE(std::is_sorted(unknown.begin(), unknown.end()));
    EXPECT_EQ(std::set<std::uint64_t>(unknown.begin(), unknown.end()).size(), unknown.size());
    EXPECT_EQ(tables.to.size(), known + unknown.size()) << "a pair was asked that has a step";
    if (!unknown.empty())
      front.learn(unknown, steps, {std::span(tables.to).subspan(known), std::span(tables.evaluations).subspan(known)});
    needed.push_back(front.advance());
  }
}

TEST_P(EveryPlace, WalksAreThoseOfTheTables) {
  constexpr std::uint32_t n = 9;
  Tables tables{{}, {}, {}, n};
  for (const std::uint64_t count :
       {std::uint64_t{1}, std::uint64_t{33}, std::uint64_t{40'000}}) {  // the later ones know the former one's steps
    const auto front = make({n, 1, 5, count, 1, 0});
    if (!front) GTEST_SKIP() << "no CUDA device to run on";
    std::vector<std::uint64_t> needed;
    walk(*front, tables, needed);
    const auto orders = front->orders(), steps = front->steps();
    std::vector<std::int32_t> state(count, 0);
    for (std::uint32_t p = 0; p < n; ++p) {
      std::uint64_t sum = 0;
      for (std::uint64_t k = 0; k < count; ++k) {
        const std::int32_t step = tables.step(packed(state[k], orders[k * n + p]));
        ASSERT_EQ(steps[k * n + p], step);
        sum += tables.evaluations[static_cast<std::size_t>(step)];
        state[k] = tables.to[static_cast<std::size_t>(step)];
      }
      EXPECT_EQ(needed[p], sum);
    }
    for (const std::int32_t s : state) EXPECT_EQ(s, (1 << n) - 1);
  }
  EXPECT_EQ(tables.to.size(), n * (1u << (n - 1)));  // 40,000 orders of nine units meet every step
}

TEST(OrderFront, TakesGivenOrders) {
  const std::vector<std::int32_t> given{2, 0, 1, 1, 0, 2};
  for (const FrontPlace place : {FrontPlace::one_thread, FrontPlace::all_threads}) {
    const auto front = make_order_front(place, 3, given);
    EXPECT_EQ(front->orders(), given);
    front->know({}, {});
    EXPECT_EQ(front->unknown(), (std::vector<std::uint64_t>{packed(0, 1), packed(0, 2)}));
  }
}

}  // namespace
}  // namespace gridqueue

#include "host/queue/random_queue.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gridqueue/contracts.hpp"
#include "tests/explore/fake_evaluator.hpp"

namespace gridqueue {
namespace {

const Network kTree = small_tree();

RandomQueueSpec spec_of(std::size_t count) {
  RandomQueueSpec spec;
  for (std::int32_t b = 1; b < 7; ++b) spec.sites.emplace_back(BusId(b));
  spec.kw_min = 20;
  spec.kw_max = 120;
  spec.seed = 5;
  spec.count = count;
  return spec;
}

void expect_same(const Queue& a, const Queue& b) {
  ASSERT_EQ(a.units.size(), b.units.size());
  for (std::size_t u = 0; u < a.units.size(); ++u)
    EXPECT_TRUE(a.units[u].site == b.units[u].site && a.units[u].kw == b.units[u].kw);
}

//! Drawn together or one by one, with a count or until a violation, from any first queue on.
TEST(RandomQueue, DependsOnItsNumberOnly) {
  for (std::size_t count : {std::size_t{0}, std::size_t{4}}) {
    FakeEvaluator fake(kTree);
    RandomQueueSpec spec = spec_of(count);
    const auto all = draw_random_queues(fake, spec, 12);
    bool different = false;
    for (std::size_t k = 0; k < all.size(); ++k) {
      spec.realization = k;
      expect_same(draw_random_queue(fake, spec), all[k]);
      different = different || all[k].units.front().kw != all[0].units.front().kw;
      for (const Unit& u : all[k].units) EXPECT_TRUE(u.kw >= 20 && u.kw <= 120 && u.kw == std::floor(u.kw));
    }
    EXPECT_TRUE(different);
    spec.realization = 7;
    const auto tail = draw_random_queues(fake, spec, 5);
    for (std::size_t k = 0; k < 5; ++k) expect_same(tail[k], all[7 + k]);
  }
}

//! What one unit leaves at its own phases says nothing of the whole bus, and the other way round.
TEST(RandomQueue, PhasesOfABusArePlacesOfTheirOwn) {
  FakeEvaluator fake(kTree);
  RandomQueueSpec spec = spec_of(0);
  spec.sites = {BusId(4), {BusId(4), 1}};
  spec.kw_min = 80, spec.kw_max = 150;
  // alone the whole bus can host 150.5 kW, a phase half of it: never as much as the least size
  EXPECT_THROW(draw_random_queues(fake, spec, 8), Error);
  spec.kw_min = 20;
  bool some = false;
  for (const Queue& q : draw_random_queues(fake, spec, 20)) {
    EXPECT_LE(q.units.front().kw, q.units.front().site.phases ? 75 : 150);
    for (const Unit& u : q.units) some = some || u.site.phases;
  }
  EXPECT_TRUE(some);
}

//! The last unit violates a limit, none before it does.
TEST(RandomQueue, EndsWithTheFirstViolation) {
  FakeEvaluator fake(kTree);
  for (const Queue& q : draw_random_queues(fake, spec_of(0), 10)) {
    StateBatch states;
    for (std::size_t n = 1; n <= q.units.size(); ++n) {
      for (std::size_t u = 0; u < n; ++u) states.add_der(q.units[u].site, q.units[u].kw);
      states.finish_state(UpgradeSetId(0));
    }
    const auto answers = fake.evaluate(states);
    for (std::size_t n = 1; n <= q.units.size(); ++n) EXPECT_EQ(answers[n - 1].violations != 0, n == q.units.size());
  }
}

TEST(RandomQueue, RefusesABusThatCanHostNothing) {
  FakeEvaluator fake(kTree);
  RandomQueueSpec spec = spec_of(0);
  spec.kw_min = 500, spec.kw_max = 600;
  EXPECT_THROW(draw_random_queues(fake, spec, 3), Error);
  spec.sites.clear();
  EXPECT_THROW(draw_random_queues(fake, spec, 3), Error);
}

}  // namespace
}  // namespace gridqueue

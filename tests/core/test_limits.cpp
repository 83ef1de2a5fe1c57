// The table of limits, and the documents that repeat it.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "gridqueue/limits.hpp"

namespace gridqueue {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(std::string(GRIDQUEUE_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Limits, StandInTheOrderOfTheirBits) {
  for (int i = 0; i < kNumLimits; ++i) {
    EXPECT_EQ(kLimits[static_cast<std::size_t>(i)].bit, limit_at(i));
    EXPECT_EQ(limit_index(limit_at(i)), static_cast<std::size_t>(i));
  }
  EXPECT_EQ(std::uint32_t{limit_convergence}, 64u);  // files keep what they say: new bits come after it
  EXPECT_EQ(limit_names(limit_vmin | limit_island), (std::vector<std::string>{"voltage_vmin", "island_pq"}));
}

TEST(Limits, QuantitiesAreThoseWithAKey) {
  std::vector<std::string> keys;
  for (const LimitInfo& l : kLimits)
    if (l.value) keys.emplace_back(l.value);
  ASSERT_EQ(keys.size(), kNumQuantities);
  for (std::size_t k = 0; k < kNumQuantities; ++k) EXPECT_EQ(quantity_info(k).value, keys[k]);
}

TEST(Limits, TwoAreJudgedWhereTheyHaveAThresholdOnly) {
  Limits limits;
  for (const LimitInfo& l : kLimits)
    EXPECT_EQ(judged(limits, l.bit), l.bit != limit_reverse_power && l.bit != limit_unbalance) << l.name;
  limits.unbalance_pct = 3, limits.reverse_power_kw = 0;
  for (const LimitInfo& l : kLimits) EXPECT_TRUE(judged(limits, l.bit)) << l.name;
  PlaceBounds off = Thresholds{Limits()}[limit_unbalance];
  off.admit(0, 1e9, 1);
  EXPECT_TRUE(off.uniform());
  EXPECT_FALSE(off.excess(1e9) > 0);
}

//! A row each in docs/evaluation.md (bit, name) and docs/results-format.md (keys).
TEST(Limits, AreAllInTheDocuments) {
  const std::string evaluation = text_of("docs/evaluation.md"), format = text_of("docs/results-format.md");
  ASSERT_FALSE(evaluation.empty());
  for (const LimitInfo& l : kLimits) {
    EXPECT_NE(evaluation.find("| " + std::to_string(l.bit) + " | `" + l.name + "` |"), std::string::npos) << l.name;
    EXPECT_NE(format.find("| " + std::to_string(l.bit) + " | `" + l.name + "` |"), std::string::npos) << l.name;
    for (const char* key : {l.value, l.place, l.step, l.excess, l.excess_place})
      if (key) {
        EXPECT_NE(format.find("`" + std::string(key) + "`"), std::string::npos) << key;
      }
  }
}

TEST(Limits, AThresholdIsTheLimitWithItsTolerance) {
  const Thresholds pass{Limits()};
  EXPECT_TRUE(pass.uniform());
  EXPECT_EQ(pass[limit_vmax].pass(), 1.05 + 0.001);
  EXPECT_EQ(pass[limit_vmin].pass(), 0.95 - 0.001);
  EXPECT_GT(pass[limit_vmin].excess(0.94), 0);
  EXPECT_LT(pass[limit_vmin].excess(0.96), 0);
  EXPECT_EQ(pass[limit_emergency].pass(), 100 + 0.01);
}

}  // namespace
}  // namespace gridqueue

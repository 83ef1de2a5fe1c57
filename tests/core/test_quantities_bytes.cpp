// Limit quantities as few bytes: all that goes in comes back, and nothing that is damaged does.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "gridqueue/contracts.hpp"
#include "host/model/quantities_bytes.hpp"

namespace gridqueue {
namespace {

using Limits64 = std::numeric_limits<double>;
using Limits32 = std::numeric_limits<int>;

void expect_same_number(double a, double b) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b)) << a << " " << b;
}

void expect_same(const Quantities& a, const Quantities& b) {
  EXPECT_EQ(a.converged, b.converged);
  EXPECT_EQ(a.linear, b.linear);
  EXPECT_EQ(a.near, b.near);
  EXPECT_EQ(a.violations, b.violations);
  for (std::size_t l = 0; l < a.limits.size(); ++l) {
    const LimitQuantity &x = a.limits[l], &y = b.limits[l];
    expect_same_number(x.value, y.value), expect_same_number(x.excess.value, y.excess.value);
    EXPECT_EQ(x.place, y.place);
    EXPECT_EQ(x.step, y.step);
    EXPECT_EQ(x.excess.place, y.excess.place);
  }
  EXPECT_EQ(a.taps_min, b.taps_min);
  EXPECT_EQ(a.taps_max, b.taps_max);
  ASSERT_EQ(a.areas.size(), b.areas.size());
  for (std::size_t i = 0; i < a.areas.size(); ++i)
    for (FlowRange AreaFlow::*flow : {&AreaFlow::p, &AreaFlow::q})
      for (double FlowRange::*value : {&FlowRange::min, &FlowRange::max, &FlowRange::min_abs})
        expect_same_number(a.areas[i].*flow.*value, b.areas[i].*flow.*value);
  EXPECT_EQ(a.vdiff_buses, b.vdiff_buses);
  EXPECT_EQ(a.overloaded_branches, b.overloaded_branches);
}

//! Numbers of every form, places near every length.
class RandomQuantities {
 public:
  Quantities next() {
    Quantities q;
    q.converged = coin(), q.linear = coin();
    q.near = coin() ? 0 : static_cast<std::uint32_t>(random_());
    q.violations = static_cast<std::uint32_t>(random_());
    for (LimitQuantity& l : q.limits) {
      l.value = number(), l.excess.value = number();
      l.place = whole(), l.step = whole();
      l.excess.place = coin() ? l.place : whole();
    }
    q.taps_min = whole(), q.taps_max = whole();
    q.areas.resize(random_() % 4);
    for (AreaFlow& a : q.areas) a = {{number(), number(), number()}, {number(), number(), number()}};
    q.vdiff_buses = buses(), q.overloaded_branches = buses();
    return q;
  }

 private:
  bool coin() { return random_() % 2 == 0; }
  double number() {
    static constexpr double kOdd[] = {
        0, -0.0, kNoValue, Limits64::infinity(), -Limits64::infinity(), Limits64::denorm_min(), Limits64::max(), 1e-40,
        1, 0.1,  1e300};
    switch (random_() % 4) {
      case 0: return kOdd[random_() % std::size(kOdd)];
      case 1: return std::bit_cast<double>(random_());  // NaNs with bits of their own, too
      case 2: return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(random_())));
      default: return std::ldexp(static_cast<double>(random_() % 1000), -7);
    }
  }
  int whole() {
    static constexpr int kOdd[] = {-1, 0, 1, 126, 127, 128, 16382, 16383, 16384, -2, Limits32::max(), Limits32::min()};
    return coin() ? kOdd[random_() % std::size(kOdd)] : static_cast<int>(random_() % 5000);
  }
  std::vector<BusId> buses() {
    std::vector<BusId> all(random_() % 200);
    for (BusId& b : all) b = BusId(whole());
    return all;
  }
  std::mt19937_64 random_{1};
};

TEST(QuantitiesBytes, ComeBackToTheLastBit) {
  RandomQuantities random;
  std::vector<std::uint8_t> bytes(7, 1);  // what it held is gone
  for (int i = 0; i < 2000; ++i) {
    const Quantities q = random.next();
    pack_quantities(q, bytes);
    expect_same(q, unpack_quantities(bytes));
    EXPECT_EQ(packed_violations(bytes), q.violations);
  }
  pack_quantities({}, bytes);
  expect_same({}, unpack_quantities(bytes));
  EXPECT_LT(bytes.size(), 40u);
}

TEST(QuantitiesBytes, FloatsTakeHalf) {
  Quantities floats, doubles;
  for (LimitQuantity& l : floats.limits) l.value = 0.5;
  for (LimitQuantity& l : doubles.limits) l.value = 0.1;
  std::vector<std::uint8_t> few, many;
  pack_quantities(floats, few), pack_quantities(doubles, many);
  EXPECT_EQ(few.size() + 4 * kNumLimits, many.size());
}

TEST(QuantitiesBytes, PartsAndMoreAreRefused) {
  RandomQuantities random;
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < 20; ++i) {
    pack_quantities(random.next(), bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_THROW((void)unpack_quantities(std::span(bytes).first(size)), Error) << size;
    bytes.push_back(0);
    EXPECT_THROW((void)unpack_quantities(bytes), Error);
  }
}

//! A list's length is believed only as far as there are bytes.
TEST(QuantitiesBytes, LargeClaimsTakeNoMemory) {
  std::vector<std::uint8_t> bytes;
  pack_quantities({}, bytes);
  bytes.back() = 0xFF;
  bytes.insert(bytes.end(), {0xFF, 0xFF, 0xFF, 0x07});
  EXPECT_THROW((void)unpack_quantities(bytes), Error);
}

}  // namespace
}  // namespace gridqueue

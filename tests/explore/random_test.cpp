#include "host/statistics/random.hpp"

#include <gtest/gtest.h>

namespace gridqueue {
namespace {

// Known answers of the Random123 distribution, kat_vectors: philox4x32 10.
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, 0, 0), (Philox{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, 0xffffffff, 0xffffffff),
            (Philox{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0),
            (Philox{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, PurposesDoNotShareNumbers) {
  EXPECT_NE(random_bits(1, Purpose::order, 0, 0), random_bits(1, Purpose::queue_bus, 0, 0));
  EXPECT_NE(random_bits(1, Purpose::order, 0, 0), random_bits(1, Purpose::order, std::uint64_t{1} << 32, 0));
}

}  // namespace
}  // namespace gridqueue

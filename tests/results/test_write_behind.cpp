#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "host/core/write_behind.hpp"

namespace gridqueue {
namespace {

TEST(WriteBehind, JobsRunInOrder) {
  std::vector<int> ran;
  WriteBehind behind(100);
  for (int i = 0; i < 1000; ++i) behind.post(30, [&ran, i] { ran.push_back(i); });
  behind.wait();
  ASSERT_EQ(ran.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(ran[static_cast<std::size_t>(i)], i);
}

//! No more than the bytes allowed wait, apart from a job that is larger on its own.
TEST(WriteBehind, HoldsNoMoreThanItMay) {
  std::atomic<int> alive = 0, most = 0;
  struct Held {
    std::atomic<int>& alive;
    explicit Held(std::atomic<int>& a) : alive(a) { ++alive; }
    Held(const Held& other) : alive(other.alive) { ++alive; }
    ~Held() { --alive; }
  };
  WriteBehind behind(50);
  for (int i = 0; i < 200; ++i)
    behind.post(10, [held = Held(alive), &most, &alive] { most = std::max(most.load(), alive.load()); });
  behind.post(1000, [] {});
  behind.wait();
  EXPECT_LE(most, 8);  // five, and copies on their way in
  EXPECT_GE(most, 1);
}

TEST(WriteBehind, AFailureIsThrownLaterAndEndsIt) {
  std::vector<int> ran;
  WriteBehind behind(1 << 20);
  behind.post(1, [] { throw std::runtime_error("disk full"); });
  EXPECT_THROW(behind.wait(), std::runtime_error);
  EXPECT_THROW(behind.post(1, [&ran] { ran.push_back(1); }), std::runtime_error);
  EXPECT_TRUE(ran.empty());
}

TEST(WriteBehind, EndsWhatWasPosted) {
  int ran = 0;
  {
    WriteBehind behind(1000);
    for (int i = 0; i < 50; ++i) behind.post(10, [&ran] { ++ran; });
  }
  EXPECT_EQ(ran, 50);
}

}  // namespace
}  // namespace gridqueue

// When a step is, in words.
#include <gtest/gtest.h>

#include "host/outcome/observed.hpp"

namespace gridqueue {
namespace {

TEST(ClockTime, OfOneDayIsItsHour) {
  const TimeAxis day;
  EXPECT_EQ(clock_time(day, -1), "");
  EXPECT_EQ(clock_time(day, 0), "00:05");
  EXPECT_EQ(clock_time(day, 150), "12:35");
  EXPECT_EQ(clock_time(day, 287), "24:00");
}

TEST(ClockTime, FollowsTheStepsLengthAndStart) {
  EXPECT_EQ(clock_time({3600, {{0, 0}}}, 11), "12:00");
  EXPECT_EQ(clock_time({900, {{0, 12}}}, 0), "12:15");
  EXPECT_EQ(clock_time({3600, {{0, 4380}}}, 0), "13:00 of day 183");
}

TEST(ClockTime, OfSeveralDaysSaysWhich) {
  const TimeAxis days{3600, {{0, 0}, {24, 4368}}};
  EXPECT_EQ(clock_time(days, 23), "24:00 of day 1");
  EXPECT_EQ(clock_time(days, 24), "01:00 of day 183");
  EXPECT_EQ(clock_time(days, 47), "24:00 of day 183");
}

}  // namespace
}  // namespace gridqueue

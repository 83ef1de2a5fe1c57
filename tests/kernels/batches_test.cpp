// Batches on their way through devices: the same results however many devices and slots they pass. The devices here are
// emulated on the CPU, so that only what surrounds the kernels is under test.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "kernels/ac/day.hpp"
#include "kernels/backends/cuda_evaluator.hpp"
#include "tests/kernels/support.hpp"

namespace gridqueue {
namespace {

//! Runs a batch when it is waited for, so that results read too early are wrong.
class EmulatedDevice final : public DeviceDay<double> {
 public:
  //! `fails`: the wait that throws, counted from 1; 0 = none.
  EmulatedDevice(const CompiledFeeder<double>& feeder, std::size_t capacity, int fails = 0)
      : feeder_(feeder), view_(feeder_.view()), capacity_(capacity), fails_(fails) {}
  void use() override {}
  [[nodiscard]] std::size_t capacity() const override { return capacity_; }
  [[nodiscard]] std::size_t wave() const override { return 3; }
  DayBuffers<double> reserve(int slot, std::size_t count) override {
    Slot& s = slots_[slot];
    EXPECT_FALSE(s.running);
    const auto rows = static_cast<std::size_t>(view_.plan.rows);
    s.rows.assign(rows * count, -1.0);
    const auto n = static_cast<std::ptrdiff_t>(count);
    return {s.rows.data(), s.rows.data() + view_.plan.first_output * n, {n, 1}, {n, 1}};
  }
  void start(int slot, std::size_t count) override {
    EXPECT_LE(count, capacity_);
    slots_[slot].running = count;
  }
  void wait(int slot) override {
    Slot& s = slots_[slot];
    if (++waits_ == fails_) throw std::runtime_error("out of order");
    for (std::size_t i = 0; i < s.running; ++i)
      evaluate_day<double>(view_, Column<double>{s.rows.data() + i, static_cast<std::int64_t>(s.running)});
    s.running = 0;
  }
  void drain() noexcept override {
    for (Slot& s : slots_) s.running = 0;
  }
  [[nodiscard]] std::string kind() const override { return "emulated"; }
  [[nodiscard]] std::string description() const override { return "emulated"; }

 private:
  struct Slot {
    std::vector<double> rows;
    std::size_t running = 0;
  };
  CompiledFeeder<double> feeder_;
  FeederView<double> view_;
  std::size_t capacity_;
  int fails_, waits_ = 0;
  Slot slots_[kSlots];
};

std::unique_ptr<Evaluator> on_devices(std::size_t devices, std::size_t capacity) {
  const EvaluatorOptions options = radial_options(Backend::cpu, Precision::dual);
  return make_batched_evaluator<double>(radial(), options, [&](const CompiledFeeder<double>& feeder) {
    DeviceDays<double> days;
    for (std::size_t d = 0; d < devices; ++d) days.push_back(std::make_unique<EmulatedDevice>(feeder, capacity));
    return days;
  });
}

TEST(Batches, DevicesAndCapacityChangeNoBit) {
  const StateBatch batch = some_states(41);
  const auto one = on_devices(1, 1000)->evaluate(batch);
  for (const auto& [devices, capacity] : {std::pair<std::size_t, std::size_t>{1, 2}, {2, 7}, {3, 1000}, {3, 1}}) {
    const auto more = on_devices(devices, capacity)->evaluate(batch);
    ASSERT_EQ(more.size(), one.size());
    for (std::size_t i = 0; i < one.size(); ++i) expect_identical(one[i], more[i], i);
  }
}

TEST(Batches, DecideAsTheCpu) {
  const auto found = on_devices(2, 5)->evaluate(some_states(23));
  const auto reference =
      make_evaluator(radial(), radial_options(Backend::cpu, Precision::dual))->evaluate(some_states(23));
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].violations, reference[i].violations) << i;
    EXPECT_NEAR(found[i][limit_vdiff].value, reference[i][limit_vdiff].value, 1e-7) << i;
    EXPECT_EQ(found[i].overloaded_branches, reference[i].overloaded_branches) << i;
  }
}

TEST(Batches, ADeviceWithoutRoomIsAnError) { EXPECT_THROW(on_devices(1, 0), Error); }

//! A slot that is reserved while its batch runs fails in EmulatedDevice::reserve().
TEST(Batches, WhatADeviceHadUnderWayIsGivenUpWithTheBatchThatFailed) {
  const StateBatch batch = some_states(23);
  const auto one = on_devices(1, 1000)->evaluate(batch);
  for (const int fails : {2, 3, 5}) {  // the first wait is the base case's
    const auto evaluator = make_batched_evaluator<double>(
        radial(), radial_options(Backend::cpu, Precision::dual), [&](const CompiledFeeder<double>& feeder) {
          DeviceDays<double> days;
          days.push_back(std::make_unique<EmulatedDevice>(feeder, 3, fails));
          return days;
        });
    EXPECT_THROW(evaluator->evaluate(batch), std::runtime_error);
    const auto again = evaluator->evaluate(batch);
    for (std::size_t i = 0; i < one.size(); ++i) expect_identical(one[i], again[i], i);
  }
}

TEST(Batches, ErrorsOfInputsLeaveNoThreadBehind) {
  StateBatch batch = some_states(9);
  batch.add_der(radial().find_bus("bus_1701").value(), 10);
  batch.finish_state(UpgradeSetId(0));
  EXPECT_THROW(on_devices(2, 3)->evaluate(batch), Error);
}

}  // namespace
}  // namespace gridqueue

#include "kernels/team/team_cpu.hpp"

#include <algorithm>

#include "kernels/team/team_day.hpp"
#include "kernels/team/team_feeder.hpp"

namespace gridqueue {
namespace {

template <class Real>
class EmulatedTeamDay final : public DeviceDay<Real> {
 public:
  EmulatedTeamDay(const CompiledFeeder<Real>& feeder, int lanes, LaneOrder order)
      : feeder_(feeder), view_(feeder_.view()), team_(make_team_feeder(feeder_, lanes)), order_(order) {}
  void use() override {}
  [[nodiscard]] std::size_t capacity() const override { return 4096; }
  [[nodiscard]] std::size_t wave() const override { return 64; }
  DayBuffers<Real> reserve(int slot, std::size_t count) override {
    Slot& s = slots_[slot];
    s.inputs.resize(inputs() * count);
    s.outputs.resize(outputs() * count);
    const auto in = static_cast<std::ptrdiff_t>(inputs()), out = static_cast<std::ptrdiff_t>(outputs());
    return {s.inputs.data(), s.outputs.data(), {1, in}, {1, out}};
  }
  void start(int slot, std::size_t count) override {
    Slot& s = slots_[slot];
    const TeamView<Real> t = team_.view();
#pragma omp parallel
    {
      EmulatedTeam<Real> lanes(t.size, order_);
      std::vector<Real> scratch(static_cast<std::size_t>(team_.scratch.size));
      const TeamState<Real, EmulatedTeam<Real>> state{view_, t, team_.scratch, scratch.data(), lanes};
#pragma omp for schedule(dynamic, 1)
      for (std::size_t i = 0; i < count; ++i)
        evaluate_team_day(state, s.inputs.data() + i * inputs(), s.outputs.data() + i * outputs());
    }
  }
  void wait(int) override {}
  void drain() noexcept override {}
  [[nodiscard]] std::string kind() const override {
    return "CPU, emulated teams of " + std::to_string(team_.shape.size) + " lanes";
  }
  [[nodiscard]] std::string description() const override { return kind(); }

 private:
  struct Slot {
    std::vector<Real> inputs, outputs;
  };
  [[nodiscard]] std::size_t inputs() const { return static_cast<std::size_t>(view_.plan.voltage); }
  [[nodiscard]] std::size_t outputs() const {
    return static_cast<std::size_t>(view_.plan.rows - view_.plan.first_output);
  }

  CompiledFeeder<Real> feeder_;
  FeederView<Real> view_;
  TeamFeeder<Real> team_;
  LaneOrder order_;
  Slot slots_[DeviceDay<Real>::kSlots];
};

}  // namespace

template <class Real>
std::unique_ptr<DeviceDay<Real>> make_emulated_team_day(const CompiledFeeder<Real>& feeder, int lanes,
                                                        LaneOrder order) {
  const int buses = static_cast<int>(feeder.bus.size());
  const int enough = lanes > 0 ? std::max(lanes, (buses + kTeamBuses - 1) / kTeamBuses) : team_lanes(buses);
  return std::make_unique<EmulatedTeamDay<Real>>(feeder, enough, order);
}
template std::unique_ptr<DeviceDay<float>> make_emulated_team_day(const CompiledFeeder<float>&, int, LaneOrder);
template std::unique_ptr<DeviceDay<double>> make_emulated_team_day(const CompiledFeeder<double>&, int, LaneOrder);

}  // namespace gridqueue

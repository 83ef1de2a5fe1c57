// Team = evaluation: a warp, or for larger feeders a block, with the scratch in shared memory. What they compute stands
// in team_day.hpp, which the CPU emulates.
#pragma once
#include "kernels/cuda/device_slots.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/thread_teams.cuh"
#include "kernels/team/team_feeder.hpp"

namespace gridqueue {

//! A batch's days, evaluation = team.
template <class Real, bool kWholeBlock>
struct DayOfTeam {
  using Number = Real;
  using Team = std::conditional_t<kWholeBlock, BlockTeam<Real>, WarpTeam<Real>>;
  FeederView<Real> feeder;
  TeamView<Real> team;
  TeamScratch plan;
  const Real* inputs;  //!< [batch][plan.voltage rows]
  Real* outputs;       //!< [batch][rows - first_output]

  __device__ __forceinline__ void operator()(std::int64_t evaluation, std::int32_t lane, Real* shared) const {
    TeamLane<Real> registers;
    Team lanes = [&]() -> Team {
      if constexpr (kWholeBlock) return {lane, registers, shared + plan.size};
      else return {lane, registers};
    }();
    const TeamState<Real, Team> state{feeder, team, plan, shared, lanes};
    evaluate_team_day(state, inputs + evaluation * feeder.plan.voltage,
                      outputs + evaluation * (feeder.plan.rows - feeder.plan.first_output));
  }
};

//! The team's tables mirrored on the device.
template <class Real>
class DeviceTeamFeeder {
 public:
  explicit DeviceTeamFeeder(const TeamFeeder<Real>& f)
      : number_(to_device(f.number)), injection_(to_device(f.injection)), shunt_(to_device(f.shunt)),
        initial_voltage_(to_device(f.initial_voltage)), index_(to_device(f.index)),
        parent_of_recloser_(to_device(f.parent_of_recloser)), zone_(to_device(f.zone)), view_(f.shape) {
    view_.number = number_.data();
    view_.index = index_.data();
    view_.injection = injection_.data();
    view_.shunt = shunt_.data();
    view_.zone = zone_.data();
    view_.parent_of_recloser = parent_of_recloser_.data();
    view_.initial_voltage = initial_voltage_.data();
  }
  [[nodiscard]] const TeamView<Real>& view() const { return view_; }

 private:
  DeviceArray<Real> number_;
  DeviceArray<InjectionRecord<Real>> injection_;
  DeviceArray<Real> shunt_, initial_voltage_;
  DeviceArray<std::int32_t> index_, parent_of_recloser_;
  DeviceArray<ZoneRecord> zone_;
  TeamView<Real> view_;
};

template <class Real>
class TeamDay final : public SlotDay<Real> {
 public:
  TeamDay(const CompiledFeeder<Real>& feeder, int device)
      : TeamDay(feeder, make_team_feeder(feeder, team_lanes(feeder.shape.num_buses)), device) {}

  [[nodiscard]] std::size_t wave() const override { return launch_.teams_at_once; }
  [[nodiscard]] std::string kind() const override {
    return this->info().name + (whole_block() ? ", block of " : ", warp of ") + std::to_string(tables_.view().size) +
           " lanes = evaluation";
  }
  [[nodiscard]] std::string description() const override {
    return kind() + ", " + std::to_string(launch_.shared_bytes) + " bytes of shared memory each, " +
           std::to_string(launch_.teams_at_once) + " at once, " + std::to_string(launch_.teams_per_block) + " a block";
  }

 private:
  TeamDay(const CompiledFeeder<Real>& feeder, const TeamFeeder<Real>& team, int device)
      : SlotDay<Real>(feeder, device,
                      {feeder.shape.plan.voltage, feeder.shape.plan.voltage,
                       feeder.shape.plan.voltage + feeder.shape.plan.rows - feeder.shape.plan.first_output, false}),
        scratch_(team.scratch), tables_(team), launch_(whole_block() ? prepare<true>() : prepare<false>()) {}

  [[nodiscard]] bool whole_block() const { return tables_.view().size > kWarp; }
  [[nodiscard]] int stride() const { return scratch_.size + (whole_block() ? BlockTeam<Real>::kExchange : 0); }

  template <bool kWholeBlock>
  [[nodiscard]] TeamLaunch prepare() const {
    return prepare_teams<kWholeBlock, DayOfTeam<Real, kWholeBlock>>(tables_.view().size, stride(), this->info());
  }
  template <bool kWholeBlock>
  void run(Real* rows, std::int64_t count, cudaStream_t stream) {
    const DayOfTeam<Real, kWholeBlock> day{this->view(), tables_.view(), scratch_, rows,
                                           rows + count * this->view().plan.voltage};
    launch_teams<kWholeBlock>(count, tables_.view().size, launch_.teams_per_block, stride(), day, stream);
  }
  void evaluate(Real* rows, std::int64_t count, cudaStream_t stream) override {
    whole_block() ? run<true>(rows, count, stream) : run<false>(rows, count, stream);
  }

  TeamScratch scratch_;
  DeviceTeamFeeder<Real> tables_;
  TeamLaunch launch_;
};

}  // namespace gridqueue

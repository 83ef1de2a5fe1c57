// Team = evaluation: a warp, or for larger feeders a block, with the scratch in shared memory. What they compute stands
// in team_day.hpp, which the CPU emulates; here is only how a GPU's lanes exchange numbers.
#pragma once
#include "kernels/device_slots.cuh"
#include "kernels/launch.cuh"
#include "kernels/team_day.hpp"
#include "kernels/team_feeder.hpp"

namespace gridqueue {

constexpr int kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffffu;

template <class Real>
__device__ __forceinline__ Real warp_max(Real x) {
  for (int d = kWarp / 2; d > 0; d /= 2) x = lane_max(x, __shfl_down_sync(kAllLanes, x, d));
  return __shfl_sync(kAllLanes, x, 0);  // one result for all, NaN or not: what follows must not diverge
}

//! One warp; its lanes exchange registers.
template <class Real>
struct WarpTeam {
  std::int32_t lane;
  TeamLane<Real>& mine;
  static constexpr std::int32_t kExchange = 0;  //!< numbers of shared memory besides the scratch

  template <class F>
  __device__ __forceinline__ void each(const F& f) {
    f(lane, mine);
    __syncwarp();
  }
  template <int N, class Access>
  __device__ __forceinline__ void scan(const Access& access) {
    unroll<N>([&](auto n) {
      Real x = access(mine)[n];
      for (int d = 1; d < kWarp; d *= 2) {
        const Real before = __shfl_up_sync(kAllLanes, x, d);
        if (lane >= d) x += before;
      }
      x = __shfl_up_sync(kAllLanes, x, 1);
      access(mine)[n] = lane > 0 ? x : Real(0);
    });
  }
  template <class Access>
  __device__ __forceinline__ Real max(const Access& access) {
    return warp_max(access(mine));
  }
  template <class Access>
  __device__ __forceinline__ bool any(const Access& access) {
    return __any_sync(kAllLanes, access(mine)) != 0;
  }
};

//! All warps of a block: scanned warp by warp, then over the warps' totals in `exchange`.
template <class Real>
struct BlockTeam {
  std::int32_t lane;
  TeamLane<Real>& mine;
  Real* exchange;  //!< [kExchange]
  static constexpr std::int32_t kExchange = kWarp * kTeamParts;

  template <class F>
  __device__ __forceinline__ void each(const F& f) {
    f(lane, mine);
    __syncthreads();
  }
  template <int N, class Access>
  __device__ __forceinline__ void scan(const Access& access) {
    static_assert(N <= kTeamParts);
    const int rank = lane % kWarp, warp = lane / kWarp;
    unroll<N>([&](auto n) {
      Real x = access(mine)[n];
      for (int d = 1; d < kWarp; d *= 2) {
        const Real before = __shfl_up_sync(kAllLanes, x, d);
        if (rank >= d) x += before;
      }
      if (rank == kWarp - 1) exchange[n * kWarp + warp] = x;
      x = __shfl_up_sync(kAllLanes, x, 1);
      access(mine)[n] = rank > 0 ? x : Real(0);
    });
    __syncthreads();
    unroll<N>([&](auto n) {
      Real before(0);
      for (int w = 0; w < warp; ++w) before += exchange[n * kWarp + w];
      access(mine)[n] += before;
    });
    __syncthreads();
  }
  template <class Access>
  __device__ __forceinline__ Real max(const Access& access) {
    const Real largest = warp_max(access(mine));
    if (lane % kWarp == 0) exchange[lane / kWarp] = largest;
    __syncthreads();
    Real all = exchange[0];
    for (int w = 1; w < static_cast<int>(blockDim.x) / kWarp; ++w) all = lane_max(all, exchange[w]);
    __syncthreads();
    return all;
  }
  template <class Access>
  __device__ __forceinline__ bool any(const Access& access) {
    return __syncthreads_or(access(mine)) != 0;
  }
};

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

  __device__ void operator()(std::int64_t evaluation, std::int32_t lane, Real* shared) const {
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
      : number_(to_device(f.number)), shunt_(to_device(f.shunt)), initial_voltage_(to_device(f.initial_voltage)),
        index_(to_device(f.index)), parent_of_recloser_(to_device(f.parent_of_recloser)), zone_(to_device(f.zone)),
        view_(f.shape) {
    view_.number = number_.data();
    view_.index = index_.data();
    view_.shunt = shunt_.data();
    view_.zone = zone_.data();
    view_.parent_of_recloser = parent_of_recloser_.data();
    view_.initial_voltage = initial_voltage_.data();
  }
  [[nodiscard]] const TeamView<Real>& view() const { return view_; }

 private:
  DeviceArray<Real> number_, shunt_, initial_voltage_;
  DeviceArray<std::int32_t> index_, parent_of_recloser_;
  DeviceArray<ZoneRecord> zone_;
  TeamView<Real> view_;
};

template <class Real>
class TeamDay final : public SlotDay<Real> {
 public:
  TeamDay(const CompiledFeeder<Real>& feeder, int device)
      : TeamDay(feeder, make_team_feeder(feeder, team_lanes(feeder.shape.num_buses)), device) {}

  [[nodiscard]] std::size_t capacity() const override {
    return launch_.teams_per_block > 0 ? SlotDay<Real>::capacity() : 0;
  }
  [[nodiscard]] std::size_t wave() const override { return launch_.teams_at_once; }
  [[nodiscard]] std::string description() const override {
    return this->info().name + (whole_block() ? ", block of " : ", warp of ") + std::to_string(tables_.view().size) +
           " lanes = evaluation, " + std::to_string(launch_.shared_bytes) + " bytes of shared memory each, " +
           std::to_string(launch_.teams_at_once) + " at once";
  }

 private:
  TeamDay(const CompiledFeeder<Real>& feeder, const TeamFeeder<Real>& team, int device)
      : SlotDay<Real>(feeder, device,
                      {feeder.shape.plan.voltage, feeder.shape.plan.voltage,
                       feeder.shape.plan.voltage + feeder.shape.plan.rows - feeder.shape.plan.first_output, false}),
        scratch_(team.scratch), tables_(team),
        launch_(plan_team_launch(tables_.view().size, stride(), sizeof(Real), this->info())) {}

  [[nodiscard]] bool whole_block() const { return tables_.view().size > kWarp; }
  [[nodiscard]] int stride() const { return scratch_.size + (whole_block() ? BlockTeam<Real>::kExchange : 0); }

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

#include "kernels/linear_cpu.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>

#include "kernels/cpu_workspace.hpp"
#include "kernels/linear_day.hpp"

namespace gridqueue {
namespace {

template <class Real>
class LinearLauncher {
  using Lane = NativeLane<Real>;
  static constexpr std::size_t kWidth = LaneTraits<Lane>::width;

 public:
  LinearLauncher(const CompiledFeeder<Real>& feeder, const Network& network, const LinearView<Real>& model,
                 const StateBatch& states, const std::vector<std::size_t>& index, const Limits& limits,
                 const Thresholds& pass, const Screening* screening, std::vector<Quantities>& answers,
                 std::vector<char>& near_limit)
      : feeder_(feeder), net_(network), model_(model), view_(feeder.view()), states_(states), index_(index),
        limits_(limits), pass_(pass), screening_(screening), answers_(answers), near_limit_(near_limit),
        plan_(plan_linear_scratch(model.units, model.rows, model.nodes, model.branches, model.flows, view_.num_steps,
                                  view_.num_monitors)) {}

  void run(int threads) {
    const auto groups = static_cast<std::int64_t>((index_.size() + kWidth - 1) / kWidth);
    const int count = static_cast<int>(std::clamp<std::int64_t>(groups, 1, threads > 0 ? threads : omp_get_max_threads()));
#pragma omp parallel num_threads(count)
    {
      const auto workspace = make_workspace<Lane>(view_.plan.rows), scratch = make_workspace<Lane>(plan_.rows);
      for (std::int32_t r = 0; r < view_.plan.rows; ++r) workspace[static_cast<std::size_t>(r)] = Lane(Real(0));
#pragma omp for schedule(dynamic, 4)
      for (std::int64_t g = 0; g < groups; ++g)
        group(static_cast<std::size_t>(g) * kWidth, workspace.get(), scratch.get());
    }
  }

 private:
  void group(std::size_t first, Lane* w, Lane* s) {
    const std::size_t count = std::min(kWidth, index_.size() - first);
    for (std::int32_t r = view_.plan.der; r < view_.plan.voltage; ++r) w[r] = Lane(Real(0));
    for (std::size_t lane = 0; lane < kWidth; ++lane) write_units(index_[first + std::min(lane, count - 1)], static_cast<int>(lane), w);
    const DenseColumn<Lane> work{w}, scratch{s};
    const LinearState<Lane, Real, DenseColumn<Lane>> state{view_, model_, work, scratch, plan_};
    const LinearVerdict<Lane> verdict = linear_day(state, margins());
    for (std::size_t lane = 0; lane < count; ++lane) {
      const RowReader<Real> row{reinterpret_cast<const Real*>(w) + lane, kWidth};
      Quantities& answer = answers_[index_[first + lane]];
      answer = read_quantities(feeder_, net_, row, limits_, pass_);
      if (screening_) near_limit_[index_[first + lane]] = near(answer, verdict, static_cast<int>(lane), row, s);
    }
  }

  void write_units(std::size_t state, int lane, Lane* w) const {
    for (std::uint32_t i = states_.der_offset[state]; i < states_.der_offset[state + 1]; ++i) {
      Lane& power = w[view_.plan.der + feeder_.der_row[states_.der_bus[i].index()]];
      power.set(lane, power[lane] + static_cast<Real>(states_.der_kw[i] * 1e3 / 3.0 / kBaseVa));
    }
  }

  [[nodiscard]] LinearMargins<Real> margins() const {
    if (!screening_) return {0, 0, 0, 0};
    return {static_cast<Real>(screening_->margins.controlled_pu), static_cast<Real>(screening_->margins.controlled_growth),
            static_cast<Real>(screening_->margins.loading),
            static_cast<Real>(pass_.normal_hours * 3600 / net_.step_s)};
  }

  bool near(const Quantities& q, const LinearVerdict<Lane>& v, int lane, const RowReader<Real>& row,
            const Lane* s) const {
    const ScreeningRange range{v.strength2[lane], 100.0 * v.vdiff_low[lane], 100.0 * v.vdiff_high[lane], v.vmax[lane], v.vmin[lane],
                               v.near_hours.lane(lane)};
    return gridqueue::near_limit(q, range, limits_, pass_, screening_->margins, screening_->rank, [&](std::size_t m) {
      const double x = row(view_.plan.change + static_cast<std::int32_t>(m));
      const std::size_t at = static_cast<std::size_t>(plan_.low) + m, high = static_cast<std::size_t>(plan_.high) + m;
      return std::pair(100 * std::min<double>(x, s[at][lane]), 100 * std::max<double>(x, s[high][lane]));
    });
  }

  const CompiledFeeder<Real>& feeder_;
  const Network& net_;
  const LinearView<Real>& model_;
  FeederView<Real> view_;
  const StateBatch& states_;
  const std::vector<std::size_t>& index_;
  const Limits& limits_;
  const Thresholds& pass_;
  const Screening* screening_;
  std::vector<Quantities>& answers_;
  std::vector<char>& near_limit_;
  LinearScratch plan_;
};

}  // namespace

template <class Real>
void evaluate_linear(const CompiledFeeder<Real>& feeder, const Network& network, const LinearView<Real>& model,
                     const StateBatch& states, const std::vector<std::size_t>& index, const Limits& limits,
                     const Thresholds& pass, const Screening* screening, int threads,
                     std::vector<Quantities>& answers, std::vector<char>& near_limit) {
  LinearLauncher<Real>(feeder, network, model, states, index, limits, pass, screening, answers, near_limit).run(threads);
}
template void evaluate_linear(const CompiledFeeder<float>&, const Network&, const LinearView<float>&, const StateBatch&,
                              const std::vector<std::size_t>&, const Limits&, const Thresholds&, const Screening*,
                              int, std::vector<Quantities>&, std::vector<char>&);
template void evaluate_linear(const CompiledFeeder<double>&, const Network&, const LinearView<double>&, const StateBatch&,
                              const std::vector<std::size_t>&, const Limits&, const Thresholds&, const Screening*,
                              int, std::vector<Quantities>&, std::vector<char>&);

}  // namespace gridqueue

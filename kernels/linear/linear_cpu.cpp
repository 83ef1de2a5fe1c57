// Days of the linearized feeder on the CPU: one native vector of states per group, groups spread over threads.
#include <omp.h>

#include <algorithm>
#include <array>
#include <utility>

#include "kernels/lane/cpu_workspace.hpp"
#include "kernels/linear/linear_io.hpp"

namespace gridqueue {
namespace {

template <class Real>
class CpuLinearLauncher final : public LinearLauncher<Real> {
  using Lane = NativeLane<Real>;
  static constexpr std::size_t kWidth = LaneTraits<Lane>::width;

 public:
  CpuLinearLauncher(const CompiledFeeder<Real>& feeder, const Network& network, const LinearRules& rules, int threads)
      : io_(feeder, network, rules), threads_(threads) {}

  int keep(LinearModel<Real> model) override {
    models_.push_back(std::move(model));
    io_.plan(models_.back());
    return static_cast<int>(models_.size()) - 1;
  }
  void clear() override { models_.clear(); }

  void evaluate(const StateBatch& states, const std::vector<LinearJob>& jobs, std::vector<Quantities>& answers,
                std::vector<std::uint32_t>& near_limit) override {
    io_.check(states);  // errors must not leave the parallel region
    Round round{states, {}, {}, answers, near_limit};
    for (const LinearJob& job : jobs) {
      round.ranks.push_back(io_.rank(states, job));
      add_groups(job, round);
    }
    const auto groups = static_cast<std::int64_t>(round.groups.size());
    const int count =
        static_cast<int>(std::clamp<std::int64_t>(groups, 1, threads_ > 0 ? threads_ : omp_get_max_threads()));
#pragma omp parallel num_threads(count)
    {
      const auto column = make_workspace<Lane>(io_.rows().rows);
      std::fill_n(column.get(), io_.rows().rows, Lane(Real(0)));
      std::vector<std::int32_t> present;
#pragma omp for schedule(dynamic, 4)
      for (std::int64_t g = 0; g < groups; ++g)
        run(round.groups[static_cast<std::size_t>(g)], round, present, column.get());
    }
  }

 private:
  struct Group {
    int model;
    std::size_t rank;     //!< of the job
    std::uint64_t units;  //!< LinearIo::unit_bits of all states
    std::size_t count;
    std::array<std::size_t, kWidth> states;
  };
  struct Round {
    const StateBatch& states;
    std::vector<Group> groups;
    std::vector<MonitorRank> ranks;  //!< by job
    std::vector<Quantities>& answers;
    std::vector<std::uint32_t>& near_limit;
  };

  //! Neighbours differ in few units (Gray code), so that a group has few.
  void add_groups(const LinearJob& job, Round& round) const {
    std::vector<std::uint64_t> units;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;  // place in the Gray code, place in the job
    for (std::size_t state : *job.states) {
      units.push_back(io_.unit_bits(round.states, state));
      std::uint64_t rank = units.back();
      for (int shift = 1; shift < 64; shift *= 2) rank ^= rank >> shift;
      order.emplace_back(rank, static_cast<std::uint32_t>(order.size()));
    }
    std::sort(order.begin(), order.end());
    for (std::size_t first = 0; first < order.size(); first += kWidth) {
      Group group{job.model, round.ranks.size() - 1, 0, std::min(kWidth, order.size() - first), {}};
      for (std::size_t i = 0; i < group.count; ++i) {
        const std::size_t k = order[first + i].second;
        group.states[i] = (*job.states)[k];
        group.units |= units[k];
      }
      round.groups.push_back(group);
    }
  }

  //! Lanes beyond the group repeat its last state, so that they add no work of their own.
  void run(const Group& group, const Round& round, std::vector<std::int32_t>& present, Lane* column) const {
    for (std::int32_t row = io_.rows().work.der; row < io_.rows().inputs; ++row) column[row] = Lane(Real(0));
    for (std::size_t lane = 0; lane < kWidth; ++lane)
      io_.add_units(round.states, group.states[std::min(lane, group.count - 1)], [&](std::int32_t row, Real x) {
        column[row].set(static_cast<int>(lane), column[row][static_cast<int>(lane)] + x);
      });
    FeederView<Real> feeder = io_.feeder().view();
    feeder.plan = io_.rows().work;
    LinearView<Real> model = models_[static_cast<std::size_t>(group.model)].view();
    io_.units_of(group.units, present);
    model.present_units = static_cast<std::int32_t>(present.size());
    model.present = present.data();
    linear_day_in_rows<Lane>(feeder, model, io_.rows(), io_.margins(), DenseColumn<Lane>{column});
    for (std::size_t lane = 0; lane < group.count; ++lane) {
      const std::size_t state = group.states[lane];
      const RowReader<Real> row{reinterpret_cast<const Real*>(column) + lane, kWidth};
      round.near_limit[state] = io_.read(row, round.ranks[group.rank], round.answers[state]);
    }
  }

  LinearIo<Real> io_;
  int threads_;
  std::vector<LinearModel<Real>> models_;
};

}  // namespace

template <class, class Real>
std::unique_ptr<LinearLauncher<Real>> make_vector_linear_launcher(const CompiledFeeder<Real>& feeder,
                                                                  const Network& network, const LinearRules& rules,
                                                                  int threads) {
  return std::make_unique<CpuLinearLauncher<Real>>(feeder, network, rules, threads);
}
template std::unique_ptr<LinearLauncher<float>> make_vector_linear_launcher<Vectors, float>(
    const CompiledFeeder<float>&, const Network&, const LinearRules&, int);
template std::unique_ptr<LinearLauncher<double>> make_vector_linear_launcher<Vectors, double>(
    const CompiledFeeder<double>&, const Network&, const LinearRules&, int);

}  // namespace gridqueue

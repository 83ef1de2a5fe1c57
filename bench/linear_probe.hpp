// One set of lines, many states: the linearized feeder's answers, and beside them what only its inside knows.
#pragma once
#include <cmath>
#include <memory>
#include <set>

#include "host/linear/linear_model.hpp"
#include "kernels/linear/linear_io.hpp"

namespace gridqueue::bench {

struct ProbedState {
  Quantities quantities;
  bool near = false;            //!< screening sends it to AC
  double strength = 0;          //!< largest relative change of a unit's current from the base
  bool same_taps = true;        //!< as AC, at every step
  double controlled_error = 0;  //!< [pu] largest of the day, regulators where AC has them
};

template <class Real>
class LinearProbe {
 public:
  //! `ac` is kept and asked for traces.
  explicit LinearProbe(Evaluator& ac)
      : ac_(ac), net_(ac.network()), exact_(compile_feeder<double>(net_, ac.options())),
        feeder_(compile_feeder<Real>(net_, ac.options())), solver_(make_cpu_response_solver()) {
    for (const Bus& b : net_.buses) nodes_ += static_cast<std::size_t>(b.num_nodes);
  }

  //! All states of a batch that has one set of upgraded lines.
  std::vector<ProbedState> run(const StateBatch& states) {
    const Upgrades& lines = states.upgrade_sets.front();
    const double factor = ac_.options().upgrade_factor;
    const std::set<UnitSite> units(states.der_site.begin(), states.der_site.end());
    const LinearAssembler assembler(net_, exact_, factor, make_linear_plan(net_, exact_, {units.begin(), units.end()}));
    const BasePoint base = base_points(exact_, net_, factor, {lines}, assembler.plan().levels).front();
    const auto model = assembler.template model<Real>(lines, base, solver_->responses(assembler.systems(lines, base)));
    LinearIo<Real> io(feeder_, net_, LinearRules{ac_.options().limits, ac_.thresholds(), &margins_});
    io.plan(model);
    const MonitorRank rank = rank_monitors(net_, feeder_.monitor_bus, lines);
    std::vector<ProbedState> out(states.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = probe(io, model.view(), rank, states, i);
    return out;
  }

 private:
  using State = LinearState<Real, Real, DenseColumn<Real>>;

  ProbedState probe(const LinearIo<Real>& io, const LinearView<Real>& model, const MonitorRank& rank,
                    const StateBatch& states, std::size_t i) {
    const LinearRows& rows = io.rows();
    std::vector<Real> column(static_cast<std::size_t>(rows.rows), Real(0));
    const auto at = [&](std::int32_t row) -> Real& { return column[static_cast<std::size_t>(row)]; };
    io.add_units(states, i, [&](std::int32_t row, Real x) { at(row) += x; });
    FeederView<Real> feeder = feeder_.view();
    feeder.plan = rows.work;
    const DenseColumn<Real> work{column.data()}, scratch = work.from(rows.first_scratch);
    linear_day_in_rows<Real>(feeder, model, rows, io.margins(), work);
    ProbedState out;
    out.near = io.read(RowReader<Real>{column.data(), 1}, rank, out.quantities) != 0;
    out.strength = std::sqrt(static_cast<double>(scratch[rows.scratch.verdict + v_strength2]));
    linear_day_in_rows<Real>(feeder, model, rows, LinearMargins<Real>{}, work);  // leaves the day's own taps behind
    const DayTrace day = ac_.trace(one_state(states, i));
    if (model.regulators == 0 || day.tap.size() != net_.num_steps() * net_.regulators.size()) return out;
    const State state{feeder, model, work, scratch, rows.scratch};
    for (std::int32_t k = 0; k < feeder.num_steps; ++k) compare_step(state, k, day, out);
    return out;
  }

  static StateBatch one_state(const StateBatch& states, std::size_t i) {
    StateBatch one;
    one.upgrade_sets = states.upgrade_sets;
    one.add_state_of(states, i);
    return one;
  }

  //! Taps of run k, and the controlled voltages at AC's taps: N (1 + D / t) with N of settle_taps.
  void compare_step(const State& d, std::int32_t k, const DayTrace& day, ProbedState& out) const {
    const auto step = static_cast<std::size_t>(d.f.step[k].step);
    const LinearRun<Real>& run = d.m.run[k];
    Real moved[kBank], mean = 0;
    for (std::size_t r = 0; r < kBank; ++r) {
      moved[r] = static_cast<Real>(1 + net_.regulators[r].tap_step * day.tap[kBank * step + r]) - d.m.ratio[r];
      mean += moved[r] / kBank;
    }
    out.same_taps = out.same_taps && std::abs(mean - d.s[d.plan.moves + (kBank + 1) * k + kBank]) < 1e-4;
    const StepPoint<Real, Real> at{run.sun, run.dl, run.sun_dl, run.sun2, run.sun * mean};
    for (std::int32_t r = 0; r < kBank; ++r) {
      Real v = run.controlled[r] + sun_part(d.s.from(d.plan.controlled + r), kBank, at);
      for (std::int32_t q = 0; q < kBank; ++q) v += run.coupling[r][q] * moved[q];
      v *= 1 + moved[r] / d.m.ratio[r];
      const auto node = static_cast<std::size_t>(d.f.regulator[r].measured.node[0]);
      const double volts = net_.buses[net_.regulators[static_cast<std::size_t>(r)].bus.index()].kv_base * 1e3;
      const double error = std::abs(static_cast<double>(v) - std::abs(day.voltage[step * nodes_ + node]) / volts);
      out.controlled_error = std::max(out.controlled_error, error);
    }
  }

  Evaluator& ac_;
  const Network& net_;
  CompiledFeeder<double> exact_;
  CompiledFeeder<Real> feeder_;
  std::unique_ptr<ResponseSolver> solver_;
  const ScreeningMargins margins_;
  std::size_t nodes_ = 0;
};

}  // namespace gridqueue::bench

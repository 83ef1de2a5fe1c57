// What a linearized model is made of: the base day's values and the responses of every row, by load level. All double;
// models of any precision are filled from it.
#pragma once
#include <span>
#include <vector>

#include "host/linear/linear_model.hpp"
#include "host/linear/row_builder.hpp"

namespace gridqueue {

//! Three values over the levels.
struct Levels {
  double at[num_levels];
};

class ModelSource {
 public:
  //! `responses` of LinearAssembler::systems(); level_middle is their mean. References are kept.
  ModelSource(const Network& network, const CompiledFeeder<double>& feeder, const LinearPlan& plan,
              std::vector<double> ratio, double upgrade_factor, const Upgrades& upgraded, const BasePoint& base,
              std::span<const Eigen::MatrixXd> responses);

  const Network& net;
  const CompiledFeeder<double>& feeder;
  const LinearPlan& plan;
  const std::vector<double> ratio;                //!< base, by regulator
  const std::vector<std::vector<Complex>>& base;  //!< [num_levels][nodes] [pu]
  const RowBuilder rows;
  const double half;                       //!< half the distance of the outer levels
  const int columns, phase_columns, taps;  //!< unit columns, mean of the phases and by phase; tap columns

  [[nodiscard]] LoadCurve<double> curve(const Levels& y) const;
  //! Through f(level) at the three levels.
  template <class F>
  [[nodiscard]] LoadCurve<double> curve_of(const F& f) const {
    return curve({{f(level_low), f(level_middle), f(level_high)}});
  }
  template <class F>
  [[nodiscard]] TapSlope<double> slope_of(const F& f) const {
    return {f(level_middle), (f(level_high) - f(level_low)) / (2 * half)};
  }

  [[nodiscard]] double magnitude(int level, int node) const {
    return std::abs(base[static_cast<std::size_t>(level)][static_cast<std::size_t>(node)]);
  }
  //! A row of the base day, and a pair of rows (re, im).
  [[nodiscard]] double value(int level, int row) const { return value_[level][row]; }
  [[nodiscard]] Complex phasor(int level, int row) const { return {value_[level][row], value_[level][row + 1]}; }
  //! Of a row to a column of LinearAssembler::systems().
  [[nodiscard]] double response(int level, int row, int column) const { return response_[level](row, column); }
  //! Of a row to the same current in all phases of a unit; `column` counts two a unit.
  [[nodiscard]] double phase_sum(int level, int row, int column) const;
  //! d(row) / d(ratio r).
  [[nodiscard]] double row_slope(int level, int row, std::size_t r) const;
  [[nodiscard]] TapSlope<double> tap_slope(int row, std::size_t r) const {
    return slope_of([&](int level) { return row_slope(level, row, r); });
  }
  //! A regulator's z at ratio 1 [pu].
  [[nodiscard]] Complex impedance(std::size_t r) const;
  //! 1: behind a regulator.
  [[nodiscard]] int zone(BusId bus) const;
  //! 0-based phase of a bus's node.
  [[nodiscard]] int phase(BusId bus, int node) const {
    return net.buses[bus.index()].phase[static_cast<std::size_t>(node)] - 1;
  }

 private:
  //! Tap columns of a unit change of ratio r: e = V_p + 2 t z J, i = J.
  [[nodiscard]] Eigen::VectorXd tap_direction(int level, std::size_t r) const;

  //! [plan.all_rows][columns of the systems], what is beside the voltages included.
  Eigen::MatrixXd response_[num_levels];
  Eigen::VectorXd value_[num_levels];  //!< [plan.all_rows]
};

//! Units, responses, regulators and node voltages of a model.
template <class Real>
void fill_voltages(const ModelSource& from, LinearModel<Real>& to);
//! Branch currents, flows, monitors and what does not move; needs the voltages.
template <class Real>
void fill_limits(const ModelSource& from, LinearModel<Real>& to);

template <class Real>
LoadCurve<Real> rounded(const LoadCurve<double>& c) {
  return {static_cast<Real>(c.c0), static_cast<Real>(c.c1), static_cast<Real>(c.c2)};
}
template <class Real>
TapSlope<Real> rounded(const TapSlope<double>& t) {
  return {static_cast<Real>(t.c0), static_cast<Real>(t.c1)};
}

}  // namespace gridqueue

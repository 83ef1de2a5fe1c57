// Between a batch's states and the rows of the linearized feeder: inputs, quantities, and what AC should look at again.
// Host only; every launcher's.
#pragma once
#include "kernels/feeder/state_inputs.hpp"
#include "kernels/linear/linear_day.hpp"
#include "kernels/linear/linear_launcher.hpp"

namespace gridqueue {

template <class Real>
class LinearIo {
 public:
  //! References are kept.
  LinearIo(const CompiledFeeder<Real>& feeder, const Network& network, const LinearRules& rules)
      : feeder_(feeder), network_(network), rules_(rules) {}

  //! Plans the rows of models like `model`.
  void plan(const LinearModel<Real>& model);
  [[nodiscard]] const LinearRows& rows() const { return rows_; }
  [[nodiscard]] const CompiledFeeder<Real>& feeder() const { return feeder_; }
  [[nodiscard]] LinearMargins<Real> margins() const;

  //! Throws what a state of the batch is refused for.
  void check(const StateBatch& states) const { check_inputs(feeder_, network_, states); }
  //! What of the job's monitors decides the next upgrade.
  [[nodiscard]] MonitorRank rank(const StateBatch& states, const LinearJob& job) const;

  //! The units of a state, a bit each (of more than 64 several share one).
  [[nodiscard]] std::uint64_t unit_bits(const StateBatch& states, std::size_t state) const;
  //! Numbers of the model's units with those bits.
  void units_of(std::uint64_t bits, std::vector<std::int32_t>& units) const;

  //! Calls add(row, power) for every unit; rows [rows().work.der, rows().inputs) must be 0 before.
  template <class Add>
  void add_units(const StateBatch& states, std::size_t state, const Add& add) const {
    for (std::uint32_t i = states.der_offset[state]; i < states.der_offset[state + 1]; ++i)
      add(rows_.work.der + feeder_.der_row[states.der_site[i].bus.index()],
          static_cast<Real>(states.der_kw[i] * 1e3 / 3.0 / kBaseVa));
  }

  //! One evaluation's quantities from its output rows; returns how AC may decide otherwise (NearBit; 0 without
  //! screening).
  std::uint32_t read(const RowReader<Real>& row, const MonitorRank& rank, Quantities& answer) const;

 private:
  [[nodiscard]] std::size_t bit_of(std::size_t unit) const { return units_ <= 64 ? unit : unit * 64 / units_; }

  const CompiledFeeder<Real>& feeder_;
  const Network& network_;
  LinearRules rules_;
  LinearRows rows_{};
  std::vector<std::int32_t> unit_of_row_;  //!< number of the unit by DER row, -1 = none
  std::size_t units_ = 0;
};

}  // namespace gridqueue

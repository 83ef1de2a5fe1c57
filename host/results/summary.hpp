// How the upgrade bill spreads over a queue's units, over all orders walked.
#pragma once
#include <cstdint>
#include <vector>

#include "host/explore/orders.hpp"

namespace gridqueue {

//! What became of each unit in each order; grows order by order.
class Outcomes {
 public:
  explicit Outcomes(std::size_t num_units) : cost_usd_(num_units), triggers_(num_units, 0), rejects_(num_units, 0) {}

  void append(const Walker& walker, const Trajectories& orders);
  //! One unit of the order that is being added; finish_order() ends it.
  void add(UnitId unit, double cost_usd, bool triggered, bool rejected);
  void finish_order();

  [[nodiscard]] std::size_t num_units() const { return cost_usd_.size(); }
  [[nodiscard]] std::size_t orders() const { return total_usd_.size(); }
  [[nodiscard]] const std::vector<double>& cost_usd(std::size_t unit) const { return cost_usd_[unit]; }  //!< [order]
  [[nodiscard]] const std::vector<double>& total_usd() const { return total_usd_; }                      //!< [order]
  [[nodiscard]] std::uint64_t triggers(std::size_t unit) const { return triggers_[unit]; }  //!< orders, rejected or not
  [[nodiscard]] std::uint64_t rejects(std::size_t unit) const { return rejects_[unit]; }

 private:
  std::vector<std::vector<double>> cost_usd_;
  std::vector<std::uint64_t> triggers_, rejects_;
  std::vector<double> total_usd_;
  double open_total_ = 0;
};

//! [USD]; sd of the sample (n - 1); quantiles interpolate linearly between neighbours.
struct Spread {
  double mean = 0, sd = 0, min = 0, max = 0, median = 0, p95 = 0;
};

struct UnitSummary {
  double trigger_probability = 0;  //!< share of orders in which adding it in full violates a limit (rejected or not)
  double reject_probability = 0;
  Spread pays;
};

//! Orders whose total lies in [low, high]; low == high where few totals are distinct.
struct HistogramBin {
  double low = 0, high = 0;
  std::uint64_t orders = 0;
};

struct Summary {
  std::uint64_t orders = 0;
  std::vector<UnitSummary> units;
  Spread total;
  std::vector<HistogramBin> histogram;  //!< of the total, rising
};

Summary summarize(const Outcomes& outcomes);

}  // namespace gridqueue

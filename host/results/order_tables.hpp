// /upgrade_set, /state, /step and /order: the walk of one queue, order by order, as far as it is kept.
#pragma once
#include <span>

#include "host/outcome/kept.hpp"
#include "host/results/growing_table.hpp"
#include "host/results/order_columns.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

class OrderTables {
 public:
  OrderTables(const Network& network, std::size_t num_units, Kept keep);

  void create(h5::File& file) const;
  //! What the walker has learned since the last call, and these orders.
  void append(const layout::RowSink& sink, const Walker& walker, const Trajectories& orders);
  void append_sets(const layout::RowSink& sink, std::span<const Upgrades> sets);
  void tell(layout::RowCounts& counts) const;
  [[nodiscard]] std::size_t orders() const { return orders_; }  //!< given, kept or not

 private:
  void append_states(const layout::RowSink& sink, const Walker& walker, std::size_t last);
  void append_steps(const layout::RowSink& sink, const Walker& walker, std::size_t last);
  void append_orders(const layout::RowSink& sink, const Walker& walker, std::span<const StepId> taken);

  layout::NodeRows nodes_;
  std::size_t num_units_, words_, areas_, orders_ = 0;
  Kept keep_;
  layout::GrowingTable set_{"upgrade_set", "upgrade_set", "upgrade_line"}, state_{"state", "state"},
      step_{"step", "step", "step_line"}, order_{"order", "realization"};
};

//! [upgrade_set].
std::vector<Upgrades> read_upgrade_sets(const h5::File& file);

}  // namespace gridqueue

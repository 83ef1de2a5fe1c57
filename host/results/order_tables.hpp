// /upgrade_set, /state, /step and /order: the walk of one queue, order by order.
#pragma once
#include <span>

#include "host/results/growing_table.hpp"
#include "host/results/order_columns.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

class OrderTables {
 public:
  OrderTables(const Network& network, std::size_t num_units);

  void create(h5::File& file) const;
  //! What the walker has learned since the last call, and these orders.
  void append(const layout::RowSink& sink, const Walker& walker, const Trajectories& orders);
  void tell(layout::RowCounts& counts) const;
  [[nodiscard]] std::size_t orders() const { return order_.rows(); }

 private:
  void append_sets(const layout::RowSink& sink, const Walker& walker);
  void append_states(const layout::RowSink& sink, const Walker& walker);
  void append_steps(const layout::RowSink& sink, const Walker& walker, std::size_t last);
  void append_orders(const layout::RowSink& sink, const Walker& walker, std::span<const StepId> taken);

  layout::NodeRows nodes_;
  std::size_t num_units_, words_, areas_;
  layout::GrowingTable set_{"upgrade_set", "upgrade_set", "upgrade_line"}, state_{"state", "state"},
      step_{"step", "step", "step_line"}, order_{"order", "realization"};
};

}  // namespace gridqueue

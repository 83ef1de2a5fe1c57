// /queue, /mass, /total and /end: what the orders of every queue say, in both directions.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "host/hdf5/h5.hpp"
#include "host/outcome/queue_outcome.hpp"
#include "host/results/growing_table.hpp"

namespace gridqueue {

class QueueTables {
 public:
  explicit QueueTables(std::size_t most_units) : most_units_(most_units) {}

  void create(h5::File& file) const;
  void append(const layout::RowSink& sink, std::span<const QueueOutcome> queues);
  void tell(layout::RowCounts& counts) const;
  [[nodiscard]] std::size_t queues() const { return queue_.rows(); }

 private:
  void append_masses(const layout::RowSink& sink, std::span<const QueueOutcome> queues);
  void append_totals(const layout::RowSink& sink, std::span<const QueueOutcome> queues);
  void append_ends(const layout::RowSink& sink, std::span<const QueueOutcome> queues);
  [[nodiscard]] std::int64_t number(std::size_t k) const { return static_cast<std::int64_t>(queue_.rows() + k); }
  [[nodiscard]] std::size_t words() const { return (most_units_ + 63) / 64; }

  std::size_t most_units_;
  layout::GrowingTable queue_{"queue", "queue", "queue_line"}, mass_{"mass", "mass"}, total_{"total", "total"},
      end_{"end", "end", "end_line"};
};

//! Most units of any queue of the file.
std::size_t most_units(const h5::File& file);

//! Rows first .. first + count - 1 of /queue with their ends; and their distributions, where asked for.
enum class ReadMasses { no, yes };
std::vector<QueueOutcome> read_queues(const h5::File& file, std::size_t first, std::size_t count, ReadMasses masses);

}  // namespace gridqueue

// The tables of a file of many queues, each column described once for writing (docs/results-format.md).
#pragma once
#include <limits>

#include "host/outcome/queue_outcome.hpp"
#include "host/results/columns.hpp"

namespace gridqueue::layout {

struct QueueRow {
  const QueueOutcome* queue;
  ListPlace lines;
};

//! A state that orders of a queue end in.
struct EndRow {
  std::int64_t queue = 0;
  const FinalState* end;
  ListPlace lines;
};

//! A cost that a unit of a queue may pay.
struct MassRow {
  std::int64_t queue = 0;
  std::int32_t unit = 0;
  double usd = 0, probability = 0;
};

template <class Io>
void queue_unit_columns(Io& io, std::size_t most_units) {
  const auto add = [&](const Column& column, auto get, auto none) {
    io.matrix(column, "unit", most_units, [=](const QueueRow& r, std::size_t u) {
      return u < r.queue->units.size() ? get(r.queue->units[u]) : none;
    });
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  using U = QueueUnit;
  add(
      {"bus", "", "bus the unit stands at, row of /bus; -1 = the queue is shorter"},
      [](const U& u) { return u.bus.value; }, std::int32_t{-1});
  add(
      {"kw", "kW", "PV power at the shape's value 1, over three phases"}, [](const U& u) { return u.kw; }, nan);
  add(
      {"mean_usd", "USD", "mean over orders of what the unit pays"}, [](const U& u) { return u.mean_usd; }, nan);
  add(
      {"mean_se_usd", "USD", "its standard error; 0 = all orders"}, [](const U& u) { return u.mean_se_usd; }, nan);
  add(
      {"sd_usd", "USD", "standard deviation over orders"}, [](const U& u) { return u.sd_usd; }, nan);
  add(
      {"deviation_usd", "USD", "mean over orders of the distance between what the unit pays and its mean"},
      [](const U& u) { return u.deviation_usd; }, nan);
  add(
      {"min_usd", "USD", "smallest cost"}, [](const U& u) { return u.min_usd; }, nan);
  add(
      {"median_usd", "USD", "median over orders"}, [](const U& u) { return u.median_usd; }, nan);
  add(
      {"p95_usd", "USD", "smallest cost with at least 95 % of the orders at or below it"},
      [](const U& u) { return u.p95_usd; }, nan);
  add(
      {"max_usd", "USD", "largest cost"}, [](const U& u) { return u.max_usd; }, nan);
  add(
      {"trigger_probability", "1", "share of orders in which the unit violates a limit"},
      [](const U& u) { return u.trigger_probability; }, nan);
  add(
      {"trigger_se_probability", "1", "its standard error; 0 = all orders"}, [](const U& u) { return u.trigger_se; },
      nan);
  add(
      {"reject_probability", "1", "share of orders in which the unit is rejected"},
      [](const U& u) { return u.reject_probability; }, nan);
}

template <class Io>
void queue_columns(Io& io, std::size_t most_units) {
  using R = QueueRow;
  io.column({"units", "", "units of the queue"},
            [](const R& r) { return static_cast<std::int32_t>(r.queue->units.size()); });
  queue_unit_columns(io, most_units);
  io.column({"total_mean_usd", "USD", "mean over orders of the total"},
            [](const R& r) { return r.queue->total.mean_usd; });
  io.column({"total_mean_se_usd", "USD", "its standard error; 0 = all orders"},
            [](const R& r) { return r.queue->total.mean_se_usd; });
  io.column({"total_sd_usd", "USD", "standard deviation over orders"},
            [](const R& r) { return r.queue->total.sd_usd; });
  io.column({"total_min_usd", "USD", "smallest total"}, [](const R& r) { return r.queue->total.min_usd; });
  io.column({"total_max_usd", "USD", "largest total"}, [](const R& r) { return r.queue->total.max_usd; });
  io.column(
      {"order_gap_usd", "USD", "largest difference between what two orders of the same units cost, over all sets"},
      [](const R& r) { return r.queue->total.order_gap_usd; });
  io.column({"evaluations", "", "daily power flows solved"},
            [](const R& r) { return static_cast<std::int64_t>(r.queue->evaluations); });
  io.column({"lines_probability", "1", "share of orders that end with the lines below, the most probable ones"},
            [](const R& r) { return r.queue->lines_probability; });
  list_columns(io, [](const R& r) { return r.lines; });
}

template <class Io>
void mass_columns(Io& io) {
  io.column({"queue", "", "row of /queue"}, [](const MassRow& r) { return r.queue; });
  io.column({"unit", "", "unit of that queue"}, [](const MassRow& r) { return r.unit; });
  io.column({"usd", "USD", "a cost the unit may pay"}, [](const MassRow& r) { return r.usd; });
  io.column({"probability", "1", "share of orders in which it does"}, [](const MassRow& r) { return r.probability; });
}

template <class Io>
void end_columns(Io& io, std::size_t words) {
  io.column({"queue", "", "row of /queue"}, [](const EndRow& r) { return r.queue; });
  io.column({"probability", "1", "share of the orders that end so"},
            [](const EndRow& r) { return r.end->probability; });
  io.matrix({"in", "", "units accepted, bit u % 64 of word u / 64"}, "word", words,
            [](const EndRow& r, std::size_t w) { return r.end->in.word[w]; });
  list_columns(io, [](const EndRow& r) { return r.lines; });
}

}  // namespace gridqueue::layout

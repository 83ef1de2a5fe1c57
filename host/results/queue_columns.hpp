// The tables that every results file has, of one queue or many, each column described once (docs/results-format.md).
#pragma once
#include <limits>

#include "host/outcome/queue_outcome.hpp"
#include "host/results/growing_table.hpp"

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

//! A cost that a unit of a queue may pay, or its orders' total.
struct MassRow {
  std::int64_t queue = 0;
  std::int32_t unit = 0;
  double usd = 0, probability = 0;
};

//! A number of a unit, or of a queue's total.
template <class T>
struct Number {
  Column column;
  double T::*value;
};

inline constexpr Number<QueueUnit> kUnitNumbers[] = {
    {{"kw", "kW", "PV power at the shape's value 1, over its phases"}, &QueueUnit::kw},
    {{"mean_usd", "USD", "mean over orders of what the unit pays"}, &QueueUnit::mean_usd},
    {{"mean_se_usd", "USD", "its standard error; 0 = all orders"}, &QueueUnit::mean_se_usd},
    {{"sd_usd", "USD", "standard deviation over orders"}, &QueueUnit::sd_usd},
    {{"deviation_usd", "USD", "mean over orders of the distance between what the unit pays and its mean"},
     &QueueUnit::deviation_usd},
    {{"min_usd", "USD", "smallest cost"}, &QueueUnit::min_usd},
    {{"median_usd", "USD", "median over orders"}, &QueueUnit::median_usd},
    {{"p95_usd", "USD", "smallest cost with at least 95 % of the orders at or below it"}, &QueueUnit::p95_usd},
    {{"max_usd", "USD", "largest cost"}, &QueueUnit::max_usd},
    {{"trigger_probability", "1", "share of orders in which the unit violates a limit"},
     &QueueUnit::trigger_probability},
    {{"trigger_se_probability", "1", "its standard error; 0 = all orders"}, &QueueUnit::trigger_se},
    {{"reject_probability", "1", "share of orders in which the unit is rejected"}, &QueueUnit::reject_probability}};

inline constexpr Number<QueueTotal> kTotalNumbers[] = {
    {{"total_mean_usd", "USD", "mean over orders of the total"}, &QueueTotal::mean_usd},
    {{"total_mean_se_usd", "USD", "its standard error; 0 = all orders"}, &QueueTotal::mean_se_usd},
    {{"total_sd_usd", "USD", "standard deviation over orders"}, &QueueTotal::sd_usd},
    {{"total_deviation_usd", "USD", "mean over orders of the distance between the total and its mean"},
     &QueueTotal::deviation_usd},
    {{"total_min_usd", "USD", "smallest total"}, &QueueTotal::min_usd},
    {{"total_max_usd", "USD", "largest total"}, &QueueTotal::max_usd},
    {{"order_gap_usd", "USD", "largest difference between what two orders of the same units cost, over all sets"},
     &QueueTotal::order_gap_usd}};

template <class Io>
void queue_columns(Io& io, std::size_t most_units) {
  using R = QueueRow;
  const auto of_units = [&](const Column& column, auto get, auto none) {
    io.matrix(column, "unit", most_units,
              [=](const R& r, std::size_t u) { return u < r.queue->units.size() ? get(r.queue->units[u]) : none; });
  };
  io.column({"orders", "", "orders walked; 0 = all"},
            [](const R& r) { return static_cast<std::int64_t>(r.queue->orders); });
  io.column({"units", "", "units of the queue"},
            [](const R& r) { return static_cast<std::int32_t>(r.queue->units.size()); });
  of_units(
      {"bus", "", "bus the unit stands at, row of /bus; -1 = the queue is shorter"},
      [](const QueueUnit& u) { return u.site.bus.value; }, std::int32_t{-1});
  of_units(
      {"phases", "", kPhasesMeaning}, [](const QueueUnit& u) { return u.site.phases; }, std::uint8_t{0});
  for (const Number<QueueUnit>& n : kUnitNumbers)
    of_units(
        n.column, [value = n.value](const QueueUnit& u) { return u.*value; }, std::numeric_limits<double>::quiet_NaN());
  for (const Number<QueueTotal>& n : kTotalNumbers)
    io.column(n.column, [value = n.value](const R& r) { return r.queue->total.*value; });
  io.column({"evaluations_asked", "", "daily power flows that its orders need, each on its own"},
            [](const R& r) { return static_cast<std::int64_t>(r.queue->evaluations_asked); });
  io.column({"lines_probability", "1", "share of orders that end with the lines below, the most probable ones"},
            [](const R& r) { return r.queue->upgrades_probability; });
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
void total_columns(Io& io) {
  io.column({"queue", "", "row of /queue"}, [](const MassRow& r) { return r.queue; });
  io.column({"usd", "USD", "a total that an order of the queue may cost"}, [](const MassRow& r) { return r.usd; });
  io.column({"probability", "1", "share of orders that cost it"}, [](const MassRow& r) { return r.probability; });
}

template <class Io>
void end_columns(Io& io, std::size_t words) {
  io.column({"queue", "", "row of /queue"}, [](const EndRow& r) { return r.queue; });
  io.column({"state", "", "row of /state; -1 = states are not kept"},
            [](const EndRow& r) { return r.end->state.value; });
  io.column({"probability", "1", "share of the orders that end so"},
            [](const EndRow& r) { return r.end->probability; });
  io.matrix({"in", "", "units accepted, bit u % 64 of word u / 64"}, "word", words,
            [](const EndRow& r, std::size_t w) { return r.end->in.word[w]; });
  list_columns(io, [](const EndRow& r) { return r.lines; });
}

}  // namespace gridqueue::layout

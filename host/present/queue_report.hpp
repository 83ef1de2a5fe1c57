// What a results file says of one queue, in print and JSON; and of the work it took.
#pragma once
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "host/results/results_reader.hpp"

namespace gridqueue {

void print_units(const ResultsInfo& info, const QueueOutcome& queue);
void print_total(const ResultsInfo& info, const QueueOutcome& queue);
//! Keys that every queue has, of one or of many.
nlohmann::ordered_json queue_json(const ResultsInfo& info, const QueueOutcome& queue);

//! The one queue whose orders the file keeps: all that `sums` has.
void print_sums(const ResultsReader& results, const QueueSums& sums);
nlohmann::ordered_json sums_json(const ResultsReader& results, const QueueSums& sums);

std::uint64_t evaluations_saved(const ResultsInfo& info);  //!< by sharing equal states between orders
void print_effort(const ResultsInfo& info);                //!< power flows, times, the linearized model
nlohmann::ordered_json effort_json(
    const ResultsInfo& info);                      //!< "evaluations", "evaluations_saved", "seconds", "model"
std::string orders_text(const ResultsInfo& info);  //!< "1000 antithetic orders"

//! Share of the orders whose total lies in [low, high]; low == high where few totals are distinct.
struct HistogramBin {
  double low = 0, high = 0, share = 0;
};
//! Of a distribution: value, rising, and share.
std::vector<HistogramBin> histogram(const Masses& distribution);

}  // namespace gridqueue

// The real order of a queue in print and JSON.
#pragma once
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

#include "host/outcome/actual_order.hpp"
#include "host/results/results_reader.hpp"

namespace gridqueue {

void print_actual(const ResultsInfo& info, const ActualOrder& actual, std::ostream& out);
nlohmann::ordered_json actual_json(const ResultsInfo& info, const ActualOrder& actual);

}  // namespace gridqueue

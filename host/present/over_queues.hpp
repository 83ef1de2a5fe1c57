// What many queues say together, in print and JSON.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "host/results/results_reader.hpp"

namespace gridqueue {

void print_over_queues(const ResultsReader& results);
nlohmann::ordered_json over_queues_json(const ResultsReader& results);

}  // namespace gridqueue

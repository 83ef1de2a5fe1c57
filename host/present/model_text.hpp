// What a linear or screened run says of itself.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "host/results/results_reader.hpp"

namespace gridqueue {

void print_model(const ResultsInfo& info);  //!< nothing for AC
nlohmann::ordered_json model_json(const ResultsInfo& info);

}  // namespace gridqueue

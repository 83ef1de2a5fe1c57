// The order gap in print and JSON, and what the mean over orders is called.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "host/outcome/order_gap.hpp"

namespace gridqueue {

//! Two lines: the gap of the total, and whether means over orders are Shapley values.
std::string order_gap_text(const OrderGap& gap);
nlohmann::ordered_json order_gap_json(const OrderGap& gap);
//! Of many queues: in how many of them means over orders are Shapley values.
std::string order_gaps_text(const std::vector<OrderGap>& queues);
nlohmann::ordered_json order_gaps_json(const std::vector<OrderGap>& queues);

//! "the Shapley value" and "from Shapley", or "the mean over orders" and "from the mean".
struct MeanWords {
  const char* value;
  const char* distance;
};
MeanWords mean_words(bool shapley);

}  // namespace gridqueue

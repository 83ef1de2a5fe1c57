#include "host/present/gap_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/core/text.hpp"

namespace gridqueue {

std::string order_gap_text(const OrderGap& g) {
  const std::string total =
      fmt::format("Order gap of the total: {} $ (smallest {}, mean {}, largest {} $).\n",
                  usd_text(g.max_usd - g.min_usd), usd_text(g.min_usd), usd_text(g.mean_usd), usd_text(g.max_usd));
  if (g.source == OrderSource::given) return total + "Means over given orders are no Shapley values.\n";
  const char* whose = g.source == OrderSource::random ? "In the orders walked sets" : "Sets";
  if (g.shapley())
    return total +
           fmt::format("{} of units cost the same whatever their order: means over orders are Shapley values.\n",
                       whose);
  return total + fmt::format(
                     "{} of units cost up to {} $ more in one order than in another: means over orders are no "
                     "Shapley values.\n",
                     whose, usd_text(g.largest_usd));
}

nlohmann::ordered_json order_gap_json(const OrderGap& g) {
  return {{"total", {{"min_usd", g.min_usd}, {"mean_usd", g.mean_usd}, {"max_usd", g.max_usd}}},
          {"gap_usd", g.max_usd - g.min_usd},
          {"largest_of_any_set_usd", g.largest_usd},
          {"means_are_shapley_values", g.shapley()}};
}

namespace {

struct Gaps {
  std::size_t none = 0;  //!< queues whose means are Shapley values
  double largest_usd = 0;
};
Gaps over_queues(const std::vector<OrderGap>& queues) {
  Gaps all;
  for (const OrderGap& g : queues) all.none += g.shapley(), all.largest_usd = std::max(all.largest_usd, g.largest_usd);
  return all;
}

}  // namespace

std::string order_gaps_text(const std::vector<OrderGap>& queues) {
  const Gaps all = over_queues(queues);
  return fmt::format(
      "In {} of {} queues sets of units cost the same whatever their order: there means over orders are Shapley "
      "values.\nThe largest order gap of a set is {} $.\n",
      all.none, queues.size(), usd_text(all.largest_usd));
}

nlohmann::ordered_json order_gaps_json(const std::vector<OrderGap>& queues) {
  const Gaps all = over_queues(queues);
  return {{"queues_with_shapley_values", all.none}, {"largest_of_any_set_usd", all.largest_usd}};
}

MeanWords mean_words(bool shapley) {
  return shapley ? MeanWords{"the Shapley value", "from Shapley"} : MeanWords{"the mean over orders", "from the mean"};
}

}  // namespace gridqueue

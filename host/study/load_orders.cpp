// [orders]: how many orders, which ones, and when to stop.
#include <charconv>

#include "gridqueue/log.hpp"
#include "host/study/take.hpp"

namespace gridqueue {
namespace {

//! 0.9 of "p90"; none for anything that is no percentile between 0 and 100.
std::optional<double> percentile(const std::string& word) {
  double p = 0;
  const char* end = word.data() + word.size();
  if (word.size() < 2 || word[0] != 'p') return {};
  const auto read = std::from_chars(word.data() + 1, end, p);
  if (read.ec != std::errc() || read.ptr != end || !(p > 0 && p < 100)) return {};
  return p / 100;
}

void take_statistic(const Said<std::string>& said, StoppingRule& rule) {
  const std::string total = "total_";
  const bool of_total = said.value.starts_with(total);
  if (const auto p = percentile(of_total ? said.value.substr(total.size()) : said.value)) {
    rule.statistic = of_total ? StopStatistic::total_quantile : StopStatistic::quantile;
    rule.probability = *p;
    return;
  }
  const std::vector<std::pair<std::string, StopStatistic>> words = {{"mean", StopStatistic::mean},
                                                                    {"total_mean", StopStatistic::total_mean},
                                                                    {"probability", StopStatistic::trigger_probability},
                                                                    {"p50", StopStatistic::quantile},
                                                                    {"p90", StopStatistic::quantile},
                                                                    {"total_p90", StopStatistic::total_quantile}};
  rule.statistic = word(said, words);
}

StoppingRule load_until(const Section& s, Sampling sampling) {
  s.allow({"statistic", "half_width_usd", "half_width", "min_orders", "max_orders"});
  StoppingRule rule;
  take_statistic(s.need_text("statistic"), rule);
  const bool probability = rule.statistic == StopStatistic::trigger_probability;
  const std::string key = probability ? "half_width" : "half_width_usd",
                    other = probability ? "half_width_usd" : "half_width";
  if (s.has(other))
    fail_at(s.place(other), fmt::format("statistic \"{}\" needs {} instead", s.text("statistic")->value, key));
  const Said<double> width = s.need_number(key);
  if (!(width.value > 0)) fail_at(width.place, fmt::format("{} is never reached (more than 0 needed)", width.value));
  rule.half_width = width.value;
  const auto least = static_cast<std::int64_t>(2 * cluster_size(sampling));
  take_count(s, "max_orders", least, rule.max_orders, kMostOrders);
  take_count(s, "min_orders", least, rule.min_orders, kMostOrders);
  if (rule.min_orders > rule.max_orders) {
    if (s.has("min_orders"))
      fail_at(s.place("min_orders"), fmt::format("{} is above max_orders ({})", rule.min_orders, rule.max_orders));
    rule.min_orders = rule.max_orders;
  }
  return rule;
}

void check_random_only(const Section& s, const OrdersEntry& o) {
  if (o.method == OrderMethod::random) return;
  for (const char* key : {"antithetic", "until"})
    if (s.has(key)) fail_at(s.place(key), "only method \"random\" samples");
  if (s.has("seed")) log_warn("{}: has no effect (only method \"random\" draws orders)", s.place("seed").text());
}

}  // namespace

void load_orders(const Section& s, OrdersEntry& o) {
  s.allow({"method", "count", "seed", "antithetic", "until", "orders", "max_states"});
  o.place = s.place();
  take_word<OrderMethod>(s, "method",
                         {{"random", OrderMethod::random}, {"given", OrderMethod::given}, {"all", OrderMethod::all}},
                         o.method);
  check_random_only(s, o);
  take_count(s, "count", 1, o.count, kMostOrders);
  take_count(s, "seed", 0, o.seed);
  take_count(s, "max_states", 1, o.max_states);
  if (s.flag("antithetic").value_or(Said<bool>{}).value) o.sampling = Sampling::antithetic;
  if (const auto until = s.table("until")) o.until = load_until(*until, o.sampling);
  if (o.until && s.has("count"))
    fail_at(s.place("count"), "until counts the orders itself; bound them with until.max_orders");
  if (o.count % cluster_size(o.sampling) != 0)
    fail_at(s.place("count"), fmt::format("{} orders are no whole pairs (antithetic orders come two by two)", o.count));
  o.given = s.integer_rows("orders");
  const bool given = o.method == OrderMethod::given;
  if (given && o.given.empty()) fail_at(s.place("orders"), "method \"given\" needs at least one order");
  if (given && s.has("count")) fail_at(s.place("count"), "method \"given\" takes as many orders as are given");
  if (o.method == OrderMethod::all && s.has("count")) fail_at(s.place("count"), "method \"all\" takes every order");
  if (o.method != OrderMethod::all && s.has("max_states"))
    fail_at(s.place("max_states"), "only method \"all\" counts states");
  if (!given && s.has("orders"))
    fail_at(s.place("orders"), "orders are given, but the method is not; set method = \"given\"");
}

}  // namespace gridqueue

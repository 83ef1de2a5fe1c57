// What `gridqueue run` and `gridqueue show` print of many random queues.
#include "host/present/many_queues_report.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "host/present/gap_report.hpp"
#include "host/present/model_text.hpp"
#include "host/present/rules_report.hpp"
#include "host/present/run_report.hpp"
#include "host/results/queues_reader.hpp"

namespace gridqueue {
namespace {

//! One number per queue, and how it spreads over the queues.
struct Over {
  double mean = 0, sd = 0, p5 = 0, median = 0, p95 = 0;
};

Over over(const std::vector<QueueOutcome>& queues, const auto& get) {
  Tally tally(Sampling::independent);
  for (const QueueOutcome& q : queues) tally.add(get(q));
  const auto quantile = tally.quantiles({0.05, 0.5, 0.95});
  return {tally.mean().value, tally.sd(), quantile[0].value, quantile[1].value, quantile[2].value};
}

struct Row {
  const char* key;
  const char* name;
  Over over;
};

std::vector<Row> rows_of(const std::vector<QueueOutcome>& queues) {
  const auto units = [](const QueueOutcome& q, auto get) {
    double sum = 0;
    for (const QueueUnit& u : q.units) sum += get(u);
    return sum;
  };
  return {
      {"total_mean_usd", "total, mean over orders [$]",
       over(queues, [](const QueueOutcome& q) { return q.total.mean_usd; })},
      {"total_sd_usd", "total, sd over orders [$]", over(queues, [](const QueueOutcome& q) { return q.total.sd_usd; })},
      {"total_gap_usd", "total, order gap [$]",
       over(queues, [](const QueueOutcome& q) { return q.total.max_usd - q.total.min_usd; })},
      {"units", "units", over(queues, [](const QueueOutcome& q) { return static_cast<double>(q.units.size()); })},
      {"triggers", "units that trigger",
       over(queues,
            [&](const QueueOutcome& q) { return units(q, [](const QueueUnit& u) { return u.trigger_probability; }); })},
      {"rejects", "units rejected",
       over(queues,
            [&](const QueueOutcome& q) { return units(q, [](const QueueUnit& u) { return u.reject_probability; }); })},
      {"lines", "lines built, most probable set",
       over(queues, [](const QueueOutcome& q) { return static_cast<double>(q.lines.size()); })}};
}

std::vector<QueueCosts> costs_of(const std::vector<QueueOutcome>& queues) {
  std::vector<QueueCosts> costs;
  for (const QueueOutcome& q : queues) costs.push_back(q.costs());
  return costs;
}

std::vector<QueueMoments> totals_of(const std::vector<QueueOutcome>& queues) {
  std::vector<QueueMoments> totals;
  for (const QueueOutcome& q : queues) totals.push_back(q.costs().total);
  return totals;
}

OrderGap gap_of(const QueuesInfo& i, const QueueOutcome& q) {
  const OrderSource source = i.run.provenance.order_method == "all" ? OrderSource::all : OrderSource::random;
  return {source, q.total.min_usd, q.total.mean_usd, q.total.max_usd, q.total.order_gap_usd};
}
std::vector<OrderGap> gaps_of(const QueuesInfo& i, const std::vector<QueueOutcome>& queues) {
  std::vector<OrderGap> gaps;
  for (const QueueOutcome& q : queues) gaps.push_back(gap_of(i, q));
  return gaps;
}

std::string orders_text(const QueuesInfo& i) {
  const Provenance& p = i.run.provenance;
  return p.order_method == "all" ? "all orders of each, exactly"
                                 : fmt::format("{} {}orders of each", p.orders, p.antithetic ? "antithetic " : "");
}

void print_share(const char* name, const Estimate& share) {
  fmt::print("  {:<32} {:6.2f} %", name, 100 * share.value);
  if (std::isfinite(share.standard_error)) fmt::print(" +- {:.2f} %", 100 * share.half_width());
  fmt::print("\n");
}

void print_summary(const std::string& path, const QueuesInfo& info, const std::vector<QueueOutcome>& queues) {
  fmt::print("{} random queues, {}\n\n", queues.size(), orders_text(info));
  if (queues.size() < 2) return;
  fmt::print("{:<32} {:>12} {:>12} {:>12} {:>12} {:>12}\n", "over the queues", "mean", "sd", "5 %", "median", "95 %");
  for (const Row& r : rows_of(queues)) {
    const bool usd = std::string(r.key).ends_with("usd");
    const auto text = [&](double x) { return usd ? usd_text(x) : fmt::format("{:.2f}", x); };
    fmt::print("{:<32} {:>12} {:>12} {:>12} {:>12} {:>12}\n", r.name, text(r.over.mean), text(r.over.sd),
               text(r.over.p5), text(r.over.median), text(r.over.p95));
  }
  const auto costs = costs_of(queues);
  const CostShares shares = cost_shares(costs);
  fmt::print("\nVariance of what a unit pays (sd {}), +- half of the 95 % interval:\n",
             money_text(std::sqrt(cost_variance(costs).sum())));
  print_share("order in the queue", shares.order);
  print_share("place and size of the unit", shares.unit);
  print_share("queue it is in", shares.queue);
  fmt::print("\n{}", order_gaps_text(gaps_of(info, queues)));
  print_effort(info.run);
  print_model(info.run);
  fmt::print("Every queue is in '{}' (gridqueue show {} --queue 0).\n", path, path);
}

nlohmann::ordered_json share_json(double variance, const Estimate& e) {
  nlohmann::ordered_json j{{"usd2", variance}, {"share", e.value}};
  if (std::isfinite(e.standard_error)) j["standard_error"] = e.standard_error, j["interval"] = {e.low, e.high};
  return j;
}

nlohmann::ordered_json variance_json(const std::vector<QueueOutcome>& queues) {
  const auto costs = costs_of(queues);
  const CostVariance v = cost_variance(costs);
  const CostShares s = cost_shares(costs);
  const NestedVariance total = nested_variance(totals_of(queues));
  return {{"unit",
           {{"order", share_json(v.order, s.order)},
            {"place_and_size", share_json(v.unit, s.unit)},
            {"queue", share_json(v.queue, s.queue)}}},
          {"total", {{"order_usd2", total.within}, {"queue_usd2", total.between}}}};
}

void print_summary_json(const std::string& path, const QueuesInfo& info, const std::vector<QueueOutcome>& queues,
                        const std::shared_ptr<const FileSharing>& sharing) {
  nlohmann::ordered_json over_queues;
  if (queues.size() > 1)
    for (const Row& r : rows_of(queues))
      over_queues[r.key] = {
          {"mean", r.over.mean}, {"sd", r.over.sd}, {"p5", r.over.p5}, {"median", r.over.median}, {"p95", r.over.p95}};
  nlohmann::ordered_json json{{"queues", queues.size()},
                              {"order_method", info.run.provenance.order_method},
                              {"orders", info.run.provenance.orders},
                              {"evaluations", info.run.evaluations},
                              {"evaluations_saved", evaluations_saved(info.run)},
                              {"seconds", effort_json(info.run)},
                              {"model", model_json(info.run)},
                              {"over_queues", over_queues},
                              {"order_gap", order_gaps_json(gaps_of(info, queues))}};
  if (queues.size() > 1) json["variance"] = variance_json(queues);
  json["file"] = path;
  if (sharing) json["allocation"] = sharing_json(*sharing);
  fmt::print("{}\n", json.dump(2));
}

void print_queue(std::uint64_t number, const QueuesInfo& info, const QueueOutcome& q) {
  fmt::print("queue {}: {} units, {}\n\n", number, q.units.size(), orders_text(info));
  fmt::print("{:<12} {:>6} {:>9} {:>9} {:>11} {:>9} {:>11} {:>11} {:>11} {:>11}\n", "unit at", "kW", "triggers",
             "rejected", "mean $", "+- $", "sd $", "median $", "95 % $", "max $");
  for (const QueueUnit& u : q.units)
    fmt::print("{:<12} {:>6.0f} {:>7.2f} % {:>7.2f} % {:>11} {:>9} {:>11} {:>11} {:>11} {:>11}\n",
               info.bus[u.bus.index()], u.kw, 100 * u.trigger_probability, 100 * u.reject_probability,
               usd_text(u.mean_usd), u.mean_se_usd > 0 ? usd_text(kNormal95 * u.mean_se_usd) : "", usd_text(u.sd_usd),
               usd_text(u.median_usd), usd_text(u.p95_usd), usd_text(u.max_usd));
  fmt::print("\nTotal upgrade cost: mean {}, sd {}, from {} to {}\n", money_text(q.total.mean_usd),
             money_text(q.total.sd_usd), usd_text(q.total.min_usd), money_text(q.total.max_usd));
  fmt::print("{}", order_gap_text(gap_of(info, q)));
  fmt::print("{} lines in {:.2f} % of the orders:", q.lines.size(), 100 * q.lines_probability);
  for (BusId line : q.lines) fmt::print(" {}", info.element[line.index()]);
  fmt::print("\n");
}

void print_queue_json(std::uint64_t number, const QueuesInfo& info, const QueueOutcome& q) {
  nlohmann::ordered_json units = nlohmann::json::array(), lines = nlohmann::json::array();
  for (const QueueUnit& u : q.units)
    units.push_back({{"bus", info.bus[u.bus.index()]},
                     {"kw", u.kw},
                     {"trigger_probability", u.trigger_probability},
                     {"reject_probability", u.reject_probability},
                     {"mean_usd", u.mean_usd},
                     {"mean_se_usd", u.mean_se_usd},
                     {"sd_usd", u.sd_usd},
                     {"median_usd", u.median_usd},
                     {"p95_usd", u.p95_usd},
                     {"max_usd", u.max_usd}});
  for (BusId line : q.lines) lines.push_back(info.element[line.index()]);
  const nlohmann::ordered_json json{{"queue", number},
                                    {"units", units},
                                    {"total",
                                     {{"mean_usd", q.total.mean_usd},
                                      {"mean_se_usd", q.total.mean_se_usd},
                                      {"sd_usd", q.total.sd_usd},
                                      {"min_usd", q.total.min_usd},
                                      {"max_usd", q.total.max_usd}}},
                                    {"order_gap", order_gap_json(gap_of(info, q))},
                                    {"lines", lines},
                                    {"lines_probability", q.lines_probability}};
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

void report_queues(const std::string& path, bool json, const std::shared_ptr<const FileSharing>& sharing) {
  const QueuesReader reader(path);
  if (json) return print_summary_json(path, reader.info(), reader.queues(), sharing);
  print_summary(path, reader.info(), reader.queues());
  if (sharing) print_sharing(*sharing, std::cout);
}

void report_queue(const std::string& path, std::uint64_t queue, bool json) {
  const QueuesReader reader(path);
  const QueueOutcome q = reader.queues(queue, 1).front();
  if (json) print_queue_json(queue, reader.info(), q);
  else print_queue(queue, reader.info(), q);
}

}  // namespace gridqueue

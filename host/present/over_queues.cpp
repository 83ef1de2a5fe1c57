#include "host/present/over_queues.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "host/core/text.hpp"
#include "host/present/gap_report.hpp"
#include "host/present/queue_report.hpp"

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
       over(queues, [](const QueueOutcome& q) { return static_cast<double>(q.upgrades.size()); })}};
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

std::vector<OrderGap> gaps_of(const ResultsInfo& info, const std::vector<QueueOutcome>& queues) {
  std::vector<OrderGap> gaps;
  for (const QueueOutcome& q : queues) gaps.push_back(q.gap(info.source()));
  return gaps;
}

void print_share(const char* name, const Estimate& share) {
  fmt::print("  {:<32} {:6.2f} %", name, 100 * share.value);
  if (std::isfinite(share.standard_error)) fmt::print(" +- {:.2f} %", 100 * share.half_width());
  fmt::print("\n");
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

}  // namespace

void print_over_queues(const ResultsReader& r) {
  const auto queues = r.queues(0, r.queues());
  const ResultsInfo& info = r.info();
  fmt::print("{} random queues, {}\n\n", queues.size(), orders_text(info));
  if (queues.size() < 2) return;
  fmt::print("{:<32} {:>12} {:>12} {:>12} {:>12} {:>12}\n", "over the queues", "mean", "sd", "5 %", "median", "95 %");
  for (const Row& row : rows_of(queues)) {
    const bool usd = std::string(row.key).ends_with("usd");
    const auto text = [&](double x) { return usd ? usd_text(x) : fmt::format("{:.2f}", x); };
    fmt::print("{:<32} {:>12} {:>12} {:>12} {:>12} {:>12}\n", row.name, text(row.over.mean), text(row.over.sd),
               text(row.over.p5), text(row.over.median), text(row.over.p95));
  }
  const auto costs = costs_of(queues);
  const CostShares shares = cost_shares(costs);
  fmt::print("\nVariance of what a unit pays (sd {}), +- half of the 95 % interval:\n",
             money_text(std::sqrt(cost_variance(costs).sum())));
  print_share("order in the queue", shares.order);
  print_share("place and size of the unit", shares.unit);
  print_share("queue it is in", shares.queue);
  fmt::print("\n{}", order_gaps_text(gaps_of(info, queues)));
  print_effort(info);
  fmt::print("Every queue is in '{}' (gridqueue show {} --queue 0).\n", r.path(), r.path());
}

nlohmann::ordered_json over_queues_json(const ResultsReader& r) {
  const auto queues = r.queues(0, r.queues());
  const ResultsInfo& info = r.info();
  nlohmann::ordered_json json{
      {"queues", queues.size()}, {"order_method", info.provenance.order_method}, {"orders", info.provenance.orders}};
  json.update(effort_json(info));
  nlohmann::ordered_json& over = json["over_queues"];
  if (queues.size() > 1)
    for (const Row& row : rows_of(queues))
      over[row.key] = {{"mean", row.over.mean},
                       {"sd", row.over.sd},
                       {"p5", row.over.p5},
                       {"median", row.over.median},
                       {"p95", row.over.p95}};
  json["order_gap"] = order_gaps_json(gaps_of(info, queues));
  if (queues.size() > 1) json["variance"] = variance_json(queues);
  return json;
}

}  // namespace gridqueue

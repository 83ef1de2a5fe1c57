#include "host/present/results_report.hpp"

#include <fmt/ranges.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "host/present/gap_report.hpp"
#include "host/present/json_number.hpp"
#include "host/present/over_queues.hpp"
#include "host/present/queue_report.hpp"
#include "host/present/rules_report.hpp"

namespace gridqueue {
namespace {

//! What the walk had to work out, where that says more than the file.
void print_work(const AnswerCounts& work) {
  if (work.found > 0)
    fmt::print("{} states of the walk were looked up among earlier answers, {} worked out now.\n", work.found,
               work.evaluated);
  if (!work.evaluated_by_rank.empty())
    fmt::print("States worked out by each of {} ranks: {}\n", work.evaluated_by_rank.size(),
               fmt::join(work.evaluated_by_rank, ", "));
}

void print_json(nlohmann::ordered_json json, const std::string& path, const std::shared_ptr<const FileSharing>& sharing,
                const AnswerCounts* work) {
  json["file"] = path;
  if (work)
    json["evaluated"] = work->evaluated, json["looked_up"] = work->found, json["damaged_segments"] = work->damaged;
  if (work && !work->evaluated_by_rank.empty()) json["evaluated_by_rank"] = work->evaluated_by_rank;
  if (sharing) json["allocation"] = sharing_json(*sharing);
  fmt::print("{}\n", json_text(json));
}

}  // namespace

void report_results(const ResultsReader& r, bool json, std::optional<QueueSums> sums,
                    const std::shared_ptr<const FileSharing>& sharing, const AnswerCounts* work) {
  if (r.queues() == 0) return;
  const bool one = r.info().one_queue;
  if (one && !sums) sums = r.sums();
  if (json) return print_json(one ? sums_json(r, *sums) : over_queues_json(r), r.path(), sharing, work);
  if (one) print_sums(r, *sums);
  else print_over_queues(r);
  if (work) print_work(*work);
  if (sharing) print_sharing(*sharing, std::cout);
}

void report_queue(const ResultsReader& r, std::uint64_t number, bool json) {
  const QueueOutcome q = r.queues(number, 1).front();
  if (json) {
    nlohmann::ordered_json j{{"queue", number}};
    j.update(queue_json(r.info(), q));
    fmt::print("{}\n", json_text(j));
    return;
  }
  fmt::print("queue {}: {} units, {}\n\n", number, q.units.size(), orders_text(r.info()));
  print_units(r.info(), q);
  print_total(r.info(), q);
  fmt::print("{} lines in {:.2f} % of the orders:", q.upgrades.size(), 100 * q.upgrades_probability);
  for (const Upgrade& u : q.upgrades) fmt::print(" {}", r.info().element[u.element.index()]);
  fmt::print("\n");
}

}  // namespace gridqueue

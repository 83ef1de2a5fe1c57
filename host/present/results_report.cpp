#include "host/present/results_report.hpp"

#include <fmt/core.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "host/present/gap_report.hpp"
#include "host/present/over_queues.hpp"
#include "host/present/queue_report.hpp"
#include "host/present/rules_report.hpp"

namespace gridqueue {
namespace {

void print_json(nlohmann::ordered_json json, const std::string& path,
                const std::shared_ptr<const FileSharing>& sharing) {
  json["file"] = path;
  if (sharing) json["allocation"] = sharing_json(*sharing);
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

void report_results(const ResultsReader& r, bool json, std::optional<QueueSums> sums,
                    const std::shared_ptr<const FileSharing>& sharing) {
  if (r.queues() == 0) return;
  const bool one = r.info().keeps_orders;
  if (one && !sums) sums = r.sums();
  if (json) return print_json(one ? sums_json(r, *sums) : over_queues_json(r), r.path(), sharing);
  if (one) print_sums(r, *sums);
  else print_over_queues(r);
  if (sharing) print_sharing(*sharing, std::cout);
}

void report_queue(const ResultsReader& r, std::uint64_t number, bool json) {
  const QueueOutcome q = r.queues(number, 1).front();
  if (json) {
    nlohmann::ordered_json j{{"queue", number}};
    j.update(queue_json(r.info(), q));
    fmt::print("{}\n", j.dump(2));
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

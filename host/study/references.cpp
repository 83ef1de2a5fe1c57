#include "host/study/references.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/model/bus_names.hpp"

namespace gridqueue {
namespace {

//! The order as unit indices, each of 0 .. num_units - 1 once.
void check_permutation(const Said<std::vector<std::int64_t>>& order, std::size_t num_units) {
  std::vector<bool> seen(num_units, false);
  for (std::size_t i = 0; i < order.value.size(); ++i) {
    const std::int64_t unit = order.value[i];
    Place at = order.place;
    at.key += fmt::format("[{}]", i);
    if (unit < 0 || unit >= static_cast<std::int64_t>(num_units))
      fail_at(at, fmt::format("no unit {} (the queue has the units 0 to {})", unit, num_units - 1));
    if (seen[static_cast<std::size_t>(unit)]) fail_at(at, fmt::format("unit {} stands twice in this order", unit));
    seen[static_cast<std::size_t>(unit)] = true;
  }
  const auto missing = std::find(seen.begin(), seen.end(), false);
  if (missing != seen.end())
    fail_at(order.place, fmt::format("unit {} is missing in this order ({} of {} units are there)",
                                     missing - seen.begin(), order.value.size(), num_units));
}

}  // namespace

BusId need_bus(const Network& network, const Said<std::string>& name) {
  if (const auto bus = network.find_bus(name.value)) return *bus;
  const std::vector<std::string> names = bus_names(network);
  const std::string near = closest_name(name.value, names);
  fail_at(name.place, fmt::format("unknown bus '{}' (feeder {} has {} buses){}", name.value, network.name, names.size(),
                                  near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

UnitSite need_site(const Network& network, const Said<std::string>& name) {
  try {
    return find_site(network, name.value);
  } catch (const Error& e) {
    fail_at(name.place, e.what());
  }
}

MonitorSet study_monitors(const Study& study, const Network& network) {
  const Said<std::string>& name = study.feeder.monitors;
  if (!study.feeder.monitor_buses.empty() || name.value == "list") {
    MonitorSet set{"list", {}};
    for (const auto& bus : study.feeder.monitor_buses) set.buses.push_back(need_bus(network, bus));
    return set;
  }
  try {
    return monitor_set(network, name.value);
  } catch (const Error& e) {
    fail_at(name.place, e.what());
  }
}

EvaluatorOptions study_options(const Study& study, const Network& network) {
  EvaluatorOptions options;
  options.monitors = study_monitors(study, network);
  options.limits = study.limits;
  options.upgrade_factor = study.upgrades.factor;
  options.precision = exact_precision(network, study.precision);
  if (study.queue.random) options.sites = study_random_sites(study, network);
  else
    for (const Unit& unit : study_queue(study, network).units) options.sites.push_back(unit.site);
  options.only_sites = true;
  return options;
}

namespace {

//! The whole three-phase bus that lies nearest.
UnitSite nearest_site(const Network& network, const UnitEntry& unit) {
  const auto far2 = [&](const Bus& b) { return std::pow(b.x - (*unit.at)[0], 2) + std::pow(b.y - (*unit.at)[1], 2); };
  const Bus* nearest = nullptr;
  UnitSite site;
  for (UnitSite s : sites_of_kind(network, SiteKind::three_phase)) {
    const Bus& b = network.buses[s.bus.index()];
    if (b.has_coordinates && (!nearest || far2(b) < far2(*nearest))) nearest = &b, site = s;
  }
  if (!nearest)
    fail_at(unit.bus.place,
            fmt::format("feeder {} has no three-phase bus with coordinates; name the unit's bus", network.name));
  return site;
}

}  // namespace

Queue study_queue(const Study& study, const Network& network) {
  Queue queue;
  std::vector<std::string> wrong;
  for (const UnitEntry& unit : study.queue.units) {
    try {
      const UnitSite site = unit.at ? nearest_site(network, unit) : need_site(network, unit.bus);
      queue.units.push_back({site, unit.kw.value, unit.name.value});
    } catch (const Error& e) {
      wrong.emplace_back(e.what());
    }
  }
  if (!wrong.empty()) fail(ExitCode::input, "{}", fmt::join(wrong, "\n"));
  for (const std::size_t unit : study.queue.actual) queue.actual.emplace_back(unit);
  return queue;
}

std::vector<UnitSite> study_random_sites(const Study& study, const Network& network, std::string* told) {
  GQ_EXPECT(study.queue.random.has_value());
  const RandomQueueEntry& random = *study.queue.random;
  std::vector<UnitSite> sites;
  for (const auto& name : random.buses) sites.push_back(need_site(network, name));
  std::string left_out;
  if (sites.empty()) sites = where_units_stand(network, sites_of_kind(network, random.kind), left_out);
  if (sites.empty())
    fail_at(random.place, fmt::format("feeder {} has no buses of this kind to draw from; list them with buses = [...]",
                                      network.name));
  if (told) *told = left_out;
  return sites;
}

RandomQueueSpec study_random_queue(const Study& study, const Network& network) {
  RandomQueueSpec spec;
  std::string left_out;
  spec.sites = study_random_sites(study, network, &left_out);
  if (!left_out.empty()) log_warn("queue.random.buses: {}", left_out);
  spec.kw_min = study.queue.random->kw_min.value;
  spec.kw_max = study.queue.random->kw_max.value;
  spec.seed = study.queue.random->seed;
  spec.count = study.queue.random->count.value_or(0);
  return spec;
}

std::uint64_t order_count(const Study& study) {
  if (study.orders.until)
    return study.orders.until->max_orders - study.orders.until->max_orders % cluster_size(study.orders.sampling);
  return study.orders.method == OrderMethod::given ? study.orders.given.size() : study.orders.count;
}

Orders given_orders(const Study& study, std::size_t num_units) {
  Orders orders{num_units, {}};
  for (const auto& order : study.orders.given) {
    check_permutation(order, num_units);
    for (const std::int64_t unit : order.value) orders.unit.push_back(static_cast<std::int32_t>(unit));
  }
  return orders;
}

}  // namespace gridqueue

#include "host/results/model_report.hpp"

#include "host/results/group.hpp"

namespace gridqueue {
namespace {

const char* const kModelGroup = "/model";

std::vector<std::string> near_names() {
  std::vector<std::string> names;
  for (int bit = 0; bit < kNumNear; ++bit) names.emplace_back(near_name(bit));
  return names;
}

void put_near(Group& g, const ModelCounters& c) {
  std::vector<std::int64_t> count;
  std::vector<double> mean, largest;
  for (const NearStates& n : c.near) {
    count.push_back(static_cast<std::int64_t>(n.count));
    mean.push_back(n.count ? n.sum / static_cast<double>(n.count) : 0);
    largest.push_back(n.largest);
  }
  const h5::Shape shape{count.size()};
  const std::vector<std::string> dims{"reason"};
  g.dimension("reason", count.size());
  g.put("reason_name", near_names(), shape, dims, "",
        "why AC decided: near this limit, near another line to upgrade first, or too strong for the model");
  g.put("near_states", count, shape, dims, "", "states solved again in AC for this reason");
  g.put("near_mean", mean, shape, dims, "",
        "mean distance of AC's value from the limit, in the limit's unit (%-points, pu, % or h)");
  g.put("near_largest", largest, shape, dims, "", "largest such distance");
}

void put_differences(Group& g, const Verification& v) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < kNumQuantities; ++k) names.emplace_back(kLimits[k].value);
  std::vector<double> median, p95, largest;
  for (const Difference& d : v.difference)
    median.push_back(d.median), p95.push_back(d.p95), largest.push_back(d.largest);
  const h5::Shape shape{names.size()};
  const std::vector<std::string> dims{"quantity"};
  g.dimension("quantity", names.size());
  g.put("quantity_name", names, shape, dims, "", "quantity of /state");
  g.put("difference_median", median, shape, dims, "",
        "difference to AC over the states verified, in the quantity's unit: median");
  g.put("difference_p95", p95, shape, dims, "", "95 % quantile of the difference");
  g.put("difference_largest", largest, shape, dims, "", "largest difference");
}

}  // namespace

void write_model(h5::File& file, const ModelReport& report) {
  Group g(file, "model");
  put_near(g, report.counters);
  put_differences(g, report.verified);
  const auto number = [&](const char* name, std::uint64_t value) {
    file.attribute<std::int64_t>(kModelGroup, name, static_cast<std::int64_t>(value));
  };
  number("states_linear", report.counters.linear);
  number("states_few", report.counters.ac_few);
  number("states_near", report.counters.ac_near);
  number("sets_linearized", report.counters.models);
  file.attribute<double>(kModelGroup, "seconds_linearize", report.counters.build_seconds);
  number("verified", report.verified.states);
  number("verified_other_limits", report.verified.other_limits);
  number("verified_other_decisions", report.verified.other_decisions);
  file.flush();
}

std::optional<ModelReport> read_model(const h5::File& file) {
  if (!file.exists(kModelGroup)) return {};
  ModelReport r;
  const auto number = [&](const char* name) {
    return static_cast<std::uint64_t>(file.read_attribute<std::int64_t>(kModelGroup, name));
  };
  r.counters.linear = number("states_linear"), r.counters.ac_few = number("states_few"),
  r.counters.ac_near = number("states_near");
  r.counters.models = number("sets_linearized");
  r.counters.build_seconds = file.read_attribute<double>(kModelGroup, "seconds_linearize");
  r.verified.states = number("verified");
  r.verified.other_limits = number("verified_other_limits"),
  r.verified.other_decisions = number("verified_other_decisions");
  const auto count = file.read<std::int64_t>("model/near_states");
  const auto mean = file.read<double>("model/near_mean"), largest = file.read<double>("model/near_largest");
  for (std::size_t k = 0; k < r.counters.near.size(); ++k)
    r.counters.near[k] = {static_cast<std::uint64_t>(count.at(k)), mean.at(k) * static_cast<double>(count.at(k)),
                          largest.at(k)};
  const auto median = file.read<double>("model/difference_median"), p95 = file.read<double>("model/difference_p95"),
             most = file.read<double>("model/difference_largest");
  for (std::size_t k = 0; k < r.verified.difference.size(); ++k)
    r.verified.difference[k] = {median.at(k), p95.at(k), most.at(k)};
  return r;
}

}  // namespace gridqueue

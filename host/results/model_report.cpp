#include "host/results/model_report.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/results/damage.hpp"
#include "host/results/group.hpp"
#include "host/results/row_counts.hpp"

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
  for (std::size_t k = 0; k < kNumQuantities; ++k) names.emplace_back(quantity_info(k).value);
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

template <class Io>
void sample_columns(Io& io) {
  using S = VerifiedState;
  io.column({"sample_queue", "", "queue of a state that was verified"}, [](const S& s) { return s.queue; });
  io.column({"sample_other_limits", "", "1 where AC violates other limits"},
            [](const S& s) { return static_cast<std::uint8_t>(s.other_limits); });
  io.column({"sample_other_decision", "", "1 where AC decides otherwise"},
            [](const S& s) { return static_cast<std::uint8_t>(s.other_decision); });
  io.matrix({"sample_difference", "", "difference to AC, in the quantity's unit"}, "quantity", kNumQuantities,
            [](const S& s, std::size_t k) { return s.difference[k]; });
}
constexpr auto kSampleColumns = [](auto& io) { sample_columns(io); };

void put_sets(Group& g, const std::vector<ForecastSet>& sets) {
  if (sets.empty()) return;
  std::vector<double> states, near;
  std::vector<std::int64_t> count;
  std::vector<std::int32_t> line;
  for (const ForecastSet& s : sets) {
    states.push_back(s.states), near.push_back(s.near), count.push_back(static_cast<std::int64_t>(s.upgrades.size()));
    for (BusId b : lines_of(s.upgrades)) line.push_back(b.value);
  }
  g.dimension("set", sets.size());
  g.put("set_states", states, {sets.size()}, {"set"}, "1", "states expected to share the set, found by trial");
  g.put("set_near_share", near, {sets.size()}, {"set"}, "1", "share of these that AC looks at again");
  g.put("set_line_count", count, {sets.size()}, {"set"}, "", "lines of the set: the next entries of set_line");
  g.dimension("set_entry", line.size());
  g.put("set_line", line, {line.size()}, {"set_entry"}, "", "line, row of /element");
}

std::vector<VerifiedState> read_samples(const h5::File& file) {
  const auto rows = static_cast<std::size_t>(read_row_counts(file).at("sample"));
  const auto queue = file.read_rows<std::int64_t>("model/sample_queue", 0, rows);
  const auto limits = file.read_rows<std::uint8_t>("model/sample_other_limits", 0, rows),
             decision = file.read_rows<std::uint8_t>("model/sample_other_decision", 0, rows);
  const auto difference = file.read_rows<double>("model/sample_difference", 0, rows);
  check_size(file, "model/sample_difference", difference.size(), rows * kNumQuantities);
  need(queue.size() == rows && limits.size() == rows && decision.size() == rows, file,
       "the columns of '/model' differ in length");
  std::vector<VerifiedState> states;
  for (std::size_t i = 0; i < rows; ++i) {
    states.push_back({queue[i], limits[i] != 0, decision[i] != 0, {}});
    std::copy_n(difference.begin() + static_cast<std::ptrdiff_t>(i * kNumQuantities), kNumQuantities,
                states.back().difference.begin());
  }
  return states;
}

void put_counts(h5::File& file, const ModelReport& report) {
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
}

}  // namespace

void ModelTables::create(h5::File& file, const ModelReport& report) const {
  put_counts(file, report);
  Group g(file, "model");
  put_sets(g, report.sets);
  samples_.create<VerifiedState>(file, "state that was verified", kSampleColumns);
}

void ModelTables::update(h5::File& file, WriteBehind& behind, const ModelReport& report) {
  GQ_EXPECT(report.states.size() >= samples_.rows());
  behind.post(0, [&file, report] { put_counts(file, report); });
  samples_.append(layout::RowSink(file, &behind), report.states, kSampleColumns, samples_.rows());
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
  r.states = read_samples(file);
  return r;
}

}  // namespace gridqueue

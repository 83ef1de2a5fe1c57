#include "host/results/results_reader.hpp"

#include <algorithm>
#include <limits>

#include "gridqueue/contracts.hpp"
#include "host/hdf5/h5.hpp"
#include "host/outcome/order_gap.hpp"
#include "host/results/distribution.hpp"
#include "host/results/final_states.hpp"
#include "host/results/layout.hpp"

namespace gridqueue {

std::string file_type(const h5::File& file) {
  return file.has_attribute("", "file_type") ? file.read_attribute<std::string>("", "file_type") : "";
}

h5::File open_results(const std::string& path) { return open_results(path, layout::kFileType); }

h5::File open_results(const std::string& path, const std::string& type) {
  auto file = h5::File::open(path);
  const std::string found = file_type(file);
  if (type == layout::kFileType && found == layout::kQueuesFileType)
    fail_input("'{}' holds the results of many queues (made with queue.random.queues), not of one; see gridqueue show",
               path);
  if (type == layout::kQueuesFileType && found == layout::kFileType)
    fail_input("'{}' holds the results of one queue, not of many", path);
  if (found != type)
    fail_input("'{}' is no results file (its attribute 'file_type' is not '{}'); make one with gridqueue run", path,
               type);
  const auto version = file.read_attribute<std::int64_t>("", "version");
  if (version != layout::kVersion)
    fail_input("'{}' is a results file of version {} (this program reads version {}); run the study again", path,
               version, layout::kVersion);
  return file;
}

Provenance read_provenance(const h5::File& f) {
  const auto text = [&](const char* name) { return f.read_attribute<std::string>("", name); };
  const auto number = [&](const char* name) {
    return static_cast<std::uint64_t>(f.read_attribute<std::int64_t>("", name));
  };
  Provenance p;
  p.program_version = text("program_version");
  p.commit = text("commit");
  p.command_line = text("command_line");
  p.study = text("study");
  p.feeder = text("feeder");
  p.feeder_checksum = text("feeder_checksum");
  if (f.has_attribute("", "feeder_file")) p.feeder_file = text("feeder_file");
  p.backend = text("backend");
  p.device = text("device");
  p.model = text("model");
  p.precision = text("precision");
  p.order_method = text("order_method");
  p.seed = number("seed");
  p.orders = number("orders");
  p.antithetic = number("antithetic") != 0;
  p.until = text("until");
  return p;
}

ResultsInfo read_run(const h5::File& f) {
  const auto number = [&](const char* name) {
    return static_cast<std::uint64_t>(f.read_attribute<std::int64_t>("", name));
  };
  ResultsInfo info;
  info.provenance = read_provenance(f);
  info.committed = number("committed");
  info.evaluations = number("evaluations");
  info.evaluations_asked = number("evaluations_asked");
  info.complete = number("complete") != 0;
  info.half_width = f.has_attribute("", "half_width") ? f.read_attribute<double>("", "half_width")
                                                      : std::numeric_limits<double>::quiet_NaN();
  info.model = read_model(f);
  const auto seconds = [&](const char* name) { return f.read_attribute<double>("", name); };
  info.seconds = {seconds("seconds_total"), seconds("seconds_evaluate"), seconds("seconds_explore"),
                  seconds("seconds_write")};
  return info;
}

namespace {

ResultsInfo read_info(const h5::File& f) {
  ResultsInfo info = read_run(f);
  info.states = f.shape("state/state").at(0);
  info.steps = f.shape("step/step").at(0);
  info.upgrade_sets = f.shape("upgrade_set/upgrade_set").at(0);
  info.unit_bus = f.read<std::string>("unit/bus");
  info.unit_kw = f.read<double>("unit/kw");
  return info;
}

//! Values of one row of a table.
class Row {
 public:
  Row(const h5::File& file, std::string group, std::size_t row) : file_(file), group_(std::move(group)), row_(row) {}
  template <class T>
  [[nodiscard]] T get(const std::string& column) const {
    return file_.read_rows<T>(group_ + "/" + column, row_, 1).at(0);
  }
  template <class T>
  [[nodiscard]] std::vector<T> all(const std::string& column) const {
    return file_.read_rows<T>(group_ + "/" + column, row_, 1);
  }
  [[nodiscard]] double real(const std::string& column) const { return get<double>(column); }
  [[nodiscard]] int integer(const std::string& column) const { return get<std::int32_t>(column); }
  [[nodiscard]] const h5::File& file() const { return file_; }

 private:
  const h5::File& file_;
  std::string group_;
  std::size_t row_;
};

}  // namespace

struct ResultsReader::Impl {
  h5::File file;
  ResultsInfo info;
  std::vector<std::string> buses, nodes, elements, areas;
  std::vector<double> upgrade_usd;  //!< by element

  explicit Impl(const std::string& path) : file(open_results(path)), info(read_info(file)) {
    buses = file.read<std::string>("bus/name");
    nodes = file.read<std::string>("node/name");
    elements = file.read<std::string>("element/name");
    upgrade_usd = file.read<double>("element/upgrade_usd");
    if (file.exists("area/name")) areas = file.read<std::string>("area/name");
  }
  [[nodiscard]] WalkStep read_step(std::size_t id) const;
  [[nodiscard]] Observed read_observed(const Row& row) const;
  [[nodiscard]] std::vector<AreaFlow> read_flows(const Row& row) const;

  //! "" for -1.
  static std::string name(const std::vector<std::string>& names, int index) {
    return index < 0 ? "" : names.at(static_cast<std::size_t>(index));
  }
};

std::vector<AreaFlow> ResultsReader::Impl::read_flows(const Row& row) const {
  std::vector<AreaFlow> flows(areas.size());
  if (areas.empty()) return flows;
  const auto fill = [&](const char* column, FlowRange AreaFlow::*which, double FlowRange::*value) {
    const auto values = row.all<double>(column);
    for (std::size_t a = 0; a < flows.size(); ++a) flows[a].*which.*value = values.at(a);
  };
  fill("p_min_kw", &AreaFlow::p, &FlowRange::min);
  fill("p_max_kw", &AreaFlow::p, &FlowRange::max);
  fill("p_min_abs_kw", &AreaFlow::p, &FlowRange::min_abs);
  fill("q_min_kvar", &AreaFlow::q, &FlowRange::min);
  fill("q_max_kvar", &AreaFlow::q, &FlowRange::max);
  fill("q_min_abs_kvar", &AreaFlow::q, &FlowRange::min_abs);
  return flows;
}

Observed ResultsReader::Impl::read_observed(const Row& row) const {
  Observed o;
  o.converged = row.get<std::uint8_t>("converged") != 0;
  o.violations = row.get<std::uint32_t>("violations");
  for (const LimitInfo& l : kLimits) {
    if (!l.value) continue;
    const auto& names = l.kind == PlaceKind::bus ? buses : l.kind == PlaceKind::node ? nodes : elements;
    o[l.bit] = {row.real(l.value), name(names, row.integer(l.place)), l.step ? row.integer(l.step) : -1,
                row.real(l.excess), name(names, row.integer(l.excess_place))};
  }
  o.taps_min = row.integer("taps_min");
  o.taps_max = row.integer("taps_max");
  o.area_names = areas;
  o.areas = read_flows(row);
  return o;
}

WalkStep ResultsReader::Impl::read_step(std::size_t id) const {
  const Row row(file, "step", id);
  WalkStep s;
  s.unit = UnitId(row.get<std::int32_t>("unit"));
  s.bus = info.unit_bus.at(s.unit.index());
  s.kw = info.unit_kw.at(s.unit.index());
  s.decision = static_cast<Decision>(row.get<std::uint8_t>("decision"));
  s.limits = row.get<std::uint32_t>("limit");
  s.cost_usd = row.real("cost_usd");
  s.hosting_kw = row.real("hosting_kw");
  s.added = read_observed(row);
  const auto offset = static_cast<std::size_t>(row.get<std::int64_t>("line_offset"));
  const auto count = static_cast<std::size_t>(row.integer("line_count"));
  for (const auto line : file.read_rows<std::int32_t>("step/line", offset, count))
    s.lines.push_back({name(elements, line), upgrade_usd.at(static_cast<std::size_t>(line))});
  return s;
}

ResultsReader::ResultsReader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
ResultsReader::~ResultsReader() = default;
ResultsReader::ResultsReader(ResultsReader&&) noexcept = default;

const ResultsInfo& ResultsReader::info() const { return impl_->info; }

std::vector<WalkStep> ResultsReader::walk(std::uint64_t order) const {
  if (order >= impl_->info.committed)
    fail_input("no order {} (the file has {} orders, counted from 0)", order, impl_->info.committed);
  std::vector<WalkStep> steps;
  for (const auto id : impl_->file.read_rows<std::int32_t>("order/step", order, 1))
    steps.push_back(impl_->read_step(static_cast<std::size_t>(id)));
  return steps;
}

SampleStatistics ResultsReader::statistics() const {
  const std::size_t units = impl_->info.unit_bus.size(), orders = impl_->info.committed;
  const h5::File& f = impl_->file;
  const std::size_t steps = f.shape("step/step").at(0);
  const auto unit = f.read_rows<std::int32_t>("step/unit", 0, steps);
  const auto cost = f.read_rows<double>("step/cost_usd", 0, steps);
  const auto limit = f.read_rows<std::uint32_t>("step/limit", 0, steps);
  const auto decision = f.read_rows<std::uint8_t>("step/decision", 0, steps);
  SampleStatistics sample(units, impl_->info.provenance.antithetic ? Sampling::antithetic : Sampling::independent);
  constexpr std::size_t kRows = 100'000;  // at a time
  for (std::size_t first = 0; first < orders; first += kRows) {
    const auto taken = f.read_rows<std::int32_t>("order/step", first, std::min(kRows, orders - first));
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const auto s = static_cast<std::size_t>(taken[i]);
      sample.add(UnitId(unit.at(s)), cost[s], limit[s] != 0, static_cast<Decision>(decision[s]) == Decision::reject);
      if ((i + 1) % units == 0) sample.finish_order();
    }
  }
  return sample;
}

ExactDistribution ResultsReader::distribution() const {
  if (!impl_->file.exists("/distribution"))
    fail_input("'{}' has no exact distribution (its run was interrupted, or it sampled)", impl_->file.path());
  ExactDistribution exact = read_distribution(impl_->file);
  exact.states = impl_->info.states;
  return exact;
}

std::vector<BuiltLine> ResultsReader::upgrade_set(UpgradeSetId set) const {
  const Row row(impl_->file, "upgrade_set", set.index());
  std::vector<BuiltLine> lines;
  for (const auto line : impl_->file.read_rows<std::int32_t>(
           "upgrade_set/line", static_cast<std::size_t>(row.get<std::int64_t>("line_offset")),
           static_cast<std::size_t>(row.integer("line_count"))))
    lines.push_back({Impl::name(impl_->elements, line), impl_->upgrade_usd.at(static_cast<std::size_t>(line))});
  return lines;
}

const std::string& ResultsReader::path() const { return impl_->file.path(); }

std::vector<FinalState> ResultsReader::final_states() const { return read_final_states(impl_->file, impl_->info); }

std::vector<double> ResultsReader::total_usd() const {
  return impl_->file.read_rows<double>("order/total_usd", 0, impl_->info.committed);
}

double ResultsReader::order_gap_usd() const {
  const h5::File& f = impl_->file;
  const auto considered = f.read<std::uint64_t>("state/considered");
  const auto set = f.read<std::int32_t>("state/upgrade_set");
  const auto cost = f.read<double>("upgrade_set/cost_usd");
  const std::size_t words = f.shape("state/considered").at(1);
  std::vector<SetTotal> totals(set.size());
  for (std::size_t s = 0; s < totals.size(); ++s) {
    std::copy_n(considered.begin() + static_cast<std::ptrdiff_t>(s * words), words, totals[s].considered.word.begin());
    totals[s].usd = cost.at(static_cast<std::size_t>(set[s]));
  }
  return largest_order_gap(std::move(totals));
}

}  // namespace gridqueue

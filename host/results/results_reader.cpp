#include "host/results/results_reader.hpp"

#include <algorithm>
#include <limits>

#include "gridqueue/contracts.hpp"
#include "host/hdf5/h5.hpp"
#include "host/results/actual_tables.hpp"
#include "host/results/damage.hpp"
#include "host/results/distribution.hpp"
#include "host/results/estimates.hpp"
#include "host/results/order_tables.hpp"
#include "host/results/queue_tables.hpp"
#include "host/results/row_counts.hpp"

namespace gridqueue {

std::string file_type(const h5::File& file) {
  return file.has_attribute("", "file_type") ? file.read_attribute<std::string>("", "file_type") : "";
}

h5::File open_results(const std::string& path) {
  auto file = h5::File::open(path);
  const std::string found = file_type(file);
  if (found != layout::kFileType && found != layout::kOldQueuesFileType)
    fail_input("'{}' is no results file (its attribute 'file_type' is not '{}'); make one with gridqueue run", path,
               layout::kFileType);
  const auto version = file.read_attribute<std::int64_t>("", "version");
  if (version != layout::kVersion)
    fail_input(
        "'{}' is a results file of version {} (this program reads and goes on with version {}); run the study again",
        path, version, layout::kVersion);
  return file;
}

namespace {

std::uint64_t read_count(const h5::File& f, const char* name) {
  const auto n = f.read_attribute<std::int64_t>("", name);
  need(n >= 0, f, "its attribute '{}' is {}", name, n);
  return static_cast<std::uint64_t>(n);
}

}  // namespace

namespace {

std::map<std::string, std::string> read_study_tables(const h5::File& f) {
  std::map<std::string, std::string> tables;
  if (!f.exists("study_table/name")) return tables;
  const auto names = f.read<std::string>("study_table/name"), texts = f.read<std::string>("study_table/text");
  check_size(f, "study_table/text", texts.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) tables[names[i]] = texts[i];
  return tables;
}

}  // namespace

Provenance read_provenance(const h5::File& f) {
  const auto text = [&](const char* name) { return f.read_attribute<std::string>("", name); };
  Provenance p;
  p.program_version = text("program_version");
  p.commit = text("commit");
  p.command_line = text("command_line");
  p.study = text("study");
  p.tables = read_study_tables(f);
  p.feeder = text("feeder");
  p.feeder_checksum = text("feeder_checksum");
  if (f.has_attribute("", "feeder_digest")) p.feeder_digest = text("feeder_digest");
  if (f.has_attribute("", "feeder_file")) p.feeder_file = text("feeder_file");
  p.backend = text("backend");
  p.device = text("device");
  p.model = text("model");
  p.precision = text("precision");
  p.order_method = text("order_method");
  p.seed = static_cast<std::uint64_t>(f.read_attribute<std::int64_t>("", "seed"));
  p.orders = read_count(f, "orders");
  p.antithetic = read_count(f, "antithetic") != 0;
  p.until = text("until");
  if (f.has_attribute("", "answers")) p.answers = text("answers");
  return p;
}

namespace {

std::vector<UnitSite> read_sites(const h5::File& f, const std::vector<std::string>& buses) {
  const auto phases = f.read<std::uint8_t>("unit/phases");
  const auto names = f.read<std::string>("unit/bus");
  need(names.size() == phases.size() && !names.empty() && names.size() <= kMaxUnits, f, "it is of {} units",
       names.size());
  std::vector<UnitSite> sites;
  for (const std::string& bus : names) {
    const auto found = std::find(buses.begin(), buses.end(), bus);
    if (found == buses.end()) fail_input("'{}' names the bus '{}' of a unit, but no such bus", f.path(), bus);
    sites.emplace_back(BusId(static_cast<std::size_t>(found - buses.begin())), phases[sites.size()]);
  }
  return sites;
}

//! Files of before have no such attribute, and all that there is.
Kept read_keep(const h5::File& f, const ResultsInfo& info) {
  if (!f.has_attribute("", "keep"))
    return !info.one_queue ? Kept::summary : info.source() == OrderSource::all ? Kept::states : Kept::orders;
  const auto name = f.read_attribute<std::string>("", "keep");
  const auto at = std::find(kKeptNames.begin(), kKeptNames.end(), name);
  need(at != kKeptNames.end(), f, "it keeps '{}'", name);
  return static_cast<Kept>(at - kKeptNames.begin());
}

ResultsInfo read_info(const h5::File& f) {
  const auto number = [&](const char* name) { return read_count(f, name); };
  const auto seconds = [&](const char* name) {
    const auto s = f.read_attribute<double>("", name);
    check_number(f, name, s);
    return s;
  };
  ResultsInfo info;
  info.provenance = read_provenance(f);
  info.committed = number("committed");
  info.queues = number("queues");
  if (f.has_attribute("", "first_queue")) info.first_queue = number("first_queue");
  info.evaluations = number("evaluations");
  info.evaluations_asked = number("evaluations_asked");
  info.complete = number("complete") != 0;
  info.half_width = f.has_attribute("", "half_width") ? f.read_attribute<double>("", "half_width")
                                                      : std::numeric_limits<double>::quiet_NaN();
  if (f.has_attribute("", "unsolved")) info.unsolved = f.read_attribute<std::string>("", "unsolved");
  info.model = read_model(f);
  info.seconds = {seconds("seconds_total"), seconds("seconds_evaluate"), seconds("seconds_explore"),
                  seconds("seconds_write")};
  const layout::RowCounts rows = read_row_counts(f);
  const auto count = [&](const char* table) { return static_cast<std::uint64_t>(rows.at(table)); };
  info.summed_up = count("queue");
  info.bus = f.read<std::string>("bus/name");
  info.element = f.read<std::string>("element/name");
  info.upgrade_usd = f.read<double>("element/upgrade_usd");
  need(info.bus.size() == info.element.size() && info.bus.size() == info.upgrade_usd.size(), f,
       "'/bus' and '/element' differ in length");
  check_numbers(f, "element/upgrade_usd", info.upgrade_usd, true);
  info.one_queue = f.exists("unit");
  info.provenance.keep = read_keep(f, info);
  if (!info.one_queue) return info;
  info.upgrade_sets = count("upgrade_set");
  if (info.provenance.keep != Kept::summary) info.states = count("state"), info.steps = count("step");
  info.unit_site = read_sites(f, info.bus);
  if (f.exists("unit/name")) {
    info.unit_name = f.read<std::string>("unit/name");
    check_size(f, "unit/name", info.unit_name.size(), info.unit_site.size());
  }
  info.unit_kw = f.read<double>("unit/kw");
  check_size(f, "unit/kw", info.unit_kw.size(), info.unit_site.size());
  check_numbers(f, "unit/kw", info.unit_kw);
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

std::vector<std::string> ResultsInfo::unit_names() const {
  std::vector<std::string> places;
  for (UnitSite site : unit_site) places.push_back(name(site));
  return unit_labels(unit_name, places);
}

struct ResultsReader::Impl {
  h5::File file;
  ResultsInfo info;
  std::vector<std::string> nodes, areas, regulators, labels;
  TimeAxis axis;

  explicit Impl(const std::string& path)
      : file(open_results(path)), info(read_safely(file, [&] { return read_info(file); })) {
    read_safely(file, [&] { read_places(); });
  }
  void read_places() {
    labels = info.unit_names();
    nodes = file.read<std::string>("node/name");
    if (file.exists("day/first_step")) {
      axis = {file.read_attribute<double>("", "step_s"), {}};
      const auto first = file.read<std::int32_t>("day/first_step");
      const auto hour = file.read<double>("day/start_hour");
      for (std::size_t d = 0; d < first.size(); ++d) axis.days.push_back({first[d], hour.at(d)});
    }
    if (file.exists("area/name")) areas = file.read<std::string>("area/name");
    if (file.exists("regulator/name")) regulators = file.read<std::string>("regulator/name");
  }
  [[nodiscard]] WalkStep read_step(std::size_t id) const;
  [[nodiscard]] Observed read_observed(const Row& row) const;
  [[nodiscard]] std::vector<AreaFlow> read_flows(const Row& row) const;

  [[nodiscard]] const std::vector<std::string>& names_of(PlaceKind kind) const {
    switch (kind) {
      case PlaceKind::bus: return info.bus;
      case PlaceKind::node: return nodes;
      case PlaceKind::regulator: return regulators;
      default: return info.element;
    }
  }
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
    const auto& names = names_of(l.kind);
    o[l.bit] = {row.real(l.value), name(names, row.integer(l.place)), l.step ? row.integer(l.step) : -1,
                row.real(l.excess), name(names, row.integer(l.excess_place))};
    o[l.bit].time = clock_time(axis, o[l.bit].step);
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
  s.site = info.name(info.unit_site.at(s.unit.index()));
  s.name = labels.at(s.unit.index());
  s.kw = info.unit_kw.at(s.unit.index());
  s.decision = static_cast<Decision>(row.get<std::uint8_t>("decision"));
  need(s.decision <= Decision::reject, file, "'step/decision' holds what is no decision");
  s.limits = row.get<std::uint32_t>("limit");
  s.cost_usd = row.real("cost_usd");
  check_number(file, "step/cost_usd", s.cost_usd);
  s.hosting_kw = row.real("hosting_kw");
  s.added = read_observed(row);
  const auto offset = static_cast<std::size_t>(row.get<std::int64_t>("line_offset"));
  const auto count = static_cast<std::size_t>(row.integer("line_count"));
  for (const Upgrade& u : layout::read_entries(file, "step", offset, count))
    s.lines.push_back({name(info.element, u.element.value), u.usd});
  return s;
}

ResultsReader::ResultsReader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
ResultsReader::~ResultsReader() = default;
ResultsReader::ResultsReader(ResultsReader&&) noexcept = default;

const ResultsInfo& ResultsReader::info() const { return impl_->info; }
const std::string& ResultsReader::path() const { return impl_->file.path(); }

std::uint64_t ResultsReader::queues() const { return impl_->info.summed_up; }

void ResultsReader::check_queues(std::uint64_t first, std::uint64_t count) const {
  const std::uint64_t there = queues();
  if (count > there || first > there - count)
    fail_input("no queue {} (the file has {} queues, counted from 0)", std::max(first, there), there);
}

std::vector<QueueOutcome> ResultsReader::queues(std::uint64_t first, std::uint64_t count) const {
  check_queues(first, count);
  return read_safely(impl_->file, [&] {
    return read_queues(impl_->file, first, count, count == 1 ? ReadMasses::yes : ReadMasses::no);
  });
}

std::vector<QueueOutcome> ResultsReader::whole_queues(std::uint64_t first, std::uint64_t count) const {
  check_queues(first, count);
  return read_safely(impl_->file, [&] { return read_queues(impl_->file, first, count, ReadMasses::yes); });
}

QueueSums ResultsReader::sums() const {
  const ResultsInfo& i = impl_->info;
  GQ_EXPECT(i.one_queue);
  if (queues() == 0)
    fail_input("'{}' has no order yet (its run was interrupted); go on with gridqueue run --resume", path());
  return read_safely(impl_->file, [&]() -> QueueSums {
    QueueOutcome outcome = queues(0, 1).front();
    need(outcome.units.size() == i.unit_site.size(), impl_->file, "'/queue' and '/unit' differ in length");
    OrderDistribution orders = read_distribution(impl_->file, outcome);
    return {std::move(outcome), std::move(orders), read_estimates(impl_->file, i.unit_site.size())};
  });
}

std::optional<ActualOrder> ResultsReader::actual() const {
  if (!impl_->info.one_queue) return {};
  return read_safely(impl_->file, [&] { return read_actual(impl_->file, impl_->info.unit_site.size()); });
}

std::vector<WalkStep> ResultsReader::walk(std::uint64_t order) const {
  if (!impl_->info.one_queue)
    fail_input("'{}' keeps no single orders (it is of many queues: queue.random.queues); see gridqueue show --queue",
               path());
  if (impl_->info.provenance.keep != Kept::orders)
    fail_input("'{}' keeps no single orders (output.keep is \"{}\", or its orders are all of them); see gridqueue show",
               path(), kept_name(impl_->info.provenance.keep));
  if (order >= impl_->info.committed)
    fail_input("no order {} (the file has {} orders, counted from 0)", order, impl_->info.committed);
  return read_safely(impl_->file, [&] {
    std::vector<WalkStep> steps;
    const auto ids = impl_->file.read_rows<std::int32_t>("order/step", order, 1);
    check_ids(impl_->file, "order/step", ids, impl_->info.steps);
    for (const auto id : ids) steps.push_back(impl_->read_step(static_cast<std::size_t>(id)));
    return steps;
  });
}

std::vector<Upgrades> ResultsReader::upgrade_sets() const {
  return read_safely(impl_->file, [&] {
    auto sets = read_upgrade_sets(impl_->file);
    check_upgrade_sets(impl_->file, sets);
    return sets;
  });
}

std::vector<double> ResultsReader::total_usd() const {
  return impl_->file.read_rows<double>("order/total_usd", 0, impl_->info.committed);
}

}  // namespace gridqueue

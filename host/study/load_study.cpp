// Study file -> Study: keys, types and values that can be judged without the feeder.
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/core/files.hpp"
#include "host/core/text.hpp"
#include "host/study/limit_keys.hpp"
#include "host/study/queue_file.hpp"
#include "host/study/section.hpp"
#include "host/study/take.hpp"

namespace gridqueue {
namespace {

//! Beside the study, else where the program was started.
std::string find_beside(const std::string& study, const Said<std::string>& file) {
  namespace fs = std::filesystem;
  const fs::path beside = fs::path(study).parent_path() / file.value;
  for (const fs::path& candidate : {beside, fs::path(file.value)})
    if (is_file(candidate)) return candidate.string();
  fail_at(file.place, fmt::format("no such file '{}' (looked beside the study and in the current folder)", file.value));
}

void load_feeder(const Section& s, Study& study) {
  s.allow({"file", "monitors"});
  study.feeder.file = s.need_text("file");
  if (study.feeder.path.empty()) study.feeder.path = find_beside(study.path, study.feeder.file);
  if (!s.has("monitors")) return;
  if (s.is_text("monitors")) {
    study.feeder.monitors = *s.text("monitors");
    return;
  }
  study.feeder.monitors = {"list", s.place("monitors")};
  study.feeder.monitor_buses = s.texts("monitors");
}

UnitEntry load_unit(const Section& s) {
  s.allow({"bus", "kw", "name"});
  UnitEntry unit{s.need_text("bus"), s.need_number("kw")};
  if (const auto name = s.text("name")) unit.name = *name;
  if (!(unit.kw.value > 0))
    fail_at(unit.kw.place, fmt::format("{} kW cannot be queued (a unit has more than 0 kW)", unit.kw.value));
  check_range(unit.kw, 0.0, kMostKw);
  return unit;
}

void check_size(const Place& place, std::size_t units) {
  if (units == 0) fail_at(place, "the queue is empty; give it at least one unit");
  if (units > kMaxUnits) fail_at(place, fmt::format("{} units are too many (at most {})", units, kMaxUnits));
}

RandomQueueEntry load_random_queue(const Section& s) {
  s.allow({"buses", "kw_min", "kw_max", "seed", "count", "until", "queues"});
  RandomQueueEntry r;
  r.place = s.place();
  if (s.is_text("buses"))
    r.kind = word<SiteKind>(*s.text("buses"), {{"three-phase", SiteKind::three_phase},
                                               {"single-phase", SiteKind::single_phase},
                                               {"secondary", SiteKind::secondary},
                                               {"any", SiteKind::any}});
  else if (s.has("buses") && (r.buses = s.texts("buses")).empty()) fail_at(s.place("buses"), "no bus to draw from");
  r.kw_min = s.need_number("kw_min");
  r.kw_max = s.need_number("kw_max");
  if (!(r.kw_min.value > 0))
    fail_at(r.kw_min.place, fmt::format("{} kW cannot be queued (more than 0 kW needed)", r.kw_min.value));
  check_range(r.kw_max, 0.0, kMostKw);
  if (r.kw_min.value > r.kw_max.value)
    fail_at(r.kw_min.place, fmt::format("{} kW is above kw_max ({} kW)", r.kw_min.value, r.kw_max.value));
  take_count(s, "seed", 0, r.seed);
  if (s.has("count") == s.has("until")) fail_at(r.place, "needs either count = N or until = \"trigger\"");
  if (const auto until = s.text("until")) word<int>(*until, {{"trigger", 0}});
  if (const auto count = s.integer("count")) {
    check_size(count->place, static_cast<std::size_t>(std::max<std::int64_t>(count->value, 0)));
    r.count = static_cast<std::size_t>(count->value);
  }
  if (s.has("queues")) take_count(s, "queues", 2, r.queues.emplace(), kMostQueues);
  if (r.queues && static_cast<double>(*r.queues * r.count.value_or(1)) > kMostQueueUnits)
    fail_at(s.place("queues"), fmt::format("{} queues of {} units are too many (at most {:g} units in all)", *r.queues,
                                           r.count.value_or(1), kMostQueueUnits));
  return r;
}

//! What stands in a table that the study names.
CsvTable load_table(const Said<std::string>& file, Study& study) {
  auto& text = study.tables[file.value];
  if (text.empty()) text = read_text_file(find_beside(study.path, file), "table");
  try {
    return parse_csv(text, file.value);
  } catch (const Error& e) {
    fail_at(file.place, e.what());
  }
}

//! Names of the file become the feeder's.
void map_buses(const Said<std::string>& file, Study& study) {
  const auto map = read_bus_map(load_table(file, study));
  std::vector<std::string> lacking;
  for (UnitEntry& unit : study.queue.units) {
    if (unit.at) continue;
    const auto found = map.find(unit.bus.value);
    if (found != map.end()) unit.bus.value = found->second;
    else lacking.push_back(fmt::format("line {}: '{}'", unit.bus.place.line, unit.bus.value));
  }
  if (!lacking.empty())
    fail_at(file.place,
            fmt::format("has no row for {} of the queue's buses:\n  {}", lacking.size(), fmt::join(lacking, "\n  ")));
}

void load_queue_file(const Section& s, Study& study) {
  const Said<std::string> file = s.need_text("file");
  ColumnNames names;
  if (const auto columns = s.table("columns")) {
    columns->allow({std::begin(kQueueColumns), std::end(kQueueColumns)});
    for (const char* key : kQueueColumns)
      if (const auto name = columns->text(key)) names[key] = *name;
  }
  std::vector<std::string> withdrawn{"withdrawn", "cancelled", "canceled"};
  if (s.has("withdrawn")) withdrawn.clear();
  for (const auto& word : s.texts("withdrawn")) withdrawn.push_back(lower_case(word.value));
  QueueFile queue = read_queue_file(load_table(file, study), names, withdrawn);
  study.queue.units = std::move(queue.units), study.queue.actual = std::move(queue.actual);
  check_size(file.place, study.queue.units.size());
  if (const auto map = s.text("bus_map")) map_buses(*map, study);
  if (!queue.withdrawn_lines.empty())
    log_info("{}: {} units; {} withdrawn, line{} {}", file.value, study.queue.units.size(),
             queue.withdrawn_lines.size(), queue.withdrawn_lines.size() == 1 ? "" : "s",
             fmt::join(queue.withdrawn_lines, " "));
}

void load_queue(const Section& s, Study& study) {
  s.allow({"units", "random", "file", "columns", "bus_map", "withdrawn"});
  study.queue.place = s.place();
  if (s.has("units") + s.has("random") + s.has("file") > 1)
    fail_at(s.place(), "has more than one of units, random and file; keep one of them");
  for (const char* key : {"columns", "bus_map", "withdrawn"})
    if (s.has(key) && !s.has("file")) fail_at(s.place(key), "says how to read queue.file, and there is none");
  if (s.has("file")) return load_queue_file(s, study);
  if (const auto random = s.table("random")) {
    study.queue.random = load_random_queue(*random);
    return;
  }
  for (const Section& unit : s.tables("units")) study.queue.units.push_back(load_unit(unit));
  check_size(s.place("units"), study.queue.units.size());
}

void load_limits(const Section& s, Limits& limits) {
  std::vector<std::string> names;
  for (const LimitKey& k : kLimitKeys) names.emplace_back(k.name);
  s.allow(names);
  for (const LimitKey& k : kLimitKeys) take_number(s, k.name, 0, limits.*k.member);
  for (const LimitPair& p : kLimitPairs)
    if (limits.*p.low >= limits.*p.high)
      fail_at(s.place(p.low_name),
              fmt::format("{} pu is not below {} ({} pu)", limits.*p.low, p.high_name, limits.*p.high));
}

void load_upgrades(const Section& s, UpgradeRules& u) {
  s.allow({"usd_per_ft_overhead", "usd_per_ft_underground", "factor", "rules"});
  take_number(s, "usd_per_ft_overhead", 0, u.overhead_usd_per_ft);
  take_number(s, "usd_per_ft_underground", 0, u.underground_usd_per_ft);
  take_number(s, "factor", 1, u.factor, 1e6);
  if (!s.has("rules")) return;
  u.cure_vdiff = u.cure_thermal = u.cure_voltage = false;
  const std::vector<std::pair<std::string, bool*>> rules = {
      {"vdiff", &u.cure_vdiff}, {"thermal", &u.cure_thermal}, {"voltage", &u.cure_voltage}};
  for (const auto& rule : s.texts("rules")) *word(rule, rules) = true;
}

void load_model(const Section& s, Study& study) {
  s.allow({"power_flow", "precision", "verify"});
  take_word<PowerFlow>(s, "power_flow",
                       {{"ac", PowerFlow::ac}, {"linear", PowerFlow::linear}, {"screened", PowerFlow::screened}},
                       study.power_flow);
  take_count(s, "verify", 0, study.verify);
  if (s.has("verify") && study.power_flow == PowerFlow::ac)
    log_warn("{}: has no effect (only \"linear\" and \"screened\" answers are verified)", s.place("verify").text());
  take_word<Precision>(s, "precision", {{"float", Precision::single}, {"double", Precision::dual}}, study.precision);
}

void load_output(const Section& s, OutputEntry& out) {
  s.allow({"file", "hosting_capacity", "keep"});
  if (const auto file = s.text("file")) {
    if (file->value.empty()) fail_at(file->place, "is empty");
    out.file = file->value;
  }
  take_word<HostingCapacityMode>(s, "hosting_capacity",
                                 {{"none", HostingCapacityMode::none},
                                  {"trigger", HostingCapacityMode::trigger},
                                  {"each", HostingCapacityMode::each}},
                                 out.hosting_capacity);
  if (!s.has("keep")) return;
  take_word<Kept>(s, "keep", {{"summary", Kept::summary}, {"states", Kept::states}, {"orders", Kept::orders}},
                  out.keep.emplace());
}

void load_allocation(const Section& s, AllocationEntry& allocation) {
  s.allow({"rules"});
  const auto words = rule_words();
  for (const auto& said : s.texts("rules")) {
    const SharingRule rule = word(said, words);
    if (std::find(allocation.rules.begin(), allocation.rules.end(), rule) != allocation.rules.end())
      fail_at(said.place, fmt::format("rule '{}' stands here twice", said.value));
    allocation.rules.push_back(rule);
  }
  if (allocation.rules.empty())
    fail_at(s.place("rules"), "no rule is named; leave [allocation] out, or name at least one");
}

//! What has no meaning for many queues at once.
void check_many_queues(const Section& root, const Study& study) {
  if (!study.many_queues()) return;
  const OrdersEntry& o = study.orders;
  if (o.method == OrderMethod::given)
    fail_at(root.table("orders")->place("orders"),
            "orders of one queue are given, but queue.random draws many; use method \"random\" or \"all\"");
  if (o.until)
    fail_at(root.table("orders")->place("until"),
            "stops on one queue's error; with queue.random.queues give orders.count");
  if (o.method == OrderMethod::random && o.count < 2 * cluster_size(o.sampling))
    fail_at(root.table("orders")->place("count"),
            fmt::format("{} orders of each queue do not tell their variance (at least {})", o.count,
                        2 * cluster_size(o.sampling)));
  if (study.output.hosting_capacity != HostingCapacityMode::none)
    fail_at(root.table("output")->place("hosting_capacity"),
            "is not kept for many queues; leave it out, or draw one queue");
}

//! What cannot be kept, or not where it is asked to stand.
void check_keep(const Section& root, const Study& study) {
  if (study.keep() > study.most_kept())
    fail_at(root.table("output")->place("keep"),
            study.many_queues()
                ? "of many queues the file keeps what their orders come to (\"summary\"); draw one queue to keep more"
                : "with method \"all\" no order is walked on its own; keep \"states\" or \"summary\"");
  if (study.keep() == Kept::summary && study.output.hosting_capacity != HostingCapacityMode::none)
    fail_at(root.table("output")->place("hosting_capacity"),
            "is kept with the steps of orders; leave it out, or keep \"states\"");
}

Section need_table(const Section& root, const std::string& key) {
  if (auto table = root.table(key)) return *table;
  fail_at({root.place().file, "[" + key + "]", 0}, "is missing");
}

}  // namespace

Study load_study(const std::string& path) { return parse_study(path, read_text_file(path, "study"), ""); }

Study parse_study(const std::string& path, const std::string& text, const std::string& feeder_file,
                  const std::map<std::string, std::string>& tables) {
  Study study;
  study.tables = tables;
  study.path = path;
  study.text = text;
  study.feeder.path = feeder_file;
  const Section root = Section::parse(path, study.text);
  root.allow({"feeder", "queue", "orders", "limits", "upgrades", "model", "output", "allocation"});
  load_feeder(need_table(root, "feeder"), study);
  load_queue(need_table(root, "queue"), study);
  if (const auto s = root.table("orders")) load_orders(*s, study.orders);
  if (const auto s = root.table("limits")) load_limits(*s, study.limits);
  if (const auto s = root.table("upgrades")) load_upgrades(*s, study.upgrades);
  if (const auto s = root.table("model")) load_model(*s, study);
  if (const auto s = root.table("output")) load_output(*s, study.output);
  if (const auto s = root.table("allocation")) load_allocation(*s, study.allocation);
  check_many_queues(root, study);
  check_keep(root, study);
  return study;
}

}  // namespace gridqueue

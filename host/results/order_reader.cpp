#include "host/results/order_reader.hpp"

#include "host/results/damage.hpp"
#include "host/results/row_counts.hpp"

namespace gridqueue {

using layout::RowCounts;

namespace {

//! Lists of upgrades, one per row.
std::vector<Upgrades> read_lists(const h5::File& f, const std::string& group, std::size_t rows, std::size_t entries) {
  const auto offset = f.read_rows<std::int64_t>(group + "/line_offset", 0, rows);
  const auto count = f.read_rows<std::int32_t>(group + "/line_count", 0, rows);
  const Upgrades all = layout::read_entries(f, group, 0, entries);
  std::vector<Upgrades> lists(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    check_list(f, group, offset[i], count[i], all.size());
    lists[i].assign(all.begin() + offset[i], all.begin() + offset[i] + count[i]);
  }
  return lists;
}

void read_states(const h5::File& f, std::size_t rows, Decisions& record) {
  const auto considered = f.read_rows<std::uint64_t>("state/considered", 0, rows),
             in = f.read_rows<std::uint64_t>("state/in", 0, rows);
  const auto set = f.read_rows<std::int32_t>("state/upgrade_set", 0, rows);
  const std::size_t words = considered.size() / rows;
  need(in.size() == considered.size() && words <= kMaxUnits / 64, f, "sets of units in '/state' are too wide");
  for (std::size_t i = 0; i < rows; ++i) {
    State s;
    for (std::size_t w = 0; w < words; ++w)
      s.considered.word[w] = considered[i * words + w], s.in.word[w] = in[i * words + w];
    s.upgrades = UpgradeSetId(set[i]);
    record.states.push_back(s);
  }
}

void read_steps(const h5::File& f, std::size_t rows, std::size_t lines, Decisions& record) {
  auto lists = read_lists(f, "step", rows, lines);
  const auto from = f.read_rows<std::int32_t>("step/from", 0, rows), to = f.read_rows<std::int32_t>("step/to", 0, rows);
  const auto unit = f.read_rows<std::int32_t>("step/unit", 0, rows);
  const auto decision = f.read_rows<std::uint8_t>("step/decision", 0, rows);
  const auto limits = f.read_rows<std::uint32_t>("step/limit", 0, rows);
  const auto cost = f.read_rows<double>("step/cost_usd", 0, rows),
             hosting = f.read_rows<double>("step/hosting_kw", 0, rows);
  for (std::size_t i = 0; i < rows; ++i)
    record.steps.push_back({StateId(from[i]),
                            StateId(to[i]),
                            UnitId(unit[i]),
                            static_cast<Decision>(decision[i]),
                            limits[i],
                            cost[i],
                            hosting[i],
                            {},
                            std::move(lists[i])});
}

}  // namespace

std::vector<Upgrades> read_upgrade_sets(const h5::File& file) {
  const RowCounts rows = read_row_counts(file);
  return read_lists(file, "upgrade_set", static_cast<std::size_t>(rows.at("upgrade_set")),
                    static_cast<std::size_t>(rows.at("upgrade_line")));
}

Decisions read_decisions(const h5::File& file) {
  const RowCounts counts = read_row_counts(file);
  const auto rows = [&](const char* table) { return static_cast<std::size_t>(counts.at(table)); };
  Decisions record;
  if (rows("state") == 0) return record;
  record.upgrade_sets = read_upgrade_sets(file);
  read_states(file, rows("state"), record);
  read_steps(file, rows("step"), rows("step_line"), record);
  check_walk(file, record, file.shape("unit/unit").at(0));
  return record;
}

Trajectories read_trajectories(const h5::File& file, std::uint64_t first, std::uint64_t count) {
  Trajectories t{file.shape("unit/unit").at(0), {}};
  for (const std::int32_t s : file.read_rows<std::int32_t>("order/step", first, count)) t.step.emplace_back(s);
  return t;
}

}  // namespace gridqueue

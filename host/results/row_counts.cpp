#include "host/results/row_counts.hpp"

#include "host/results/damage.hpp"

namespace gridqueue {

namespace {
constexpr const char *kTables = "committed_tables", *kRows = "committed_rows";
}  // namespace

layout::RowCounts read_row_counts(const h5::File& file) {
  const auto tables = file.read_attribute<std::vector<std::string>>("", kTables);
  const auto rows = file.read_attribute<std::vector<std::int64_t>>("", kRows);
  layout::RowCounts counts;
  need(tables.size() == rows.size(), file, "it does not say how many rows there are");
  for (std::size_t i = 0; i < tables.size(); ++i) {
    need(rows[i] >= 0, file, "{} rows of '{}'", rows[i], tables[i]);
    counts[tables[i]] = rows[i];
  }
  return counts;
}

void write_row_counts(h5::File& file, const layout::RowCounts& counts) {
  std::vector<std::string> tables;
  std::vector<std::int64_t> rows;
  for (const auto& [table, count] : counts) tables.push_back(table), rows.push_back(count);
  file.attribute("", kTables, tables);
  file.attribute("", kRows, rows);
}

}  // namespace gridqueue

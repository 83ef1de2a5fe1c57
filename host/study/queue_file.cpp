#include "host/study/queue_file.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <numeric>
#include <optional>

#include "gridqueue/contracts.hpp"
#include "host/core/text.hpp"
#include "host/study/take.hpp"

namespace gridqueue {
namespace {

constexpr std::size_t kColumns = std::size(kQueueColumns);

std::optional<double> number_of(const std::string& text) {
  double x = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), x);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || !std::isfinite(x)) return {};
  return x;
}

//! Digits in groups of three behind each comma, or no comma.
bool commas_are_of_thousands(const std::string& text) {
  const std::string whole = text.substr(0, text.find('.'));
  for (std::size_t at = whole.find(','), end; at != std::string::npos; at = end) {
    end = whole.find(',', at + 1);
    if (at == 0 || (end == std::string::npos ? whole.size() : end) - at != 4) return false;
  }
  return text.find(',', whole.size()) == std::string::npos;
}

//! YYYY-MM-DD, and whatever time of day behind it.
bool is_date(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  int read = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &read) != 3 || read != 10) return false;
  if (text.size() > 10 && text[10] != ' ' && text[10] != 'T') return false;
  return std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)).ok();
}

class QueueReader {
 public:
  QueueReader(const CsvTable& table, const ColumnNames& names, const std::vector<std::string>& withdrawn)
      : table_(table), withdrawn_(withdrawn) {
    at_.fill(-1);
    for (std::size_t c = 0; c < kColumns; ++c) find_column(c, names);
    need_columns();
  }

  QueueFile read() {
    for (const CsvRow& row : table_.row)
      if (left_out(row)) queue_.withdrawn_lines.push_back(row.line);
      else add(row);
    if (!wrong_.empty()) fail_input("rows of '{}' cannot be used:\n  {}", table_.path, fmt::join(wrong_, "\n  "));
    sort_units();
    return std::move(queue_);
  }

 private:
  void find_column(std::size_t c, const ColumnNames& names) {
    const auto said = names.find(kQueueColumns[c]);
    const std::string wanted = said == names.end() ? kQueueColumns[c] : said->second.value;
    for (std::size_t k = 0; k < table_.column.size(); ++k) {
      if (lower_case(table_.column[k]) != lower_case(wanted)) continue;
      if (at_[c] >= 0) fail_input("'{}' has two columns '{}'", table_.path, wanted);
      at_[c] = static_cast<int>(k);
    }
    if (at_[c] < 0 && said != names.end()) {
      const std::string near = closest_name(wanted, table_.column);
      fail_at(said->second.place, fmt::format("no column '{}' in '{}' (its columns: {}){}", wanted, table_.path,
                                              fmt::join(table_.column, ", "),
                                              near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
    }
  }
  [[nodiscard]] bool has(QueueColumn c) const { return at_[static_cast<std::size_t>(c)] >= 0; }

  void need_columns() const {
    const bool places = has(QueueColumn::bus) || (has(QueueColumn::x) && has(QueueColumn::y));
    if (places && has(QueueColumn::kw)) return;
    fail_input(
        "'{}' has no column '{}' (its columns: {}); say in [queue.columns] which one it is, e.g. {} = \"Size (kW AC)\"",
        table_.path, places ? "kw" : "bus", fmt::join(table_.column, ", "), places ? "kw" : "bus");
  }

  //! "" where there is no such column.
  [[nodiscard]] std::string text(const CsvRow& row, QueueColumn c) const {
    return has(c) ? row.cell[static_cast<std::size_t>(at_[static_cast<std::size_t>(c)])] : "";
  }
  [[nodiscard]] Place place(const CsvRow& row, QueueColumn c) const {
    return {table_.path, has(c) ? table_.column[static_cast<std::size_t>(at_[static_cast<std::size_t>(c)])] : "",
            row.line};
  }
  template <class... Args>
  void wrong(const CsvRow& row, fmt::format_string<Args...> text, Args&&... args) {
    wrong_.push_back(fmt::format("line {}: {}", row.line, fmt::format(text, std::forward<Args>(args)...)));
  }

  [[nodiscard]] bool left_out(const CsvRow& row) const {
    const std::string status = lower_case(text(row, QueueColumn::status));
    return std::find(withdrawn_.begin(), withdrawn_.end(), status) != withdrawn_.end();
  }

  void add(const CsvRow& row) {
    UnitEntry unit{{text(row, QueueColumn::bus), place(row, QueueColumn::bus)}, {0, place(row, QueueColumn::kw)}};
    unit.name = {text(row, QueueColumn::name), place(row, QueueColumn::name)};
    const std::size_t before = wrong_.size();
    take_power(row, unit);
    take_place(row, unit);
    take_name(row, unit.name.value);
    take_turn(row);
    const std::string technology = lower_case(text(row, QueueColumn::technology));
    if (!technology.empty() && technology != "pv" && technology != "solar" && technology != "photovoltaic" &&
        technology != "solar pv")
      wrong(row, "technology '{}' (only PV can be queued)", text(row, QueueColumn::technology));
    if (wrong_.size() == before) queue_.units.push_back(std::move(unit));
  }

  void take_power(const CsvRow& row, UnitEntry& unit) {
    const std::string said = text(row, QueueColumn::kw);
    std::string digits = said;
    std::erase(digits, ',');
    const auto kw = commas_are_of_thousands(said) ? number_of(digits) : std::nullopt;
    if (!kw) wrong(row, "'{}' is no power in kW (digits and a decimal point are needed)", said);
    else if (!(*kw > 0) || *kw > kMostKw)
      wrong(row, "{} kW cannot be queued (more than 0 kW, at most {:g})", *kw, kMostKw);
    else unit.kw.value = *kw;
  }

  void take_place(const CsvRow& row, UnitEntry& unit) {
    if (!unit.bus.value.empty()) return;
    const auto x = number_of(text(row, QueueColumn::x)), y = number_of(text(row, QueueColumn::y));
    if (x && y) unit.at = {*x, *y};
    else wrong(row, "no bus{}", has(QueueColumn::x) && has(QueueColumn::y) ? " and no coordinates" : "");
  }

  void take_name(const CsvRow& row, const std::string& name) {
    if (name.empty()) return;
    const auto [at, fresh] = lines_.try_emplace(name, row.line);
    if (!fresh) wrong(row, "the name '{}' is that of line {}, too", name, at->second);
  }

  //! When it is its turn.
  void take_turn(const CsvRow& row) {
    if (has(QueueColumn::position)) {
      const auto position = number_of(text(row, QueueColumn::position));
      if (!position) return wrong(row, "'{}' is no position", text(row, QueueColumn::position));
      const auto [at, fresh] = positions_.try_emplace(*position, row.line);
      if (!fresh) return wrong(row, "position {} is that of line {}, too", *position, at->second);
      turns_.emplace_back(*position, "");
    } else if (has(QueueColumn::date)) {
      const std::string date = text(row, QueueColumn::date);
      if (!is_date(date)) return wrong(row, "'{}' is no date (YYYY-MM-DD is needed)", date);
      turns_.emplace_back(0.0, date);
    }
  }

  //! Of one turn in the file's order.
  void sort_units() {
    queue_.actual.resize(queue_.units.size());
    std::iota(queue_.actual.begin(), queue_.actual.end(), std::size_t{0});
    if (turns_.empty()) return;
    std::stable_sort(queue_.actual.begin(), queue_.actual.end(),
                     [&](std::size_t a, std::size_t b) { return turns_[a] < turns_[b]; });
  }

  const CsvTable& table_;
  const std::vector<std::string>& withdrawn_;
  std::array<int, kColumns> at_{};  //!< column of each, -1 = none
  QueueFile queue_;
  std::vector<std::string> wrong_;
  std::vector<std::pair<double, std::string>> turns_;  //!< of the units: position, or date
  std::map<std::string, int> lines_;
  std::map<double, int> positions_;
};

}  // namespace

QueueFile read_queue_file(const CsvTable& table, const ColumnNames& names, const std::vector<std::string>& withdrawn) {
  return QueueReader(table, names, withdrawn).read();
}

std::map<std::string, std::string> read_bus_map(const CsvTable& table) {
  if (table.column.size() != 2)
    fail_input("'{}' has {} columns (two are needed: what the queue calls a bus, and the feeder's name of it)",
               table.path, table.column.size());
  std::map<std::string, std::string> map;
  for (const CsvRow& row : table.row)
    if (!map.try_emplace(row.cell[0], row.cell[1]).second)
      fail_input("'{}' line {}: '{}' stands here twice", table.path, row.line, row.cell[0]);
  return map;
}

}  // namespace gridqueue

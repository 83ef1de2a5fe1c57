#include "host/study/csv_table.hpp"

#include <csv.h>

#include <algorithm>
#include <memory>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

//! Without blanks at either end.
std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

//! Spreadsheets put one before UTF-8.
std::string without_mark(const std::string& text) { return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text; }

char separator_of(const std::string& text) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(text.find_first_of("\r\n"), text.size()));
  char most = ',';
  for (const char c : {';', '\t'})
    if (std::count(text.begin(), end, c) > std::count(text.begin(), end, most)) most = c;
  return most;
}

//! libcsv calls back cell by cell and at every end of a line.
class CsvReader {
 public:
  explicit CsvReader(char separator) {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
    csv_set_delim(&parser_, static_cast<unsigned char>(separator));
  }
  ~CsvReader() { csv_free(&parser_); }
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  std::vector<CsvRow> read(const std::string& text, const std::string& path) {
    if (csv_parse(&parser_, text.data(), text.size(), cell, row_end, this) != text.size() ||
        csv_fini(&parser_, cell, row_end, this) != 0)
      fail_input("'{}' line {} is no row of a table (a quote is left open, or stands in the middle of a cell)", path,
                 line_);
    return std::move(rows_);
  }

 private:
  static void cell(void* text, std::size_t size, void* self) {
    auto& r = *static_cast<CsvReader*>(self);
    if (r.open_.cell.empty()) r.open_.line = r.line_;
    const std::string value(static_cast<const char*>(text), size);
    r.line_ += static_cast<int>(std::count(value.begin(), value.end(), '\n'));
    r.open_.cell.push_back(trimmed(value));
  }
  static void row_end(int c, void* self) {
    auto& r = *static_cast<CsvReader*>(self);
    const auto blank = [](const std::string& s) { return s.empty(); };
    if (!std::all_of(r.open_.cell.begin(), r.open_.cell.end(), blank)) r.rows_.push_back(r.open_);
    r.open_ = {};
    if (c == '\n') ++r.line_;
  }

  csv_parser parser_{};
  int line_ = 1;
  CsvRow open_;
  std::vector<CsvRow> rows_;
};

}  // namespace

CsvTable parse_csv(const std::string& text, const std::string& path) {
  if (text.find('\0') != std::string::npos) fail_input("'{}' is no text (it holds a zero byte)", path);
  const std::string plain = without_mark(text);
  CsvTable table{path, {}, CsvReader(separator_of(plain)).read(plain, path)};
  if (table.row.empty()) fail_input("'{}' has no rows (the first one names the columns)", path);
  table.column = table.row.front().cell;
  table.row.erase(table.row.begin());
  while (!table.column.empty() && table.column.back().empty()) table.column.pop_back();
  for (CsvRow& r : table.row) {
    while (r.cell.size() > table.column.size() && r.cell.back().empty()) r.cell.pop_back();
    if (r.cell.size() > table.column.size())
      fail_input("'{}' line {} has {} cells (its first row names {} columns)", path, r.line, r.cell.size(),
                 table.column.size());
    r.cell.resize(table.column.size());
  }
  return table;
}

}  // namespace gridqueue

// A table of the results file that grows: its dimension, its columns, and where rows have lists of lines, their
// entries.
#pragma once
#include <map>

#include "gridqueue/upgrade.hpp"
#include "host/results/layout.hpp"

namespace gridqueue::layout {

//! Lists of different lengths: a list's place in one long column of entries.
struct ListPlace {
  std::int64_t offset = 0;
  std::int32_t count = 0;
};

template <class Io>
void list_columns(Io& io, auto of) {
  io.column({"line_offset", "", "first entry of the row's list in `line`"},
            [=](const auto& row) { return of(row).offset; });
  io.column({"line_count", "", "entries of the row's list"}, [=](const auto& row) { return of(row).count; });
}

template <class Io>
void entry_columns(Io& io) {
  io.column({"line", "", "what is upgraded, row of /element"}, [](const Upgrade& u) { return u.element.value; });
  io.column({"kind", "", "0 = a line"}, [](const Upgrade& u) { return static_cast<std::uint8_t>(u.kind); });
  io.column({"option", "", "among what the kind offers"}, [](const Upgrade& u) { return u.option; });
  io.column({"usd", "USD", "its cost"}, [](const Upgrade& u) { return u.usd; });
}

//! Rows first .. first + count - 1 of a group's entries.
inline Upgrades read_entries(const h5::File& f, const std::string& group, std::size_t first, std::size_t count) {
  const auto line = f.read_rows<std::int32_t>(group + "/line", first, count),
             option = f.read_rows<std::int32_t>(group + "/option", first, count);
  const auto kind = f.read_rows<std::uint8_t>(group + "/kind", first, count);
  const auto usd = f.read_rows<double>(group + "/usd", first, count);
  Upgrades all;
  for (std::size_t i = 0; i < count; ++i) {
    all.emplace_back(BusId(line[i]), usd[i]);
    all.back().kind = static_cast<UpgradeKind>(kind[i]), all.back().option = option[i];
  }
  return all;
}

//! Rows by the name of a dimension.
using RowCounts = std::map<std::string, std::int64_t>;

class GrowingTable {
 public:
  //! `entries`: dimension of the lists' entries; empty = no lists.
  GrowingTable(std::string group, std::string dimension, std::string entries = "")
      : group_(std::move(group)), dimension_(std::move(dimension)), entry_(std::move(entries)) {}

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] const std::string& group() const { return group_; }

  //! `columns(io)` describes the columns of a Row.
  template <class Row>
  void create(h5::File& file, const char* meaning, auto columns) const {
    create_dimension(file, group_, dimension_, meaning);
    Creator<Row> io(file, group_, dimension_);
    columns(io);
    if (entry_.empty()) return;
    create_dimension(file, group_, entry_, "entry of the lists");
    Creator<Upgrade> entries(file, group_, entry_);
    entry_columns(entries);
  }

  //! The next row's list, which goes to the file with the rows.
  ListPlace list(const Upgrades& upgrades) {
    const auto first = static_cast<std::int64_t>(entries_ + waiting_.size());
    waiting_.insert(waiting_.end(), upgrades.begin(), upgrades.end());
    return {first, static_cast<std::int32_t>(upgrades.size())};
  }

  //! Rows `first` and on.
  template <class Row>
  void append(const RowSink& sink, const std::vector<Row>& rows, auto columns, std::size_t first = 0) {
    Appender<Row> io(sink, group_, rows, first);
    columns(io);
    const std::size_t more = rows.size() - first;
    grow_dimension(sink, group_ + "/" + dimension_, rows_, rows_ + more);
    rows_ += more;
    if (entry_.empty()) return;
    Appender<Upgrade> entries(sink, group_, waiting_, 0);
    entry_columns(entries);
    grow_dimension(sink, group_ + "/" + entry_, entries_, entries_ + waiting_.size());
    entries_ += waiting_.size();
    waiting_.clear();
  }

  void tell(RowCounts& counts) const {
    counts[dimension_] = static_cast<std::int64_t>(rows_);
    if (!entry_.empty()) counts[entry_] = static_cast<std::int64_t>(entries_);
  }

 private:
  std::string group_, dimension_, entry_;
  std::size_t rows_ = 0, entries_ = 0;  //!< in the file
  Upgrades waiting_;                    //!< lists of rows that are not in the file yet
};

}  // namespace gridqueue::layout

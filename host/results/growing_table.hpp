// A table of the results file that grows: its dimension, its columns, and where rows have lists of lines, their
// entries.
#pragma once
#include <map>

#include "gridqueue/ids.hpp"
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

//! Rows by the name of a dimension: what is committed.
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
    Creator<std::int32_t>(file, group_, entry_)
        .column({"line", "", "line, row of /element"}, [](const std::int32_t& line) { return line; });
  }

  //! The next row's list, which goes to the file with the rows.
  ListPlace list(const std::vector<BusId>& lines) {
    const auto first = static_cast<std::int64_t>(entries_ + lines_.size());
    for (BusId line : lines) lines_.push_back(line.value);
    return {first, static_cast<std::int32_t>(lines.size())};
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
    grow_dimension(sink, group_ + "/" + entry_, entries_, entries_ + lines_.size());
    entries_ += lines_.size();
    sink.append(group_ + "/line", std::exchange(lines_, {}));
  }

  void tell(RowCounts& counts) const {
    counts[dimension_] = static_cast<std::int64_t>(rows_);
    if (!entry_.empty()) counts[entry_] = static_cast<std::int64_t>(entries_);
  }

  //! Takes away what was written after the last commit.
  void cut(h5::File& file, const RowCounts& committed) {
    rows_ = static_cast<std::size_t>(committed.at(dimension_));
    if (!entry_.empty()) entries_ = static_cast<std::size_t>(committed.at(entry_));
    for (const std::string& dataset : file.children(group_)) {
      const std::string path = group_ + "/" + dataset;
      const bool of_entries = !entry_.empty() && (dataset == "line" || dataset == entry_);
      if (file.grows(path)) file.cut(path, of_entries ? entries_ : rows_);
    }
  }

 private:
  std::string group_, dimension_, entry_;
  std::size_t rows_ = 0, entries_ = 0;  //!< in the file
  std::vector<std::int32_t> lines_;     //!< of rows that are not in the file yet
};

}  // namespace gridqueue::layout

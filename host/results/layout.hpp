// Names of the results file, and the columns of its tables described once for writing: a Creator makes the datasets, an
// Appender fills them (growing_table.hpp). docs/results-format.md lists what they mean.
#pragma once
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "host/core/write_behind.hpp"
#include "host/hdf5/h5.hpp"

namespace gridqueue::layout {

inline const std::string kFileType = "gridqueue results";
inline const std::string kOldQueuesFileType = "gridqueue queues";  //!< of many queues, up to version 1
constexpr std::int64_t kVersion = 3;  //!< counts changes that an older reader would misread

inline constexpr const char* kPhasesMeaning =
    "phases of the bus the unit stands on, bits 1, 2, 4 = nodes 1, 2, 3, and 8 where it stands to the neutral, node 4; "
    "0 = all that the bus has";

//! A column of a table: its name, unit ("" = none) and meaning.
struct Column {
  const char* name;
  const char* unit;
  const char* meaning;
};

inline void describe(h5::File& file, const std::string& dataset, const Column& column) {
  file.attribute<std::string>(dataset, "long_name", column.meaning);
  if (*column.unit) file.attribute<std::string>(dataset, "units", column.unit);
}

//! A dimension that grows: its coordinate variable counts 0, 1, 2, ...
inline void create_dimension(h5::File& file, const std::string& group, const std::string& name, const char* meaning) {
  const std::string dataset = group + "/" + name;
  file.create_growing<std::int64_t>(dataset, {});
  file.make_scale(dataset, name);
  describe(file, dataset, {"", "", meaning});
}

//! Where appended rows go: into the file at once, or behind the caller's back.
class RowSink {
 public:
  RowSink(h5::File& file, WriteBehind* behind = nullptr) : file_(&file), behind_(behind) {}
  template <class T>
  void append(std::string dataset, std::vector<T> values) const {
    if (!behind_) return file_->append<T>(dataset, values);
    const std::size_t bytes = values.size() * sizeof(T);
    behind_->post(bytes, [file = file_, dataset = std::move(dataset), values = std::move(values)] {
      file->append<T>(dataset, values);
    });
  }

 private:
  h5::File* file_;
  WriteBehind* behind_;
};

//! Appends the rows of a dimension that has `size` rows in the end.
inline void grow_dimension(const RowSink& sink, const std::string& dataset, std::size_t first, std::size_t size) {
  std::vector<std::int64_t> index;
  for (std::size_t i = first; i < size; ++i) index.push_back(static_cast<std::int64_t>(i));
  sink.append(dataset, std::move(index));
}

//! A dimension of fixed size.
inline void write_dimension(h5::File& file, const std::string& group, const std::string& name, std::size_t size,
                            const char* meaning) {
  std::vector<std::int64_t> index(size);
  for (std::size_t i = 0; i < size; ++i) index[i] = static_cast<std::int64_t>(i);
  file.write(group + "/" + name, index);
  file.make_scale(group + "/" + name, name);
  describe(file, group + "/" + name, {"", "", meaning});
}

//! A whole column at once, along a dimension of its group.
template <class T>
void write_column(h5::File& file, const std::string& group, const std::string& dimension, const Column& column,
                  const std::vector<T>& values) {
  const std::string dataset = group + "/" + column.name;
  file.write(dataset, values);
  file.attach_scale(dataset, 0, group + "/" + dimension);
  describe(file, dataset, column);
}

//! Makes the datasets of a table whose rows are of type Row. The dimensions must exist.
template <class Row>
class Creator {
 public:
  Creator(h5::File& file, std::string group, std::string dimension)
      : file_(file), group_(std::move(group)), dimension_(std::move(dimension)) {}

  template <class Get>
  void column(const Column& column, Get) {
    make<std::invoke_result_t<Get, const Row&>>(column, {}, {});
  }
  //! `get(row, i)` for i < size along the dimension `across` of the same group.
  template <class Get>
  void matrix(const Column& column, const std::string& across, std::size_t size, Get) {
    make<std::invoke_result_t<Get, const Row&, std::size_t>>(column, {size}, across);
  }

 private:
  template <class T>
  void make(const Column& column, const h5::Shape& trailing, const std::string& across) {
    const std::string dataset = group_ + "/" + column.name;
    file_.create_growing<T>(dataset, trailing);
    file_.attach_scale(dataset, 0, group_ + "/" + dimension_);
    if (!trailing.empty()) file_.attach_scale(dataset, 1, group_ + "/" + across);
    describe(file_, dataset, column);
  }
  h5::File& file_;
  std::string group_, dimension_;
};

//! Appends rows first .. rows.size() - 1 of a table.
template <class Row>
class Appender {
 public:
  Appender(const RowSink& sink, std::string group, const std::vector<Row>& rows, std::size_t first)
      : sink_(sink), group_(std::move(group)), rows_(rows), first_(first) {}

  template <class Get>
  void column(const Column& column, Get get) {
    std::vector<std::invoke_result_t<Get, const Row&>> values;
    values.reserve(rows_.size() - first_);
    for (std::size_t i = first_; i < rows_.size(); ++i) values.push_back(get(rows_[i]));
    put(column, std::move(values));
  }
  template <class Get>
  void matrix(const Column& column, const std::string&, std::size_t size, Get get) {
    std::vector<std::invoke_result_t<Get, const Row&, std::size_t>> values;
    values.reserve((rows_.size() - first_) * size);
    for (std::size_t i = first_; i < rows_.size(); ++i)
      for (std::size_t j = 0; j < size; ++j) values.push_back(get(rows_[i], j));
    put(column, std::move(values));
  }

 private:
  template <class T>
  void put(const Column& column, std::vector<T> values) {
    sink_.append(group_ + "/" + column.name, std::move(values));
  }
  RowSink sink_;
  std::string group_;
  const std::vector<Row>& rows_;
  std::size_t first_;
};

}  // namespace gridqueue::layout

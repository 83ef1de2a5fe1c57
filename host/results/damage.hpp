// What a results file must hold for its rows to mean something. Everything that comes from a file is judged here before
// it is used as an index, a size or a number.
#pragma once
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gridqueue/contracts.hpp"
#include "gridqueue/upgrade.hpp"
#include "host/hdf5/h5.hpp"

namespace gridqueue {

[[noreturn]] inline void fail_damaged(const h5::File& file, const std::string& what) {
  fail_input("'{}' is damaged ({}); run the study again, or take another copy", file.path(), what);
}

//! Formats nothing where it holds.
template <class... Args>
void need(bool holds, const h5::File& file, fmt::format_string<Args...> what, Args&&... args) {
  if (!holds) fail_damaged(file, fmt::format(what, std::forward<Args>(args)...));
}

//! `values` of `dataset` are rows of a table of `size` rows; -1 = none, where that may be.
template <class T>
void check_ids(const h5::File& file, const std::string& dataset, const std::vector<T>& values, std::size_t size,
               bool none = false) {
  for (const T x : values)
    if (x < (none ? -1 : 0) || (x >= 0 && static_cast<std::size_t>(x) >= size))
      fail_damaged(file, fmt::format("'{}' names row {} of {}", dataset, x, size));
}

inline void check_size(const h5::File& file, const std::string& dataset, std::size_t size, std::size_t wanted) {
  if (size != wanted) fail_damaged(file, fmt::format("'{}' has {} values instead of {}", dataset, size, wanted));
}

//! Beyond this no sum of money, power or share in a results file is.
constexpr double kLargestResult = 1e24;

inline void check_number(const h5::File& file, std::string_view dataset, double x, bool may_be_missing = false) {
  if (!(std::abs(x) <= kLargestResult) && !(may_be_missing && std::isnan(x)))
    fail_damaged(file, fmt::format("'{}' holds {}, which is no result", dataset, x));
}
inline void check_numbers(const h5::File& file, const std::string& dataset, const std::vector<double>& values,
                          bool may_be_missing = false) {
  for (const double x : values) check_number(file, dataset, x, may_be_missing);
}

//! An error or an end of an interval: infinite, or no number, where there are too few orders.
inline void check_error(const h5::File& file, std::string_view dataset, double x) {
  if (!std::isinf(x)) check_number(file, dataset, x, true);
}

//! Lists lie in `entries` rows.
template <class Offset, class Count>
void check_list(const h5::File& file, const std::string& group, Offset offset, Count count, std::size_t entries) {
  const auto first = static_cast<std::int64_t>(offset), size = static_cast<std::int64_t>(count),
             all = static_cast<std::int64_t>(entries);
  if (first < 0 || size < 0 || size > all || first > all - size)
    fail_damaged(file, fmt::format("a list of '{}' has the entries {} to {} of {}", group, first, first + size, all));
}

//! They name elements that are there.
void check_upgrade_sets(const h5::File& file, const std::vector<Upgrades>& sets);

//! Looking a name or a row up that is not there means a damaged file, wherever that happens while one is read.
template <class Read>
auto read_safely(const h5::File& file, Read read) {
  try {
    return read();
  } catch (const std::out_of_range&) {
    fail_damaged(file, "a table, row or name that others refer to is missing");
  } catch (const std::length_error&) {
    fail_damaged(file, "a size that nothing can have");
  }
}

}  // namespace gridqueue

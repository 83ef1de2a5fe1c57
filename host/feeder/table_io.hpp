// One description of the feeder file, two directions: a Writer and a Reader with the same `column` calls.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <string>
#include <type_traits>
#include <vector>

#include "gridqueue/contracts.hpp"
#include "gridqueue/network.hpp"
#include "host/hdf5/h5.hpp"

namespace gridqueue {

//! How a member type lies in the file: element type, shape of one row, and the two copies.
template <class T>
struct Stored {
  using Element = T;  // double, std::string
  static h5::Shape trailing() { return {}; }
  static void put(const T& value, std::vector<Element>& out) { out.push_back(value); }
  static void get(T& value, const Element* from) { value = *from; }
};
template <>
struct Stored<bool> {
  using Element = std::uint8_t;
  static h5::Shape trailing() { return {}; }
  static void put(bool value, std::vector<Element>& out) { out.push_back(value ? 1 : 0); }
  static void get(bool& value, const Element* from) { value = *from != 0; }
};
template <class T>
requires std::is_enum_v<T> || std::same_as<T, int>
struct Stored<T> {
  using Element = std::int32_t;
  static h5::Shape trailing() { return {}; }
  static void put(T value, std::vector<Element>& out) { out.push_back(static_cast<Element>(value)); }
  static void get(T& value, const Element* from) { value = static_cast<T>(*from); }
};
template <>
struct Stored<BusId> {
  using Element = std::int32_t;
  static h5::Shape trailing() { return {}; }
  static void put(BusId id, std::vector<Element>& out) { out.push_back(id.value); }
  static void get(BusId& id, const Element* from) { id = BusId(*from); }
};
template <>
struct Stored<Complex> {
  using Element = Complex;
  static h5::Shape trailing() { return {}; }
  static void put(Complex value, std::vector<Element>& out) { out.push_back(value); }
  static void get(Complex& value, const Element* from) { value = *from; }
};
template <class T, std::size_t N>
struct Stored<std::array<T, N>> {
  using Element = typename Stored<T>::Element;
  static h5::Shape trailing() {
    h5::Shape shape{N};
    for (std::size_t s : Stored<T>::trailing()) shape.push_back(s);
    return shape;
  }
  static void put(const std::array<T, N>& values, std::vector<Element>& out) {
    for (const T& v : values) Stored<T>::put(v, out);
  }
  static void get(std::array<T, N>& values, const Element* from) {
    std::size_t stride = 1;
    for (std::size_t s : Stored<T>::trailing()) stride *= s;
    for (std::size_t i = 0; i < N; ++i) Stored<T>::get(values[i], from + i * stride);
  }
};

template <class Row, class Get>
using Member = std::remove_cvref_t<std::invoke_result_t<Get, Row&>>;

class Writer {
 public:
  explicit Writer(h5::File& file) : file_(file) {}

  //! Values of one member of every row. `get` returns a reference to the member.
  template <class Row, class Get>
  void column(const std::string& path, std::vector<Row>& rows, Get get, const char* units = "") {
    using S = Stored<Member<Row, Get>>;
    std::vector<typename S::Element> values;
    for (Row& row : rows) S::put(get(row), values);
    h5::Shape shape{rows.size()};
    for (std::size_t s : S::trailing()) shape.push_back(s);
    file_.write<typename S::Element>(path, values, shape);
    if (*units) file_.attribute<std::string>(path, "units", units);
  }
  //! The first column of a table; a Reader takes the number of rows from it.
  template <class Row, class Get>
  void first_column(const std::string& path, std::vector<Row>& rows, Get get) {
    column(path, rows, get);
  }
  template <class T>
  void values(const std::string& path, std::vector<T>& list, const char* units = "") {
    column(
        path, list, [](T& v) -> T& { return v; }, units);
  }
  //! Whether the file has a dataset that only some feeders need: where this one does (`needed`).
  [[nodiscard]] static bool has(const std::string&, bool needed) { return needed; }
  //! A list of numbers in every row, all of one length.
  template <class Row, class Get>
  void lists(const std::string& path, std::vector<Row>& rows, Get get) {
    std::vector<double> values;
    for (Row& row : rows) values.insert(values.end(), get(row).begin(), get(row).end());
    file_.write<double>(path, values, {rows.size(), rows.empty() ? 0 : values.size() / rows.size()});
  }
  template <class T>
  void attribute(const std::string& name, T& value) {
    if constexpr (std::same_as<T, int>) file_.attribute<std::int64_t>("", name, value);
    else file_.attribute<T>("", name, value);
  }

 private:
  h5::File& file_;
};

class Reader {
 public:
  Reader(const h5::File& file, std::string path) : file_(file), path_(std::move(path)) {}

  template <class Row, class Get>
  void column(const std::string& path, std::vector<Row>& rows, Get get, const char* = "") {
    using S = Stored<Member<Row, Get>>;
    h5::Shape wanted{rows.size()};
    std::size_t stride = 1;
    for (std::size_t s : S::trailing()) wanted.push_back(s), stride *= s;
    if (file_.shape(path) != wanted)
      fail_input("'{}' is no consistent feeder file: dataset '{}' does not have {} rows of {}", path_, path,
                 rows.size(), stride);
    const auto values = file_.read<typename S::Element>(path);
    check_numbers(path, values, stride);
    for (std::size_t i = 0; i < rows.size(); ++i) S::get(get(rows[i]), values.data() + i * stride);
  }
  template <class Row, class Get>
  void first_column(const std::string& path, std::vector<Row>& rows, Get get) {
    // read before there is a place for it: what a file does not hold takes no memory
    const auto rows_there = file_.read<typename Stored<Member<Row, Get>>::Element>(path).size();
    const h5::Shape shape = file_.shape(path);
    if (shape.empty())
      fail_input("'{}' is no consistent feeder file: dataset '{}' is a single value (rows are needed)", path_, path);
    if (std::max(shape[0], rows_there) > kMostRows)
      fail_input("'{}' is no consistent feeder file: dataset '{}' has {} rows (at most {} are possible)", path_, path,
                 shape[0], kMostRows);
    rows.assign(shape[0], Row{});
    column(path, rows, get);
  }
  [[nodiscard]] bool has(const std::string& path, bool) const { return file_.exists(path); }
  template <class T>
  void values(const std::string& path, std::vector<T>& list, const char* = "") {
    first_column(path, list, [](T& v) -> T& { return v; });
  }
  template <class Row, class Get>
  void lists(const std::string& path, std::vector<Row>& rows, Get get) {
    const h5::Shape shape = file_.shape(path);
    if (shape.size() != 2 || shape[0] != rows.size())
      fail_input("'{}' is no consistent feeder file: dataset '{}' does not have {} rows", path_, path, rows.size());
    const auto values = file_.read<double>(path);
    check_numbers(path, values, std::max<std::size_t>(1, shape[1]));
    const auto length = static_cast<std::ptrdiff_t>(shape[1]);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto from = values.begin() + static_cast<std::ptrdiff_t>(i) * length;
      get(rows[i]).assign(from, from + length);
    }
  }
  template <class T>
  void attribute(const std::string& name, T& value) {
    if constexpr (std::same_as<T, int>) {
      const auto stored = file_.read_attribute<std::int64_t>("", name);
      if (stored != static_cast<int>(stored))
        fail_input("'{}' is no consistent feeder file: attribute '{}' is {}, which no feeder has", path_, name, stored);
      value = static_cast<int>(stored);
    } else {
      value = file_.read_attribute<T>("", name);
    }
    if constexpr (std::same_as<T, double>)
      if (!possible(value)) fail_input("'{}' is no consistent feeder file: attribute '{}' is {}", path_, name, value);
  }

 private:
  static constexpr std::size_t kMostRows = 300'000;
  static constexpr double kLargest = 1e15;  //!< no quantity of a feeder is larger in the file's units

  [[nodiscard]] static bool possible(double x) { return std::abs(x) <= kLargest; }  // false of nan
  [[nodiscard]] static bool possible(Complex z) { return possible(z.real()) && possible(z.imag()); }

  //! `row`: elements in one.
  template <class E>
  void check_numbers(const std::string& path, const std::vector<E>& values, std::size_t row) const {
    if constexpr (std::same_as<E, double> || std::same_as<E, Complex>) {
      const auto wrong = std::ranges::find_if_not(values, [](E x) { return possible(x); });
      if (wrong == values.end()) return;
      fail_input(
          "'{}' is no consistent feeder file: dataset '{}' has a value in row {} that is no number, or larger than "
          "{:g}",
          path_, path, static_cast<std::size_t>(wrong - values.begin()) / row, kLargest);
    }
  }

  const h5::File& file_;
  std::string path_;
};

}  // namespace gridqueue

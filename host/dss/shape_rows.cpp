#include "host/dss/shape_rows.hpp"

#include <algorithm>
#include <cmath>

namespace gridqueue {
namespace {

constexpr double kEqual = 1e-9;      //!< of the largest value
constexpr double kSameBits = 1e-11;  //!< below it a factor is rounding of the measurement

std::size_t peak_of(const std::vector<double>& series) {
  const auto smaller = [](double a, double b) { return std::abs(a) < std::abs(b); };
  return static_cast<std::size_t>(std::max_element(series.begin(), series.end(), smaller) - series.begin());
}

double mark_of(const std::vector<double>& series) {
  const double peak = series[peak_of(series)];
  double mark = 0;
  for (std::size_t k = 0; k < series.size(); ++k) mark += series[k] / peak * std::sin(1.0 + static_cast<double>(k));
  return mark;
}

bool proportional(const std::vector<double>& series, const std::vector<double>& row) {
  const std::size_t peak = peak_of(series);
  if (row.size() != series.size() || row[peak] == 0) return false;
  const double factor = series[peak] / row[peak], bound = kEqual * std::abs(series[peak]);
  for (std::size_t k = 0; k < series.size(); ++k)
    if (!(std::abs(series[k] - factor * row[k]) <= bound)) return false;
  return true;
}

}  // namespace

int ShapeRows::add(Shape shape) {
  const int row = static_cast<int>(rows_.size());
  by_mark_.emplace(mark_of(shape.value), row);
  rows_.push_back(std::move(shape));
  return row;
}

int ShapeRows::find(const std::vector<double>& series) const {
  const double mark = mark_of(series), near = kEqual * static_cast<double>(2 * series.size());
  for (auto at = by_mark_.lower_bound(mark - near); at != by_mark_.end() && at->first <= mark + near; ++at)
    if (proportional(series, rows_[static_cast<std::size_t>(at->second)].value)) return at->second;
  return -1;
}

ShapeRows::Multiple ShapeRows::fit(const std::vector<double>& series, double own, const Candidate& named) {
  const std::vector<double> constant(series.size(), 1);
  const std::size_t peak = peak_of(series);
  if (series[peak] == 0) return {rows_.empty() ? add({"", constant}) : 0, 0};
  int row = find(series);
  if (row < 0 && proportional(series, constant)) row = add({"", constant});
  if (row < 0)
    if (Shape shape = named(); proportional(series, shape.value)) row = add(std::move(shape));
  if (row < 0) {
    Shape shape{"", series};
    for (double& value : shape.value) value /= own != 0 ? own : series[peak];
    row = add(std::move(shape));
  }
  const double at_one = series[peak] / rows_[static_cast<std::size_t>(row)].value[peak];
  return {row, std::abs(at_one - own) <= kSameBits * std::abs(own) ? own : at_one};
}

}  // namespace gridqueue

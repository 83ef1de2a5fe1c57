#include "host/dss/shapes.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

struct Shape {
  std::vector<double> point;
  double interval_h = 0;  //!< [h]
};

Shape read_shape(DssEngine& dss, const std::string& name) {
  Shape s{dss.shape(name), dss.number("loadshape." + name, "interval")};
  if (s.point.empty()) fail_input("load shape '{}' has no points", name);
  if (!(s.interval_h > 0))
    fail_input("load shape '{}' has times of its own (a fixed interval can be represented)", name);
  return s;
}

double at_hour(const Shape& shape, double hour) {
  const auto points = static_cast<long>(shape.point.size());
  long index = std::lrint(hour / shape.interval_h);  // the default rounding mode: half to even
  if (index > points) index %= points;
  if (index == 0) index = points;
  return shape.point[static_cast<std::size_t>(index - 1)];
}

std::vector<double> sample(const Shape& shape) {
  std::vector<double> day;
  for (int k = 0; k < kStepsOfDay; ++k) day.push_back(at_hour(shape, (k + 1) * kStepSeconds / 3600));
  return day;
}

}  // namespace

std::vector<double> day_of_shape(DssEngine& dss, const std::string& name) { return sample(read_shape(dss, name)); }

std::vector<double> day_of_pv(DssEngine& dss, const std::string& name) {
  Shape shape = read_shape(dss, name);
  const double largest = *std::max_element(shape.point.begin(), shape.point.end());
  const double smallest = *std::min_element(shape.point.begin(), shape.point.end());
  if (!(largest > 0 && smallest >= 0))
    fail_input("load shape '{}' is no output of PV ({} to {})", name, smallest, largest);
  for (double& p : shape.point) p /= largest;
  return sample(shape);
}

}  // namespace gridqueue

#include "host/dss/shapes.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/core/files.hpp"
#include "host/dss/control_check.hpp"
#include "host/dss/shape_csv.hpp"

namespace gridqueue {
namespace {

const char* const kUsualShape = "pcloud";

struct Points {
  std::vector<double> value;
  double interval_h = 0;  //!< [h]
};

//! No points where the shape cannot be sampled at a fixed interval.
Points read_points(DssEngine& dss, const std::string& name) {
  const std::string element = "loadshape." + name;
  if (yes(dss.property(element, "memorymapping"))) return {};
  Points points{dss.shape(name), dss.number(element, "interval")};
  return points.interval_h > 0 ? points : Points{};
}

double at_hour(const Points& points, double hour) {
  const auto count = static_cast<long>(points.value.size());
  long index = std::lrint(hour / points.interval_h);  // the default rounding mode: half to even
  if (index > count) index %= count;
  if (index == 0) index = count;
  return points.value[static_cast<std::size_t>(index - 1)];
}

std::vector<double> sample(const Points& points, const DayChoice& day) {
  std::vector<double> samples;
  for (int k = 0; k < day.all_steps(); ++k) samples.push_back(at_hour(points, day.end_of(k)));
  return samples;
}

//! The samples and all points between them.
std::vector<double> points_within(const Points& points, const DayChoice& day) {
  std::vector<double> within = sample(points, day);
  for (double start : day.start_hours) {
    const auto first = std::lrint(start / points.interval_h) + 1;
    const auto last = std::lrint((start + day.steps * day.step_s / 3600) / points.interval_h);
    for (long i = first; i <= std::min(last, first + static_cast<long>(points.value.size()) - 1); ++i)
      within.push_back(points.value[static_cast<std::size_t>(i - 1) % points.value.size()]);
  }
  return within;
}

Points read_csv(const std::string& path) {
  Points points{parse_shape_csv(read_text_file(path, "PV shape"), path), 0};
  const std::size_t days = points.value.size() % 8760 == 0 ? 365 : 1;
  points.interval_h = 24.0 * static_cast<double>(days) / static_cast<double>(points.value.size());
  return points;
}

//! Half a sine from 6 to 18 h, through which clouds pass that take up to 70 %: made up for models without a sun, after
//! no measurement.
Points cloudy_day() {
  Points points;
  points.interval_h = 1.0 / 60;
  for (int minute = 1; minute <= 24 * 60; ++minute) {
    const double hour = minute * points.interval_h;
    const double clear = std::max(0.0, std::sin(M_PI * (hour - 6) / 12));
    const double cover = std::sin(2 * M_PI * hour / 0.83) + std::sin(2 * M_PI * hour / 1.9 + 1);
    points.value.push_back(clear * (1 - 0.7 * std::clamp(cover, 0.0, 1.0)));
  }
  return points;
}

Points points_of_pv(DssEngine& dss, const std::string& shape) {
  if (is_shape_file(shape)) return read_csv(shape);
  if (shape.empty() && !dss.has_shape(kUsualShape)) return cloudy_day();
  const std::string name = shape.empty() ? kUsualShape : shape;
  if (!dss.has_shape(name))
    fail_input("unknown load shape '{}' (--pv-shape takes one of the model, or FILE.csv)", name);
  Points points = read_points(dss, name);
  if (points.value.empty())
    fail_input("load shape '{}' cannot be that of PV (points at a fixed interval are needed); use FILE.csv", name);
  return points;
}

}  // namespace

bool is_shape_file(const std::string& shape) {
  return shape.size() > 4 && shape.compare(shape.size() - 4, 4, ".csv") == 0;
}

std::vector<double> day_of_shape(DssEngine& dss, const std::string& name, const DayChoice& day) {
  if (yes(dss.property("loadshape." + name, "useactual"))) return {};
  const Points points = read_points(dss, name);
  return points.value.empty() ? std::vector<double>() : sample(points, day);
}

std::vector<double> samples_of_pv(DssEngine& dss, const std::string& shape, const DayChoice& day) {
  return sample(points_of_pv(dss, shape), day);
}

std::vector<double> day_of_pv(DssEngine& dss, const std::string& shape, const DayChoice& day) {
  Points points = points_of_pv(dss, shape);
  const bool made_up = shape.empty() && !dss.has_shape(kUsualShape);
  if (made_up)
    log_warn("the model has no LoadShape '{}': PV follows a made-up cloudy day (--pv-shape names another)",
             kUsualShape);
  // What is made up has no resolution of its own: its largest sample counts.
  const std::vector<double> within = made_up ? sample(points, day) : points_within(points, day);
  const auto [smallest, largest] = std::minmax_element(within.begin(), within.end());
  if (!(*largest > 0 && *smallest >= 0))
    fail_input(
        "the PV shape '{}' is no output of PV ({} to {} within the days of the study; --pv-shape takes another, "
        "of the model or FILE.csv, --start-hour another day)",
        shape.empty() ? made_up ? "made-up cloudy day" : kUsualShape : shape, *smallest, *largest);
  const double scale = *largest;
  for (double& value : points.value) value /= scale;
  return sample(points, day);
}

}  // namespace gridqueue

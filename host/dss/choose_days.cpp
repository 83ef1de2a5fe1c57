#include "host/dss/choose_days.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/core/files.hpp"
#include "host/dss/compile.hpp"
#include "host/dss/isolated.hpp"
#include "host/dss/left_out.hpp"
#include "host/dss/measured_day.hpp"
#include "host/dss/shapes.hpp"

namespace gridqueue {
namespace {

constexpr std::size_t kHours = 24;

//! The day of the largest value.
template <class Value>
std::size_t day_of_largest(std::size_t hours, const Value& value) {
  std::size_t best = 0;
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < hours; ++k)
    if (const double x = value(k); x > largest) largest = x, best = k / kHours;
  return best;
}

std::string numbers(const std::vector<double>& values) {
  std::string text;
  for (double x : values) text += fmt::format("{} ", x);
  return text;
}

std::vector<double> take(std::istringstream& text, std::size_t count) {
  std::vector<double> values(count);
  for (double& x : values) text >> x;
  return values;
}

}  // namespace

std::vector<ChosenDay> choose_days(const std::vector<double>& load, const std::vector<double>& sun) {
  GQ_EXPECT(!load.empty() && load.size() == sun.size() && load.size() % kHours == 0);
  const double peak = *std::max_element(load.begin(), load.end()), full = *std::max_element(sun.begin(), sun.end());
  const double scale = full > 0 ? std::max(peak, 0.0) / full : 0;
  constexpr double never = -std::numeric_limits<double>::infinity();
  const auto noon = [](std::size_t k) {  // value k is that of the end of its hour
    const std::size_t o_clock = k % kHours + 1;
    return o_clock >= 10 && o_clock <= 14;
  };
  std::map<std::size_t, std::string> why;
  const auto add = [&](std::size_t day, const char* reason) {
    why[day] += (why[day].empty() ? "" : ", ") + std::string(reason);
  };
  add(day_of_largest(load.size(), [&](std::size_t k) { return noon(k) ? -load[k] : never; }), "lowest daytime load");
  add(day_of_largest(load.size(), [&](std::size_t k) { return load[k]; }), "highest load");
  add(day_of_largest(load.size(), [&](std::size_t k) { return scale * sun[k] - load[k]; }), "largest sun against load");
  std::vector<ChosenDay> days;
  for (const auto& [day, reason] : why) days.push_back({static_cast<double>(kHours * day), reason});
  return days;
}

std::vector<ChosenDay> choose_days(const std::string& master, const DssImportOptions& options) {
  if (options.day.mode != "yearly") return {{0, "every day of the mode daily is the same"}};
  if (!is_file(master)) fail_input("no such file '{}'", master);
  const std::string path = std::filesystem::absolute(master).string(), library = find_dss_library(options.library);
  const std::string shape =
      is_shape_file(options.pv_shape) ? std::filesystem::absolute(options.pv_shape).string() : options.pv_shape;
  const DayChoice year{options.day.mode, {0}, 8760, 3600};
  std::istringstream answer(run_isolated([&] {
    DssEngine dss(library);
    compile_model(dss, path, options.commands);
    solve_snapshot(dss);
    Obstacles untold;  // the import that follows tells them
    DssModel model = read_dss_model(dss, untold);
    if (!model.lacks_branches) (void)leave_out_isolated(dss, model);
    disable_left_out(dss, node_names_of(model));
    const std::vector<double> sun = samples_of_pv(dss, shape, year);
    return numbers(measure_total(dss, model, year)) + numbers(sun);
  }));
  const auto hours = static_cast<std::size_t>(year.steps);
  const std::vector<double> load = take(answer, hours), sun = take(answer, hours);
  GQ_ENSURE(answer);
  return choose_days(load, sun);
}

}  // namespace gridqueue

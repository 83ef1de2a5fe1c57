#include "host/dss/reference.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>

#include "gridqueue/contracts.hpp"
#include "host/dss/compile.hpp"
#include "host/dss/controls.hpp"
#include "host/dss/engine.hpp"
#include "host/dss/left_out.hpp"
#include "host/dss/words.hpp"

namespace gridqueue {
namespace {

//! Values on their way from the child process, as bytes.
class Parcel {
 public:
  Parcel() = default;
  explicit Parcel(std::string bytes) : bytes_(std::move(bytes)) {}

  template <class T>
  void put(const std::vector<T>& values) {
    const std::uint64_t count = values.size();
    append(&count, sizeof count);
    append(values.data(), values.size() * sizeof(T));
  }
  template <class T>
  std::vector<T> take() {
    std::uint64_t count = 0;
    copy(&count, sizeof count);
    std::vector<T> values(count);
    copy(values.data(), count * sizeof(T));
    return values;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void append(const void* from, std::size_t size) {
    if (size) bytes_.append(static_cast<const char*>(from), size);
  }
  void copy(void* to, std::size_t size) {
    GQ_ENSURE(at_ + size <= bytes_.size());
    if (size) std::memcpy(to, bytes_.data() + at_, size);
    at_ += size;
  }
  std::string bytes_;
  std::size_t at_ = 0;
};

constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);  //!< of a node that OpenDSS does not have

std::vector<std::size_t> rows_of(DssEngine& dss, const Network& net) {
  std::map<std::string, std::size_t> row;
  const auto names = dss.node_names();
  for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = i;
  std::vector<std::size_t> rows;
  for (const Bus& b : net.buses)
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n) {
      const auto found = row.find(fmt::format("{}.{}", b.model_name(), b.phase[n]));
      if (b.inner) {
        rows.push_back(kNoRow);
        continue;
      }
      if (found == row.end()) fail_input("the OpenDSS model has no node '{}.{}'", b.name, b.phase[n]);
      rows.push_back(found->second);
    }
  return rows;
}

//! OpenDSS 0.14.5 keeps the impedance of a line from a geometry or a spacing when its length alone changes.
std::string matrices_of(DssEngine& dss, const std::string& line) {
  if (dss.property(line, "geometry").empty() && dss.property(line, "spacing").empty()) return {};
  std::string words;
  for (const char* matrix : {"rmatrix", "xmatrix", "cmatrix"})
    words += fmt::format(" {}={}", matrix, dss.property(line, matrix));
  return words;
}

void shorten(DssEngine& dss, const Network& net, const DssDayOptions& options) {
  for (BusId line : lines_of(options.upgraded)) {
    const std::string& name = net.buses[line.index()].branch.name;
    const double length = dss.number(name, "length") / options.factor;
    dss.command(fmt::format("edit {}{} length={}", dss_word(name), matrices_of(dss, name), length));
  }
}

//! The next `solve` is the first `steps` of a day.
void begin_day(DssEngine& dss, const std::string& master, const Network& net, const DssDayOptions& options,
               std::size_t which, std::size_t steps) {
  compile_model(dss, master, options.commands);
  if (options.day) solve_snapshot(dss);
  disable_left_out(dss, node_names_of(net));
  for (const auto& change : options.changes) dss.command(change);
  if (which < options.changes_of_day.size())
    for (const auto& change : options.changes_of_day[which]) dss.command(change);
  shorten(dss, net, options);
  DayChoice day;
  day.step_s = net.step_s;
  start_day(dss, options.day.value_or(day), "static", which);
  dss.command(fmt::format("set number={}", steps));
}

int recorded_state(DssEngine& dss, const std::string& capacitor) {
  dss.select_element(capacitor);
  if (dss.open_at_terminal_1()) return 0;
  const std::string states = dss.property(capacitor, "states");
  return static_cast<int>(std::count(states.begin(), states.end(), '1'));
}

//! OpenDSS complains where a regulator hunts; a day of its own goes on, and so do we.
bool solve(DssEngine& dss) {
  try {
    dss.command("solve");
  } catch (const Error&) {
    return false;
  }
  return dss.converged();
}

double bare_seconds(const std::string& master, const Network& net, const DssDayOptions& options) {
  DssEngine dss(options.library);
  begin_day(dss, master, net, options, 0, net.num_steps());
  const auto start = std::chrono::steady_clock::now();
  solve(dss);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

DssDay stepwise(const std::string& master, const Network& net, const DssDayOptions& options) {
  const std::size_t per_day = options.day ? static_cast<std::size_t>(options.day->steps) : net.num_steps();
  std::optional<DssEngine> engine;
  DssDay day;
  std::vector<std::size_t> rows;
  for (std::size_t k = 0; k < net.num_steps(); ++k) {
    if (k % per_day == 0) begin_day(engine.emplace(options.library), master, net, options, k / per_day, 1);
    DssEngine& dss = *engine;
    day.converged.push_back(solve(dss) ? 1 : 0);
    if (rows.empty()) rows = rows_of(dss, net);
    const auto volts = dss.node_voltages();
    for (std::size_t row : rows)
      day.voltage.push_back(row == kNoRow ? std::numeric_limits<double>::quiet_NaN() : volts[row]);
    for (const Regulator& r : net.regulators) day.tap.push_back(tap_position(dss, r));
    for (const CapacitorControl& c : net.capacitor_controls)
      day.capacitor.push_back(recorded_state(dss, net.capacitors[static_cast<std::size_t>(c.capacitor)].name));
  }
  return day;
}

DssDayOptions resolved(DssDayOptions options) {
  options.library = find_dss_library(options.library);
  return options;
}

}  // namespace

DssDay solve_day_with_dss(const std::string& master, const Network& network, const DssDayOptions& given) {
  const DssDayOptions options = resolved(given);
  const std::string path = std::filesystem::absolute(master).string();
  Parcel answer(run_isolated([&] {
    const DssDay day = stepwise(path, network, options);
    Parcel parcel;
    parcel.put(day.voltage);
    parcel.put(day.tap);
    parcel.put(day.capacitor);
    parcel.put(day.converged);
    parcel.put(std::vector<double>{options.timed ? bare_seconds(path, network, options) : 0});
    return parcel.bytes();
  }));
  DssDay day;
  day.voltage = answer.take<Complex>();
  day.tap = answer.take<int>();
  day.capacitor = answer.take<int>();
  day.converged = answer.take<std::uint8_t>();
  day.seconds = answer.take<double>().at(0);
  return day;
}

}  // namespace gridqueue

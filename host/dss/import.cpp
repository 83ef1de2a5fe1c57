#include "host/dss/import.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "gridqueue/contracts.hpp"
#include "host/dss/base_case.hpp"
#include "host/dss/checksum.hpp"
#include "host/dss/controls.hpp"
#include "host/dss/loads.hpp"
#include "host/dss/shapes.hpp"
#include "host/dss/tree.hpp"
#include "host/feeder/feeder_file.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;
//! OpenDSS files are often Latin-1; attributes of our files are UTF-8.
std::string to_utf8(const std::string& text) {
  const auto continues = [&](std::size_t i) { return i < text.size() && (text[i] & 0xC0) == 0x80; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool starts_character = c >= 0xC2 && c < 0xF5 && continues(i + 1);
    if (c < 0x80 || starts_character || continues(i)) {
      out += text[i];
    } else {
      out += static_cast<char>(0xC0 | (c >> 6));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

void mark_generators(DssEngine& dss, const DssModel& model, Network& net) {
  for (const auto& g : model.generators) {
    const std::string bus = dss.property(g, "bus1");
    if (const auto id = net.find_bus(bus.substr(0, bus.find('.')))) net.buses[id->index()].has_generator = true;
  }
  for (const DssShunt& s : model.shunts)
    if (s.name.rfind("capacitor.", 0) == 0) net.buses[net.find_bus(s.bus)->index()].has_capacitor = true;
}

//! Below a transformer, or anywhere but at the source in a feeder that has none.
bool below_substation(const Network& net, BusId bus) {
  const auto is_transformer = [](const Bus& b) { return b.branch.kind == BranchKind::transformer; };
  if (std::none_of(net.buses.begin(), net.buses.end(), is_transformer)) return bus.index() != 0;
  for (; bus.valid(); bus = net.buses[bus.index()].parent)
    if (is_transformer(net.buses[bus.index()])) return true;
  return false;
}

//! Three-phase buses that carry nothing, from the substation's secondary down, in the file's order.
void find_candidates(const DssModel& model, Network& net) {
  for (const auto& name : model.bus_order) {
    const BusId id = *net.find_bus(name);
    const Bus& b = net.buses[id.index()];
    if (!net.three_phase(id) || b.has_load || b.has_capacitor || b.has_generator || !below_substation(net, id))
      continue;
    net.candidate_buses.push_back(id);
  }
}

//! E behind the source impedance: balanced, phase 1 at the source's angle.
void add_source_voltage(DssEngine& dss, const DssModel& model, Network& net) {
  const Bus& root = net.buses[0];
  if (!net.three_phase(BusId(0)) || dss.number(model.source, "phases") != 3)
    fail_input("'{}' is no three-phase source (cannot be represented)", model.source);
  const double volts = dss.number(model.source, "pu") * dss.number(model.source, "basekv") * 1e3 / std::sqrt(3.0);
  const double angle = dss.number(model.source, "angle");
  for (std::size_t n = 0; n < 3; ++n)
    net.source_voltage[n] = std::polar(volts, (angle - 120.0 * (root.phase[n] - 1)) * M_PI / 180);
}

//! Shapes and solution settings. Loads without a daily shape would not vary in OpenDSS: they get options.load_shape.
void add_day(DssEngine& dss, const DssImportOptions& options, const DssModel& model, Network& net) {
  const std::string shape = common_load_shape(dss, model, options.load_shape);
  if (!model.loads.empty()) dss.command("batchedit load..* daily=" + shape);
  const double multiplier = std::stod(dss.command("get loadmult"));
  net.load_multiplier = day_of_shape(dss, shape);
  for (double& m : net.load_multiplier) m *= multiplier;
  net.pv_shape = day_of_pv(dss, options.pv_shape);
  net.step_s = kStepSeconds;
  net.frequency_hz = std::stod(dss.command("get frequency"));
  net.max_control_iterations = static_cast<int>(std::stod(dss.command("get maxcontroliter")));
  net.max_iterations = static_cast<int>(std::stod(dss.command("get maxiterations")));
}

Network compile(const std::string& master, const DssImportOptions& options) {
  DssEngine dss(options.library);
  dss.command("redirect \"" + master + "\"");
  if (!dss.converged()) fail_input("the model's own Solve does not converge");
  const DssModel model = read_dss_model(dss);
  Network net = build_tree(model);
  net.name = options.name.empty() ? fs::path(master).stem().string() : options.name;
  add_source_voltage(dss, model, net);
  add_line_facts(dss, net);
  add_units(dss, model, net);
  add_regulators(dss, model, net);
  add_loads(dss, model, net);
  add_protection(dss, model, net);
  mark_generators(dss, model, net);
  find_candidates(model, net);
  add_day(dss, options, model, net);
  net.base_case = solve_base_case(dss, net);
  return net;
}

void add_monitor_lists(const DssImportOptions& options, Network& net) {
  for (const auto& [list, names] : options.monitor_lists)
    for (const auto& name : names) {
      const auto bus = net.find_bus(name);
      if (!bus)
        fail_input("unknown bus '{}' in monitor list '{}' (feeder {} has {} buses)", name, list, net.name,
                   net.buses.size());
      net.monitor_lists[list].push_back(*bus);
    }
}

}  // namespace

namespace {

//! A file for the way from the child process, gone when the import ends, however it ends.
class TemporaryFile {
 public:
  TemporaryFile() {
    std::string name = (fs::temp_directory_path() / "gridqueue-import-XXXXXX").string();
    const int fd = ::mkstemp(name.data());
    if (fd < 0) fail_input("cannot make a temporary file in '{}'", fs::temp_directory_path().string());
    ::close(fd);
    path_ = name;
  }
  ~TemporaryFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

Network import_dss(const std::string& master, const DssImportOptions& options) {
  if (!fs::exists(master)) fail_input("no such file '{}'", master);
  const std::string path = fs::absolute(master).string();
  const std::string library = find_dss_library(options.library);
  const TemporaryFile copy;
  run_isolated([&] {
    DssImportOptions inside = options;
    inside.library = library;
    write_feeder(compile(path, inside), copy.path());
    return std::string();
  });
  Network net = read_feeder(copy.path());
  add_monitor_lists(options, net);
  net.origin = to_utf8(options.origin);
  net.licence = to_utf8(options.licence);
  net.checksum = model_checksum(path);
  net.validate();
  return net;
}

}  // namespace gridqueue

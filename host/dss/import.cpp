#include "host/dss/import.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/dss/base_case.hpp"
#include "host/dss/controls.hpp"
#include "host/dss/tree.hpp"
#include "host/feeder/feeder_file.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;
constexpr int kSteps = 288;         // of a day
constexpr double kStepSeconds = 300;

//! OpenDSS picks the point of an hourly shape by rounding half to even, counts from one, and takes the last for 0.
std::vector<double> load_multipliers(const std::vector<double>& hourly) {
  std::vector<double> m;
  const auto points = static_cast<int>(hourly.size());
  for (int k = 0; k < kSteps; ++k) {
    const int index = static_cast<int>(std::nearbyint((k + 1) * kStepSeconds / 3600));
    m.push_back(hourly[static_cast<std::size_t>((index - 1 + points) % points)]);
  }
  return m;
}

std::vector<double> pv_shape(const std::vector<double>& samples) {
  const double largest = *std::max_element(samples.begin(), samples.end());
  std::vector<double> s;
  for (int k = 0; k < kSteps; ++k) {
    const auto second = static_cast<std::size_t>(kStepSeconds) * static_cast<std::size_t>(k + 1);
    if (second - 1 >= samples.size()) fail_input("the PV shape has {} samples (a day of 1 s samples is needed)", samples.size());
    s.push_back(samples[second - 1] / largest);
  }
  return s;
}

//! SHA-256 over the model's own folder, files in name order.
std::string checksum(const fs::path& master) {
  std::vector<fs::path> files;
  for (const auto& e : fs::directory_iterator(master.parent_path().empty() ? fs::path(".") : master.parent_path()))
    if (e.is_regular_file()) files.push_back(e.path());
  std::sort(files.begin(), files.end());
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  for (const auto& f : files) {
    std::ifstream in(f, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    const std::string bytes = text.str();
    EVP_DigestUpdate(context, bytes.data(), bytes.size());
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(context, digest, &size);
  EVP_MD_CTX_free(context);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

void mark_generators(DssEngine& dss, const DssModel& model, Network& net) {
  for (const auto& g : model.generators) {
    const std::string bus = dss.property(g, "bus1");
    if (const auto id = net.find_bus(bus.substr(0, bus.find('.')))) net.buses[id->index()].has_generator = true;
  }
  for (const DssShunt& s : model.shunts)
    if (s.name.rfind("capacitor.", 0) == 0) net.buses[net.find_bus(s.bus)->index()].has_capacitor = true;
}

//! Three-phase buses that carry nothing, from the substation's secondary down, in the file's order.
void find_candidates(const DssModel& model, Network& net) {
  for (const auto& name : model.bus_order) {
    const BusId id = *net.find_bus(name);
    const Bus& b = net.buses[id.index()];
    if (id.index() == 0 || b.kv_base > 0.5 * net.buses[0].kv_base) continue;
    if (net.three_phase(id) && !b.has_load && !b.has_capacitor && !b.has_generator) net.candidate_buses.push_back(id);
  }
}

Network compile(const std::string& master, const DssImportOptions& options) {
  DssEngine dss(options.library);
  dss.command("redirect \"" + master + "\"");
  if (!dss.converged()) fail_input("the model's own Solve does not converge");
  const DssModel model = read_dss_model(dss);
  Network net = build_tree(model);
  net.name = options.name.empty() ? fs::path(master).stem().string() : options.name;
  const double pu = dss.number(model.source, "pu"), kv = dss.number(model.source, "basekv");
  for (int n = 0; n < net.buses[0].num_nodes; ++n)
    net.source_voltage[static_cast<std::size_t>(n)] =
        std::polar(pu * kv * 1e3 / std::sqrt(3.0), (dss.number(model.source, "angle") - 120.0 * (net.buses[0].phase[static_cast<std::size_t>(n)] - 1)) * M_PI / 180);
  add_line_facts(dss, net);
  add_units(dss, model, net);
  add_regulators(dss, model, net);
  add_loads(dss, model, net);
  add_protection(dss, model, net);
  mark_generators(dss, model, net);
  find_candidates(model, net);
  net.load_multiplier = load_multipliers(dss.shape("default"));
  net.pv_shape = pv_shape(dss.shape(options.pv_shape));
  net.step_s = kStepSeconds;
  net.frequency_hz = std::stod(dss.command("get defaultbasefreq"));
  net.max_control_iterations = static_cast<int>(std::stod(dss.command("get maxcontroliter")));
  net.max_iterations = static_cast<int>(std::stod(dss.command("get maxiterations")));
  net.base_case = solve_base_case(dss, net);
  return net;
}

void add_monitor_lists(const DssImportOptions& options, Network& net) {
  for (const auto& [list, names] : options.monitor_lists)
    for (const auto& name : names) {
      const auto bus = net.find_bus(name);
      if (!bus) fail_input("unknown bus '{}' in monitor list '{}' (feeder {} has {} buses)", name, list, net.name, net.buses.size());
      net.monitor_lists[list].push_back(*bus);
    }
}

}  // namespace

Network import_dss(const std::string& master, const DssImportOptions& options) {
  if (!fs::exists(master)) fail_input("no such file '{}'", master);
  const std::string path = fs::absolute(master).string();
  const std::string library = find_dss_library(options.library);
  const std::string copy = (fs::temp_directory_path() / fmt::format("gridqueue-import-{}.h5", ::getpid())).string();
  run_isolated([&] {
    DssImportOptions inside = options;
    inside.library = library;
    write_feeder(compile(path, inside), copy);
    return std::string();
  });
  Network net = read_feeder(copy);
  fs::remove(copy);
  add_monitor_lists(options, net);
  net.origin = options.origin;
  net.licence = options.licence;
  net.checksum = checksum(path);
  net.validate();
  return net;
}

}  // namespace gridqueue

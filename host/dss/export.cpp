#include "host/dss/export.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/dss/export_elements.hpp"
#include "host/dss/words.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

std::string shape_file(std::size_t shape) { return fmt::format("load_{}.csv", shape + 1); }

class Exporter {
 public:
  Exporter(const Network& network, const DssState& state, fs::path folder)
      : net_(network), state_(state), folder_(std::move(folder)),
        upgraded_(state.upgraded.begin(), state.upgraded.end()) {}

  std::string run() {
    check_state();
    const std::string model =  // all that is refused is before anything is written
        header() + dss_source(net_) + shapes() + branches() + injections() + settings();
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) fail_input("cannot make the folder '{}' ({})", folder_.string(), error.message());
    for (std::size_t i = 0; i < net_.shapes.size(); ++i) write_column(shape_file(i), net_.shapes[i].value);
    write_column("pv.csv", net_.pv_shape);
    if (source_varies(net_)) write_column("source.csv", source_day());
    write_coordinates();
    write_file("Master.dss", model);
    return (folder_ / "Master.dss").string();
  }

 private:
  void check_state() const {
    if (net_.days.size() > 1)
      fail_input("feeder '{}' has {} days (a model of one can be exported; import that one alone)", net_.name,
                 net_.days.size());
    if (!(state_.factor > 0)) fail_input("an upgrade factor of {} is not possible", state_.factor);
    for (BusId line : lines_of(state_.upgraded)) {
      if (!line.valid() || line.index() >= net_.buses.size() ||
          net_.buses[line.index()].branch.kind != BranchKind::line)
        fail_input("branch '{}' is no line (only lines can be upgraded)",
                   line.valid() && line.index() < net_.buses.size() ? net_.buses[line.index()].branch.name : "");
    }
  }

  [[nodiscard]] std::string header() const {
    std::string text = fmt::format("! Feeder '{}', {}.\n! Origin: {}\n", net_.name, kExportMark, net_.origin);
    text += fmt::format("! {} PV systems added, {} lines upgraded (length / {}, ratings x {}).\n", state_.der.size(),
                        state_.upgraded.size(), state_.factor, state_.factor);
    return text + "! Solve the day with: solve\nClear\n";
  }

  [[nodiscard]] std::string shapes() const {
    const auto shape = [&](const std::string& name, const std::string& multipliers) {
      return fmt::format("New LoadShape.{} npts={} sinterval={} {}\n", name, net_.num_steps(), net_.step_s,
                         multipliers);
    };
    std::map<std::string, std::string> of_loads;
    for (const Load& load : net_.loads)
      of_loads[dss_load_shape(load)] =
          fmt::format("mult=(file=load_{}.csv) qmult=(file=load_{}.csv)", load.kw_shape + 1, load.kvar_shape + 1);
    std::string text = shape("gq_pv", "mult=(file=pv.csv)");
    for (const auto& [name, multipliers] : of_loads) text += shape(name, multipliers);
    return source_varies(net_) ? text + shape("gq_source", "mult=(file=source.csv)") + dss_source_day() : text;
  }

  [[nodiscard]] std::string branches() const {
    std::string text;
    for (std::size_t i = 1; i < net_.buses.size(); ++i) text += branch(BusId(i));
    for (const Regulator& r : net_.regulators) text += dss_regulator_control(r);
    std::set<std::string> names;
    for (std::size_t i = 0; i < net_.fixed_elements.size(); ++i)
      text += dss_fixed_element(net_, net_.fixed_elements[i], i + 1, !names.insert(net_.fixed_elements[i].name).second);
    return text;
  }

  [[nodiscard]] std::string branch(BusId id) const {
    const Bus& bus = net_.buses[id.index()];
    switch (bus.branch.kind) {
      case BranchKind::line: return dss_line(net_, bus, upgraded_.count(id) ? state_.factor : 1);
      case BranchKind::transformer:
      case BranchKind::regulator: return dss_transformers(net_, bus);
      default: return known(id);
    }
  }

  //! Nothing here: what it is made of is written as fixed elements.
  [[nodiscard]] std::string known(BusId id) const {
    for (const FixedElement& f : net_.fixed_elements)
      if (f.bus == id && f.parent.valid()) return {};
    fail_input("the feeder does not tell what '{}' is made of (import it again to export it)",
               net_.buses[id.index()].branch.name);
  }

  [[nodiscard]] std::string injections() const {
    std::string text;
    for (const Capacitor& c : net_.capacitors) text += dss_capacitor(net_, c);
    for (const CapacitorControl& c : net_.capacitor_controls) text += dss_capacitor_control(net_, c);
    std::map<std::string, int> parts;
    for (const Load& load : net_.loads) text += dss_load(net_, load, ++parts[load.name]);
    for (std::size_t i = 0; i < state_.der.size(); ++i)
      text += dss_pv(net_, state_.der[i].first, state_.der[i].second, i + 1);
    return text;
  }

  [[nodiscard]] std::string settings() const {
    std::set<double> bases;
    for (const Bus& b : net_.buses)
      if (!b.inner) bases.insert(b.kv_base * std::sqrt(3.0));
    std::string list;
    for (double kv : bases) list += fmt::format("{}{}", list.empty() ? "" : " ", kv);
    return fmt::format("Set voltagebases=[{}]\nCalcVoltageBases\nBuscoords buscoords.csv\n", list) +
           fmt::format("Set maxiterations={} maxcontroliter={}\n", net_.max_iterations, net_.max_control_iterations) +
           fmt::format("Set mode=daily number={} stepsize={}s controlmode=static\n", net_.num_steps(), net_.step_s);
  }

  void write_coordinates() const {
    std::string text;
    for (const Bus& b : net_.buses)
      if (b.has_coordinates && !b.inner) text += fmt::format("{},{},{}\n", dss_word(b.model_name()), b.x, b.y);
    write_file("buscoords.csv", text);
  }

  //! OpenDSS: the points of a source's shape stand for its pu.
  [[nodiscard]] std::vector<double> source_day() const {
    std::vector<double> pu;
    for (double multiplier : net_.source_multiplier) pu.push_back(multiplier * source_pu(net_));
    return pu;
  }

  void write_column(const std::string& name, const std::vector<double>& values) const {
    std::string text;
    for (double v : values) text += fmt::format("{}\n", v);
    write_file(name, text);
  }

  void write_file(const std::string& name, const std::string& text) const {
    const fs::path path = folder_ / name;
    std::ofstream out(path);
    if (!(out << text).flush()) fail_input("cannot write '{}'", path.string());
  }

  const Network& net_;
  const DssState& state_;
  fs::path folder_;
  std::set<Upgrade> upgraded_;
};

}  // namespace

std::vector<std::string> exported_files(const Network& network) {
  std::vector<std::string> files{"Master.dss", "pv.csv", "buscoords.csv"};
  if (source_varies(network)) files.emplace_back("source.csv");
  for (std::size_t i = 0; i < network.shapes.size(); ++i) files.push_back(shape_file(i));
  return files;
}

std::string export_dss(const Network& network, const DssState& state, const std::string& folder) {
  return Exporter(network, state, folder).run();
}

void export_dss(const Network& network, const std::vector<std::pair<UnitSite, double>>& der, const Upgrades& upgraded,
                double factor, const std::string& folder) {
  export_dss(network, {der, upgraded, factor}, folder);
}

}  // namespace gridqueue

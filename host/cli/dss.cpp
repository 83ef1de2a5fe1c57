// gridqueue import-dss, export-dss: OpenDSS models in and out.
#include <fmt/core.h>

#include "gridqueue/contracts.hpp"
#include "host/cli/command.hpp"
#include "host/cli/option_check.hpp"
#include "host/dss/export.hpp"
#include "host/dss/import.hpp"
#include "host/dss/monitor_list.hpp"
#include "host/feeder/feeder_file.hpp"

namespace gridqueue {
namespace {

struct ImportArguments {
  std::string master, out;
  DssImportOptions options;
  std::vector<std::string> lists;
};

struct ExportArguments {
  std::string feeder, folder;
  std::vector<std::string> der, upgrades;
  double factor = 2;
};

void import_model(ImportArguments a) {
  for (const auto& list : a.lists) {
    auto [name, buses] = parse_monitor_list(list);
    a.options.monitor_lists[name] = buses;
  }
  const Network network = import_dss(a.master, a.options);
  write_feeder(network, a.out);
  fmt::print("{}: {} buses, {} loads, {} regulators, {} candidate buses -> {}\n", network.name, network.buses.size(),
             network.loads.size(), network.regulators.size(), network.candidate_buses.size(), a.out);
}

void export_model(const ExportArguments& a) {
  const Network network = read_feeder(a.feeder);
  export_dss(network, parse_der(network, a.der), parse_upgrades(network, a.upgrades), a.factor, a.folder);
  fmt::print("OpenDSS model of feeder {} written to '{}'\n", network.name, a.folder);
}

}  // namespace

void add_import_dss(CLI::App& app, Common&) {
  auto a = std::make_shared<ImportArguments>();
  CLI::App* c =
      app.add_subcommand("import-dss", "Make a feeder file from an OpenDSS model, compiled by OpenDSS itself");
  c->add_option("master", a->master, "the model's main file (.dss)")->required();
  c->add_option("--out", a->out, "feeder file to write (.h5)")->required();
  c->add_option("--name", a->options.name, "name of the feeder");
  c->add_option("--pv-shape", a->options.pv_shape, "LoadShape of the sun, 1 s samples over a day")
      ->capture_default_str();
  c->add_option("--monitors-list", a->lists,
                "a named list of monitored buses, NAME=bus_1,bus_2 or NAME=FILE.json; may be repeated");
  c->add_option("--origin", a->options.origin, "where the model comes from");
  c->add_option("--licence", a->options.licence, "the model's licence");
  c->add_option("--dss-library", a->options.library, "libdss_capi, or the folder it is in");
  c->callback([a] { import_model(*a); });
}

void add_export_dss(CLI::App& app, Common&) {
  auto a = std::make_shared<ExportArguments>();
  CLI::App* c = app.add_subcommand("export-dss", "Write an OpenDSS model of a state of a feeder");
  c->add_option("feeder", a->feeder, "feeder file (.h5)")->required();
  c->add_option("folder", a->folder, "folder to write to")->required();
  c->add_option("--der", a->der, "PV at a bus, BUS=KW; may be repeated");
  c->add_option("--upgrade", a->upgrades, "an upgraded line; may be repeated");
  c->add_option("--factor", a->factor, "what an upgrade divides a line's length and multiplies its ratings by")
      ->transform(number_between(1, 1e6))
      ->type_name("NUMBER")
      ->capture_default_str();
  c->callback([a] { export_model(*a); });
}

}  // namespace gridqueue

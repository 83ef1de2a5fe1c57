// gridqueue import-dss, export-dss: OpenDSS models in and out.
#include <fmt/core.h>

#include "gridqueue/contracts.hpp"
#include "host/cli/command.hpp"
#include "host/dss/export.hpp"
#include "host/dss/import.hpp"
#include "host/dss/monitor_list.hpp"
#include "host/feeder/feeder_file.hpp"

namespace gridqueue {
void commands::import_dss(ImportArguments a) {
  for (const auto& list : a.lists) {
    auto [name, buses] = parse_monitor_list(list);
    a.options.monitor_lists[name] = buses;
  }
  const Network network = gridqueue::import_dss(a.master, a.options);
  write_feeder(network, a.out);
  fmt::print("{}: {} buses, {} loads, {} regulators, {} candidate buses -> {}\n", network.name, network.buses.size(),
             network.loads.size(), network.regulators.size(), network.candidate_buses.size(), a.out);
}

void commands::export_dss(const ExportArguments& a) {
  const Network network = read_feeder(a.feeder);
  gridqueue::export_dss(network, parse_der(network, a.der), parse_upgrades(network, a.upgrades), a.factor, a.folder);
  fmt::print("OpenDSS model of feeder {} written to '{}'\n", network.name, a.folder);
}

}  // namespace gridqueue

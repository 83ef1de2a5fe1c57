#include "host/feeder/feeder_file.hpp"

#include "host/feeder/feeder_tables.hpp"

namespace gridqueue {
namespace {

const std::string kFileType = "gridqueue feeder";
constexpr std::int64_t kVersion = 2;  //!< counts changes that an older reader would misread

//! What branches have several of, as rows of tables of their own.
struct BranchRows {
  std::vector<TransformerRow> transformers;
  std::vector<ElementRow> elements;
};

BranchRows branch_rows(const Network& network) {
  BranchRows rows;
  for (std::size_t i = 0; i < network.buses.size(); ++i) {
    for (const TransformerUnit& unit : network.buses[i].branch.units) {
      for (const Winding& w : unit.winding) GQ_EXPECT(w.conductors.size() <= kMaxConductors);
      rows.transformers.push_back({BusId(i), unit});
    }
    for (const BranchElement& element : network.buses[i].branch.elements) rows.elements.push_back({BusId(i), element});
  }
  return rows;
}

Branch& branch_of(const std::string& what, BusId bus, Network& network) {
  if (!bus.valid() || bus.index() >= network.buses.size())
    fail_input("'{}' belongs to a bus that does not exist (number {})", what, bus.value);
  return network.buses[bus.index()].branch;
}

void attach(const BranchRows& rows, Network& network) {
  for (const TransformerRow& row : rows.transformers)
    branch_of("transformer." + row.unit.name, row.branch, network).units.push_back(row.unit);
  for (const ElementRow& row : rows.elements)
    branch_of(row.element.name, row.branch, network).elements.push_back(row.element);
}

template <class Io>
void tables(Io& io, Network& network, BranchRows& rows) {
  attributes(io, network);
  bus_tables(io, network.buses);
  branch_tables(io, network.buses);
  element_tables(io, rows.elements);
  transformer_tables(io, rows.transformers);
  load_tables(io, network.loads);
  regulator_tables(io, network.regulators);
  capacitor_control_tables(io, network.capacitor_controls);
  other_tables(io, network);
}

void check_version(const h5::File& file, const std::string& path) {
  if (!file.has_attribute("", "file_type") || file.read_attribute<std::string>("", "file_type") != kFileType)
    fail_input("'{}' is no feeder file (its attribute 'file_type' is not '{}'); make one with gridqueue import-dss",
               path, kFileType);
  const auto version = file.read_attribute<std::int64_t>("", "version");
  if (version != kVersion)
    fail_input("'{}' is a feeder file of version {} (this program reads version {}); import the feeder again", path,
               version, kVersion);
}

}  // namespace

void write_feeder(const Network& network, const std::string& path) {
  network.validate();
  h5::File file = h5::File::create(path);
  file.attribute<std::string>("", "file_type", kFileType);
  file.attribute<std::int64_t>("", "version", kVersion);
  Network copy = network;  // the description of the file works on references, for both directions
  BranchRows rows = branch_rows(network);
  Writer writer(file);
  tables(writer, copy, rows);
  for (auto& [name, list] : copy.monitor_lists) writer.values("monitors/" + name, list);
}

Network read_feeder(const std::string& path) {
  const h5::File file = h5::File::open(path);
  check_version(file, path);
  Network network;
  BranchRows rows;
  Reader reader(file, path);
  tables(reader, network, rows);
  attach(rows, network);
  if (file.exists("monitors"))
    for (const std::string& name : file.children("monitors"))
      reader.values("monitors/" + name, network.monitor_lists[name]);
  try {
    network.validate();
  } catch (const Error& error) {
    fail_input("'{}' is no consistent feeder file: {}", path, error.what());
  }
  return network;
}

}  // namespace gridqueue

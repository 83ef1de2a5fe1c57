#include "host/feeder/feeder_file.hpp"

#include "host/feeder/feeder_tables.hpp"

namespace gridqueue {
namespace {

const std::string kFileType = "gridqueue feeder";
constexpr std::int64_t kVersion = 1;  //!< counts changes that an older reader would misread

std::vector<TransformerRow> transformer_rows(const Network& network) {
  std::vector<TransformerRow> rows;
  for (std::size_t i = 0; i < network.buses.size(); ++i)
    for (const TransformerUnit& unit : network.buses[i].branch.units) {
      TransformerRow row{BusId(i), unit, {}};
      for (std::size_t w = 0; w < 2; ++w) {
        const auto& conductors = unit.winding[w].conductors;
        GQ_EXPECT(conductors.size() <= kMaxConductors);
        row.conductors[w].fill(-1);
        std::copy(conductors.begin(), conductors.end(), row.conductors[w].begin());
      }
      rows.push_back(std::move(row));
    }
  return rows;
}

void attach_transformers(std::vector<TransformerRow>& rows, Network& network) {
  for (TransformerRow& row : rows) {
    if (!row.branch.valid() || row.branch.index() >= network.buses.size())
      fail_input("transformer '{}' belongs to a bus that does not exist (number {})", row.unit.name, row.branch.value);
    for (std::size_t w = 0; w < 2; ++w)
      for (int node : row.conductors[w])
        if (node >= 0) row.unit.winding[w].conductors.push_back(node);
    network.buses[row.branch.index()].branch.units.push_back(std::move(row.unit));
  }
}

template <class Io>
void tables(Io& io, Network& network, std::vector<TransformerRow>& transformers) {
  attributes(io, network);
  bus_tables(io, network.buses);
  branch_tables(io, network.buses);
  transformer_tables(io, transformers);
  load_tables(io, network.loads);
  regulator_tables(io, network.regulators);
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
  auto transformers = transformer_rows(network);
  Writer writer(file);
  tables(writer, copy, transformers);
  for (auto& [name, list] : copy.monitor_lists) writer.values("monitors/" + name, list);
}

Network read_feeder(const std::string& path) {
  const h5::File file = h5::File::open(path);
  check_version(file, path);
  Network network;
  std::vector<TransformerRow> transformers;
  Reader reader(file, path);
  tables(reader, network, transformers);
  attach_transformers(transformers, network);
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

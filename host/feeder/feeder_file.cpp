#include "host/feeder/feeder_file.hpp"

#include "host/core/durable_file.hpp"
#include "host/core/files.hpp"
#include "host/core/host_name.hpp"
#include "host/feeder/feeder_content.hpp"
#include "host/feeder/feeder_digest.hpp"

namespace gridqueue {
namespace {

const std::string kFileType = "gridqueue feeder";
constexpr std::int64_t kVersion = 2;  //!< counts changes that an older reader would misread
constexpr const char* kDigest = "content_sha256";

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

void check_version(const h5::File& file, const std::string& path) {
  if (!file.has_attribute("", "file_type") || file.read_attribute<std::string>("", "file_type") != kFileType)
    fail_input("'{}' is no feeder file (its attribute 'file_type' is not '{}'); make one with gridqueue import-dss",
               path, kFileType);
  const auto version = file.read_attribute<std::int64_t>("", "version");
  if (version != kVersion)
    fail_input("'{}' is a feeder file of version {} (this program reads version {}); import the feeder again", path,
               version, kVersion);
}

//! Files of before the digest have none.
void check_digest(const h5::File& file, const std::string& path, const Network& network) {
  if (!file.has_attribute("", kDigest)) return;
  const auto stored = file.read_attribute<std::string>("", kDigest);
  if (const std::string found = feeder_digest(network); found != stored)
    fail_input(
        "'{}' is damaged or was changed by hand (its content has the checksum {:.12} instead of {:.12}, attribute "
        "'{}'); import the feeder again",
        path, found, stored, kDigest);
}

}  // namespace

void write_feeder(const Network& network, const std::string& path) {
  network.validate();
  h5::File file = h5::File::create_in_memory(path);
  file.attribute<std::string>("", "file_type", kFileType);
  file.attribute<std::int64_t>("", "version", kVersion);
  Network copy = network;  // the description of the file works on references, for both directions
  BranchRows rows = branch_rows(network);
  Writer writer(file);
  feeder_tables(writer, copy, rows);
  for (auto& [name, list] : copy.monitor_lists) writer.values("monitors/" + name, list);
  file.attribute<std::string>("", kDigest, feeder_digest(network));
  const std::string target = file_behind(path);
  write_durably(target + "." + host_and_pid() + ".tmp.h5", target, file.image());
}

namespace {

Network read_once(const std::string& path) {
  const h5::File file = h5::File::open(path);
  check_version(file, path);
  Network network;
  BranchRows rows;
  Reader reader(file, path);
  feeder_tables(reader, network, rows);
  attach(rows, network);
  if (file.exists("monitors"))
    for (const std::string& name : file.children("monitors"))
      reader.values("monitors/" + name, network.monitor_lists[name]);
  check_digest(file, path, network);
  try {
    network.validate();
  } catch (const Error& error) {
    fail_input("'{}' is no consistent feeder file: {}", path, error.what());
  }
  return network;
}

}  // namespace

//! A damaged file may spoil the memory of who reads it, and crash something else later.
Network read_feeder(const std::string& path) {
  h5::read_in_child(path, [&] { (void)read_once(path); });
  return read_once(path);
}

}  // namespace gridqueue

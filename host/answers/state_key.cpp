#include "host/answers/state_key.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "host/answers/hash.hpp"

namespace gridqueue {
namespace {

constexpr std::int32_t kUnitsEnd = -1;  //!< no bus
constexpr std::size_t kUnitBytes = sizeof(BusId::value) + sizeof(UnitSite::phases) + sizeof(double);
constexpr std::size_t kUpgradeBytes = sizeof(BusId::value) + sizeof(Upgrade::kind) + sizeof(Upgrade::option);

class Bytes {
 public:
  explicit Bytes(std::size_t size) {
    buffer().resize(std::max(size, buffer().size()));
    at_ = buffer().data();
  }
  template <class T>
  void add(T value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }
  [[nodiscard]] StateKey hash() const {
    const XXH128_hash_t h = XXH3_128bits(buffer().data(), static_cast<std::size_t>(at_ - buffer().data()));
    return {h.low64, h.high64};
  }

 private:
  static std::vector<std::uint8_t>& buffer() {
    thread_local std::vector<std::uint8_t> one;
    return one;
  }
  std::uint8_t* at_;
};

}  // namespace

StateKey sorted_key(const StateBatch& states, std::size_t state) {
  const Upgrades& upgrades = states.upgrade_sets[states.upgrade_set[state].index()];
  const std::uint32_t first = states.der_offset[state], last = states.der_offset[state + 1];
  Bytes bytes((last - first) * kUnitBytes + sizeof kUnitsEnd + upgrades.size() * kUpgradeBytes);
  for (std::uint32_t d = first; d < last; ++d) {
    bytes.add(states.der_site[d].bus.value), bytes.add(states.der_site[d].phases);
    bytes.add(states.der_kw[d]);
  }
  bytes.add(kUnitsEnd);
  for (const Upgrade& u : upgrades) bytes.add(u.element.value), bytes.add(u.kind), bytes.add(u.option);
  return bytes.hash();
}

StateBatch sorted_states(const StateBatch& states) {
  StateBatch sorted = states;
  std::vector<std::pair<UnitSite, double>> units;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::uint32_t first = states.der_offset[i], last = states.der_offset[i + 1];
    units.clear();
    for (std::uint32_t d = first; d < last; ++d) units.emplace_back(states.der_site[d], states.der_kw[d]);
    std::sort(units.begin(), units.end());
    for (std::uint32_t d = first; d < last; ++d)
      sorted.der_site[d] = units[d - first].first, sorted.der_kw[d] = units[d - first].second;
  }
  return sorted;
}

}  // namespace gridqueue

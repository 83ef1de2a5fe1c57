#include "host/answers/state_key.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "host/answers/hash.hpp"

namespace gridqueue {
namespace {

std::vector<std::pair<UnitSite, double>> sorted_units(const StateBatch& states, std::size_t state) {
  std::vector<std::pair<UnitSite, double>> units;
  for (std::uint32_t d = states.der_offset[state]; d < states.der_offset[state + 1]; ++d)
    units.emplace_back(states.der_site[d], states.der_kw[d]);
  std::sort(units.begin(), units.end());
  return units;
}

class Bytes {
 public:
  template <class T>
  void add(T value) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof value);
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  [[nodiscard]] StateKey hash() const {
    const XXH128_hash_t h = XXH3_128bits(bytes_.data(), bytes_.size());
    return {h.low64, h.high64};
  }

 private:
  std::vector<std::uint8_t> bytes_;
};

}  // namespace

StateKey key_of(const StateBatch& states, std::size_t state) {
  Bytes bytes;
  for (const auto& [site, kw] : sorted_units(states, state)) {
    bytes.add(site.bus.value), bytes.add(site.phases);
    bytes.add(kw);
  }
  bytes.add(std::int32_t{-1});  // no bus: here units end
  for (const Upgrade& u : states.upgrade_sets[states.upgrade_set[state].index()])
    bytes.add(u.element.value), bytes.add(u.kind), bytes.add(u.option);
  return bytes.hash();
}

void add_sorted_state(StateBatch& batch, const StateBatch& from, std::size_t state, UpgradeSetId set) {
  for (const auto& [site, kw] : sorted_units(from, state)) batch.add_der(site, kw);
  batch.finish_state(set);
}

}  // namespace gridqueue

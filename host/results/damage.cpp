#include "host/results/damage.hpp"

namespace gridqueue {

void check_upgrade_sets(const h5::File& file, const std::vector<Upgrades>& sets) {
  const std::size_t elements = file.shape("element/name").at(0);
  for (const Upgrades& set : sets)
    for (const Upgrade& u : set) {
      need(u.element.valid() && u.element.index() < elements, file, "an upgrade names element {} of {}",
           u.element.value, elements);
      check_number(file, "usd", u.usd);
    }
}

}  // namespace gridqueue

#include "host/explore/random_queue.hpp"

#include <cmath>
#include <map>

#include "gridqueue/contracts.hpp"
#include "gridqueue/random.hpp"
#include "host/explore/hosting_capacity.hpp"

namespace gridqueue {
namespace {

class Drawer {
 public:
  Drawer(Evaluator& evaluator, const RandomQueueSpec& spec) : evaluator_(evaluator), spec_(spec) {}

  Queue run() {
    if (spec_.buses.empty()) fail_input("there are no buses to draw from");
    while (spec_.count == 0 || queue_.units.size() < spec_.count) {
      if (queue_.units.size() == kMaxUnits)
        fail_input("the random queue has reached {} units without a violation (draw larger units or give a count)", kMaxUnits);
      const auto unit = static_cast<std::uint32_t>(queue_.units.size());
      const std::uint64_t bits = random_bits(spec_.seed, Purpose::queue_bus, spec_.realization, unit);
      const BusId bus = spec_.buses[static_cast<std::size_t>(random_unit(bits) * static_cast<double>(spec_.buses.size()))];
      queue_.units.push_back({bus, spec_.count ? size(unit, 0) : fitting_size(unit, bus)});
      if (spec_.count == 0 && violates()) return queue_;
    }
    return queue_;
  }

 private:
  [[nodiscard]] double size(std::uint32_t unit, std::uint32_t draw) const {
    const double u = random_unit(random_bits(spec_.seed, Purpose::queue_size, spec_.realization, unit, draw));
    return std::ceil(spec_.kw_min) + std::floor(u * (std::floor(spec_.kw_max) - std::ceil(spec_.kw_min) + 1));
  }

  double fitting_size(std::uint32_t unit, BusId bus) {
    const double capacity = known_capacity(bus);
    if (capacity < std::ceil(spec_.kw_min))
      fail_input("bus '{}' can host {:.1f} kW (sizes start at {} kW); leave it out of queue.random.buses or lower kw_min",
                 evaluator_.network().buses[bus.index()].name, capacity, spec_.kw_min);
    for (std::uint32_t draw = 0;; ++draw)
      if (const double kw = size(unit, draw); kw <= capacity) return kw;
  }

  double known_capacity(BusId bus) {
    const auto at = capacity_.find(bus);
    return at != capacity_.end() ? at->second : capacity_[bus] = search(bus, {});
  }

  double search(BusId bus, const std::vector<Unit>& there) {
    HostingQuery q;
    for (const Unit& u : there) q.der.emplace_back(u.bus, u.kw);
    q.upgrade_set = UpgradeSetId(0);
    q.bus = bus;
    return hosting_capacities(evaluator_, {q}, {{}}, HostingSearchOptions()).front().kw;
  }

  bool violates() {
    StateBatch state;
    for (const Unit& u : queue_.units) state.add_der(u.bus, u.kw);
    state.finish_state(UpgradeSetId(0));
    if (evaluator_.evaluate(state).front().violations != 0) return true;
    const BusId bus = queue_.units.back().bus;
    capacity_[bus] = search(bus, queue_.units);
    return false;
  }

  Evaluator& evaluator_;
  const RandomQueueSpec& spec_;
  Queue queue_;
  std::map<BusId, double> capacity_;
};

}  // namespace

Queue draw_random_queue(Evaluator& evaluator, const RandomQueueSpec& spec) { return Drawer(evaluator, spec).run(); }

}  // namespace gridqueue

#include "host/queue/random_queue.hpp"

#include <cmath>
#include <map>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/hosting/hosting_capacity.hpp"
#include "host/statistics/random.hpp"

namespace gridqueue {
namespace {

using Capacities = std::map<UnitSite, double>;  //!< [kW]

//! One queue as it grows.
struct Drawing {
  std::uint64_t realization = 0;
  Queue queue;
  Capacities known;  //!< where a unit stands: what was left when it came
  bool done = false;
};

class Drawer {
 public:
  Drawer(Evaluator& evaluator, const RandomQueueSpec& spec, std::size_t queues)
      : evaluator_(evaluator), spec_(spec), drawings_(queues) {
    if (spec_.sites.empty()) fail_input("there are no buses to draw from");
    for (std::size_t i = 0; i < queues; ++i) drawings_[i].realization = spec_.realization + i;
  }

  std::vector<Queue> run() {
    if (spec_.count) draw_counted();
    else
      while (draw_until()) {
      }
    std::vector<Queue> queues;
    for (Drawing& d : drawings_) queues.push_back(std::move(d.queue));
    return queues;
  }

 private:
  //! Drawn again where units of the queue have left no room for another.
  [[nodiscard]] UnitSite site(const Drawing& d) const {
    const auto unit = static_cast<std::uint32_t>(d.queue.units.size());
    constexpr std::uint32_t kDraws = 100'000;
    for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
      const double u = random_unit(random_bits(spec_.seed, Purpose::queue_bus, d.realization, unit, draw));
      const UnitSite at = spec_.sites[static_cast<std::size_t>(u * static_cast<double>(spec_.sites.size()))];
      const auto left = d.known.find(at);
      if (left == d.known.end() || left->second >= std::ceil(spec_.kw_min)) return at;
    }
    fail_input(
        "random queue {} has filled every bus it may draw (less than {} kW left at each) without a violation; give a "
        "count, more buses, or a smaller kw_min",
        d.realization, spec_.kw_min);
  }

  [[nodiscard]] double size(const Drawing& d, std::uint32_t draw) const {
    const auto unit = static_cast<std::uint32_t>(d.queue.units.size());
    const double u = random_unit(random_bits(spec_.seed, Purpose::queue_size, d.realization, unit, draw));
    return std::ceil(spec_.kw_min) + std::floor(u * (std::floor(spec_.kw_max) - std::ceil(spec_.kw_min) + 1));
  }

  void draw_counted() {
    for (Drawing& d : drawings_)
      while (d.queue.units.size() < spec_.count) d.queue.units.push_back({site(d), size(d, 0)});
  }

  //! One more unit for every queue that has had no violation yet; true while there are such queues.
  bool draw_until() {
    std::vector<Drawing*> open;
    for (Drawing& d : drawings_)
      if (!d.done) open.push_back(&d);
    if (open.empty()) return false;
    learn_independent(open);
    for (Drawing* d : open) {
      if (d->queue.units.size() == kMaxUnits)
        fail_input("the random queue has reached {} units without a violation (draw larger units or give a count)",
                   kMaxUnits);
      d->queue.units.push_back(fitting_unit(*d));
    }
    learn_left(open);
    return true;
  }

  Unit fitting_unit(const Drawing& d) const {
    const UnitSite at = site(d);
    const auto known = d.known.find(at);
    const double capacity = known != d.known.end() ? known->second : independent_.at(at);
    if (capacity < std::ceil(spec_.kw_min))
      fail_input("'{}' can host {:.1f} kW (sizes start at {} kW); leave it out of queue.random.buses or lower kw_min",
                 site_name(evaluator_.network(), at), capacity, spec_.kw_min);
    for (std::uint32_t draw = 0;; ++draw)
      if (const double kw = size(d, draw); kw <= capacity) return {at, kw};
  }

  std::vector<HostingCapacity> search(const std::vector<HostingQuery>& queries) {
    return queries.empty() ? std::vector<HostingCapacity>()
                           : hosting_capacities(evaluator_, queries, {{}}, HostingSearchOptions());
  }

  //! Of the sites drawn next, with nothing else on the feeder.
  void learn_independent(const std::vector<Drawing*>& open) {
    std::set<UnitSite> missing;
    for (const Drawing* d : open)
      if (const UnitSite at = site(*d); !independent_.count(at)) missing.insert(at);
    std::vector<HostingQuery> queries;
    for (UnitSite at : missing) queries.push_back({{}, UpgradeSetId(0), at});
    const auto found = search(queries);
    for (std::size_t i = 0; i < queries.size(); ++i) independent_[queries[i].site] = found[i].kw;
  }

  //! Which queues are done, and what is left at the last unit's site of the others.
  void learn_left(const std::vector<Drawing*>& open) {
    StateBatch states;
    for (const Drawing* d : open) {
      for (const Unit& u : d->queue.units) states.add_der(u.site, u.kw);
      states.finish_state(UpgradeSetId(0));
    }
    const auto answers = evaluator_.evaluate(states);
    std::vector<HostingQuery> queries;
    std::vector<Drawing*> asked;
    for (std::size_t i = 0; i < open.size(); ++i) {
      open[i]->done = answers[i].violations != 0;
      if (open[i]->done) continue;
      HostingQuery q{{}, UpgradeSetId(0), open[i]->queue.units.back().site};
      for (const Unit& u : open[i]->queue.units) q.der.emplace_back(u.site, u.kw);
      queries.push_back(std::move(q));
      asked.push_back(open[i]);
    }
    const auto found = search(queries);
    for (std::size_t i = 0; i < asked.size(); ++i) asked[i]->known[queries[i].site] = found[i].kw;
  }

  Evaluator& evaluator_;
  const RandomQueueSpec& spec_;
  std::vector<Drawing> drawings_;
  Capacities independent_;
};

}  // namespace

std::vector<Queue> draw_random_queues(Evaluator& evaluator, const RandomQueueSpec& spec, std::size_t queues) {
  return Drawer(evaluator, spec, queues).run();
}

Queue draw_random_queue(Evaluator& evaluator, const RandomQueueSpec& spec) {
  return std::move(draw_random_queues(evaluator, spec, 1).front());
}

}  // namespace gridqueue

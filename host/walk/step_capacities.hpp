// Hosting capacities of a walker's steps, as its HostingCapacityMode asks; of many walkers in one search.
#pragma once
#include <map>
#include <span>
#include <vector>

#include "host/hosting/hosting_capacity.hpp"
#include "host/walk/walker.hpp"

namespace gridqueue {

//! Of the steps that have not been asked for yet.
class Walker::Capacities {
 public:
  explicit Capacities(Walker& walker) : walker_(walker) {}

  //! Adds queries, and the sets of upgraded lines they point to; equal ones of the walker are searched once.
  void ask(std::vector<HostingQuery>& queries, std::vector<Upgrades>& sets);
  [[nodiscard]] std::size_t size() const { return size_; }  //!< queries added
  //! `found`: of all queries.
  void learn(std::span<const HostingCapacity> found, double seconds);

 private:
  //! `trigger`: how much of a trigger would have fitted where it came. `each`: what is left at the unit's bus
  //! afterwards.
  [[nodiscard]] bool each() const { return walker_.hosting_ == HostingCapacityMode::each; }

  Walker& walker_;
  std::vector<std::pair<std::size_t, std::size_t>> asked_;  //!< step, query
  std::size_t first_ = 0, size_ = 0;
};

}  // namespace gridqueue

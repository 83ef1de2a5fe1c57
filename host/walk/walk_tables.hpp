// Look-ups of a walker by exact key.
#pragma once
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "host/walk/walker.hpp"

namespace gridqueue {

struct EvaluationKey {
  UnitSet in;
  UpgradeSetId upgrades;
  bool operator==(const EvaluationKey&) const = default;
};
struct StateKey {
  UnitSet considered, in;
  UpgradeSetId upgrades;
  bool operator==(const StateKey&) const = default;
};

struct KeyHash {
  static void mix(std::uint64_t& h, std::uint64_t x) {
    h = (h ^ x) * 0x9E3779B97F4A7C15ull;
    h ^= h >> 29;
  }
  static void mix(std::uint64_t& h, const UnitSet& s) {
    for (auto w : s.word) mix(h, w);
  }
  std::size_t operator()(const EvaluationKey& k) const {
    std::uint64_t h = static_cast<std::uint64_t>(k.upgrades.value);
    mix(h, k.in);
    return h;
  }
  std::size_t operator()(const StateKey& k) const {
    std::uint64_t h = static_cast<std::uint64_t>(k.upgrades.value);
    mix(h, k.in);
    mix(h, k.considered);
    return h;
  }
};

//! The step of every (state, unit) that has one.
class StepTable {
 public:
  explicit StepTable(std::size_t num_units) : num_units_(num_units) {}
  [[nodiscard]] StepId find(StateUnit p) const {
    const std::size_t at = place(p);
    return at < step_.size() ? step_[at] : StepId();
  }
  void insert(StateUnit p, StepId step) {
    if (place(p) >= step_.size()) step_.resize((p.state.index() + 1) * num_units_);
    step_[place(p)] = step;
  }
  void clear() { step_.clear(); }
  [[nodiscard]] std::span<const StepId> all() const {
    return step_;
  }  //!< [state][num_units]; states beyond the last have none

 private:
  [[nodiscard]] std::size_t place(StateUnit p) const { return p.state.index() * num_units_ + p.unit.index(); }
  std::size_t num_units_;
  std::vector<StepId> step_;  //!< [state][unit]
};

struct WalkTables {
  std::unordered_map<EvaluationKey, EvaluationId, KeyHash> evaluation;
  std::unordered_map<StateKey, StateId, KeyHash> state;
  StepTable step;
  std::map<Upgrades, UpgradeSetId> upgrade_set;
  std::vector<std::uint32_t> step_evaluations;  //!< what each step needs on its own
};

}  // namespace gridqueue

// Look-ups of a walker by exact key.
#pragma once
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "host/walk/id_index.hpp"
#include "host/walk/walker.hpp"

namespace gridqueue {

struct EvaluationKey {
  UnitSet in;
  UpgradeSetId upgrades;
  bool operator==(const EvaluationKey&) const = default;
};

struct KeyHash {
  static void mix(std::uint64_t& h, std::uint64_t x) {
    h = (h ^ x) * 0x9E3779B97F4A7C15ull;
    h ^= h >> 29;
  }
  static void mix(std::uint64_t& h, const UnitSet& s) {
    for (auto w : s.word) mix(h, w);
  }
  //! What is built, whatever it costs.
  static void mix_all(std::uint64_t& h, const Upgrades& set) {
    for (const Upgrade& u : set)
      mix(h, static_cast<std::uint64_t>(u.element.value) | static_cast<std::uint64_t>(u.kind) << 32 |
                 static_cast<std::uint64_t>(u.option) << 40);
  }
  std::size_t operator()(const EvaluationKey& k) const {
    std::uint64_t h = static_cast<std::uint64_t>(k.upgrades.value);
    mix(h, k.in);
    return h;
  }
  //! Of what a state is, not of its evaluation.
  std::size_t operator()(const State& s) const {
    std::uint64_t h = (*this)(EvaluationKey{s.in, s.upgrades});
    mix(h, s.considered);
    return h;
  }
  std::size_t operator()(const Upgrades& set) const {
    std::uint64_t h = set.size();
    mix_all(h, set);
    return h;
  }
};

//! Keys of evaluations, numbered as they come.
class EvaluationKeys {
  [[nodiscard]] auto is(const EvaluationKey& key) const {
    return [this, &key](std::int32_t id) { return key_[static_cast<std::size_t>(id)] == key; };
  }
  [[nodiscard]] auto hash() const {
    return [this](std::int32_t id) { return KeyHash{}(key_[static_cast<std::size_t>(id)]); };
  }

 public:
  //! Whether it is new.
  std::pair<EvaluationId, bool> find_or_add(const EvaluationKey& key) {
    const auto next = static_cast<std::int32_t>(key_.size());
    const EvaluationId id(index_.find_or_add(KeyHash{}(key), next, is(key), hash()));
    if (id.value == next) key_.push_back(key);
    return {id, id.value == next};
  }
  [[nodiscard]] bool contains(const EvaluationKey& key) const { return index_.find(KeyHash{}(key), is(key)) >= 0; }

 private:
  std::deque<EvaluationKey> key_;
  IdIndex index_;
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
  EvaluationKeys evaluation;
  IdIndex state, upgrade_set;  //!< of the walker's tables
  StepTable step;
  std::vector<std::uint32_t> step_evaluations;  //!< what each step needs on its own
};

}  // namespace gridqueue

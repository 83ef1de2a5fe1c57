// OrderFront wherever Thrust runs: `Space` has the vectors, the policy and how rows are brought to the host.
#pragma once
#include <thrust/copy.h>
#include <thrust/for_each.h>
#include <thrust/gather.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/permutation_iterator.h>
#include <thrust/reduce.h>
#include <thrust/remove.h>
#include <thrust/scatter.h>
#include <thrust/sort.h>
#include <thrust/transform.h>
#include <thrust/unique.h>

#include <algorithm>

#include "host/statistics/random.hpp"
#include "host/walk/order_front.hpp"

namespace gridqueue {

constexpr std::uint32_t kMostUnits = 128;

//! One order: its units by rising key. Position-major rows, so that a level is one piece of memory.
struct DrawOrder {
  OrderDraw draw;
  std::int32_t* unit;  //!< [num_units][count]
  GQ_RANDOM_HD void operator()(std::uint64_t k) const {
    const std::uint64_t order = draw.first + k;
    const bool reversed = order % draw.cluster == 1;
    std::uint64_t key[kMostUnits];
    std::int32_t id[kMostUnits];
    for (std::uint32_t u = 0; u < draw.num_units; ++u) {  // into its place among those before it
      const std::uint64_t mine = random_bits(draw.seed, Purpose::order, order / draw.cluster, u, draw.queue);
      std::uint32_t p = u;
      for (; p > 0 && key[p - 1] > mine; --p) key[p] = key[p - 1], id[p] = id[p - 1];
      key[p] = mine, id[p] = static_cast<std::int32_t>(u);
    }
    for (std::uint32_t p = 0; p < draw.num_units; ++p)
      unit[(reversed ? draw.num_units - 1 - p : p) * draw.count + k] = id[p];
  }
};

//! Where (state, unit) stands in the table of steps.
struct PlaceInTable {
  std::int32_t num_units;
  GQ_RANDOM_HD std::int64_t operator()(std::int32_t state, std::int32_t unit) const {
    return static_cast<std::int64_t>(state) * num_units + unit;
  }
  GQ_RANDOM_HD std::int64_t operator()(std::uint64_t pair) const {
    return (*this)(static_cast<std::int32_t>(pair >> 8), static_cast<std::int32_t>(pair & 0xff));
  }
};

struct PackPair {
  GQ_RANDOM_HD std::uint64_t operator()(std::int32_t state, std::int32_t unit) const { return packed(state, unit); }
};

struct IsKnown {
  GQ_RANDOM_HD bool operator()(std::int32_t step) const { return step >= 0; }
};

//! The step of (state, unit), -1 where there is none yet.
struct StepAt {
  const std::int32_t* table;
  std::int64_t size;
  PlaceInTable place;
  GQ_RANDOM_HD std::int32_t operator()(std::int32_t state, std::int32_t unit) const {
    const std::int64_t at = place(state, unit);
    return at < size ? table[at] : -1;
  }
};

template <class Space>
class OrderFrontOn final : public OrderFront {
  template <class T>
  using Vector = typename Space::template Vector<T>;
  using Ints = Vector<std::int32_t>;

 public:
  explicit OrderFrontOn(const OrderDraw& draw)
      : n_(static_cast<std::int32_t>(draw.num_units)), count_(draw.count), unit_(draw.count * draw.num_units) {
    start();
    thrust::for_each_n(space_.policy(), thrust::counting_iterator<std::uint64_t>(0), count_,
                       DrawOrder{draw, thrust::raw_pointer_cast(unit_.data())});
  }
  OrderFrontOn(std::uint32_t num_units, std::span<const std::int32_t> orders)
      : n_(static_cast<std::int32_t>(num_units)), count_(orders.size() / num_units) {
    std::vector<std::int32_t> rows(orders.size());
    for (std::size_t k = 0; k < count_; ++k)
      for (std::size_t p = 0; p < num_units; ++p) rows[p * count_ + k] = orders[k * num_units + p];
    unit_.assign(rows.begin(), rows.end());
    start();
  }

  void know(std::span<const std::int32_t> step_of, const StepFacts& facts) override {
    table_.assign(step_of.begin(), step_of.end());
    to_.assign(facts.to.begin(), facts.to.end());
    evaluations_.assign(facts.evaluations.begin(), facts.evaluations.end());
  }

  std::vector<std::uint64_t> unknown() override {
    find_steps();
    pair_.resize(count_);
    const auto begin = pair_.begin();
    thrust::transform(space_.policy(), state_.begin(), state_.end(), row(unit_), begin, PackPair{});
    const auto unknown = thrust::remove_if(space_.policy(), begin, pair_.end(), row(step_), IsKnown{});
    thrust::sort(space_.policy(), begin, unknown);
    const auto end = thrust::unique(space_.policy(), begin, unknown);
    std::vector<std::uint64_t> host(static_cast<std::size_t>(end - begin));
    thrust::copy(begin, end, host.begin());
    return host;
  }

  void learn(std::span<const std::uint64_t> pairs, std::span<const std::int32_t> steps,
             const StepFacts& new_facts) override {
    append(to_, new_facts.to);
    append(evaluations_, new_facts.evaluations);
    if (!pairs.empty())
      table_.resize(std::max<std::size_t>(table_.size(), static_cast<std::size_t>((pairs.back() >> 8) + 1) *
                                                             static_cast<std::size_t>(n_)),
                    -1);
    const Vector<std::uint64_t> pair(pairs.begin(), pairs.end());
    const Ints step(steps.begin(), steps.end());
    Vector<std::int64_t> place(pairs.size());
    thrust::transform(space_.policy(), pair.begin(), pair.end(), place.begin(), PlaceInTable{n_});
    thrust::scatter(space_.policy(), step.begin(), step.end(), place.begin(), table_.begin());
    find_steps();
  }

  std::uint64_t advance() override {
    const auto step = row(step_), end = step + static_cast<std::ptrdiff_t>(count_);
    const auto needed = thrust::make_permutation_iterator(evaluations_.begin(), step);
    const std::uint64_t sum =
        thrust::reduce(space_.policy(), needed, needed + static_cast<std::ptrdiff_t>(count_), std::uint64_t{0});
    thrust::gather(space_.policy(), step, end, to_.begin(), state_.begin());
    taken_.send(step_, static_cast<std::size_t>(position_) * count_, count_);
    ++position_;
    return sum;
  }

  std::vector<std::int32_t> steps() override { return by_order(taken_.rows(step_)); }
  std::vector<std::int32_t> orders() override {
    std::vector<std::int32_t> rows(unit_.size());
    thrust::copy(unit_.begin(), unit_.end(), rows.begin());
    return by_order(rows);
  }

 private:
  void start() {
    state_.assign(count_, 0);
    step_.resize(unit_.size());
    taken_.reserve(unit_.size());
  }
  //! Of the present level.
  [[nodiscard]] auto row(Ints& rows) const {
    return rows.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(position_) * count_);
  }

  void find_steps() {
    const StepAt at{thrust::raw_pointer_cast(table_.data()), static_cast<std::int64_t>(table_.size()), {n_}};
    thrust::transform(space_.policy(), state_.begin(), state_.end(), row(unit_), row(step_), at);
  }

  template <class T>
  static void append(Vector<T>& all, std::span<const T> some) {
    const std::size_t before = all.size();
    all.resize(before + some.size());
    thrust::copy(some.begin(), some.end(), all.begin() + static_cast<std::ptrdiff_t>(before));
  }

  [[nodiscard]] std::vector<std::int32_t> by_order(std::span<const std::int32_t> rows) const {
    std::vector<std::int32_t> all(rows.size());
    const auto n = static_cast<std::size_t>(n_);
    for (std::size_t k = 0; k < count_; ++k)
      for (std::size_t p = 0; p < n; ++p) all[k * n + p] = rows[p * count_ + k];
    return all;
  }

  [[no_unique_address]] Space space_;
  std::int32_t n_, position_ = 0;
  std::size_t count_;
  Ints unit_;                          //!< [num_units][count]
  Ints state_;                         //!< [count] where each order stands
  Ints step_;                          //!< [num_units][count] taken
  Ints table_;                         //!< [state][num_units] step
  Ints to_;                            //!< [step]
  Vector<std::uint32_t> evaluations_;  //!< [step]
  Vector<std::uint64_t> pair_;         //!< [count], room for unknown()
  typename Space::Outbox taken_;       //!< rows of step_ on their way to the host; goes before them
};

}  // namespace gridqueue

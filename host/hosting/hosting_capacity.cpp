#include "host/hosting/hosting_capacity.hpp"

#include <algorithm>

namespace gridqueue {
namespace {

//! One search: passing below `low`, violating at `high` once bracketed.
struct Search {
  double low = 0, high = 0;
  std::uint32_t limits = 0;
  bool bracketed = false, done = false;
  double next = 0;  //!< first size of the coming round
  std::uint32_t evaluations = 0;
};

class LockStep {
 public:
  LockStep(Evaluator& evaluator, const std::vector<HostingQuery>& queries, const std::vector<Upgrades>& sets,
           const HostingSearchOptions& options)
      : evaluator_(evaluator), queries_(queries), options_(options), searches_(queries.size()) {
    batch_.upgrade_sets = sets;
    for (std::size_t i = 0; i < queries.size(); ++i)
      searches_[i].next = options.method == SearchMethod::first ? options.grid_kw : first_size(queries[i], options);
  }

  std::vector<HostingCapacity> run() {
    while (ask()) learn();
    std::vector<HostingCapacity> found;
    for (const Search& s : searches_) found.push_back({s.low, s.limits, !s.bracketed, s.evaluations, s.high});
    return found;
  }

 private:
  //! Sizes tried ahead on the grid of `first`, so that a vector of evaluations is full.
  static constexpr int kAhead = 16;

  void add(std::size_t i, double kw) {
    add_query(batch_, queries_[i], kw);
    asked_.emplace_back(i, kw);
    ++searches_[i].evaluations;
  }

  bool ask() {
    asked_.clear();
    batch_.der_offset.assign(1, 0);
    batch_.der_site.clear();
    batch_.der_kw.clear();
    batch_.upgrade_set.clear();
    for (std::size_t i = 0; i < searches_.size(); ++i) {
      Search& s = searches_[i];
      if (s.done) continue;
      if (s.bracketed) add(i, 0.5 * (s.low + s.high));
      else if (options_.method == SearchMethod::bisect) add(i, s.next);
      else
        for (int k = 0; k < kAhead; ++k) add(i, s.next + k * options_.grid_kw);
    }
    return !asked_.empty();
  }

  void learn() {
    const auto answers = evaluator_.evaluate(batch_);
    for (std::size_t k = 0; k < answers.size(); ++k) {
      Search& s = searches_[asked_[k].first];
      const double kw = asked_[k].second;
      if (s.bracketed && (kw <= s.low || kw >= s.high)) continue;  // beyond the first violation of the grid
      if (answers[k].violations == 0) s.low = kw;
      else s.high = kw, s.limits = answers[k].violations, s.bracketed = true;
      if (!s.bracketed) s.next = options_.method == SearchMethod::bisect ? 2 * kw : kw + options_.grid_kw;
      s.done = s.bracketed ? s.high - s.low <= options_.tolerance_kw : s.next > options_.largest_kw;
    }
  }

  Evaluator& evaluator_;
  const std::vector<HostingQuery>& queries_;
  HostingSearchOptions options_;
  std::vector<Search> searches_;
  StateBatch batch_;
  std::vector<std::pair<std::size_t, double>> asked_;
};

}  // namespace

void add_query(StateBatch& batch, const HostingQuery& query, double kw) {
  for (const auto& [site, fixed] : query.der) batch.add_der(site, fixed);
  batch.add_der(query.site, kw);
  batch.finish_state(query.upgrade_set);
}

double first_size(const HostingQuery& query, const HostingSearchOptions& options) {
  return query.start_kw > 0 ? query.start_kw : options.start_kw;
}

std::vector<HostingCapacity> hosting_capacities(Evaluator& evaluator, const std::vector<HostingQuery>& queries,
                                                const std::vector<Upgrades>& upgrade_sets,
                                                const HostingSearchOptions& options) {
  return LockStep(evaluator, queries, upgrade_sets, options).run();
}

}  // namespace gridqueue

// How good the errors are that a sample states, and what antithetic pairs save: many seeded samples of one queue
// against its exact distribution. Prints Markdown tables (bench/README.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "bench/cases.hpp"
#include "gridqueue/contracts.hpp"
#include "host/answers/stored_evaluator.hpp"
#include "host/outcome/sample_statistics.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "host/queue/random_queue.hpp"
#include "host/run/walk_answers.hpp"
#include "host/walk/lattice.hpp"

namespace gridqueue::bench {
namespace {

struct Options {
  std::uint64_t repetitions = 1000, queue_seed = 5;
  std::vector<std::uint64_t> orders{1000};
  std::string answers;    //!< folder of answers (gridqueue run --answers); empty = none
  std::size_t units = 0;  //!< of a random queue of 50 to 400 kW; 0 = the notebook's queue
};

Queue make_queue(const Options& o, Evaluator& evaluator) {
  if (o.units == 0) return notebook_queue();
  RandomQueueSpec spec;
  spec.sites = sites_of_kind(radial(), SiteKind::three_phase);
  spec.kw_min = 50;
  spec.kw_max = 400;
  spec.seed = o.queue_seed;
  spec.count = o.units;
  return draw_random_queue(evaluator, spec);
}

struct Coverage {
  std::uint64_t inside = 0, all = 0;
  void add(const Estimate& e, double exact) {
    const double rounding = 1e-9 * std::abs(exact);  // of an interval that is a point
    inside += e.low - rounding <= exact && exact <= e.high + rounding;
    ++all;
  }
  [[nodiscard]] double share() const { return static_cast<double>(inside) / static_cast<double>(all); }
};

//! Samples of one kind against the exact distribution.
class Quality {
 public:
  Quality(Walker& walker, const OrderDistribution& exact, std::uint64_t repetitions, std::uint64_t orders,
          Sampling sampling)
      : walker_(walker), exact_(exact), repetitions_(repetitions), orders_(orders), sampling_(sampling),
        squares_(exact.units.size()), mean_(exact.units.size()), trigger_(exact.units.size()) {
    for (const auto& [usd, p] : exact.total) total_usd_ += usd * p;
    for (std::uint64_t seed = 1; seed <= repetitions; ++seed) add(seed);
  }

  //! Variance of a unit's sampled mean about the exact one.
  [[nodiscard]] double variance(std::size_t u) const { return squares_[u] / static_cast<double>(repetitions_); }
  [[nodiscard]] double total_variance() const { return total_squares_ / static_cast<double>(repetitions_); }

  void print(const char* name) const {
    print_row(name, "mean cost of a unit", mean_);
    print_row(name, "probability of a trigger", trigger_);
    for (const auto& [p, units] : quantile_)
      print_row(name, fmt::format("{:g} % quantile of a unit's cost", 100 * p).c_str(), units);
    print_row(name, "mean total", {total_});
  }

 private:
  void add(std::uint64_t seed) {
    SampleStatistics sample(exact_.units.size(), sampling_);
    sample.append(walker_, walk_orders(walker_, random_orders(exact_.units.size(), seed, 0, orders_, sampling_)));
    for (std::size_t u = 0; u < exact_.units.size(); ++u) {
      const UnitDistribution& x = exact_.units[u];
      const Estimate mean = sample.cost_usd(UnitId(u)).mean();
      squares_[u] += (mean.value - x.mean_usd) * (mean.value - x.mean_usd);
      if (x.sd_usd == 0) continue;  // never pays, or always the same
      mean_[u].add(mean, x.mean_usd);
      trigger_[u].add(sample.trigger_probability(UnitId(u)), x.trigger_probability);
      for (double p : {0.5, 0.9, 0.95}) {
        auto& units = quantile_[p];
        units.resize(exact_.units.size());
        units[u].add(sample.cost_usd(UnitId(u)).quantile(p), x.quantile(p));
      }
    }
    const Estimate total = sample.total_usd().mean();
    total_squares_ += (total.value - total_usd_) * (total.value - total_usd_);
    total_.add(total, total_usd_);
  }

  static void print_row(const char* name, const char* what, const std::vector<Coverage>& units) {
    double sum = 0, low = 1, high = 0, count = 0;
    for (const Coverage& c : units)
      if (c.all > 0) sum += c.share(), low = std::min(low, c.share()), high = std::max(high, c.share()), ++count;
    fmt::print("| {} | {} | {:.1f} % | {:.1f} to {:.1f} % |\n", name, what, 100 * sum / count, 100 * low, 100 * high);
  }

  Walker& walker_;
  const OrderDistribution& exact_;
  std::uint64_t repetitions_, orders_;
  Sampling sampling_;
  double total_usd_ = 0, total_squares_ = 0;
  std::vector<double> squares_;
  std::vector<Coverage> mean_, trigger_;
  std::map<double, std::vector<Coverage>> quantile_;
  Coverage total_;
};

void print_savings(const Walker& walker, const OrderDistribution& exact, const Quality& independent,
                   const Quality& antithetic) {
  fmt::print(
      "\n| unit at | kW | mean $ | sd $ | standard error of the mean, independent | antithetic | variance, independent "
      "over antithetic |\n"
      "|---|---|---|---|---|---|---|\n");
  for (std::size_t u = 0; u < exact.units.size(); ++u) {
    if (exact.units[u].sd_usd == 0) continue;
    const Unit& unit = walker.queue().units[u];
    const double one = independent.variance(u), other = antithetic.variance(u);
    fmt::print("| {} | {:.0f} | {:.0f} | {:.0f} | {:.0f} | {:.0f} | {:.2f} |\n", site_name(radial(), unit.site),
               unit.kw, exact.units[u].mean_usd, exact.units[u].sd_usd, std::sqrt(one), std::sqrt(other), one / other);
  }
  if (exact.total.size() == 1) return;
  const double one = independent.total_variance(), other = antithetic.total_variance();
  fmt::print("| total | | | | {:.0f} | {:.0f} | {:.2f} |\n", std::sqrt(one), std::sqrt(other), one / other);
}

void run(const Options& o) {
  const auto ac = evaluator(Precision::single, 0);
  AnswerStore store(AnswerFolder(o.answers.empty() ? "." : o.answers, "bench"));
  StoredEvaluator stored(*ac, store, ac_terms(*ac));
  Evaluator& e = o.answers.empty() ? *ac : static_cast<Evaluator&>(stored);
  Walker walker(e, make_queue(o, e), upgrade_policy(e), HostingCapacityMode::none);
  const OrderDistribution exact = enumerate_orders(walker);
  for (const std::uint64_t orders : o.orders) {
    fmt::print("\n{} units, {} states, {} totals; {} samples of {} orders\n\n", exact.units.size(),
               walker.states().size(), exact.total.size(), o.repetitions, orders);
    const Quality independent(walker, exact, o.repetitions, orders, Sampling::independent),
        antithetic(walker, exact, o.repetitions, orders, Sampling::antithetic);
    fmt::print("| orders | 95 % interval of | holds the exact value | single units |\n|---|---|---|---|\n");
    independent.print("independent");
    antithetic.print("antithetic");
    print_savings(walker, exact, independent, antithetic);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace gridqueue::bench

int main(int argc, char** argv) {
  gridqueue::bench::Options o;
  CLI::App app(
      "Many seeded samples of a queue against its exact distribution: do 95 % intervals hold it, what do antithetic "
      "pairs save");
  app.add_option("--repetitions", o.repetitions, "samples of each kind, seeds 1, 2, ...")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--orders", o.orders, "orders of a sample, even; several: one after another")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{4}, std::uint64_t{1'000'000}));
  app.add_option("--units", o.units, "units of a random queue of 50 to 400 kW (default: the notebook's 8 units)")
      ->check(CLI::Range(2, 24));
  app.add_option("--queue-seed", o.queue_seed, "of the random queue")->capture_default_str();
  app.add_option("--answers", o.answers,
                 "folder of answers that gridqueue run --answers has filled; they are not worked out again");
  CLI11_PARSE(app, argc, argv);
  try {
    gridqueue::bench::run(o);
  } catch (const gridqueue::Error& e) {
    fmt::print(stderr, "gridqueue_sampling: {}\n", e.what());
    return static_cast<int>(e.code());
  }
}

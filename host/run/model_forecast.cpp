#include "host/run/model_forecast.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "gridqueue/machine.hpp"
#include "host/study/references.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {
namespace {

//! A trial costs AC evaluations: at most this share of the orders, of so many queues, and of each so many.
constexpr double kShare = 1.0 / 64, kMostOrders = 16;
constexpr std::size_t kMostQueues = 8, kMostStates = 200;  //!< the latter of a set, to see how often AC looks again

//! What a trial saw of the states with some lines.
struct Seen {
  double expected = 0;
  StateBatch states;  //!< some of them
};

struct Trial {
  std::size_t queues = 0, orders = 0;  //!< of each queue
  double all_orders = 0;               //!< of each queue
};

Trial plan_trial(const Study& study, std::size_t queues) {
  Trial t;
  const bool all = study.orders.method == OrderMethod::all;
  t.all_orders = all ? std::numeric_limits<double>::infinity() : static_cast<double>(order_count(study));
  t.queues = std::min(queues, kMostQueues);
  const double budget = kShare * t.all_orders * static_cast<double>(queues) / static_cast<double>(t.queues);
  t.orders = static_cast<std::size_t>(std::clamp(std::ceil(budget), 1.0, std::min(kMostOrders, t.all_orders)));
  return t;
}

Orders trial_orders(const Study& study, std::size_t queue, std::size_t units, std::size_t count) {
  if (study.orders.method != OrderMethod::given)
    return random_orders(units, study.orders.seed, 0, count, Sampling::independent, static_cast<std::uint32_t>(queue));
  Orders all = given_orders(study, units);
  all.unit.resize(count * units);
  return all;
}

//! The states that one queue's orders come to, and in how many of the orders each of them.
class Visits {
 public:
  explicit Visits(const Walker& walker) : walker_(walker), state_(walker.evaluations().size()) {
    for (const State& s : walker.states()) state_[s.evaluation.index()] = {s.in, s.upgrades, 0, kNever};
    for (const Step& s : walker.steps()) {
      const State& from = walker.states()[s.from.index()];
      Visit& v = state_[s.added.index()];
      v.in = from.in.with(s.unit), v.upgrades = from.upgrades;
    }
  }
  void count(const Trajectories& orders) {
    for (std::size_t i = 0; i < orders.step.size(); ++i) {
      const Step& s = walker_.steps()[orders.step[i].index()];
      visit(s.added, i / orders.num_units);
      visit(walker_.states()[s.to.index()].evaluation, i / orders.num_units);
    }
  }
  void add_to(std::map<Upgrades, Seen>& seen, const Trial& trial, double weight) const {
    struct Frequencies {
      double seen = 0, once = 0, twice = 0;
    };
    std::map<UpgradeSetId, Frequencies> sets;
    for (const Visit& v : state_) {
      if (v.orders == 0) continue;
      Frequencies& f = sets[v.upgrades];
      ++f.seen, f.once += v.orders == 1, f.twice += v.orders == 2;
      Seen& to = seen[walker_.upgrade_sets()[v.upgrades.index()]];
      if (to.states.size() < kMostStates) keep(v, to.states);
    }
    for (const auto& [id, f] : sets)
      seen[walker_.upgrade_sets()[id.index()]].expected +=
          weight * expected_states(f.seen, f.once, f.twice, static_cast<double>(trial.orders), trial.all_orders);
  }

 private:
  static constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();
  struct Visit {
    UnitSet in;
    UpgradeSetId upgrades;
    std::size_t orders = 0, last = kNever;
  };
  void visit(EvaluationId id, std::size_t order) {
    Visit& v = state_[id.index()];
    v.orders += v.last != order;
    v.last = order;
  }
  void keep(const Visit& v, StateBatch& states) const {
    for (std::size_t u = 0; u < walker_.queue().units.size(); ++u)
      if (v.in.has(UnitId(u))) states.add_der(walker_.queue().units[u].site, walker_.queue().units[u].kw);
    states.finish_state(UpgradeSetId(0));
  }

  const Walker& walker_;
  std::vector<Visit> state_;  //!< by evaluation
};

std::map<Upgrades, Seen> try_orders(Evaluator& ac, const Study& study, const std::vector<Queue>& queues,
                                    const std::shared_ptr<const Policy>& policy) {
  const Trial trial = plan_trial(study, queues.size());
  std::map<Upgrades, Seen> seen;
  for (std::size_t k = 0; k < trial.queues; ++k) {
    Walker walker(ac, queues[k], policy, HostingCapacityMode::none);
    const Trajectories taken = walk_orders(walker, trial_orders(study, k, queues[k].units.size(), trial.orders));
    Visits visits(walker);
    visits.count(taken);
    visits.add_to(seen, trial, static_cast<double>(queues.size()) / static_cast<double>(trial.queues));
  }
  for (auto& [lines, s] : seen) s.states.upgrade_sets = {lines};
  return seen;
}

//! Share of the states that AC looks at again.
double near_share(LinearEvaluator& model, const StateBatch& states) {
  const std::uint64_t before = model.counters().ac_near;
  (void)model.evaluate(states);
  return static_cast<double>(model.counters().ac_near - before) / static_cast<double>(states.size());
}

}  // namespace

double expected_states(double seen, double once, double twice, double tried, double all) {
  const double unseen = twice > 0 ? once * once / (2 * twice) : once * (once - 1) / 2;
  if (unseen == 0 || all <= tried) return seen;
  return seen + unseen * (1 - std::pow(1 - once / (tried * unseen + once), all - tried));
}

ModelForecast forecast_model(Evaluator& ac, const Study& study, const std::vector<Queue>& queues,
                             const std::shared_ptr<const Policy>& policy) {
  const auto fewest = static_cast<double>(ac.options().machine->fewest_linear_states());
  ModelForecast f;
  f.scope.sets.emplace();
  for (const Queue& q : queues)
    for (const Unit& u : q.units) f.scope.units.push_back(u.site);
  if (answered_in_ac(ac)) return f;
  std::map<Upgrades, Seen> seen = try_orders(ac, study, queues, policy);
  std::erase_if(seen, [&](const auto& s) { return s.second.expected < fewest; });
  if (seen.empty()) return f;
  LinearScope tried = f.scope;
  for (const auto& [lines, s] : seen) tried.sets->insert(lines);
  const auto model = make_linear_evaluator(ac, {study.power_flow, tried});
  for (const auto& [lines, s] : seen) {
    const double near = near_share(*model, s.states);
    if (s.expected * (1 - near) < fewest) continue;
    f.scope.sets->insert(lines);
    f.sets.push_back({lines, s.expected, near});
  }
  return f;
}

}  // namespace gridqueue

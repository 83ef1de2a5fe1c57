// Walks of one random queue by two evaluators, compared step by step.
#pragma once
#include "host/policy/upgrade_policy.hpp"
#include "host/queue/random_queue.hpp"
#include "host/walk/orders.hpp"
#include "host/walk/walker.hpp"

namespace gridqueue {

struct WalkAgreement {
  std::size_t orders = 0, orders_alike = 0;  //!< alike: every step decides, violates and builds the same
  std::size_t triggered = 0, same_first = 0,
              same_limits = 0;  //!< orders with a trigger; the first is the same step; its limits too
  double ac_seconds = 0, model_seconds = 0;
  std::uint64_t ac_evaluations = 0, model_evaluations = 0;

  void add(const WalkAgreement& o) {
    orders += o.orders, orders_alike += o.orders_alike, triggered += o.triggered, same_first += o.same_first,
        same_limits += o.same_limits;
    ac_seconds += o.ac_seconds, model_seconds += o.model_seconds;
    ac_evaluations += o.ac_evaluations, model_evaluations += o.model_evaluations;
  }
};

inline WalkAgreement compare_walks(Evaluator& ac, Evaluator& model, const Queue& queue, const Orders& orders) {
  Walker wa(ac, queue, upgrade_policy(ac), HostingCapacityMode::none),
      wm(model, queue, upgrade_policy(ac), HostingCapacityMode::none);
  const Trajectories a = walk_orders(wa, orders), m = walk_orders(wm, orders);
  const std::size_t n = queue.units.size();
  WalkAgreement w;
  for (std::size_t i = 0; i < a.count(); ++i) {
    bool alike = true, first = true;
    for (std::size_t p = 0; p < n; ++p) {
      const Step &x = wa.steps()[a.step[i * n + p].index()], &y = wm.steps()[m.step[i * n + p].index()];
      alike = alike && x.decision == y.decision && x.limits == y.limits && x.built == y.built;
      if (!first || (x.limits == 0 && y.limits == 0)) continue;
      first = false;
      ++w.triggered;
      w.same_first += (x.limits != 0) == (y.limits != 0);
      w.same_limits += x.limits == y.limits;
    }
    ++w.orders;
    w.orders_alike += alike;
  }
  w.ac_seconds = wa.counters().evaluate_seconds, w.model_seconds = wm.counters().evaluate_seconds;
  w.ac_evaluations = wa.counters().evaluations, w.model_evaluations = wm.counters().evaluations;
  return w;
}

//! The queue of realization `k`: 8 to 30 units of 50 to `kw_max` kW anywhere.
inline Queue some_queue(Evaluator& ac, std::uint64_t seed, std::uint64_t k, double kw_max) {
  RandomQueueSpec spec;
  spec.sites = sites_of_kind(ac.network(), SiteKind::three_phase);
  spec.kw_min = 50, spec.kw_max = kw_max;
  spec.seed = seed, spec.realization = k;
  spec.count = 8 + (7 * k) % 23;
  return draw_random_queue(ac, spec);
}

}  // namespace gridqueue

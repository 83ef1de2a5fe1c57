#include "host/run/overrides.hpp"

#include "gridqueue/contracts.hpp"
#include "host/run/run_study.hpp"

namespace gridqueue {
namespace {

//! What would change nothing is not ignored in silence.
void refuse_without_effect(const StudyOverrides& a, const Study& study) {
  const OrdersEntry& o = study.orders;
  const bool all = o.method == OrderMethod::all;
  if (a.orders && all)
    fail(ExitCode::usage,
         "--orders {} has no effect (the study's orders.method is \"all\": every order is walked); leave it out, or "
         "sample with method = \"random\"",
         *a.orders);
  if (a.seed && o.method != OrderMethod::random)
    fail(ExitCode::usage, "--seed {} has no effect (the study's orders.method is \"{}\": no order is drawn); {}",
         *a.seed, order_method_name(o.method),
         study.queue.random ? "the seed of a random queue is queue.random.seed in the study" : "leave it out");
  if (a.max_states && !all)
    fail(
        ExitCode::usage,
        "--max-states {} has no effect (the study's orders.method is \"{}\": only \"all\" counts states); leave it out",
        *a.max_states, order_method_name(o.method));
}

void limit_orders(std::uint64_t orders, Study& study) {
  if (study.orders.method == OrderMethod::given) {
    if (orders > study.orders.given.size())
      fail(ExitCode::usage, "--orders {} are not there (the study gives {})", orders, study.orders.given.size());
    study.orders.given.resize(orders);
  }
  study.orders.count = orders;
  if (study.orders.until) study.orders.until->max_orders = orders;
  if (const std::size_t size = cluster_size(study.orders.sampling); orders % size != 0)
    fail(ExitCode::usage, "--orders {} are no whole pairs (antithetic orders come two by two)", orders);
  if (const std::size_t least = 2 * cluster_size(study.orders.sampling); study.many_queues() && orders < least)
    fail(ExitCode::usage, "--orders {} of each queue do not tell their variance (at least {})", orders, least);
}

}  // namespace

void apply(const StudyOverrides& overrides, Study& study) {
  refuse_without_effect(overrides, study);
  if (overrides.seed) study.orders.seed = *overrides.seed;
  if (overrides.orders) limit_orders(*overrides.orders, study);
  if (overrides.max_states) study.orders.max_states = *overrides.max_states;
}

}  // namespace gridqueue

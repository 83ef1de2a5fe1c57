// gridqueue_linear_queues: random queues walked with the linearized feeder, alone or screened, and in AC, step by step.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "bench/cases.hpp"
#include "host/linear/linear_evaluator.hpp"
#include "host/run/model_forecast.hpp"
#include "tests/linear/walked_queues.hpp"

namespace gridqueue::bench {
namespace {

struct Arguments {
  std::uint64_t first = 0, queues = 100, seed = 77;
  std::uint64_t orders = 100;
  double kw_max = 1000;
  bool screened = false;
};

void run(const Arguments& a) {
  const auto ac = evaluator(Precision::single, 1);
  WalkAgreement all;
  ModelCounters counters;
  for (std::uint64_t k = a.first; k < a.first + a.queues; ++k) {
    const Queue queue = some_queue(*ac, a.seed, k, a.kw_max);
    Study study;
    study.power_flow = a.screened ? PowerFlow::screened : PowerFlow::linear;
    study.orders.count = a.orders, study.orders.seed = 5;
    const auto start = std::chrono::steady_clock::now();
    const ModelForecast forecast = forecast_model(*ac, study, {queue}, upgrade_policy(*ac));
    all.model_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto linear = make_linear_evaluator(*ac, {study.power_flow, forecast.scope});
    const WalkAgreement w = compare_walks(*ac, *linear, queue, random_orders(queue.units.size(), 5, 0, a.orders));
    if (w.orders_alike < w.orders && a.screened)
      fmt::print("queue {}: {} of {} orders differ\n", k, w.orders - w.orders_alike, w.orders);
    all.add(w);
    const ModelCounters& c = linear->counters();
    counters.linear += c.linear, counters.ac_few += c.ac_few, counters.ac_near += c.ac_near,
        counters.models += c.models;
    counters.build_seconds += c.build_seconds;
  }
  const auto percent = [](auto some, auto of) {
    return of ? 100.0 * static_cast<double>(some) / static_cast<double>(of) : 0;
  };
  fmt::print(
      "{} of {} orders alike in every step ({:.2f} %); of {} with a trigger: the same first in {:.2f} %, with the same "
      "limits in {:.2f} %\n",
      all.orders_alike, all.orders, percent(all.orders_alike, all.orders), all.triggered,
      percent(all.same_first, all.triggered), percent(all.same_limits, all.triggered));
  fmt::print(
      "states: {} linear, {} in AC for few sharing their lines, {} near a limit; {} sets linearized in {:.2f} s\n",
      counters.linear, counters.ac_few, counters.ac_near, counters.models, counters.build_seconds);
  fmt::print("evaluating: AC {:.2f} s, model {:.2f} s, ratio {:.2f}\n", all.ac_seconds, all.model_seconds,
             all.ac_seconds / all.model_seconds);
}

}  // namespace
}  // namespace gridqueue::bench

int main(int argc, char** argv) {
  gridqueue::bench::Arguments a;
  CLI::App app("Random queues of 8 to 30 units, walked with the linearized feeder and in AC");
  app.add_option("--first", a.first, "first realization")->capture_default_str();
  app.add_option("--queues", a.queues, "queues")->capture_default_str();
  app.add_option("--orders", a.orders, "orders of each")->capture_default_str();
  app.add_option("--kw-max", a.kw_max, "largest unit [kW]; the smallest has 50")->capture_default_str();
  app.add_option("--seed", a.seed, "of the queues")->capture_default_str();
  app.add_flag("--screened", a.screened, "AC wherever a limit is near");
  CLI11_PARSE(app, argc, argv);
  gridqueue::bench::run(a);
  return 0;
}

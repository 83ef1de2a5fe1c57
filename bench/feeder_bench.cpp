// Evaluations per second of any feeders, and OpenDSS's own daily solve of each beside them in the same run:
// gridqueue_feeder_bench [--benchmark_...] FEEDER.h5 ...
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <cmath>
#include <filesystem>
#include <list>

#include "bench/cases.hpp"
#include "gridqueue/contracts.hpp"
#include "host/dss/engine.hpp"
#include "host/dss/export.hpp"
#include "host/dss/reference.hpp"
#include "host/feeder/feeder_file.hpp"

namespace gridqueue::bench {
namespace {

constexpr std::size_t kLanes = 16;  //!< of float in a vector
constexpr double kNodeStates =
    2048.0 * 259;  //!< nodes times states of a batch: as many as the radial feeder's benchmark

struct Case {
  Network network;
  std::vector<UnitSite> sites;  //!< where units could stand: three-phase buses that carry nothing, else secondaries
  Queue queue;
  std::size_t count = 0;  //!< of states, vectors full
};

double base_load_kw(const Network& net) {
  double kw = 0;
  for (const Load& load : net.loads) kw += std::max(load.kw, 0.0);
  return kw;
}

std::size_t num_nodes(const Network& net) {
  std::size_t nodes = 0;
  for (const Bus& b : net.buses) nodes += static_cast<std::size_t>(b.num_nodes);
  return nodes;
}

//! Units as large against the loads as the radial feeder's.
Case read_case(const std::string& file) {
  Case c{read_feeder(file), {}, {}, 0};
  c.sites = sites_of_kind(c.network, SiteKind::three_phase);
  if (c.sites.empty()) c.sites = sites_of_kind(c.network, SiteKind::secondary);
  if (c.sites.empty()) fail_input("feeder '{}' has no bus for a unit", c.network.name);
  c.queue = fifteen_units(c.sites, base_load_kw(c.network) / base_load_kw(radial()));
  const double vectors = kNodeStates / static_cast<double>(num_nodes(c.network) * kLanes);
  c.count = kLanes * static_cast<std::size_t>(std::clamp(vectors, 2.0, 128.0));
  return c;
}

void evaluate(benchmark::State& state, const Case& c, Precision precision, const std::vector<UnitSite>& sites) {
  const auto e = evaluator(precision, 1, Backend::cpu, Mapping::automatic, c.network, sites);
  const StateBatch batch = states(c.network, c.sites.back().bus, c.queue, c.count);
  std::size_t failed = 0;
  for (auto _ : state) {
    failed = 0;
    for (const Quantities& q : e->evaluate(batch)) failed += !q.converged;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch.size()));
  state.counters["nodes"] = static_cast<double>(num_nodes(c.network));
  state.counters["not_converged"] = static_cast<double>(failed);
}

//! A bare `solve` of the day with all units at OpenDSS's own tolerance, compile time left out.
void opendss(benchmark::State& state, const Case& c) {
  if (const auto why = dss_unavailable_reason(); !why.empty()) {
    state.SkipWithError(why.c_str());
    return;
  }
  DssState model;
  for (const Unit& u : c.queue.units) model.der.emplace_back(u.site, u.kw);
  const auto folder = std::filesystem::temp_directory_path() / ("gridqueue-bench-" + c.network.name);
  const std::string master = export_dss(c.network, model, folder.string());
  for (auto _ : state) state.SetIterationTime(solve_day_with_dss(master, c.network).seconds);
  state.SetItemsProcessed(state.iterations());
  std::filesystem::remove_all(folder);
}

void add(const Case& c) {
  const std::vector<UnitSite> sites = sites_of(c.queue);
  const auto name = [&](const char* what) { return c.network.name + "/" + what; };
  const auto timed = [](benchmark::internal::Benchmark* b) { return b->Unit(benchmark::kMillisecond); };
  timed(benchmark::RegisterBenchmark(name("float").c_str(),
                                     [=, &c](auto& s) { evaluate(s, c, Precision::single, sites); }));
  timed(benchmark::RegisterBenchmark(name("float_any_site").c_str(),
                                     [&c](auto& s) { evaluate(s, c, Precision::single, c.sites); }));
  timed(benchmark::RegisterBenchmark(name("double").c_str(),
                                     [=, &c](auto& s) { evaluate(s, c, Precision::dual, sites); }));
  timed(benchmark::RegisterBenchmark(name("opendss").c_str(), [&c](auto& s) { opendss(s, c); }))->UseManualTime();
}

}  // namespace
}  // namespace gridqueue::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  try {
    std::list<gridqueue::bench::Case> cases;  // benchmarks hold them
    for (int i = 1; i < argc; ++i) gridqueue::bench::add(cases.emplace_back(gridqueue::bench::read_case(argv[i])));
    benchmark::RunSpecifiedBenchmarks();
  } catch (const gridqueue::Error& e) {
    fmt::print(stderr, "{}\n", e.what());
    return static_cast<int>(e.code());
  }
  benchmark::Shutdown();
}

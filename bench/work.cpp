#include "bench/work.hpp"

#include <chrono>

#include "bench/cases.hpp"
#include "bench/counted_lane.hpp"
#include "kernels/ac/day.hpp"
#include "kernels/device/device_day.hpp"
#include "kernels/feeder/state_inputs.hpp"

namespace gridqueue::bench {
namespace {

constexpr std::size_t kCounted = 64;  // states
constexpr int kChains = 16;           // enough to hide an addition's latency

template <class Real>
Work count() {
  EvaluatorOptions options;
  options.monitors = monitor_set(radial(), "all");
  const CompiledFeeder<Real> feeder = compile_feeder<Real>(radial(), options);
  const FeederView<Real> view = feeder.view();
  std::vector<Counted<Real>> rows(static_cast<std::size_t>(view.plan.rows));
  const StateBatch batch = states(fifteen_units(), kCounted);
  tally() = {};
  Work work;
  for (std::size_t i = 0; i < kCounted; ++i) {
    write_inputs(feeder, radial(), options.upgrade_factor, batch, i,
                 [&](std::int32_t row, Real x) { rows[static_cast<std::size_t>(row)] = x; });
    evaluate_day<Counted<Real>>(view, CountedRows<Real>{rows.data()});
    work.sweeps += static_cast<double>(rows[static_cast<std::size_t>(view.plan.scalar + s_sweeps)].x) / kCounted;
  }
  work.flops = tally().flops / kCounted;
  work.instructions = tally().instructions / kCounted;
  work.bytes = tally().rows * sizeof(Real) / kCounted;
  work.copied_bytes = static_cast<double>(view.plan.voltage + view.plan.rows - view.plan.first_output) * sizeof(Real);
  return work;
}

//! Best of some runs of `f`, which does `amount` of something: amount per second.
template <class F>
double best_rate(double amount, const F& f) {
  double best = 0;
  for (int i = 0; i < 20; ++i) {
    const auto start = std::chrono::steady_clock::now();
    f();
    best = std::max(best, amount / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

//! Independent chains, half fused multiply-adds and half additions, in registers.
template <class Lane>
Lane run_chains(int rounds) {
  const Lane a(RealOf<Lane>(0.999)), b(RealOf<Lane>(0.001));
  Lane x[kChains];
  for (int i = 0; i < kChains; ++i) x[i] = Lane(RealOf<Lane>(i));
  for (int r = 0; r < rounds; ++r) {
#pragma GCC unroll 16
    for (int i = 0; i < kChains; ++i) x[i] = i % 2 ? x[i] + b : x[i] * a + b;
  }
  for (int i = 1; i < kChains; ++i) x[0] += x[i];
  return x[0];
}

template <class Real>
Peak core() {
  using Lane = NativeLane<Real>;
  constexpr int rounds = 500000, rows = 2048, passes = 5000;
  Peak peak;
  Real kept = 0;
  peak.instructions =
      best_rate(double(kChains) * rounds * LaneTraits<Lane>::width, [&] { kept += run_chains<Lane>(rounds)[0]; });
  __asm__ volatile("" : : "g"(&kept) : "memory");
  std::vector<Real> store(static_cast<std::size_t>(rows) * LaneTraits<Lane>::width + 64, Real(1));
  auto* w = reinterpret_cast<Lane*>((reinterpret_cast<std::uintptr_t>(store.data()) + 63) / 64 * 64);
  peak.bytes = best_rate(3.0 * (rows / 2) * passes * sizeof(Lane), [&] {  // two loads and a store
    for (int p = 0; p < passes; ++p) {
#pragma GCC unroll 8
      for (int r = 0; r < rows / 2; ++r) w[r] = w[r] + w[r + rows / 2];
      __asm__ volatile("" ::: "memory");
    }
  });
  return peak;
}

}  // namespace

Work count_work(Precision precision) { return precision == Precision::single ? count<float>() : count<double>(); }
Peak measure_core(Precision precision) { return precision == Precision::single ? core<float>() : core<double>(); }

Peak device_peak(int device, Precision precision) {
  const DeviceInfo info = cuda_device_info(device);
  // CUDA C++ Programming Guide, throughput of native arithmetic instructions per multiprocessor and clock
  const bool server = info.minor == 0, ampere = info.major == 8;  // server parts: 8.0, 9.0, 10.0
  const double single = ampere && server ? 64 : 128, dual = !server ? 2 : ampere ? 32 : 64;
  return {info.multiprocessors * info.clock_hz * (precision == Precision::single ? single : dual),
          info.memory_bytes_per_s};
}

}  // namespace gridqueue::bench

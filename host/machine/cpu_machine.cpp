#include "host/machine/cpu_machine.hpp"

#include <fstream>

#include "host/allocate/basis_solver.hpp"
#include "host/linear/response.hpp"
#include "host/walk/order_front.hpp"
#include "kernels/ac/cpu_evaluator.hpp"
#include "kernels/backends/cuda_evaluator.hpp"
#include "kernels/linear/linear_launcher.hpp"
#include "kernels/team/team_cpu.hpp"

namespace gridqueue {
namespace {

//! Teams of lanes as a GPU runs them, on the CPU.
template <class Real>
std::unique_ptr<Evaluator> make_emulated(const Network& network, const EvaluatorOptions& options) {
  return make_batched_evaluator<Real>(network, options, [&](const CompiledFeeder<Real>& feeder) {
    DeviceDays<Real> devices;
    devices.push_back(make_emulated_team_day(feeder, options.team_size));
    return devices;
  });
}

template <class Real>
std::unique_ptr<Evaluator> make_ac(const Network& network, const EvaluatorOptions& options) {
  if (options.mapping == Mapping::team) return make_emulated<Real>(network, options);
  return make_cpu_evaluator<Real>(network, options);
}

//! Linearizing takes as long as about this many AC evaluations (bench/linear_bench.cpp).
constexpr std::size_t kFewestOfCpu = 48;

class CpuMachine final : public Machine {
 public:
  explicit CpuMachine(int threads) : threads_(threads) {}

  [[nodiscard]] const char* name() const override { return "cpu"; }
  [[nodiscard]] std::string description() const override {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
      if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
    return "CPU";
  }
  [[nodiscard]] std::size_t fewest_linear_states() const override { return kFewestOfCpu; }

  std::unique_ptr<Evaluator> evaluator(const Network& network, const EvaluatorOptions& options) override {
    EvaluatorOptions here = options;
    here.machine = shared_from_this();
    here.backend = Backend::cpu;
    here.threads = threads_;
    return here.precision == Precision::single ? make_ac<float>(network, here) : make_ac<double>(network, here);
  }
  std::unique_ptr<LinearLauncher<float>> linear_launcher(const CompiledFeeder<float>& feeder, const Network& network,
                                                         const LinearRules& rules) override {
    return make_cpu_linear_launcher(feeder, network, rules, threads_);
  }
  std::unique_ptr<LinearLauncher<double>> linear_launcher(const CompiledFeeder<double>& feeder, const Network& network,
                                                          const LinearRules& rules) override {
    return make_cpu_linear_launcher(feeder, network, rules, threads_);
  }
  std::unique_ptr<ResponseSolver> response_solver() override { return make_cpu_response_solver(threads_); }
  std::unique_ptr<BatchedBasisSolver> basis_solver() override { return make_cpu_basis_solver(); }
  std::unique_ptr<OrderFront> order_front(const OrderDraw& draw) override { return make_host_order_front(draw); }
  std::unique_ptr<OrderFront> order_front(std::uint32_t num_units, std::span<const std::int32_t> orders) override {
    return make_host_order_front(num_units, orders);
  }

 private:
  int threads_;  //!< 0 = all
};

}  // namespace

std::shared_ptr<Machine> make_cpu_machine(const EvaluatorOptions& options) {
  return std::make_shared<CpuMachine>(options.threads);
}

}  // namespace gridqueue

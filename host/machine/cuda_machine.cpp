#include "host/machine/cuda_machine.hpp"

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/allocate/basis_solver.hpp"
#include "host/linear/response.hpp"
#include "host/walk/order_front.hpp"
#include "kernels/backends/cuda_evaluator.hpp"
#include "kernels/backends/linear_cuda.hpp"

namespace gridqueue {
namespace {

constexpr std::size_t kFewestOfDevices = 1500;  //!< 2.5 ms at 600,000 evaluations a second

class CudaMachine final : public Machine {
 public:
  CudaMachine(std::vector<int> devices, int threads) : devices_(std::move(devices)), threads_(threads) {}

  [[nodiscard]] const char* name() const override { return "cuda"; }
  [[nodiscard]] std::string description() const override {
    std::string text;
    for (int d : devices_)
      text += fmt::format("{}{} (CUDA device {})", text.empty() ? "" : ", ", cuda_device_info(d).name, d);
    return text;
  }
  [[nodiscard]] std::size_t fewest_linear_states() const override { return kFewestOfDevices; }

  std::unique_ptr<Evaluator> evaluator(const Network& network, const EvaluatorOptions& options) override {
    EvaluatorOptions here = options;
    here.machine = shared_from_this();
    here.backend = Backend::cuda;
    here.devices = devices_, here.threads = threads_;
    return here.precision == Precision::single ? make_cuda_evaluator<float>(network, here)
                                               : make_cuda_evaluator<double>(network, here);
  }
  std::unique_ptr<LinearLauncher<float>> linear_launcher(const CompiledFeeder<float>& feeder, const Network& network,
                                                         const LinearRules& rules) override {
    return make_cuda_linear_launcher(feeder, network, rules, devices_, threads_);
  }
  std::unique_ptr<LinearLauncher<double>> linear_launcher(const CompiledFeeder<double>& feeder, const Network& network,
                                                          const LinearRules& rules) override {
    return make_cuda_linear_launcher(feeder, network, rules, devices_, threads_);
  }
  std::unique_ptr<ResponseSolver> response_solver() override {
    return make_cuda_response_solver(devices_.front(), threads_);
  }
  std::unique_ptr<BatchedBasisSolver> basis_solver() override { return make_cuda_basis_solver(devices_.front()); }
  std::unique_ptr<OrderFront> order_front(const OrderDraw& draw) override { return front(draw.count, draw); }
  std::unique_ptr<OrderFront> order_front(std::uint32_t num_units, std::span<const std::int32_t> orders) override {
    return front(num_units ? orders.size() / num_units : 0, num_units, orders);
  }

 private:
  //! On the first device, unless there are few orders or no room is left there.
  template <class... Arguments>
  std::unique_ptr<OrderFront> front(std::size_t orders, const Arguments&... arguments) {
    if (orders >= kFewOrders) try {
        return make_order_front(FrontPlace::device, arguments..., devices_.front());
      } catch (const std::exception& e) {
        log_warn("{} orders stay on the host (the device failed: {})", orders, e.what());
      }
    return make_host_order_front(arguments...);
  }

  std::vector<int> devices_;
  int threads_;
};

}  // namespace

int devices_present() { return cuda_unavailable_reason().empty() ? cuda_device_count() : 0; }

std::string devices_problem(const EvaluatorOptions& options) {
  if (const std::string why = cuda_unavailable_reason(); !why.empty()) return why;
  const int count = cuda_device_count();
  for (int d : wanted_devices(options)) {
    if (d < 0 || d >= count) return fmt::format("CUDA device {} is not here ({} present)", d, count);
    if (const std::string why = device_problem(d, cuda_device_info(d)); !why.empty()) return why;
  }
  return "";
}

std::shared_ptr<Machine> make_cuda_machine(const EvaluatorOptions& options) {
  return std::make_shared<CudaMachine>(wanted_devices(options), options.threads);
}

}  // namespace gridqueue

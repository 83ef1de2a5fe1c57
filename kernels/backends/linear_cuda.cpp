// The linearized feeder on devices: keeps its models there, packs batches of states of all models, reads the answers.
#include "kernels/backends/linear_cuda.hpp"

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "kernels/device/device_batches.hpp"
#include "kernels/linear/linear_io.hpp"

namespace gridqueue {
namespace {

template <class Real>
class DeviceLinearLauncher final : public LinearLauncher<Real> {
 public:
  DeviceLinearLauncher(const CompiledFeeder<Real>& feeder, const Network& network, const LinearRules& rules,
                       int threads, LinearDevices<Real> make)
      : io_(feeder, network, rules), threads_(threads), make_(std::move(make)) {}

  //! The first model says how many rows an evaluation has.
  int keep(LinearModel<Real> model) override {
    GQ_EXPECT(kept_ < static_cast<int>(kMostModels));
    if (devices_.empty()) {
      io_.plan(model);
      devices_ = make_(io_.rows(), io_.margins());
      for (const auto& d : devices_) log_debug("{}", d->description());
    }
    for (const auto& d : devices_) {
      const PackedModel<Real> packed(model, d->model_home(PackedModel<Real>::size(model)));
      d->send_model(packed.bytes, packed.view);
    }
    return kept_++;
  }

  void clear() override {
    kept_ = 0;
    devices_.clear();
  }

  void evaluate(const StateBatch& states, const std::vector<LinearJob>& jobs, std::vector<Quantities>& answers,
                std::vector<std::uint32_t>& near_limit) override {
    io_.check(states);  // errors must not leave the parallel regions
    std::vector<Item> items;
    std::vector<MonitorRank> ranks;
    for (const LinearJob& job : jobs) {
      for (std::size_t state : *job.states) items.push_back({state, job.model, ranks.size()});
      ranks.push_back(io_.rank(states, job));
    }
    if (items.empty()) return;
    run_batches<Real>(
        devices_, {io_.rows().first_output, threads_}, items.size(),
        [&](std::size_t i, const RowWriter<Real>& row) {
          row[io_.rows().model] = static_cast<Real>(items[i].model);
          for (std::int32_t r = io_.rows().work.der; r < io_.rows().inputs; ++r) row[r] = Real(0);
          io_.add_units(states, items[i].state, [&](std::int32_t r, Real x) { row[r] += x; });
        },
        [&](std::size_t i, const RowReader<Real>& row) {
          near_limit[items[i].state] = io_.read(row, ranks[items[i].job], answers[items[i].state]);
        });
  }

 private:
  struct Item {
    std::size_t state;
    int model;
    std::size_t job;
  };
  LinearIo<Real> io_;
  int threads_;
  LinearDevices<Real> make_;
  int kept_ = 0;
  std::vector<std::unique_ptr<DeviceLinear<Real>>> devices_;
};

}  // namespace

template <class Real>
std::unique_ptr<LinearLauncher<Real>> make_device_linear_launcher(const CompiledFeeder<Real>& feeder,
                                                                  const Network& network, const LinearRules& rules,
                                                                  int threads, LinearDevices<Real> make) {
  return std::make_unique<DeviceLinearLauncher<Real>>(feeder, network, rules, threads, std::move(make));
}

template <class Real>
std::unique_ptr<LinearLauncher<Real>> make_cuda_linear_launcher(const CompiledFeeder<Real>& feeder,
                                                                const Network& network, const LinearRules& rules,
                                                                const std::vector<int>& devices, int threads) {
  const auto make = [&feeder, devices](const LinearRows& rows, const LinearMargins<Real>& margins) {
    std::vector<std::unique_ptr<DeviceLinear<Real>>> made;
    for (int d : devices) made.push_back(make_device_linear<Real>(feeder, d, rows, margins, kMostModels));
    return made;
  };
  return make_device_linear_launcher<Real>(feeder, network, rules, threads, make);
}

template std::unique_ptr<LinearLauncher<float>> make_device_linear_launcher(const CompiledFeeder<float>&,
                                                                            const Network&, const LinearRules&, int,
                                                                            LinearDevices<float>);
template std::unique_ptr<LinearLauncher<double>> make_device_linear_launcher(const CompiledFeeder<double>&,
                                                                             const Network&, const LinearRules&, int,
                                                                             LinearDevices<double>);
template std::unique_ptr<LinearLauncher<float>> make_cuda_linear_launcher(const CompiledFeeder<float>&, const Network&,
                                                                          const LinearRules&, const std::vector<int>&,
                                                                          int);
template std::unique_ptr<LinearLauncher<double>> make_cuda_linear_launcher(const CompiledFeeder<double>&,
                                                                           const Network&, const LinearRules&,
                                                                           const std::vector<int>&, int);

}  // namespace gridqueue

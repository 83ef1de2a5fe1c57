// Another machine, which counts and leaves the work to the CPU, goes through walk, lattice, file and shares.
#include <gtest/gtest.h>

#include <atomic>

#include "gridqueue/machine.hpp"
#include "host/allocate/basis_solver.hpp"
#include "host/linear/response.hpp"
#include "host/results/results_reader.hpp"
#include "host/run/run_study.hpp"
#include "host/walk/order_front.hpp"
#include "kernels/linear/linear_launcher.hpp"
#include "tests/run/small_study.hpp"

namespace gridqueue {
namespace {

class CountingMachine final : public Machine {
 public:
  explicit CountingMachine(std::shared_ptr<Machine> worker) : worker_(std::move(worker)) {}

  [[nodiscard]] const char* name() const override { return "counting"; }
  [[nodiscard]] std::string description() const override { return "counts, and asks " + worker_->description(); }
  [[nodiscard]] std::size_t fewest_linear_states() const override { return worker_->fewest_linear_states(); }
  std::unique_ptr<Evaluator> evaluator(const Network& network, const EvaluatorOptions& options) override {
    return std::make_unique<Counted>(*this, worker_->evaluator(network, options));
  }
  std::unique_ptr<LinearLauncher<float>> linear_launcher(const CompiledFeeder<float>& feeder, const Network& network,
                                                         const LinearRules& rules) override {
    return ++launchers, worker_->linear_launcher(feeder, network, rules);
  }
  std::unique_ptr<LinearLauncher<double>> linear_launcher(const CompiledFeeder<double>& feeder, const Network& network,
                                                          const LinearRules& rules) override {
    return ++launchers, worker_->linear_launcher(feeder, network, rules);
  }
  std::unique_ptr<ResponseSolver> response_solver() override { return ++solvers, worker_->response_solver(); }
  std::unique_ptr<BatchedBasisSolver> basis_solver() override { return ++bases, worker_->basis_solver(); }
  std::unique_ptr<OrderFront> order_front(const OrderDraw& draw) override {
    return ++fronts, worker_->order_front(draw);
  }
  std::unique_ptr<OrderFront> order_front(std::uint32_t num_units, std::span<const std::int32_t> orders) override {
    return ++fronts, worker_->order_front(num_units, orders);
  }

  std::atomic<int> launchers{0}, solvers{0}, bases{0}, fronts{0};
  std::atomic<std::size_t> states{0};  //!< evaluated

 private:
  class Counted final : public Evaluator {
   public:
    Counted(CountingMachine& machine, std::unique_ptr<Evaluator> worker)
        : machine_(machine), worker_(std::move(worker)), options_(worker_->options()) {
      options_.machine = machine.shared_from_this();
    }
    std::vector<Quantities> evaluate(const StateBatch& batch) override {
      machine_.states += batch.size();
      return worker_->evaluate(batch);
    }
    DayTrace trace(const StateBatch& batch) override { return worker_->trace(batch); }
    [[nodiscard]] std::size_t width() const override { return worker_->width(); }
    [[nodiscard]] const Network& network() const override { return worker_->network(); }
    [[nodiscard]] const EvaluatorOptions& options() const override { return options_; }
    [[nodiscard]] const Thresholds& thresholds() const override { return worker_->thresholds(); }

   private:
    CountingMachine& machine_;
    std::unique_ptr<Evaluator> worker_;
    EvaluatorOptions options_;
  };

  std::shared_ptr<Machine> worker_;
};

struct CountingRun : test::SmallStudy {
  std::shared_ptr<CountingMachine> counting = [] {
    EvaluatorOptions cpu;
    return std::make_shared<CountingMachine>(choose_machine(cpu));
  }();
  RunEnd run() {
    options_.machine = counting;
    return run_study(study_, options_);
  }
};

TEST_F(CountingRun, WalksOrdersAndShares) {
  study_.allocation.rules = {SharingRule::trigger, SharingRule::constraint_matrix};
  const RunEnd end = run();
  ASSERT_TRUE(end.sums);
  const ResultsInfo info = ResultsReader(study_.output.file).info();
  EXPECT_EQ(info.provenance.backend, "counting");
  EXPECT_GE(counting->states, info.evaluations);
  EXPECT_EQ(counting->fronts, 1);
  EXPECT_EQ(counting->bases, 1);
  options_ = {};
  options_.backend = Backend::cpu, options_.force = true;
  const RunEnd plain = run_study(study_, options_);
  for (std::size_t u = 0; u < 3; ++u)
    EXPECT_EQ(end.sums->outcome.units[u].distribution, plain.sums->outcome.units[u].distribution);
}

TEST_F(CountingRun, WalksTheLattice) {
  study_.orders.method = OrderMethod::all;
  ASSERT_TRUE(run().sums);
  EXPECT_GE(counting->states, ResultsReader(study_.output.file).info().evaluations);
}

TEST_F(CountingRun, LinearizesTheFeeder) {
  study_.power_flow = PowerFlow::screened;
  ASSERT_TRUE(run().sums);
  EXPECT_EQ(counting->launchers, 1);
  EXPECT_EQ(counting->solvers, 1);
}

}  // namespace
}  // namespace gridqueue

// Where the work is done: what a backend provides. One is chosen for a piece of work; whoever needs a part of it asks
// the machine of the evaluator at hand (EvaluatorOptions::machine). Another one can stand in front of it, in tests for
// example to count. Its parts are declared where they are made: kernels/linear/linear_launcher.hpp,
// host/linear/response.hpp, host/allocate/basis_solver.hpp, host/walk/order_front.hpp.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"

namespace gridqueue {

template <class Real>
struct CompiledFeeder;
struct LinearRules;
template <class Real>
class LinearLauncher;
class ResponseSolver;
class BatchedBasisSolver;
class OrderFront;
struct OrderDraw;

//! A device has failed, at its start or in the middle: what was asked of it is not answered. What names a device itself
//! ends with it; with Backend::automatic the CPU can do the work instead.
class DeviceFailed : public Error {
 public:
  explicit DeviceFailed(const std::string& message) : Error(ExitCode::unavailable, message) {}
};

//! Every part throws Error(unavailable) where the machine cannot run it; no result depends on threads or devices.
class Machine : public std::enable_shared_from_this<Machine> {
 public:
  virtual ~Machine() = default;
  [[nodiscard]] virtual const char* name() const = 0;         //!< "cpu", "cuda"
  [[nodiscard]] virtual std::string description() const = 0;  //!< what it is, for provenance
  //! States that must share their lines for a linearized feeder to be worth while: so many take as long as making it.
  [[nodiscard]] virtual std::size_t fewest_linear_states() const = 0;

  //! Days in AC; the evaluator keeps the machine.
  virtual std::unique_ptr<Evaluator> evaluator(const Network& network, const EvaluatorOptions& options) = 0;
  //! Days of the linearized feeder. References are kept.
  virtual std::unique_ptr<LinearLauncher<float>> linear_launcher(const CompiledFeeder<float>& feeder,
                                                                 const Network& network, const LinearRules& rules) = 0;
  virtual std::unique_ptr<LinearLauncher<double>> linear_launcher(const CompiledFeeder<double>& feeder,
                                                                  const Network& network, const LinearRules& rules) = 0;
  //! What units and taps do, from sparse factorizations.
  virtual std::unique_ptr<ResponseSolver> response_solver() = 0;
  //! Bases of linear programs.
  virtual std::unique_ptr<BatchedBasisSolver> basis_solver() = 0;
  //! Orders of a walk, drawn or given ([count][num_units]).
  virtual std::unique_ptr<OrderFront> order_front(const OrderDraw& draw) = 0;
  virtual std::unique_ptr<OrderFront> order_front(std::uint32_t num_units, std::span<const std::int32_t> orders) = 0;
};

//! The machine that the options name, or the one their work is worth (Backend::automatic; the choice is logged).
//! Throws Error(unavailable) where a backend that is asked for cannot run, with the reason.
std::shared_ptr<Machine> choose_machine(const EvaluatorOptions& options);

//! Warns that the CPU does the work from its beginning.
void tell_cpu_takes_over(const DeviceFailed& why);

//! work(false) on the machine of its choice; where a device fails in the middle that nobody asked for by name,
//! work(true) does all of it again on the CPU: no result is of both, so that its bits stay those of one.
template <class Work>
auto on_what_works(bool cpu_may_take_over, const Work& work) {
  try {
    return work(false);
  } catch (const DeviceFailed& why) {
    if (!cpu_may_take_over) throw;
    tell_cpu_takes_over(why);
  }
  return work(true);
}

}  // namespace gridqueue

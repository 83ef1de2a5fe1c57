// gridqueue run: walks the orders of a study.

#include "gridqueue/contracts.hpp"
#include "host/cli/command.hpp"
#include "host/present/results_report.hpp"
#include "host/run/run_study.hpp"
#include "host/study/references.hpp"

namespace gridqueue {
namespace {

class Run {
 public:
  Run(const RunArguments& a, const Common& common) : a_(a), common_(common), study_(load_study(a_.study)) {
    refuse_without_effect();
    if (a_.seed) study_.orders.seed = *a_.seed;
    if (a_.orders) limit_orders();
    if (a_.max_states) study_.orders.max_states = *a_.max_states;
    if (!a_.out.empty()) study_.output.file = a_.out;
  }

  //! Throws Error(interrupted) after the summary of what is committed.
  void execute() const {
    EvaluatorOptions machine;
    set_backend(machine, common_, 0);
    RunOptions options;
    options.backend = machine.backend, options.threads = machine.threads, options.devices = machine.devices;
    options.resume = a_.resume, options.force = a_.force;
    options.command_line = common_.command_line;
    RunEnd end = run_study(study_, options);
    report_results(ResultsReader(study_.output.file), common_.json, std::move(end.sums), end.sharing);
    if (end.interrupted)
      fail(ExitCode::interrupted, "interrupted; gridqueue run --resume goes on with '{}'", study_.output.file);
  }

 private:
  //! What would change nothing is not ignored in silence.
  void refuse_without_effect() const {
    const OrdersEntry& o = study_.orders;
    const bool all = o.method == OrderMethod::all;
    if (a_.orders && all)
      fail(ExitCode::usage,
           "--orders {} has no effect (the study's orders.method is \"all\": every order is walked); leave it out, or "
           "sample with method = \"random\"",
           *a_.orders);
    if (a_.seed && o.method != OrderMethod::random)
      fail(ExitCode::usage, "--seed {} has no effect (the study's orders.method is \"{}\": no order is drawn); {}",
           *a_.seed, order_method_name(o.method),
           study_.queue.random ? "the seed of a random queue is queue.random.seed in the study" : "leave it out");
    if (a_.max_states && !all)
      fail(ExitCode::usage,
           "--max-states {} has no effect (the study's orders.method is \"{}\": only \"all\" counts states); leave it "
           "out",
           *a_.max_states, order_method_name(o.method));
  }

  void limit_orders() {
    if (study_.orders.method == OrderMethod::given) {
      if (*a_.orders > study_.orders.given.size())
        fail(ExitCode::usage, "--orders {} are not there (the study gives {})", *a_.orders, study_.orders.given.size());
      study_.orders.given.resize(*a_.orders);
    }
    study_.orders.count = *a_.orders;
    if (study_.orders.until) study_.orders.until->max_orders = *a_.orders;
    if (const std::size_t size = cluster_size(study_.orders.sampling); *a_.orders % size != 0)
      fail(ExitCode::usage, "--orders {} are no whole pairs (antithetic orders come two by two)", *a_.orders);
    if (const std::size_t least = 2 * cluster_size(study_.orders.sampling); study_.many_queues() && *a_.orders < least)
      fail(ExitCode::usage, "--orders {} of each queue do not tell their variance (at least {})", *a_.orders, least);
  }

  const RunArguments& a_;
  const Common& common_;
  Study study_;
};

}  // namespace

void commands::run(const RunArguments& a, const Common& common) { Run(a, common).execute(); }

}  // namespace gridqueue

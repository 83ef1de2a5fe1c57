// What goes into one evaluation (a state of the feeder, a whole day) and what comes out.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gridqueue/ids.hpp"
#include "gridqueue/limits.hpp"
#include "gridqueue/network.hpp"
#include "gridqueue/unit_site.hpp"
#include "gridqueue/upgrade.hpp"

namespace gridqueue {

//! Which model answers: AC, the linearized feeder, or the linearized feeder with AC for whatever lies near a limit.
enum class PowerFlow { ac, linear, screened };
const char* power_flow_name(PowerFlow model);  //!< "ac", "linear", "screened"

enum class Precision { single, dual };        //!< float | double
enum class Backend { cpu, cuda, automatic };  //!< automatic: cuda where a device can run and the work is worth it
//! How an evaluation lies on the machine, for measuring and for tests: one per lane (a vector's element, a GPU's
//! thread), or one per team of lanes (a GPU's warp or block; on the CPU the team is emulated).
enum class Mapping { automatic, lanes, team };

//! States to evaluate. DER are constant-power PV of unity power factor; those at one bus add up, whatever their phases.
struct StateBatch {
  std::vector<std::uint32_t> der_offset{0};  //!< [size + 1] into der_site, der_kw
  std::vector<UnitSite> der_site;
  std::vector<double> der_kw;  //!< [kW] at the shape's value 1, summed over the phases
  std::vector<Upgrades> upgrade_sets = std::vector<Upgrades>(1);  //!< distinct sets, each ascending
  std::vector<UpgradeSetId> upgrade_set;                          //!< [size] into upgrade_sets

  [[nodiscard]] std::size_t size() const { return upgrade_set.size(); }
  void add_der(UnitSite site, double kw) { der_site.push_back(site), der_kw.push_back(kw); }
  //! Ends the state whose DER were added since the last call.
  void finish_state(UpgradeSetId set) {
    upgrade_set.push_back(set);
    der_offset.push_back(static_cast<std::uint32_t>(der_site.size()));
  }
  //! These states alone, in this order, with the upgrade sets that they have.
  [[nodiscard]] StateBatch part(std::span<const std::size_t> states) const;
  //! Adds a copy of another batch's state; its upgrade set keeps its number, which must mean the same upgrades here.
  void add_state_of(const StateBatch& other, std::size_t state) {
    for (std::uint32_t d = other.der_offset[state]; d < other.der_offset[state + 1]; ++d)
      add_der(other.der_site[d], other.der_kw[d]);
    finish_state(other.upgrade_set[state]);
  }
};

//! Smallest, largest and smallest absolute value over the day.
struct FlowRange {
  double min = 0, max = 0, min_abs = 0;
};
struct AreaFlow {
  FlowRange p, q;  //!< [kW], [kvar] leaving the area through its reclosers
};

//! i2x's island screens of an area: at least one of P direction, P fraction, Q direction, Q fraction must hold. How far
//! the best of them is from holding [kW or kvar]; they hold where it is <= 0.
double island_excess(const AreaFlow& area, const Limits& limits);
//! What an area that fails in the base case may get worse by [kW or kvar]: the smaller of the fractions' tolerances.
double island_tolerance(const AreaFlow& area, const Limits& limits);

//! How far the worst place of a limit is beyond what it may reach (Thresholds), in the limit's unit; negative where all
//! pass.
struct Excess {
  double value = 0;
  int place = -1;  //!< by the limit's PlaceKind; -1 = nowhere
};

//! One limit's quantity: its extreme over all places and steps.
struct LimitQuantity {
  double value = 0;
  int place = -1;  //!< by the limit's PlaceKind; -1 = nowhere
  int step = -1;
  Excess excess;  //!< at another place where the base case is beyond the limit
};

//! The limit quantities of one state.
struct Quantities {
  bool converged = false;
  bool linear = false;           //!< answered by the linearized feeder, not by AC
  std::uint32_t near = 0;        //!< NearBit's (kernels/linear/screening.hpp): why a linear model left the state to AC
  std::uint32_t violations = 0;  //!< LimitBit's
  std::array<LimitQuantity, kNumLimits> limits{};
  LimitQuantity& operator[](LimitBit bit) { return limits[limit_index(bit)]; }
  const LimitQuantity& operator[](LimitBit bit) const { return limits[limit_index(bit)]; }
  int taps_min = 0, taps_max = 0;  //!< over regulators and steps
  std::vector<AreaFlow> areas;     //!< [reclosers + 1], head first; empty without reclosers
  //! Only where a limit is violated: monitored buses above their bound (no tolerance), by falling value; elements
  //! beyond a thermal limit, in bus order.
  std::vector<BusId> vdiff_buses;
  std::vector<BusId> overloaded_branches;
};

//! Buses whose voltage change counts, besides the DER buses of each state and the reclosers' buses.
struct MonitorSet {
  std::string name;          //!< "all", that of a list of the feeder, or "list" where buses were named
  std::vector<BusId> buses;  //!< in the order that breaks ties
};
//! "all" = every bus; any other name = that list of the feeder; throws Error(input) for an unknown name.
MonitorSet monitor_set(const Network& network, const std::string& name);

class Machine;

struct EvaluatorOptions {
  MonitorSet monitors;
  //! Where units will stand beside the whole three-phase buses with a path to ground, which all may have one.
  std::vector<UnitSite> sites{};
  //! Units stand nowhere but at `sites`: lines in series between which nothing stands are swept as one (series.hpp).
  bool only_sites = false;
  Limits limits;
  double upgrade_factor = 2;  //!< an upgraded line has length / factor and ratings * factor
  Precision precision = Precision::single;
  std::shared_ptr<Machine> machine{};  //!< that does the work; none = chosen by what follows (machine.hpp)
  Backend backend = Backend::cpu;
  int threads = 0;                  //!< CPU threads; 0 = all
  std::vector<int> devices;         //!< CUDA devices that share the batches; empty = the first one
  double expected_evaluations = 0;  //!< the work to come, for Backend::automatic
  Mapping mapping = Mapping::automatic;
  int team_size = 0;  //!< lanes of an emulated team; 0 = as many as a GPU takes
};

//! Where a day finds no solution.
struct Unsolved {
  int step = -1;          //!< the first one
  std::string place;      //!< "bus.phase" whose voltage still moves most, or the control that still acts; "" = unknown
  double change_pu = 0;   //!< of that voltage, from one sweep to the next
  bool controls = false;  //!< it is controls that do not settle
};
//! "does not converge in step 221 (18:30): ..."
std::string describe(const Network& network, const Unsolved& unsolved);

//! Voltages, taps and capacitors of one state, step by step; of the steps before the one that finds no solution.
struct DayTrace {
  std::vector<Complex> voltage;      //!< [num_steps][total nodes] [V], nodes in bus order
  std::vector<int> tap;              //!< [num_steps][num regulators]
  std::vector<int> capacitor;        //!< [num_steps][num capacitor controls], steps that are in
  std::vector<Quantities> extremes;  //!< [num_steps] of each step alone: no verdict, no hours, no areas
  std::optional<Unsolved> unsolved{};
};

//! A state's answer as bytes that outlive the evaluator: what a verdict needs of it, whatever the limits.
using Answer = std::vector<std::uint8_t>;

//! Raised whenever an answer of the same state changes a bit (tests/answers/reference_test.cpp).
constexpr int kEvaluationVersion = 2;

//! Evaluates states into answers that can be kept, and judged later by an evaluator of the same terms.
class AnswerSource {
 public:
  virtual ~AnswerSource() = default;
  //! As Evaluator::evaluate(); `answers`: [size].
  virtual std::vector<Quantities> evaluate(const StateBatch& states, std::vector<Answer>& answers) = 0;
  //! The same quantities from a kept answer. Throws Error(input) where it is none of these terms. On any thread.
  [[nodiscard]] virtual Quantities judge(std::span<const std::uint8_t> answer) const = 0;
  //! All that answers depend on beside the feeder and the state: evaluation version, numeric build, precision,
  //! monitors, sites, upgrade factor, what is kept. Not the limits.
  [[nodiscard]] virtual std::string answer_terms() const = 0;
};

//! Evaluates states. Results do not depend on batch size, order in the batch, or threads.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual std::vector<Quantities> evaluate(const StateBatch& states) = 0;
  //! So many take hardly longer than one.
  [[nodiscard]] virtual std::size_t width() const { return 1; }
  //! So many take no more processor time than one: a vector's.
  [[nodiscard]] virtual std::size_t lanes() const { return 1; }
  //! The whole day of the batch's first state, or as far as it has a solution.
  virtual DayTrace trace(const StateBatch& states) = 0;
  [[nodiscard]] virtual const Network& network() const = 0;
  [[nodiscard]] virtual const EvaluatorOptions& options() const = 0;
  //! What states are judged by.
  [[nodiscard]] virtual const Thresholds& thresholds() const = 0;
  //! None where answers cannot outlive the limits.
  [[nodiscard]] virtual AnswerSource* answer_source() { return nullptr; }
};

//! On the options' machine, or on the one that choose_machine() takes; where that one fails as a device that was not
//! asked for by name, on the CPU. options().machine of the result is the one that works.
std::unique_ptr<Evaluator> make_evaluator(const Network& network, const EvaluatorOptions& options);
//! "" where the backend can run, else why not.
std::string backend_unavailable_reason(Backend backend);
//! `wanted`, or double (which is said once) where a float cannot number every node of every step: from 2^24 on.
Precision exact_precision(const Network& network, Precision wanted);

}  // namespace gridqueue

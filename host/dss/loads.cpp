#include "host/dss/loads.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/dss/control_check.hpp"
#include "host/dss/shape_rows.hpp"
#include "host/dss/shapes.hpp"
#include "host/dss/two_port.hpp"

namespace gridqueue {
namespace {

constexpr int kZip = 8;  //!< OpenDSS's number of the model that others make up
const std::map<int, LoadModel> kGeneratorModels{{1, LoadModel::generation},
                                                {2, LoadModel::generation_impedance},
                                                {4, LoadModel::generation_fixed_q},
                                                {5, LoadModel::generation_fixed_q_impedance},
                                                {7, LoadModel::generation_limited}};
constexpr double kNoise = 1e-12;  //!< of what is drawn in all: measured power below it is none

class LoadReader {
 public:
  LoadReader(DssEngine& dss, const DayChoice& day, Obstacles& obstacles)
      : dss_(dss), day_(day), obstacles_(obstacles) {}

  DssLoad load(const std::string& name) {
    DssLoad load = element(name);
    const auto model = static_cast<int>(dss_.number(name, "model"));
    if (model < 1 || model > 8)
      obstacles_.add(name, fmt::format("load model {} (models 1 to 8 can be represented)", model));
    load.law.model = static_cast<LoadModel>(model);
    load.fixed_kvar = load.law.model == LoadModel::fixed_q || load.law.model == LoadModel::fixed_q_impedance;
    if (load.law.model == LoadModel::cvr) {
      load.law.cvr_watts = dss_.number(name, "cvrwatts");
      load.law.cvr_vars = dss_.number(name, "cvrvars");
      if (day_.mode == "yearly" && !dss_.property(name, "cvrcurve").empty())
        obstacles_.add(name, "a CVR curve (cannot be represented; its exponents can)");
    }
    load.law.vlow_pu = dss_.number(name, "vlowpu");
    if (!(load.law.vlow_pu >= 0 && load.law.vlow_pu < load.law.vmax_pu))
      obstacles_.add(name, "a vlowpu that is below 0 or not below vmaxpu (cannot be represented)");
    load.law.kw = dss_.number(name, "kw") / load.injection.phases;
    load.law.kvar = dss_.number(name, "kvar") / load.injection.phases;
    const bool neutral = !load.injection.delta && dss_.element_nodes().front().back() != 0;
    if (neutral && dss_.number(name, "rneut") >= 0)
      obstacles_.add(name, "a neutral impedance (cannot be represented; a reactor from the neutral node can)");
    return load;
  }

  //! Model 8 as what it is made of: impedance, current and power, each with its own law outside the band, too.
  std::vector<DssLoad> parts(const std::string& name) {
    const DssLoad all = load(name);
    if (static_cast<int>(all.law.model) != kZip) return {all};
    std::vector<double> zipv = numbers_in(dss_.property(name, "zipv"));
    zipv.resize(7);
    const auto sum = [&](std::size_t first) { return zipv[first] + zipv[first + 1] + zipv[first + 2]; };
    if (std::abs(sum(0) - 1) > 1e-9 || std::abs(sum(3) - 1) > 1e-9)
      obstacles_.add(name, "parts of load model 8 (ZIPV) that do not add up to 1 (cannot be represented)");
    if (zipv[6] > 0)
      obstacles_.add(name, "a cut-off of load model 8 (ZIPV; 0 as its seventh number can be represented)");
    std::vector<DssLoad> some;
    const LoadModel part[] = {LoadModel::constant_impedance, LoadModel::constant_current, LoadModel::constant_power};
    for (std::size_t k = 0; k < 3; ++k) {
      if (zipv[k] == 0 && zipv[3 + k] == 0) continue;
      some.push_back(all);
      some.back().law.model = part[k];
      some.back().kw_share = zipv[k], some.back().kvar_share = zipv[3 + k];
    }
    return some;
  }

  DssLoad generator(const std::string& name) {
    DssLoad load = element(name);
    const bool pv = name.rfind("pvsystem.", 0) == 0;
    const bool of_generator = name.rfind("generator.", 0) == 0;
    const auto model = static_cast<int>(dss_.number(name, "model"));
    const auto modelled = kGeneratorModels.find(of_generator || model == 1 ? model : 0);
    if (modelled == kGeneratorModels.end())
      obstacles_.add(name, of_generator
                               ? fmt::format("generator model {} (models 1, 2, 4, 5 and 7 can be represented)", model)
                               : "a model other than 1, constant power");
    if (!of_generator && load.injection.phases > 1 && yes(dss_.property(name, "balanced")))
      obstacles_.add(name, "a current of the positive sequence alone (balanced=no can be represented)");
    if (pv && yes(dss_.property(name, "limitcurrent")))
      obstacles_.add(name, "a limited current (limitcurrent cannot be represented)");
    load.law.model = modelled == kGeneratorModels.end() ? LoadModel::generation : modelled->second;
    if (load.injection.delta && load.injection.phases == 1) {
      if (load.law.model != LoadModel::generation)
        obstacles_.add(name, fmt::format("generator model {} in delta of one phase (model 1, or conn=wye, can be "
                                         "represented)",
                                         model));
      load.law.model = LoadModel::generation_single_delta;
    }
    load.fixed_kvar =
        load.law.model == LoadModel::generation_fixed_q || load.law.model == LoadModel::generation_fixed_q_impedance;
    if (pv) return load;
    if (name.rfind("storage.", 0) == 0) {
      if (!stays_idle(name))
        obstacles_.add(name,
                       "a storage that may charge or discharge (one that stays idle can be represented: "
                       "state=idling, dispmode=default without triggers, full or timechargetrig=-1)");
      return load;
    }
    if (dss_.property(name, "dispmode") != "default")
      obstacles_.add(name, "a generator that is dispatched (dispmode=default can be represented)");
    load.law.kw = -dss_.number(name, "kw") / load.injection.phases;
    load.law.kvar = -dss_.number(name, "kvar") / load.injection.phases;
    return load;
  }

  //! So that its power, the losses of an idle one, hangs on no state of charge (Storage.pas, CheckStateTriggerLevel).
  bool stays_idle(const std::string& name) {
    const bool full = dss_.number(name, "%stored") >= 100;
    return dss_.property(name, "state") == "idling" && dss_.property(name, "dispmode") == "default" &&
           dss_.number(name, "dischargetrigger") == 0 && dss_.number(name, "chargetrigger") == 0 &&
           (full || dss_.number(name, "timechargetrig") < 0);
  }

  void warn_of_mode(std::size_t loads) const {
    if (in_mode_ == 0 && in_other_ > 0)
      log_warn("no load has a {0} shape, but {1} of {2} a {3} one: loads are constant all day (--mode {3}?)", day_.mode,
               in_other_, loads, day_.mode == "daily" ? "yearly" : "daily");
  }

 private:
  //! What loads and generators have in common.
  DssLoad element(const std::string& name) {
    DssLoad load;
    dss_.select_element(name);
    load.bus = dss_.element_buses().front();
    load.injection.name = load.law.name = name;
    load.injection.phases = static_cast<int>(dss_.number(name, "phases"));
    load.injection.delta = dss_.property(name, "conn") == "delta";
    add_phases(dss_.element_nodes().front(), load);
    const int phases = load.injection.phases;  // OpenDSS: of a star of two or three the voltage between lines is given
    const bool between_lines = !load.injection.delta && (phases == 2 || phases == 3);
    load.law.kv = dss_.number(name, "kv") / (between_lines ? std::sqrt(3.0) : 1.0);
    load.injection.volts = load.law.kv * 1e3;
    if (!(load.law.kv > 0)) obstacles_.add(name, "a kv that is not above 0");
    load.law.vmin_pu = dss_.number(name, "vminpu");
    load.law.vmax_pu = dss_.number(name, "vmaxpu");
    if (!(load.law.vmin_pu >= 0 && load.law.vmin_pu < load.law.vmax_pu))
      obstacles_.add(name, "a vminpu that is below 0 or not below vmaxpu (cannot be represented)");
    load.shape = dss_.property(name, day_.mode);
    if (!load.shape.empty()) ++in_mode_;
    if (!dss_.property(name, day_.mode == "daily" ? "yearly" : "daily").empty()) ++in_other_;
    return load;
  }

  static void add_phases(const std::vector<int>& nodes, DssLoad& load) {
    for (std::size_t p = 0; p < static_cast<std::size_t>(load.injection.phases); ++p) {
      const int one = nodes[p], two = load.injection.delta ? nodes[(p + 1) % nodes.size()] : nodes.back();
      if (one != two) load.phase.emplace_back(one == 0 ? two : one, one == 0 ? 0 : two);
    }
  }

  DssEngine& dss_;
  const DayChoice& day_;
  Obstacles& obstacles_;
  std::size_t in_mode_ = 0, in_other_ = 0;
};

//! A share of one part of the measured power, without the noise of the other.
std::vector<double> part_of(const std::vector<Complex>& power, double (*part)(const Complex&), double share) {
  double all = 0;
  for (const Complex& s : power) all = std::max(all, std::abs(s));
  std::vector<double> series;
  for (const Complex& s : power) series.push_back(std::abs(part(s)) > kNoise * all ? share * part(s) : 0);
  return series;
}

double real_part(const Complex& s) { return s.real(); }
double imaginary_part(const Complex& s) { return s.imag(); }

}  // namespace

std::vector<DssLoad> read_loads(DssEngine& dss, const DssModel& model, const DayChoice& day, Obstacles& obstacles) {
  LoadReader reader(dss, day, obstacles);
  std::vector<DssLoad> loads;
  for (const auto& name : model.loads)
    for (DssLoad& part : reader.parts(name)) loads.push_back(std::move(part));
  reader.warn_of_mode(model.loads.size());
  for (const auto& name : model.generation) loads.push_back(reader.generator(name));
  return loads;
}

std::vector<DssInjection> injections_of(const std::vector<DssLoad>& loads) {
  std::vector<DssInjection> injections;
  for (const DssLoad& load : loads) injections.push_back(load.injection);
  return injections;
}

void add_loads(DssEngine& dss, const std::vector<DssLoad>& loads, const MeasuredDay& measured, const DayChoice& day,
               Network& net) {
  ShapeRows rows(net.shapes);
  std::map<std::pair<std::string, int>, BusId> buses;  // by bus of the model and node
  for (std::size_t i = 0; i < net.buses.size(); ++i)
    for (std::size_t n = 0; n < static_cast<std::size_t>(net.buses[i].num_nodes); ++n)
      buses[{net.buses[i].model_name(), net.buses[i].phase[n]}] = BusId(i);
  for (std::size_t i = 0; i < loads.size(); ++i) {
    const DssLoad& from = loads[i];
    const ShapeRows::Candidate named = [&] {
      return from.shape.empty() ? Shape() : Shape{from.shape, day_of_shape(dss, from.shape, day)};
    };
    const auto kw = rows.fit(part_of(measured.power[i], real_part, from.kw_share), from.law.kw * from.kw_share, named);
    const auto kvar = rows.fit(from.fixed_kvar ? std::vector<double>(measured.power[i].size(), from.law.kvar)
                                               : part_of(measured.power[i], imaginary_part, from.kvar_share),
                               from.law.kvar * from.kvar_share, named);
    Load load = from.law;
    load.kw = kw.at_one;
    load.kvar = kvar.at_one;
    load.kw_shape = kw.row;
    load.kvar_shape = kvar.row;
    for (const auto& [one, two] : from.phase) {
      load.bus = buses.at({from.bus, one});
      Bus& at = net.buses[load.bus.index()];
      load.node = static_cast<int>(position(at, one));
      load.to_node = two == 0 ? -1 : static_cast<int>(position(at, two));
      net.loads.push_back(load);
      if (!generates(load.model)) at.has_load = true;
    }
  }
  std::stable_sort(net.loads.begin(), net.loads.end(),
                   [](const Load& a, const Load& b) { return std::pair(a.bus, a.node) < std::pair(b.bus, b.node); });
}

}  // namespace gridqueue

#include "host/dss/measured_day.hpp"

#include <cmath>
#include <map>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/core/dense_eigen.hpp"
#include "host/dss/words.hpp"

namespace gridqueue {
namespace {

std::string class_of(const std::string& element) { return element.substr(0, element.find('.')); }

//! A source of one or two phases gets three, of which the first is as it was: all loads find their phases there.
//! (Vsource.pas: one phase has basekv, several have it between neighbours on a circle.)
void make_three_phase(DssEngine& dss, const DssModel& model) {
  const std::size_t phases = model.source_node.size();
  if (phases == 3) return;
  const double kv = dss.number(model.source, "basekv") * std::sqrt(3.0) / (phases == 1 ? 1 : 2);
  dss.command(fmt::format("edit {} phases=3 bus1={} basekv={}", dss_word(model.source),
                          dss_word(model.source_bus + ".1.2.3"), kv));
}

void leave_injections_alone(DssEngine& dss, const DssModel& model, const std::vector<std::string>& elements) {
  std::set<std::string> classes;
  for (const auto& name : elements) classes.insert(class_of(name));
  for (const auto& name : classes)
    if (name != "vsource" && name != "load" && name != "generator" && name != "pvsystem" && name != "storage")
      dss.command("batchedit " + name + "..* enabled=no");
  const std::string bus =
      " bus1=" + dss_word(model.source_bus + ".1.2.3.0");  // an element takes as many as it has conductors
  if (classes.count("load")) dss.command("batchedit load..* model=2" + bus);  // an impedance at any voltage
  for (const char* generator : {"generator", "pvsystem", "storage"})
    if (classes.count(generator)) dss.command(fmt::format("batchedit {}..* vminpu=1e-9 vmaxpu=1e9{}", generator, bus));
  if (classes.count("generator")) dss.command("batchedit generator..* model=1");  // constant power at any voltage
  make_three_phase(dss, model);
  dss.command("edit " + dss_word(model.source) + " r1=0 x1=1e-9 r0=0 x0=1e-9");
  dss.command("set tolerance=1e-10 miniterations=3 maxiterations=20");
}

class Meter {
 public:
  Meter(DssEngine& dss, const DssModel& model, const std::vector<DssInjection>& injections,
        const std::vector<std::string>& elements)
      : dss_(dss), model_(model), injections_(injections) {
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < elements.size(); ++i) index[elements[i]] = i;
    for (const auto& injection : injections) index_.push_back(index.at(injection.name));
  }

  void read_source_impedance() {
    dss_.select_element(model_.source);
    phases_ = dss_.element_nodes().front().size();
    const auto yprim = dss_.yprim();
    y_ = EigenMatrix<Complex>::Zero(static_cast<Eigen::Index>(phases_), static_cast<Eigen::Index>(phases_));
    for (std::size_t r = 0; r < phases_; ++r)
      for (std::size_t c = 0; c < phases_; ++c)
        y_(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) = yprim[c * 2 * phases_ + r];
  }

  //! E, from what stands and flows at the terminal.
  [[nodiscard]] std::vector<Complex> source() {
    dss_.select_element(model_.source);
    const auto volts = dss_.element_voltages(), amps = dss_.currents();
    Eigen::VectorXcd into(static_cast<Eigen::Index>(phases_));
    for (std::size_t c = 0; c < phases_; ++c) into(static_cast<Eigen::Index>(c)) = amps[c];
    const Eigen::VectorXcd drop = y_.partialPivLu().solve(into);
    std::vector<Complex> e;
    for (std::size_t c = 0; c < phases_; ++c) e.push_back(volts[c] - drop(static_cast<Eigen::Index>(c)));
    return e;
  }

  //! Of the source as the model has it: E of each phase by that of the first.
  [[nodiscard]] std::vector<Complex> source_shares() {
    read_source_impedance();
    std::vector<Complex> shares = source();
    for (std::size_t c = shares.size(); c-- > 0;) shares[c] /= shares[0];
    return shares;
  }

  //! [kVA] per phase. An impedance's nominal power is I / V, scaled to its nominal voltage.
  [[nodiscard]] Complex power(std::size_t i) {
    const DssInjection& injection = injections_[i];
    dss_.select_element(index_[i]);
    const auto volts = dss_.element_voltages(), amps = dss_.currents();
    const auto phases = static_cast<std::size_t>(injection.phases);
    Complex drawn = 0;
    for (std::size_t c = 0; c < volts.size(); ++c) drawn += volts[c] * std::conj(amps[c]) / 1e3;
    if (class_of(injection.name) != "load") return drawn / static_cast<double>(phases);
    double squares = 0;
    for (std::size_t p = 0; p < phases; ++p)
      squares += std::norm(volts[p] - volts[injection.delta ? (p + 1) % volts.size() : volts.size() - 1]);
    return drawn / squares * (injection.volts * injection.volts);
  }

 private:
  DssEngine& dss_;
  const DssModel& model_;
  const std::vector<DssInjection>& injections_;
  std::vector<std::size_t> index_;
  std::size_t phases_ = 0;
  EigenMatrix<Complex> y_;
};

}  // namespace

MeasuredDay measure_day(DssEngine& dss, const DssModel& model, const std::vector<DssInjection>& injections,
                        const DayChoice& day, const DssProgress& progress) {
  const auto elements = dss.element_names();
  Meter meter(dss, model, injections, elements);
  const std::vector<Complex> shares = meter.source_shares();
  leave_injections_alone(dss, model, elements);
  const auto source = [&] {
    std::vector<Complex> e = meter.source();
    if (e.size() == shares.size()) return e;
    for (std::size_t c = 0; c < shares.size(); ++c) e[c] = shares[c] * e[0];
    e.resize(shares.size());
    return e;
  };
  start_snapshot(dss, "off");
  dss.command("solve");
  meter.read_source_impedance();
  MeasuredDay measured;
  measured.source = source();
  measured.power.resize(injections.size());
  for (int k = 0; k < day.all_steps(); ++k) {
    if (k % day.steps == 0) start_day(dss, day, "off", static_cast<std::size_t>(k / day.steps));
    dss.command("solve");
    measured.sources.push_back(source());
    for (std::size_t i = 0; i < injections.size(); ++i) measured.power[i].push_back(meter.power(i));
    if (progress) progress("what loads do", 0.5 + 0.5 * (k + 1) / day.all_steps());
  }
  return measured;
}

std::vector<double> measure_total(DssEngine& dss, const DssModel& model, const DayChoice& day) {
  leave_injections_alone(dss, model, dss.element_names());
  std::vector<double> kw;
  for (int k = 0; k < day.all_steps(); ++k) {
    if (k % day.steps == 0) start_day(dss, day, "off", static_cast<std::size_t>(k / day.steps));
    dss.command("solve");
    dss.select_element(model.source);
    const auto volts = dss.element_voltages(), amps = dss.currents();
    double watts = 0;
    for (std::size_t c = 0; c < amps.size() / 2; ++c) watts -= (volts[c] * std::conj(amps[c])).real();
    kw.push_back(watts / 1e3);
  }
  return kw;
}

}  // namespace gridqueue

// Small feeders in OpenDSS's language, random in detail: what real feeders join in many ways.
#pragma once
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace gridqueue::test {

class RandomFeeder {
 public:
  explicit RandomFeeder(unsigned seed) : random_(seed) {
    text_ =
        "clear\nset defaultbasefrequency=60\nnew circuit.random basekv=69 pu=1.03 phases=3 bus1=grid mvasc3=900 "
        "mvasc1=700\n";
    shape();
    substation();
    const int parts = 5 + pick(4);
    for (int i = 0; i < parts; ++i) grow();
    if (chance(0.7)) switched_capacitor();
    text_ +=
        "set voltagebases=[69 34.5 12.47 4.16 .48 .24]\ncalcvoltagebases\nset maxcontroliter=100\n"
        "set maxiterations=100\nsolve\n";
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  //! A bus from which the feeder goes on.
  struct Port {
    std::string bus;
    std::vector<int> phases;
    double kv;              //!< line to line
    bool grounded = true;   //!< loads to ground are possible
    std::string line = "";  //!< that leads here
  };

  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(double p) { return static_cast<double>(random_()) / 4294967296.0 < p; }
  double between(double low, double high) { return low + (high - low) * static_cast<double>(random_()) / 4294967296.0; }
  std::string name(const char* what) { return fmt::format("{}{}", what, ++count_); }
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }
  static std::string at(const std::string& bus, const std::vector<int>& nodes) {
    return fmt::format("{}.{}", bus, fmt::join(nodes, "."));
  }
  static double phase_kv(const Port& p) { return p.kv / std::sqrt(3.0); }

  void shape() {
    std::string values;
    for (int k = 0; k < 96; ++k)
      values += fmt::format("{:.4f} ", 0.55 + 0.3 * std::sin((k / 4.0 - 9) * 0.2618) + between(-0.12, 0.12));
    add("new loadshape.day npts=96 minterval=15 mult=({})", values);
  }

  void substation() {
    const bool high = chance(0.3);
    const double kv = high ? 34.5 : 12.47;
    add("new transformer.main phases=3 windings=2 xhl=7.5 %loadloss=.6 %noloadloss=.2 %imag=.5 buses=(grid m0) "
        "conns=({} wye) kvs=(69 {}) kvas=(15000 15000) {}",
        chance(0.8) ? "delta" : "wye", kv, chance(0.3) ? "leadlag=lead" : "");
    if (chance(0.4))
      add("new regcontrol.ltc transformer=main winding=2 {} vreg={:.1f} band=2 ptratio={} delay=45 ptphase={}",
          chance(0.3) ? "tapwinding=1" : "", between(119, 122), high ? 166 : 60, 1 + pick(3));
    ports_.push_back({"m0", {1, 2, 3}, kv});
    line(ports_[0]);
    if (high) step_down();
  }

  Port& any(std::size_t phases) {
    std::vector<std::size_t> some;
    for (std::size_t i = 0; i < ports_.size(); ++i)
      if (ports_[i].phases.size() >= phases && ports_[i].kv > 1 && ports_[i].grounded) some.push_back(i);
    return ports_[some[static_cast<std::size_t>(pick(static_cast<int>(some.size())))]];
  }

  void grow() {
    switch (pick(10)) {
      case 0: return line(any(1));
      case 1: return side_by_side(any(2));
      case 2: return line(any(1));
      case 3: return exchange(any(3));
      case 4: return bank(any(3));
      case 5: return open_delta(any(3));
      case 6: return step_down();
      case 7: return service(any(1));
      case 8: return open_bank(any(2));
      default: return neutral(any(3));
    }
  }

  std::string impedance(std::size_t phases, double rating) {
    const double r = between(0.1, 0.4), x = between(0.25, 0.5);
    const double c = phases > 1 ? between(2, 9) : between(1, 4);
    return fmt::format(
        "r1={0:.3f} x1={1:.3f} r0={2:.3f} x0={3:.3f} c1={4:.2f} c0={5:.2f} length={6:.2f} units=km "
        "normamps={7:.0f} emergamps={8:.0f}",
        r, x, phases > 1 ? 2.5 * r : r, phases > 1 ? 2.8 * x : x, c, phases > 1 ? c / 2 : c, between(0.4, 2), rating,
        1.3 * rating);
  }

  //! From one port to a new one, or with `to` to a bus that is there.
  std::string wire(const Port& from, const std::vector<int>& phases, const std::string& to, std::vector<int> far = {}) {
    if (far.empty()) far = phases;
    const std::string line = name("line");
    const bool back = chance(0.3);
    const std::string one = at(from.bus, phases), two = at(to, far);
    add("new line.{} phases={} bus1={} bus2={} {}", line, phases.size(), back ? two : one, back ? one : two,
        impedance(phases.size(), between(150, 500)));
    return line;
  }

  void line(Port from) {
    std::vector<int> phases = from.phases;
    while (phases.size() > 1 && chance(0.3)) phases.erase(phases.begin() + pick(static_cast<int>(phases.size())));
    if (phases.size() > 1 && chance(0.3)) std::swap(phases.front(), phases.back());
    const std::string to = name("b"), line = wire(from, phases, to);
    std::sort(phases.begin(), phases.end());
    finish({to, phases, from.kv, from.grounded, line});
  }

  void side_by_side(Port from) {
    const std::string to = name("b");
    std::string line;
    if (chance(0.5)) {
      for (int k = 0; k < 2; ++k) line = wire(from, from.phases, to);
    } else {
      for (int phase : from.phases) line = wire(from, {phase}, to);
    }
    finish({to, from.phases, from.kv, from.grounded, line});
  }

  void exchange(Port from) {
    const std::string to = name("b");
    std::vector<int> far = from.phases;
    std::rotate(far.begin(), far.begin() + 1 + pick(2), far.end());
    const std::string line = wire(from, from.phases, to, far);
    finish({to, from.phases, from.kv, from.grounded, line});
  }

  std::string settings(double kv_winding) {
    std::string text = fmt::format("vreg={:.1f} band={:.1f} ptratio={:.1f} delay={}", between(119, 123),
                                   between(1.5, 2.5), kv_winding * 1000 / 120, 15 * (1 + pick(4)));
    if (chance(0.3)) text += fmt::format(" r={:.1f} x={:.1f} ctprim=300", between(0, 2), between(0, 3));
    return text;
  }

  //! Regulators of one phase each, equal or not, some of them without a control, some the other way round.
  void bank(Port from) {
    const std::string to = name("b"), unit = name("reg");
    const bool alike = chance(0.5), back = chance(0.25), remote = chance(0.25);
    for (int phase : from.phases) {
      const std::string here = fmt::format("{}.{}", from.bus, phase), there = fmt::format("{}.{}", to, phase);
      add("new transformer.{0}{1} phases=1 windings=2 xhl=.1 %loadloss=.01 buses=({2} {3}) conns=(wye wye) "
          "kvs=({4:.4f} {4:.4f}) kvas=({5} {5})",
          unit, phase, back ? there : here, back ? here : there, phase_kv(from), alike ? 4000 : 3000 + 500 * phase);
      if (!alike && chance(0.2)) continue;
      add("new regcontrol.{0}{1} transformer={0}{1} winding={2} {3}{4}", unit, phase, back ? 1 : 2,
          settings(phase_kv(from)),
          remote ? fmt::format(" bus={}_far.{} remoteptratio={:.1f}", to, phase, phase_kv(from) * 1000 / 120) : "");
    }
    const Port port{to, from.phases, from.kv, from.grounded};
    finish(port);
    if (!remote) return;
    const std::string line = wire(port, port.phases, to + "_far");
    finish({to + "_far", port.phases, port.kv, port.grounded, line});
  }

  void open_delta(Port from) {
    const std::string to = name("b"), unit = name("reg");
    const int common = from.phases[static_cast<std::size_t>(pick(3))];
    for (int phase : from.phases) {
      if (phase == common) continue;
      add("new transformer.{0}{1} phases=1 windings=2 xhl=1 %loadloss=.05 buses=({2}.{1}.{4} {3}.{1}.{4}) conns=(delta "
          "delta) kvs=({5} {5}) kvas=(3000 3000)\nnew regcontrol.{0}{1} transformer={0}{1} winding=2 {6}",
          unit, phase, from.bus, to, common, from.kv, settings(from.kv));
    }
    add("new line.{0}j phases=1 bus1={1}.{3} bus2={2}.{3} r1=1e-4 r0=1e-4 x1=0 x0=0 c1=0 c0=0 length=1", unit, from.bus,
        to, common);
    finish({to, from.phases, from.kv, from.grounded});
  }

  //! A transformer along the feeder.
  void step_down() {
    const Port from = any(3);
    const std::string to = name("b"), unit = name("step");
    const double kv = from.kv > 20 ? 12.47 : 4.16;
    static const char* const kinds[] = {"delta wye", "wye wye", "delta delta"};
    const int kind = from.kv > 20 ? pick(2) : pick(3);
    add("new transformer.{} phases=3 windings=2 xhl=5 %loadloss=.8 %noloadloss=.2 %imag=.6 buses=({} {}) conns=({}) "
        "kvs=({} {}) kvas=(5000 5000) {}",
        unit, from.bus, to, kinds[kind], from.kv, kv, chance(0.3) ? "leadlag=lead" : "");
    if (kind < 2 && chance(0.3))
      add("new regcontrol.{0} transformer={0} winding=2 vreg=120 band=2 ptratio={1:.1f} delay=60", unit,
          kv * 1000 / std::sqrt(3.0) / 120);
    finish({to, {1, 2, 3}, kv, kind < 2});
  }

  //! Transformers of one phase side by side: with a centre tap, or to a secondary of two nodes and a neutral.
  void service(Port from) {
    const int phase = from.phases[static_cast<std::size_t>(pick(static_cast<int>(from.phases.size())))];
    const std::string to = name("s");
    for (int k = 1 + pick(2); k > 0; --k) {
      const double kva = 25 + 25 * pick(3);
      add("new transformer.{0} phases=1 windings=3 buses=({1}.{2} {3}.1.0 {3}.0.2) kvs=({4:.4f} .12 .12) kvas=({5} {5} "
          "{5}) %rs=(.6 1.2 1.2) xhl=2.04 xht=2.04 xlt=1.36 %noloadloss=.2 %imag=.5",
          name("t"), from.bus, phase, to, phase_kv(from), kva);
    }
    add("new load.{} phases=1 bus1={}.1.2 kv=.24 kw={:.1f} pf=.95 model={} daily=day", name("d"), to, between(5, 30),
        1 + pick(2));
    add("new load.{} phases=1 bus1={}.{} kv=.12 kw={:.1f} pf=.9 daily=day", name("d"), to, 1 + pick(2), between(1, 6));
  }

  //! Open wye to open delta, sometimes two of each beside each other.
  void open_bank(Port from) {
    const std::string to = name("s");
    for (int k = 1 + pick(2); k > 0; --k) {
      const double kva = 50 + 25 * pick(3);
      for (int unit = 0; unit < 2; ++unit)
        add("new transformer.{0} phases=1 windings=2 buses=({1}.{2} {3}.{4}) conns=(wye delta) kvs=({5:.4f} .48) "
            "kvas=({6} {6}) xhl=2 %loadloss=1.2 %noloadloss=.2 %imag=.4",
            name("t"), from.bus, from.phases[static_cast<std::size_t>(unit)], to, unit == 0 ? "1.2" : "2.3",
            phase_kv(from), kva);
    }
    add("new load.{} phases=3 bus1={}.1.2.3 conn=delta kv=.48 kw={:.1f} pf=.9 model={} daily=day", name("d"), to,
        between(20, 70), 1 + pick(2));
  }

  //! A star with its neutral brought out and earthed through a reactor.
  void neutral(Port from) {
    const std::string to = name("n");
    add("new transformer.{} phases=3 windings=2 xhl=4 %loadloss=.9 buses=({} {}.1.2.3.4) conns=(delta wye) kvs=({} "
        "4.16) "
        "kvas=(2500 2500)\nnew reactor.{} phases=1 bus1={}.4 bus2={}.0 r={:.2f} x={:.2f}",
        name("step"), from.bus, to, from.kv, name("earth"), to, to, between(0, .2), between(.1, 1));
    const std::string line = name("line"), end = name("b");
    add("new line.{} phases=3 bus1={}.1.2.3 bus2={}.1.2.3 {}", line, to, end, impedance(3, 300));
    finish({end, {1, 2, 3}, 4.16, true, line});
    if (chance(0.5))
      add("new load.{} phases=1 bus1={}.{}.4 kv=2.4 kw={:.0f} pf=.93 daily=day", name("d"), to, 1 + pick(3),
          between(20, 60));
  }

  //! Loads at a new bus; the feeder may go on from there.
  void finish(const Port& p) {
    ports_.push_back(p);
    for (int k = 1 + pick(2); k > 0; --k) load(p);
  }

  void load(const Port& p) {
    const int model = 1 + pick(8);
    std::string law = fmt::format("kw={:.0f} pf={:.2f} model={} daily=day vminpu=.85 vmaxpu=1.15",
                                  (p.kv > 5 ? 1 : 0.4) * between(60, 260), between(.88, 1), model);
    if (model == 8) law += " zipv=(.3 .3 .4 .5 .2 .3 0)";
    const auto n = static_cast<int>(p.phases.size());
    const int one = pick(n), kind = pick(3);
    const auto phase = [&](int k) { return p.phases[static_cast<std::size_t>(k % n)]; };
    if (n > 1 && (kind == 0 || !p.grounded))
      add("new load.{} phases=1 bus1={}.{}.{} kv={} {}", name("d"), p.bus, phase(one), phase(one + 1), p.kv, law);
    else if (n == 3 && kind == 1)
      add("new load.{} phases=3 bus1={} conn={} kv={} {}", name("d"), at(p.bus, p.phases),
          chance(0.5) ? "delta" : "wye", p.kv, law);
    else add("new load.{} phases=1 bus1={}.{} kv={:.4f} {}", name("d"), p.bus, phase(one), phase_kv(p), law);
  }

  void switched_capacitor() {
    const Port& p = any(3);
    const std::string cap = name("cap");
    if (p.line.empty()) {
      add("new capacitor.{} phases=3 bus1={} kv={} kvar=300 conn={}", cap, p.bus, p.kv, chance(0.3) ? "delta" : "wye");
      return;
    }
    const bool steps = chance(0.3);
    add("new capacitor.{} phases=3 bus1={} kv={} {}", cap, p.bus, p.kv,
        steps ? "numsteps=2 kvar=(200 200)" : "kvar=400");
    const int terminal = 1 + pick(2);
    switch (pick(3)) {
      case 0:
        return add(
            "new capcontrol.{0} capacitor={0} element=line.{1} terminal={2} type=kvar onsetting=250 "
            "offsetting=-500 delay={3}",
            cap, p.line, terminal, 10 + 30 * pick(3));
      case 1:
        return add(
            "new capcontrol.{0} capacitor={0} element=line.{1} terminal={2} type=current ctratio=60 onsetting=1 "
            "offsetting=.4 ctphase=avg delay={3}",
            cap, p.line, terminal, 10 + 30 * pick(3));
      default:
        return add("new capcontrol.{0} capacitor={0} element=line.{1} terminal={2} type=time onsetting=7 offsetting=21",
                   cap, p.line, terminal);
    }
  }

  std::mt19937 random_;
  std::string text_;
  std::vector<Port> ports_;
  int count_ = 0;
};

}  // namespace gridqueue::test

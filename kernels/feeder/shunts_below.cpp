#include "kernels/feeder/shunts_below.hpp"

#include <algorithm>
#include <complex>

namespace gridqueue {
namespace {

//! As capacitor_in().
template <class Real>
Real in_at_first(const CompiledFeeder<Real>& feeder, const CapacitorRecord<Real>& c) {
  Real in = c.size < 0 ? std::max(c.initial, Real(0)) : Real(0);
  for (std::int32_t k = 0; c.size >= 0 && Real(k) + Real(0.5) < c.initial; ++k)
    in += feeder.coefficient[static_cast<std::size_t>(c.size + k)];
  return in;
}

template <class Real>
class ShuntsBelow {
 public:
  ShuntsBelow(std::int32_t num_nodes, CompiledFeeder<Real>& feeder)
      : out_(feeder), sum_(static_cast<std::size_t>(num_nodes)) {}

  void run() {
    for (std::size_t i = out_.bus.size(); i-- > 0;)
      for (int r = 0; r < out_.bus[i].num_nodes; ++r) add_node(out_.bus[i], r);
    for (BusRecord& b : out_.bus) {
      b.shunts_below = static_cast<std::int32_t>(out_.coefficient.size());
      for (int r = 0; r < b.num_nodes; ++r) {
        out_.coefficient.push_back(at(b.node + r).real());
        out_.coefficient.push_back(at(b.node + r).imag());
      }
    }
  }

 private:
  void add_node(const BusRecord& b, int r) {
    const int n = b.num_nodes;
    const bool bare = b.kind == SweepKind::line || b.kind == SweepKind::regulator;
    if (b.admittance >= 0) at(b.node + r) += coefficient(b.admittance, r * n + r);
    for (std::int32_t c = b.capacitor; c < b.capacitor + b.capacitors; ++c) {
      const CapacitorRecord<Real>& capacitor = out_.capacitor[static_cast<std::size_t>(c)];
      at(b.node + r) += in_at_first(out_, capacitor) * coefficient(capacitor.shunt, r * n + r);
    }
    const std::complex<Real> below = at(b.node + r);
    if (bare) at(b.parent_node + b.select[r]) += below;
    for (int p = 0; !bare && p < b.parent_nodes; ++p)
      at(b.parent_node + p) += std::norm(coefficient(b.coefficient + 2 * n * n, r * b.parent_nodes + p)) * below;
  }

  std::complex<Real>& at(std::int32_t node) { return sum_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] std::complex<Real> coefficient(std::int32_t first, int k) const {
    const Real* c = out_.coefficient.data() + first + 2 * k;
    return {c[0], c[1]};
  }

  CompiledFeeder<Real>& out_;
  std::vector<std::complex<Real>> sum_;  //!< by node
};

}  // namespace

template <class Real>
void add_shunts_below(std::int32_t num_nodes, CompiledFeeder<Real>& feeder) {
  ShuntsBelow<Real>(num_nodes, feeder).run();
}

template void add_shunts_below(std::int32_t, CompiledFeeder<float>&);
template void add_shunts_below(std::int32_t, CompiledFeeder<double>&);

}  // namespace gridqueue

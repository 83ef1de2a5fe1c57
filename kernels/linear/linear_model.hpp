// The arrays of a linearized feeder for one set of upgraded lines, on the host. host/linear builds them. Host only.
#pragma once
#include <cstddef>
#include <cstring>
#include <vector>

#include "kernels/linear/linear_view.hpp"

namespace gridqueue {

//! Owns what LinearView points to. The plan's arrays are copied, so that a model stands alone.
template <class Real>
struct LinearModel {
  std::vector<std::int32_t> present, der, unit_node, unit_zone, pair, corner;
  std::vector<Real> reference, response, phase_response, deviation_response, turn_response, turn_base, tap_response,
      base, ratio, z, turn;
  std::vector<LinearNode<Real>> node;
  std::vector<LoadCurve<Real>> controlled, area;
  std::vector<TapSlope<Real>> coupling, area_taps;
  std::vector<LinearBranch<Real>> branch;
  std::vector<LinearMember<Real>> member;
  std::vector<LinearCurrent<Real>> current;
  std::vector<LinearRun<Real>> run;
  std::vector<LinearFlow<Real>> run_flow;
  std::vector<LinearMean<Real>> mean;
  std::vector<LinearMonitor<Real>> monitor;
  std::vector<BetweenMonitor<Real>> between;
  std::vector<FixedBranch<Real>> fixed_branch;
  LinearView<Real> shape{};  //!< the view's numbers; its pointers are null

  //! View of these arrays.
  [[nodiscard]] LinearView<Real> view() const;
};

//! Calls f(array, pointer of the view that stands for it) for every array.
template <class Real, class F>
void each_array(const LinearModel<Real>& m, const F& f) {
  using V = LinearView<Real>;
  f(m.present, &V::present), f(m.der, &V::der), f(m.unit_node, &V::unit_node), f(m.unit_zone, &V::unit_zone),
      f(m.pair, &V::pair);
  f(m.corner, &V::corner), f(m.reference, &V::reference), f(m.response, &V::response);
  f(m.phase_response, &V::phase_response), f(m.deviation_response, &V::deviation_response);
  f(m.turn_response, &V::turn_response), f(m.turn_base, &V::turn_base), f(m.tap_response, &V::tap_response);
  f(m.base, &V::base), f(m.ratio, &V::ratio), f(m.z, &V::z), f(m.turn, &V::turn), f(m.node, &V::node);
  f(m.controlled, &V::controlled), f(m.area, &V::area), f(m.coupling, &V::coupling), f(m.area_taps, &V::area_taps);
  f(m.branch, &V::branch), f(m.member, &V::member), f(m.current, &V::current), f(m.run, &V::run);
  f(m.run_flow, &V::run_flow), f(m.mean, &V::mean), f(m.monitor, &V::monitor), f(m.between, &V::between_monitor);
  f(m.fixed_branch, &V::fixed_branch);
}

template <class Real>
LinearView<Real> LinearModel<Real>::view() const {
  LinearView<Real> v = shape;
  each_array(*this, [&v](const auto& array, auto pointer) { v.*pointer = array.data(); });
  return v;
}

//! All arrays of a model in one piece of memory.
template <class Real>
struct PackedModel {
  static constexpr std::size_t kAlignment = 16;

  //! Bytes that `model` takes.
  static std::size_t size(const LinearModel<Real>& model) {
    std::size_t bytes = 0;
    each_array(model, [&bytes](const auto& array, auto) { bytes += padded(array); });
    return bytes;
  }
  //! `view` points into a copy of `bytes` that will lie at `home`, which is aligned.
  PackedModel(const LinearModel<Real>& model, const std::byte* home) : bytes(size(model)), view(model.shape) {
    std::size_t at = 0;
    each_array(model, [&](const auto& array, auto pointer) {
      using T = typename std::decay_t<decltype(array)>::value_type;
      static_assert(alignof(T) <= kAlignment && std::is_trivially_copyable_v<T>);
      if (!array.empty()) std::memcpy(bytes.data() + at, array.data(), array.size() * sizeof(T));
      view.*pointer = reinterpret_cast<const T*>(home + at);
      at += padded(array);
    });
  }

  std::vector<std::byte> bytes;
  LinearView<Real> view;

 private:
  template <class T>
  static std::size_t padded(const std::vector<T>& array) {
    return (array.size() * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
  }
};

}  // namespace gridqueue

// The compiled feeder mirrored on the device.
#pragma once
#include "kernels/cuda/device_array.cuh"
#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

template <class Real>
class DeviceFeeder {
 public:
  explicit DeviceFeeder(const CompiledFeeder<Real>& f)
      : bus_(to_device(f.bus)), swept_(to_device(f.swept)), series_(to_device(f.series)), member_(to_device(f.member)),
        coefficient_(to_device(f.coefficient)), injection_(to_device(f.injection)), regulator_(to_device(f.regulator)),
        capacitor_(to_device(f.capacitor)), rating_(to_device(f.rating)), recloser_(to_device(f.recloser)),
        three_phase_(to_device(f.three_phase)), power_meter_(to_device(f.power_meter)), step_(to_device(f.step)),
        level_(to_device(f.level)), source_(to_device(f.source)), initial_voltage_(to_device(f.initial_voltage)),
        view_(f.shape) {
    view_.bus = bus_.data();
    view_.swept = f.swept.empty() ? bus_.data() : swept_.data();
    view_.series = series_.data();
    view_.member = member_.data();
    view_.coefficient = coefficient_.data();
    view_.injection = injection_.data();
    view_.regulator = regulator_.data();
    view_.capacitor = capacitor_.data();
    view_.rating = rating_.data();
    view_.recloser = recloser_.data();
    view_.three_phase = three_phase_.data();
    view_.power_meter = power_meter_.data();
    view_.step = step_.data();
    view_.level = level_.data();
    view_.source = source_.data();
    view_.initial_voltage = initial_voltage_.data();
  }
  [[nodiscard]] const FeederView<Real>& view() const { return view_; }

 private:
  DeviceArray<BusRecord> bus_, swept_;
  DeviceArray<SeriesRecord> series_;
  DeviceArray<SeriesMember<Real>> member_;
  DeviceArray<Real> coefficient_;
  DeviceArray<InjectionRecord<Real>> injection_;
  DeviceArray<RegulatorRecord<Real>> regulator_;
  DeviceArray<CapacitorRecord<Real>> capacitor_;
  DeviceArray<RatingRecord<Real>> rating_;
  DeviceArray<RecloserRecord> recloser_;
  DeviceArray<NodesRecord> three_phase_, power_meter_;
  DeviceArray<StepRecord<Real>> step_;
  DeviceArray<Real> level_, source_, initial_voltage_;
  FeederView<Real> view_;
};

}  // namespace gridqueue

// Batches on their way through devices: filled and read on the host while others compute. Host only; every kernel's.
#pragma once
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

#include "gridqueue/contracts.hpp"
#include "kernels/ac/quantities.hpp"
#include "kernels/device/batch_plan.hpp"
#include "kernels/device/device_day.hpp"

namespace gridqueue {

//! One evaluation's input rows.
template <class Real>
struct RowWriter {
  Real* data;
  std::ptrdiff_t stride;  //!< between rows
  Real& operator[](std::int32_t row) const { return data[row * stride]; }
};

struct BatchRules {
  std::int32_t first_output;  //!< row that the outputs begin with
  int threads;                //!< of the host; 0 = all
};

template <class Real, class Device, class Fill, class Read>
class DeviceBatches {
 public:
  DeviceBatches(const std::vector<std::unique_ptr<Device>>& devices, const BatchRules& rules, std::size_t count,
                const Fill& fill, const Read& read)
      : devices_(devices), rules_(rules), count_(count), fill_(fill), read_(read) {
    std::size_t wave = 1, capacity = SIZE_MAX;
    for (const auto& d : devices_) {
      wave = std::max(wave, d->wave());
      capacity = std::min(capacity, d->capacity());
    }
    if (capacity == 0)
      fail(ExitCode::unavailable, "the device has too little free memory for one evaluation; use --backend cpu");
    batch_ = plan_batch(count, devices_.size(), wave, capacity);
  }

  //! A host thread per device; devices take batches until none is left. The first error of any is thrown.
  void run() {
    std::vector<std::exception_ptr> errors(devices_.size());
    const auto work = [&](std::size_t d) {
      try {
        run_on(*devices_[d]);
      } catch (...) {
        errors[d] = std::current_exception();
        next_ = count_;  // the others end with what they have
      }
    };
    std::vector<std::thread> others;
    for (std::size_t d = 1; d < devices_.size(); ++d) others.emplace_back(work, d);
    work(0);
    for (std::thread& t : others) t.join();
    for (const auto& e : errors)
      if (e) std::rethrow_exception(e);
  }

 private:
  //! A batch on its way through a slot of a device.
  struct Flight {
    std::size_t first = 0, count = 0;
    DayBuffers<Real> buffers;
  };

  //! Buffers are given up with what still runs in them by nobody: not where an error leaves slots under way either.
  struct Drained {
    Device& device;
    ~Drained() { device.drain(); }
  };

  //! While one slot's batch is copied and computed, the other's is read and filled here.
  void run_on(Device& device) {
    device.use();
    const Drained drained{device};
    Flight flights[Device::kSlots];
    int slot = 0;
    const auto land = [&](int s) {
      if (flights[s].count == 0) return;
      device.wait(s);
      read(flights[s]);
      flights[s].count = 0;
    };
    for (;; slot = (slot + 1) % Device::kSlots) {
      const std::size_t first = next_.fetch_add(batch_);
      if (first >= count_) break;
      land(slot);
      Flight& f = flights[slot];
      f.first = first;
      f.count = std::min(batch_, count_ - first);
      f.buffers = device.reserve(slot, f.count);
      fill(f);
      device.start(slot, f.count);
    }
    for (int i = 0; i < Device::kSlots; ++i) land((slot + i) % Device::kSlots);
  }

  [[nodiscard]] int host_threads(std::size_t count) const {
    constexpr std::int64_t grain = 512;  // evaluations below which more threads are not worth their start
    const int all = rules_.threads > 0 ? rules_.threads : omp_get_max_threads();
    const auto useful = static_cast<std::int64_t>(count) / grain + 1;
    return static_cast<int>(std::clamp<std::int64_t>(all / static_cast<int>(devices_.size()), 1, useful));
  }

  void fill(const Flight& f) const {
    const BatchLayout& at = f.buffers.input;
#pragma omp parallel for num_threads(host_threads(f.count)) schedule(static)
    for (std::size_t i = 0; i < f.count; ++i)
      fill_(f.first + i, RowWriter<Real>{f.buffers.inputs + static_cast<std::ptrdiff_t>(i) * at.evaluation, at.row});
  }

  void read(const Flight& f) const {
    const BatchLayout& at = f.buffers.output;
#pragma omp parallel for num_threads(host_threads(f.count)) schedule(static)
    for (std::size_t i = 0; i < f.count; ++i)
      read_(f.first + i, RowReader<Real>{f.buffers.outputs + static_cast<std::ptrdiff_t>(i) * at.evaluation, at.row,
                                         rules_.first_output});
  }

  const std::vector<std::unique_ptr<Device>>& devices_;
  BatchRules rules_;
  std::size_t count_;
  const Fill& fill_;
  const Read& read_;
  std::size_t batch_ = 0;
  std::atomic<std::size_t> next_{0};
};

//! Evaluates `count` items on `devices`, which are DeviceDay<Real>'s: fill(item, RowWriter) before, read(item,
//! RowReader) after. Both are called by many threads and must not throw. Throws Error(unavailable) where nothing fits a
//! device.
template <class Real, class Device, class Fill, class Read>
void run_batches(const std::vector<std::unique_ptr<Device>>& devices, const BatchRules& rules, std::size_t count,
                 const Fill& fill, const Read& read) {
  DeviceBatches<Real, Device, Fill, Read>(devices, rules, count, fill, read).run();
}

}  // namespace gridqueue

// OrderFront on a CUDA device: everything but the way to the host stands in order_front_on.hpp.
#include <thrust/device_vector.h>
#include <thrust/execution_policy.h>

#include "host/walk/order_front_on.hpp"
#include "kernels/cuda/temporary_pool.cuh"

namespace gridqueue {
namespace {

class Event {
 public:
  Event() { CUDA_CALL(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming)); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { cudaEventDestroy(event_); }
  [[nodiscard]] cudaEvent_t get() const { return event_; }

 private:
  cudaEvent_t event_ = nullptr;
};

//! A level's steps go to page-locked memory while the next level is worked out.
class PinnedRows {
 public:
  PinnedRows() = default;
  PinnedRows(const PinnedRows&) = delete;
  PinnedRows& operator=(const PinnedRows&) = delete;
  ~PinnedRows() { cudaStreamSynchronize(stream_.get()); }  // a walk that is given up leaves copies under way
  void reserve(std::size_t size) { host_.grow(size); }
  void send(const thrust::device_vector<std::int32_t>& all, std::size_t first, std::size_t count) {
    CUDA_CALL(cudaEventRecord(written_.get(), cudaStreamLegacy));  // where Thrust works
    CUDA_CALL(cudaStreamWaitEvent(stream_.get(), written_.get()));
    CUDA_CALL(cudaMemcpyAsync(host_.data() + first, thrust::raw_pointer_cast(all.data()) + first,
                              count * sizeof(std::int32_t), cudaMemcpyDeviceToHost, stream_.get()));
  }
  [[nodiscard]] std::vector<std::int32_t> rows(const thrust::device_vector<std::int32_t>& all) const {
    CUDA_CALL(cudaStreamSynchronize(stream_.get()));
    return {host_.data(), host_.data() + all.size()};
  }

 private:
  PinnedArray<std::int32_t> host_;
  Stream stream_;
  Event written_;
};

struct OnDevice {
  template <class T>
  using Vector = thrust::device_vector<T>;
  using Outbox = PinnedRows;
  auto policy() const { return thrust::device(temporaries); }
  mutable TemporaryPool temporaries{};  //!< all of a front's algorithms run in the legacy stream
};

//! Other work of the thread may have left another device current.
class DeviceFront final : public OrderFront {
 public:
  template <class... Arguments>
  explicit DeviceFront(int device, const Arguments&... arguments) : device_(device) {
    use();
    front_ = std::make_unique<OrderFrontOn<OnDevice>>(arguments...);
  }
  ~DeviceFront() override {
    const CurrentDevice home(device_);
    front_.reset();
  }
  void know(std::span<const std::int32_t> step_of, const StepFacts& facts) override { use().know(step_of, facts); }
  std::vector<std::uint64_t> unknown() override { return use().unknown(); }
  void learn(std::span<const std::uint64_t> pairs, std::span<const std::int32_t> steps, const StepFacts& f) override {
    use().learn(pairs, steps, f);
  }
  std::uint64_t advance() override { return use().advance(); }
  std::vector<std::int32_t> steps() override { return use().steps(); }
  std::vector<std::int32_t> orders() override { return use().orders(); }

 private:
  OrderFront& use() {
    CUDA_CALL(cudaSetDevice(device_));
    return *front_;
  }
  int device_;
  std::unique_ptr<OrderFront> front_;
};

}  // namespace

std::unique_ptr<OrderFront> make_device_order_front(int device, const OrderDraw& draw) {
  return std::make_unique<DeviceFront>(device, draw);
}
std::unique_ptr<OrderFront> make_device_order_front(int device, std::uint32_t num_units,
                                                    std::span<const std::int32_t> orders) {
  return std::make_unique<DeviceFront>(device, num_units, orders);
}

}  // namespace gridqueue

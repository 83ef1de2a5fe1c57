#include "host/walk/order_front.hpp"

#include <thrust/device_vector.h>
#include <thrust/execution_policy.h>
#include <thrust/host_vector.h>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "host/walk/order_front_on.hpp"

namespace gridqueue {
namespace {

//! Rows are on the host already.
struct HostRows {
  void reserve(std::size_t) {}
  template <class Rows>
  void send(const Rows&, std::size_t, std::size_t) {}
  template <class Rows>
  [[nodiscard]] std::vector<std::int32_t> rows(const Rows& all) const {
    std::vector<std::int32_t> copy(all.size());
    thrust::copy(all.begin(), all.end(), copy.begin());
    return copy;
  }
};

struct OneThread {
  template <class T>
  using Vector = thrust::host_vector<T>;
  using Outbox = HostRows;
  auto policy() const { return thrust::seq; }
};

struct AllThreads {
  template <class T>
  using Vector = thrust::device_vector<T>;  // THRUST_DEVICE_SYSTEM is OpenMP here
  using Outbox = HostRows;
  auto policy() const { return thrust::device; }
};

template <class... Arguments>
std::unique_ptr<OrderFront> make(FrontPlace place, [[maybe_unused]] int device, const Arguments&... arguments) {
  if (place == FrontPlace::one_thread) return std::make_unique<OrderFrontOn<OneThread>>(arguments...);
  if (place == FrontPlace::all_threads) return std::make_unique<OrderFrontOn<AllThreads>>(arguments...);
#if defined(GRIDQUEUE_HAS_CUDA)
  if (const std::string why = backend_unavailable_reason(Backend::cuda); !why.empty())
    fail(ExitCode::unavailable, "{}", why);
  return make_device_order_front(device, arguments...);
#else
  fail(ExitCode::unavailable, "this program was built without CUDA");
#endif
}

}  // namespace

namespace {

FrontPlace place_on_host(std::size_t orders) {
  return orders < kFewOrders ? FrontPlace::one_thread : FrontPlace::all_threads;
}

}  // namespace

std::unique_ptr<OrderFront> make_host_order_front(const OrderDraw& draw) {
  return make_order_front(place_on_host(draw.count), draw);
}
std::unique_ptr<OrderFront> make_host_order_front(std::uint32_t num_units, std::span<const std::int32_t> orders) {
  return make_order_front(place_on_host(num_units ? orders.size() / num_units : 0), num_units, orders);
}

std::unique_ptr<OrderFront> make_order_front(FrontPlace place, const OrderDraw& draw, int device) {
  return make(place, device, draw);
}
std::unique_ptr<OrderFront> make_order_front(FrontPlace place, std::uint32_t num_units,
                                             std::span<const std::int32_t> orders, int device) {
  return make(place, device, num_units, orders);
}

}  // namespace gridqueue

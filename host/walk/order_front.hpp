// The orders of a walk, and where each of them stands: all work that is done once per order, with Thrust. The same
// source runs on one thread, on all, or on a GPU, where orders, states and steps then stay from the first level to the
// last; what is worked out once per distinct step (host/walk/consideration.hpp) goes in and out as short lists.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace gridqueue {

//! Orders first .. first + count - 1 of a queue: sorted Philox keys of (seed, realization, unit), the id breaks ties.
struct OrderDraw {
  std::uint32_t num_units = 0;
  std::uint64_t seed = 0, first = 0, count = 0;
  std::uint32_t cluster = 1;  //!< 2: orders 2k and 2k + 1 are draw k and its reverse
  std::uint32_t queue = 0;    //!< of a study of many
};

//! (state, unit) as one number.
constexpr std::uint64_t packed(std::int32_t state, std::int32_t unit) {
  return (static_cast<std::uint64_t>(state) << 8) | static_cast<std::uint64_t>(unit);
}

//! What is known of steps; ids count from 0, -1 = none.
struct StepFacts {
  std::span<const std::int32_t> to;            //!< [step] state after
  std::span<const std::uint32_t> evaluations;  //!< [step] needed by a walk of one order on its own
};

class OrderFront {
 public:
  virtual ~OrderFront() = default;

  //! All steps there are: `step_of` [state][num_units], `facts` [step].
  virtual void know(std::span<const std::int32_t> step_of, const StepFacts& facts) = 0;
  //! Of the present level: packed pairs without a step, each once, rising.
  virtual std::vector<std::uint64_t> unknown() = 0;
  //! The steps of unknown()'s pairs; steps are numbered from that after the last known one on.
  virtual void learn(std::span<const std::uint64_t> pairs, std::span<const std::int32_t> steps,
                     const StepFacts& new_facts) = 0;
  //! Every order takes its step; the evaluations that these walks need on their own.
  virtual std::uint64_t advance() = 0;
  //! [count][num_units] at the end.
  virtual std::vector<std::int32_t> steps() = 0;
  virtual std::vector<std::int32_t> orders() = 0;  //!< [count][num_units] unit at each position
};

//! Below this many orders one thread is done before a team has met at its barriers, and before a device has started.
constexpr std::size_t kFewOrders = std::size_t{1} << 15;

//! On the host, on as many threads as the orders are worth.
std::unique_ptr<OrderFront> make_host_order_front(const OrderDraw& draw);
std::unique_ptr<OrderFront> make_host_order_front(std::uint32_t num_units, std::span<const std::int32_t> orders);

enum class FrontPlace { one_thread, all_threads, device };

//! Of drawn orders, or of given ones ([count][num_units]). `device`: the first CUDA device of these; throws
//! Error(unavailable) in a build without CUDA.
std::unique_ptr<OrderFront> make_order_front(FrontPlace place, const OrderDraw& draw, int device = 0);
std::unique_ptr<OrderFront> make_order_front(FrontPlace place, std::uint32_t num_units,
                                             std::span<const std::int32_t> orders, int device = 0);

//! Built with CUDA only; make_order_front() calls them.
std::unique_ptr<OrderFront> make_device_order_front(int device, const OrderDraw& draw);
std::unique_ptr<OrderFront> make_device_order_front(int device, std::uint32_t num_units,
                                                    std::span<const std::int32_t> orders);

}  // namespace gridqueue

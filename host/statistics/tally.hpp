// How often which values came: all that a sample tells of one quantity. Memory grows with the distinct values (pairs of
// values where orders come in pairs), not with the orders, because many orders pay the same.
#pragma once
#include <array>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "host/statistics/statistics.hpp"

namespace gridqueue {

class Tally {
 public:
  explicit Tally(Sampling sampling) : sampling_(sampling) {}

  //! Values come order by order; neither batches nor the sequence of clusters change a bit of what is estimated. An
  //! order whose partner has not come yet does not count.
  void add(double x) { add_code(code_of(x)); }
  //! The same in two parts, for values that come often: a value's code never changes.
  [[nodiscard]] std::uint32_t code_of(double x);
  void add_code(std::uint32_t code);
  [[nodiscard]] double value(std::uint32_t code) const { return value_[code]; }

  struct Count {
    double value = 0;
    std::uint64_t orders = 0;
  };
  [[nodiscard]] std::vector<Count> values() const;  //!< distinct, rising
  [[nodiscard]] std::uint64_t orders() const { return clusters_ * cluster_size(sampling_); }
  [[nodiscard]] Estimate mean() const;
  [[nodiscard]] double sd() const;  //!< of the orders (n - 1)
  //! Smallest value with at least the share p of the orders at or below it.
  [[nodiscard]] Estimate quantile(double p) const { return quantiles({p}).front(); }
  [[nodiscard]] std::vector<Estimate> quantiles(const std::vector<double>& p) const;

 private:
  //! Values of one cluster; both are the same where orders are independent.
  struct Cluster {
    double low = 0, high = 0;
    std::uint64_t count = 0;
  };
  Sampling sampling_;
  std::uint64_t clusters_ = 0;
  bool half_ = false;        //!< the first order of a pair has come
  std::uint32_t first_ = 0;  //!< its value
  std::unordered_map<double, std::uint32_t> code_;
  std::vector<double> value_;                               //!< by code
  std::vector<std::uint64_t> alike_;                        //!< clusters of one value, by code
  std::unordered_map<std::uint64_t, std::uint64_t> mixed_;  //!< clusters of two, by packed codes

  [[nodiscard]] std::vector<Cluster> clusters() const;  //!< sorted
  [[nodiscard]] double design_effect(const std::vector<Cluster>& clusters, double x) const;
};

//! The same of something that happens or not.
class ShareTally {
 public:
  explicit ShareTally(Sampling sampling) : sampling_(sampling) {}
  void add(bool happened);
  [[nodiscard]] Estimate probability() const;

 private:
  Sampling sampling_;
  std::size_t open_ = 0, happened_ = 0;      //!< orders of the cluster that is not full yet
  std::array<std::uint64_t, 3> clusters_{};  //!< by how many of their orders it happened in
};

}  // namespace gridqueue

#include "host/results/estimates.hpp"

#include "host/results/damage.hpp"
#include "host/results/group.hpp"

namespace gridqueue {
namespace {

//! One quantity: its value, standard error and 95 % interval as three datasets.
class Columns {
 public:
  Columns(Group& group, std::string name, std::string suffix, std::string units, std::string meaning)
      : group_(group), name_(std::move(name)), suffix_(std::move(suffix)), units_(std::move(units)),
        meaning_(std::move(meaning)) {}

  void add(const Estimate& e) {
    value_.push_back(e.value);
    error_.push_back(e.standard_error);
    interval_.insert(interval_.end(), {e.low, e.high});
  }
  void put(h5::Shape shape, std::vector<std::string> dims) {
    group_.put(name_ + suffix_, value_, shape, dims, units_, meaning_);
    group_.put(name_ + "_se" + suffix_, error_, shape, dims, units_, "its standard error; NaN = too few orders");
    shape.push_back(2), dims.push_back("bound");
    group_.put(name_ + "_interval" + suffix_, interval_, shape, dims, units_,
               "its 95 % interval, low and high; infinite = too few orders");
  }

 private:
  Group& group_;
  std::string name_, suffix_, units_, meaning_;
  std::vector<double> value_, error_, interval_;
};

void put_units(Group& g, const OrderEstimates& s) {
  Columns mean(g, "mean", "_usd", "USD", "mean of what the unit pays");
  Columns trigger(g, "trigger", "_probability", "1", "probability that the unit violates a limit");
  Columns reject(g, "reject", "_probability", "1", "probability that the unit is rejected");
  Columns quantile(g, "quantile", "_usd", "USD", "quantile of what the unit pays");
  for (const UnitEstimates& u : s.units) {
    mean.add(u.pays.mean);
    trigger.add(u.trigger_probability);
    reject.add(u.reject_probability);
    for (const Estimate& q : u.pays.quantile) quantile.add(q);
  }
  const std::size_t n = s.units.size();
  mean.put({n}, {"unit"});
  trigger.put({n}, {"unit"});
  reject.put({n}, {"unit"});
  quantile.put({n, kQuantiles.size()}, {"unit", "quantile"});
}

void put_total(Group& g, const OrderEstimates& s) {
  Columns mean(g, "total_mean", "_usd", "USD", "mean of an order's total"),
      quantile(g, "total_quantile", "_usd", "USD", "quantile of an order's total");
  mean.add(s.total.mean);
  for (const Estimate& q : s.total.quantile) quantile.add(q);
  mean.put({}, {});
  quantile.put({kQuantiles.size()}, {"quantile"});
}

void put_convergence(Group& g, const OrderEstimates& s) {
  if (s.convergence.empty()) return;
  std::vector<std::int64_t> orders;
  std::vector<double> mean, half_width;
  for (const ConvergencePoint& p : s.convergence) {
    orders.push_back(static_cast<std::int64_t>(p.orders));
    for (const Estimate& e : p.mean_usd) mean.push_back(e.value), half_width.push_back(e.half_width());
  }
  const h5::Shape shape{orders.size(), s.units.size()};
  g.dimension("point", orders.size());
  g.put("convergence_orders", orders, {orders.size()}, {"point"}, "1", "so many orders, the first ones");
  g.put("convergence_mean_usd", mean, shape, {"point", "unit"}, "USD", "mean over these of what the unit pays");
  g.put("convergence_half_width_usd", half_width, shape, {"point", "unit"}, "USD",
        "half of its 95 % interval; infinite = too few orders");
}

}  // namespace

namespace {

//! The three datasets of one quantity, one value after the other.
class Values {
 public:
  Values(const h5::File& file, const std::string& name, const std::string& suffix, std::size_t size)
      : value_(read(file, name + suffix, size)), error_(read(file, name + "_se" + suffix, size)),
        interval_(read(file, name + "_interval" + suffix, 2 * size)) {
    check_numbers(file, "estimate/" + name + suffix, value_, true);
    for (const double x : error_) {
      check_error(file, "estimate/" + name + "_se" + suffix, x);
      need(!(x < 0), file, "'estimate/{}_se{}' holds {}", name, suffix, x);
    }
    for (const double x : interval_) check_error(file, "estimate/" + name + "_interval" + suffix, x);
  }
  Estimate next() {
    const std::size_t i = next_++;
    return {value_[i], error_[i], interval_[2 * i], interval_[2 * i + 1]};
  }

 private:
  static std::vector<double> read(const h5::File& file, const std::string& name, std::size_t size) {
    auto values = file.read<double>("estimate/" + name);
    check_size(file, "estimate/" + name, values.size(), size);
    return values;
  }
  std::vector<double> value_, error_, interval_;
  std::size_t next_ = 0;
};

}  // namespace

std::optional<OrderEstimates> read_estimates(const h5::File& file, std::size_t num_units) {
  if (!file.exists("estimate")) return {};
  constexpr std::size_t kEach = kQuantiles.size();
  Values mean(file, "mean", "_usd", num_units), trigger(file, "trigger", "_probability", num_units),
      reject(file, "reject", "_probability", num_units), quantile(file, "quantile", "_usd", num_units * kEach),
      total_mean(file, "total_mean", "_usd", 1), total_quantile(file, "total_quantile", "_usd", kEach);
  OrderEstimates e;
  e.orders = static_cast<std::uint64_t>(file.read_attribute<std::int64_t>("/estimate", "orders"));
  for (std::size_t u = 0; u < num_units; ++u) {
    UnitEstimates unit{trigger.next(), reject.next(), {mean.next(), {}}};
    for (Estimate& q : unit.pays.quantile) q = quantile.next();
    e.units.push_back(unit);
  }
  e.total.mean = total_mean.next();
  for (Estimate& q : e.total.quantile) q = total_quantile.next();
  return e;
}

void write_estimates(h5::File& file, const OrderEstimates& e) {
  file.remove("estimate");
  Group g(file, "estimate");
  g.dimension("unit", e.units.size());
  g.dimension("quantile", kQuantiles.size());
  g.dimension("bound", 2);
  g.put("probability", std::vector<double>(kQuantiles.begin(), kQuantiles.end()), {kQuantiles.size()}, {"quantile"},
        "1", "share of the orders at or below the quantile");
  put_units(g, e);
  put_total(g, e);
  put_convergence(g, e);
  file.attribute<std::int64_t>("/estimate", "orders", static_cast<std::int64_t>(e.orders));
}

}  // namespace gridqueue

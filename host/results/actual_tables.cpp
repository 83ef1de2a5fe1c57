#include "host/results/actual_tables.hpp"

#include <string>

#include "host/results/damage.hpp"
#include "host/results/group.hpp"

namespace gridqueue {
namespace {

const char* const kLess = "share of the orders in which it is lower";
const char* const kAtMost = "share of the orders in which it is not higher";

//! One number of every position.
template <class T>
std::vector<T> column_of(const ActualOrder& actual, auto get) {
  std::vector<T> values;
  for (const ActualUnit& u : actual.units) values.push_back(static_cast<T>(get(u)));
  return values;
}

void check_share(const h5::File& f, const char* dataset, double share) {
  need(share >= 0 && share <= 1, f, "'{}' holds {}", dataset, share);
}

}  // namespace

void write_actual(h5::File& file, const ActualOrder& actual) {
  const std::size_t n = actual.units.size();
  Group g(file, "actual");
  g.dimension("position", n);
  const auto put = [&]<class T>(const char* name, const std::vector<T>& values, const char* units,
                                const std::string& meaning) { g.put(name, values, {n}, {"position"}, units, meaning); };
  using U = const ActualUnit&;
  put("unit", column_of<std::int32_t>(actual, [](U u) { return u.unit.value; }), "",
      "unit at this position of the real queue, row of /unit");
  put("decision", column_of<std::uint8_t>(actual, [](U u) { return u.decision; }), "",
      "0 = accepted as it is, 1 = lines upgraded, 2 = rejected");
  put("limit", column_of<std::uint32_t>(actual, [](U u) { return u.limits; }), "",
      "limits violated when the unit was added in full, as in /step");
  put("cost_usd", column_of<double>(actual, [](U u) { return u.cost.usd; }), "USD", "what the unit pays");
  put("less_probability", column_of<double>(actual, [](U u) { return u.cost.less; }), "1", kLess);
  put("at_most_probability", column_of<double>(actual, [](U u) { return u.cost.at_most; }), "1", kAtMost);
  file.attribute<double>("actual", "total_usd", actual.total.usd);
  file.attribute<double>("actual", "total_less_probability", actual.total.less);
  file.attribute<double>("actual", "total_at_most_probability", actual.total.at_most);
}

std::optional<ActualOrder> read_actual(const h5::File& f, std::size_t num_units) {
  if (!f.exists("actual/unit")) return {};
  const auto unit = f.read<std::int32_t>("actual/unit");
  const auto decision = f.read<std::uint8_t>("actual/decision");
  const auto limits = f.read<std::uint32_t>("actual/limit");
  const auto usd = f.read<double>("actual/cost_usd"), less = f.read<double>("actual/less_probability"),
             at_most = f.read<double>("actual/at_most_probability");
  check_size(f, "actual/unit", unit.size(), num_units);
  check_ids(f, "actual/unit", unit, num_units);
  for (const std::size_t size : {decision.size(), limits.size(), usd.size(), less.size(), at_most.size()})
    check_size(f, "actual", size, num_units);
  check_numbers(f, "actual/cost_usd", usd);
  ActualOrder actual;
  for (std::size_t p = 0; p < num_units; ++p) {
    need(decision[p] <= static_cast<std::uint8_t>(Decision::reject), f, "'actual/decision' holds what is no decision");
    check_share(f, "actual/less_probability", less[p]), check_share(f, "actual/at_most_probability", at_most[p]);
    actual.units.push_back(
        {UnitId(unit[p]), static_cast<Decision>(decision[p]), limits[p], {usd[p], less[p], at_most[p]}});
  }
  const auto total = [&](const char* name) { return f.read_attribute<double>("actual", name); };
  actual.total = {total("total_usd"), total("total_less_probability"), total("total_at_most_probability")};
  check_number(f, "actual", actual.total.usd);
  check_share(f, "actual", actual.total.less), check_share(f, "actual", actual.total.at_most);
  return actual;
}

}  // namespace gridqueue

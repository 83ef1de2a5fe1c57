// Who pays: sharing rules as pure functions of numbers (docs/allocation.md). Every rule shares out the same total, the
// mean over orders; negative shares are kept and flagged.
#pragma once
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "host/allocate/shapley.hpp"
#include "host/outcome/order_gap.hpp"

namespace gridqueue {

//! `shapley`: the mean over orders, which is the Shapley value where OrderGap::shapley(); else it is called what it is,
//! "mean-over-orders". Both names are understood.
enum class SharingRule { trigger, shapley, pro_rata_kw, delta_hosting_capacity, constraint_matrix };
constexpr SharingRule kSharingRules[] = {SharingRule::trigger, SharingRule::shapley, SharingRule::pro_rata_kw,
                                         SharingRule::delta_hosting_capacity, SharingRule::constraint_matrix};
//! "trigger", "shapley", "pro-rata-kw", "delta-hosting-capacity", "constraint-matrix".
const char* rule_name(SharingRule rule);
//! As results name it.
const char* rule_name(SharingRule rule, const OrderGap& gap);
//! All that are understood, "mean-over-orders" beside "shapley".
std::vector<std::pair<std::string, SharingRule>> rule_words();
//! Throws Error(input) for an unknown name.
SharingRule rule_of_name(const std::string& name);

constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

//! What the rules need to know of a unit.
struct SharingUnit {
  std::string name;  //!< for the table, e.g. its bus
  double kw = 0;
  double accepted = 1;                 //!< probability over orders that it is let in; a rejected unit pays for nothing
  OrderCost trigger;                   //!< what it pays as the trigger, over orders
  std::optional<OrderCost> shapley{};  //!< where it was estimated in another way than `trigger`
  double hc0 = kNotKnown, hc1 = kNotKnown;  //!< [kW] hosting capacity at its bus before and after all upgrades
  double induced_usd = kNotKnown;           //!< mu_i P_i of the feeder's linear program, mean over final states
  //! The same, spread so that each final state's lines are paid; weighs if there.
  std::optional<double> balanced_usd{};
};

struct Share {
  double usd = 0;
  double low = kNotKnown, high = kNotKnown;  //!< range over orders (trigger) or 95 % interval (shapley)
  [[nodiscard]] bool negative() const { return usd < 0; }
};

struct RuleShares {
  SharingRule rule = SharingRule::trigger;
  std::vector<Share> shares;  //!< [unit]; empty where the rule has no answer
  std::string missing;        //!< why it has none
  [[nodiscard]] bool available() const { return missing.empty(); }
};

RuleShares share_by(SharingRule rule, const std::vector<SharingUnit>& units, const OrderCost& total);

struct SharingTable {
  std::vector<SharingUnit> units;
  OrderCost total;
  std::vector<RuleShares> rules;
  OrderGap gap{};  //!< what the mean over orders is, and is called
};
//! Every rule's shares add up to total.mean within 1e-9 of the sum of their sizes: checked.
SharingTable share_costs(std::vector<SharingUnit> units, const OrderCost& total, const std::vector<SharingRule>& rules);

}  // namespace gridqueue

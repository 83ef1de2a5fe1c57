// Whether a model is imported as OpenDSS has it, days and export.
#pragma once
#include <algorithm>

#include "host/dss/check_day.hpp"
#include "host/dss/export.hpp"
#include "host/dss/reference.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue::test {

inline ImportCheck checked(const std::string& master, const DssImportOptions& options = {}) {
  const Network net = import_dss(master, options);
  return check_days(master, options, *make_evaluator(net, checking_options(net)));
}

//! The exported base state, solved by OpenDSS, against ours.
inline void expect_same_when_exported(const std::string& master, const std::string& folder) {
  const Network net = import_dss(master, {});
  const DssDay theirs = solve_day_with_dss(export_dss(net, {}, folder), net,
                                           {.library = {}, .commands = {"set tolerance=1e-9 maxiterations=100"}});
  StateBatch base;
  base.upgrade_sets = {{}};
  base.finish_state(UpgradeSetId(0));
  const DayTrace ours = make_evaluator(net, checking_options(net))->trace(base);
  EXPECT_EQ(theirs.tap, ours.tap);
  if (std::count(theirs.converged.begin(), theirs.converged.end(), 0) == 0) {
    EXPECT_LT(largest_difference(net, theirs.voltage, ours.voltage), 1e-6);
  }
}

//! Both days to 1e-6 pu and the export in `folder`, too.
inline void expect_right(const std::string& master, const std::string& folder) {
  const ImportCheck check = checked(master);
  EXPECT_EQ(check.days, 2);
  EXPECT_LT(check.voltage_pu, 1e-6) << check.voltage_node;
  EXPECT_EQ(check.wrong_taps, 0);
  EXPECT_LE(check.steps_left_out, 2);  // where OpenDSS itself does not reach 1e-9
  EXPECT_LT(check.loading_pct, 0.1);
  expect_same_when_exported(master, folder);
}

}  // namespace gridqueue::test

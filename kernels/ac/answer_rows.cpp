#include "kernels/ac/answer_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

template <class Real>
std::size_t row_count(const CompiledFeeder<Real>& f) {
  return static_cast<std::size_t>(f.shape.plan.rows - f.shape.plan.first_output);
}

std::size_t mask_bytes(std::size_t rows) { return (rows + 7) / 8; }

//! Voltage changes below it [pu] are not kept: with one threshold for all places a judge asks only which are above.
double least_change(const Limits& limits, const Thresholds& pass) {
  constexpr double kKeptPct = 1.5;  // half of i2x's limit: most other limits find their answers here too
  const bool enough = pass[limit_vdiff].uniform() && limits.vdiff_pct - limits.vdiff_tolerance_pct >= kKeptPct;
  return enough ? kKeptPct / 100 : 0;
}

}  // namespace

template <class Real>
Answer pack_answer(const CompiledFeeder<Real>& feeder, const RowReader<Real>& row, const Limits& limits,
                   const Thresholds& pass) {
  const WorkspacePlan& plan = feeder.shape.plan;
  const std::size_t rows = row_count(feeder), mask = mask_bytes(rows);
  const std::int32_t change_end = plan.change + feeder.shape.num_monitors;
  const double least = least_change(limits, pass);
  Answer answer(mask + rows * sizeof(Real), 0);
  std::uint8_t* to = answer.data() + mask;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::int32_t r = plan.first_output + static_cast<std::int32_t>(i);
    const auto x = static_cast<Real>(row(r));
    if (x == Real(0) || (r >= plan.change && r < change_end && static_cast<double>(x) < least)) continue;
    answer[i / 8] = static_cast<std::uint8_t>(answer[i / 8] | 1u << (i % 8));
    std::memcpy(to, &x, sizeof x);
    to += sizeof x;
  }
  answer.resize(static_cast<std::size_t>(to - answer.data()));
  answer.shrink_to_fit();
  return answer;
}

template <class Real>
Quantities judge_answer(const CompiledFeeder<Real>& feeder, const Network& network,
                        std::span<const std::uint8_t> answer, const Limits& limits, const Thresholds& pass) {
  const std::size_t count = row_count(feeder), mask = mask_bytes(count);
  std::vector<Real> rows(count, Real(0));
  std::size_t at = mask;
  for (std::size_t i = 0; i < count && at <= answer.size(); ++i) {
    if (!(answer[i / 8] >> (i % 8) & 1u)) continue;
    if (at + sizeof(Real) <= answer.size()) std::memcpy(&rows[i], answer.data() + at, sizeof(Real));
    at += sizeof(Real);
  }
  if (at != answer.size()) fail_input("a kept answer has {} bytes ({} expected); it is damaged", answer.size(), at);
  return read_quantities(feeder, network, RowReader<Real>{rows.data(), 1, feeder.shape.plan.first_output}, limits,
                         pass);
}

template <class Real>
std::string answer_terms(const CompiledFeeder<Real>& feeder, const EvaluatorOptions& options, const Thresholds& pass,
                         const std::string& build) {
  std::vector<int> monitors;
  std::set<UnitSite> sites;  // that decide which rows there are, and which lines are swept as one
  for (BusId bus : options.monitors.buses) monitors.push_back(bus.value);
  std::sort(monitors.begin(), monitors.end());
  for (UnitSite site : options.sites)
    if (options.only_sites || feeder.site_rows.contains(site)) sites.insert(site);
  std::string named;
  for (UnitSite site : sites) named += fmt::format(" {} {}", site.bus.value, site.phases);
  const FeederView<Real>& s = feeder.shape;
  return fmt::format(
      "ac version {}, build {}, {} bytes, factor {}, changes from {}, loadings from {}, by place {}, asked {} {}, "
      "monitors {}, {}sites{}",
      kEvaluationVersion, build, sizeof(Real), options.upgrade_factor, least_change(options.limits, pass),
      std::min(100.0, options.limits.emergency_pct), s.by_place, s.num_three_phase, s.num_power_meters,
      fmt::join(monitors, " "), options.only_sites ? "only " : "", named);
}

std::string numeric_build() {
#if defined(GRIDQUEUE_PORTABLE)
  return "portable";
#elif defined(__AVX512F__)
  return "avx512 " __VERSION__;
#elif defined(__AVX2__)
  return "avx2 " __VERSION__;
#else
  return "sse2 " __VERSION__;
#endif
}

#define GQ_REAL(Real)                                                                                                 \
  template Answer pack_answer(const CompiledFeeder<Real>&, const RowReader<Real>&, const Limits&, const Thresholds&); \
  template Quantities judge_answer(const CompiledFeeder<Real>&, const Network&, std::span<const std::uint8_t>,        \
                                   const Limits&, const Thresholds&);                                                 \
  template std::string answer_terms(const CompiledFeeder<Real>&, const EvaluatorOptions&, const Thresholds&,          \
                                    const std::string&);
GQ_REAL(float)
GQ_REAL(double)
#undef GQ_REAL

}  // namespace gridqueue

// A portable build's two sets of vectors: equal bits (kernels/lane/portable_lane.hpp).
#include "kernels/lane/portable.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "kernels/ac/cpu_evaluator.hpp"
#include "kernels/linear/base_voltages.hpp"
#include "tests/kernels/support.hpp"
#include "tests/kernels/synthetic_feeder.hpp"

namespace gridqueue {
namespace {

class Portable : public testing::Test {
 protected:
  void SetUp() override {
#if !defined(GRIDQUEUE_PORTABLE)
    GTEST_SKIP() << "this gridqueue was built for one processor (cmake --preset portable)";
#endif
    if (!has_x86_64_v4()) GTEST_SKIP() << "this processor has no AVX-512 (x86-64-v4)";
  }
};

#if defined(GRIDQUEUE_PORTABLE)
template <class Real>
void expect_equal_bits(const Network& network, const EvaluatorOptions& options, const StateBatch& states) {
  const auto narrow = make_vector_evaluator<portable_v3::Vectors, Real>(network, options)->evaluate(states);
  const auto wide = make_vector_evaluator<portable_v4::Vectors, Real>(network, options)->evaluate(states);
  ASSERT_EQ(narrow.size(), wide.size());
  for (std::size_t i = 0; i < wide.size(); ++i) expect_identical(narrow[i], wide[i], i);
}

template <class Real>
void expect_equal_bits_everywhere(Precision precision) {
  expect_equal_bits<Real>(radial(), radial_options(Backend::cpu, precision), some_states(1025));
  for (int buses : {3, 20, 130}) {
    SyntheticFeeder feeder(buses, static_cast<unsigned>(buses));
    EvaluatorOptions options;
    options.monitors = monitor_set(feeder.network(), "all");
    options.precision = precision;
    expect_equal_bits<Real>(feeder.network(), options, feeder.states(97));
  }
}

TEST_F(Portable, EvaluationsHaveEqualBitsInFloat) { expect_equal_bits_everywhere<float>(Precision::single); }
TEST_F(Portable, EvaluationsHaveEqualBitsInDouble) { expect_equal_bits_everywhere<double>(Precision::dual); }

TEST_F(Portable, TracesHaveEqualBits) {
  const EvaluatorOptions options = radial_options(Backend::cpu, Precision::single);
  const DayTrace narrow = make_vector_evaluator<portable_v3::Vectors, float>(radial(), options)->trace(some_states(3));
  const DayTrace wide = make_vector_evaluator<portable_v4::Vectors, float>(radial(), options)->trace(some_states(3));
  ASSERT_EQ(narrow.voltage.size(), wide.voltage.size());
  EXPECT_EQ(std::memcmp(narrow.voltage.data(), wide.voltage.data(), wide.voltage.size() * sizeof wide.voltage[0]), 0);
  EXPECT_EQ(narrow.tap, wide.tap);
}

TEST_F(Portable, BasePointsHaveEqualBits) {
  const EvaluatorOptions options = radial_options(Backend::cpu, Precision::dual);
  const CompiledFeeder<double> feeder = compile_feeder<double>(radial(), options);
  const std::vector<Upgrades> sets = some_states(1).upgrade_sets;
  const std::vector<double> levels{0.3, 0.6, 1.0};
  const auto narrow = vector_base_points<portable_v3::Vectors>(feeder, radial(), options.upgrade_factor, sets, levels);
  const auto wide = vector_base_points<portable_v4::Vectors>(feeder, radial(), options.upgrade_factor, sets, levels);
  ASSERT_EQ(narrow.size(), wide.size());
  for (std::size_t s = 0; s < wide.size(); ++s) {
    EXPECT_EQ(narrow[s].taps, wide[s].taps) << s;
    EXPECT_EQ(narrow[s].voltage, wide[s].voltage) << s;
  }
}
#endif

//! Both sets must also be right, not only equal.
TEST_F(Portable, EvaluationsAreThoseOfPlainNumbers) {
#if defined(GRIDQUEUE_PORTABLE)
  EvaluatorOptions team = radial_options(Backend::cpu, Precision::dual);
  team.mapping = Mapping::team;  // plain doubles, without vectors
  const StateBatch states = some_states(33);
  const auto plain = make_evaluator(radial(), team)->evaluate(states);
  const auto vectors =
      make_vector_evaluator<portable_v3::Vectors, double>(radial(), radial_options(Backend::cpu, Precision::dual))
          ->evaluate(states);
  for (std::size_t i = 0; i < states.size(); ++i) {
    EXPECT_EQ(plain[i].violations, vectors[i].violations) << i;
    for (const LimitInfo& l : kLimits)
      if (!std::isnan(plain[i][l.bit].value)) {
        EXPECT_NEAR(plain[i][l.bit].value, vectors[i][l.bit].value, 1e-6 * (1 + std::abs(plain[i][l.bit].value)))
            << l.name;
      }
  }
#endif
}

}  // namespace
}  // namespace gridqueue

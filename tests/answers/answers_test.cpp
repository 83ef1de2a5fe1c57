// Answers that are kept: what a state is, segments, looking up, other limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <filesystem>
#include <fstream>

#include "gridqueue/contracts.hpp"
#include "gridqueue/machine.hpp"
#include "host/answers/checked_quantities.hpp"
#include "host/answers/stored_evaluator.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/model/quantities_bytes.hpp"
#include "host/run/walk_answers.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

class Answers : public testing::Test {
 protected:
  Answers() { fs::remove_all(path_); }
  ~Answers() override { fs::remove_all(path_); }

  [[nodiscard]] AnswerStore store(const std::string& part = "run") const {
    return AnswerStore(AnswerFolder(path_, part));
  }
  [[nodiscard]] std::unique_ptr<Evaluator> evaluator(const Limits& limits = {},
                                                     Precision precision = Precision::single) {
    EvaluatorOptions options;
    options.monitors = monitor_set(network_, "all");
    options.limits = limits, options.precision = precision;
    return make_evaluator(network_, options);
  }
  [[nodiscard]] BusId bus(const std::string& name) const {
    for (std::size_t i = 0; i < network_.buses.size(); ++i)
      if (network_.buses[i].name == name) return BusId(i);
    throw std::runtime_error(name);
  }
  //! States from quiet to beyond many limits, one with lines upgraded.
  [[nodiscard]] StateBatch states() const {
    StateBatch all;
    for (const double kw : {0.0, 50.0, 400.0, 900.0, 3000.0}) {
      all.add_der(bus("bus_1113"), kw), all.add_der(bus("bus_26"), 0.5 * kw);
      all.finish_state(UpgradeSetId(0));
    }
    for (std::size_t i = 1; i < network_.buses.size(); ++i)
      if (network_.buses[i].branch.upgradable && all.upgrade_sets.size() < 2)
        all.upgrade_sets.push_back({Upgrade(BusId(i))});
    all.add_der(bus("bus_1113"), 900);
    all.finish_state(UpgradeSetId(1));
    return all;
  }

  const std::string path_ = testing::TempDir() + "answers_test-" + std::to_string(getpid()) + ".d";
  const Network network_ = read_feeder(GRIDQUEUE_SOURCE_DIR "/data/radial.h5");
};

Answer packed(const Quantities& q) {
  Answer bytes;
  pack_quantities(q, bytes);
  return bytes;
}
void expect_same(const Quantities& a, const Quantities& b) {
  EXPECT_EQ(packed(a), packed(b));  // bit for bit
}

TEST_F(Answers, AStateIsWhatStandsThereInWhateverOrder) {
  StateBatch s;
  s.upgrade_sets = {{}, {Upgrade(BusId(3), 100)}, {Upgrade(BusId(3), 200)}, {Upgrade(BusId(4))}};
  s.add_der(BusId(1), 50), s.add_der({BusId(2), 1}, 70), s.finish_state(UpgradeSetId(0));
  s.add_der({BusId(2), 1}, 70), s.add_der(BusId(1), 50), s.finish_state(UpgradeSetId(0));  // the same
  s.add_der({BusId(2), 2}, 70), s.add_der(BusId(1), 50), s.finish_state(UpgradeSetId(0));  // another phase
  s.add_der(BusId(1), 50), s.add_der({BusId(2), 1}, 71), s.finish_state(UpgradeSetId(0));  // another size
  s.add_der(BusId(1), 50), s.finish_state(UpgradeSetId(1));
  s.add_der(BusId(1), 50), s.finish_state(UpgradeSetId(2));  // the same at another cost
  s.add_der(BusId(1), 50), s.finish_state(UpgradeSetId(3));
  s.finish_state(UpgradeSetId(1));
  s = sorted_states(s);
  EXPECT_EQ(sorted_key(s, 0), sorted_key(s, 1));
  EXPECT_EQ(sorted_key(s, 4), sorted_key(s, 5));
  std::set<StateKey> different;
  for (const std::size_t i : {0, 2, 3, 4, 6, 7}) different.insert(sorted_key(s, i));
  EXPECT_EQ(different.size(), 6u);
}

TEST_F(Answers, QuantitiesComeBackBitForBit) {
  const auto e = evaluator();
  for (const Quantities& q : e->evaluate(states())) {
    const Answer bytes = packed(q);
    const Quantities back = checked_quantities(bytes, network_);
    expect_same(q, back);
    EXPECT_EQ(q.vdiff_buses, back.vdiff_buses);
    EXPECT_THROW((void)checked_quantities(std::span(bytes).first(bytes.size() - 1), network_), Error);
    Quantities foreign = q;
    foreign[limit_vmax].place = static_cast<int>(network_.buses.size()) * kMaxNodesPerBus;
    EXPECT_THROW((void)checked_quantities(packed(foreign), network_), Error);
  }
}

class AnswersByPrecision : public Answers, public testing::WithParamInterface<Precision> {};

//! An answer of AC is judged to what evaluating says, by any limits.
TEST_P(AnswersByPrecision, ServeOtherLimits) {
  Limits strict;
  strict.vdiff_pct = 1.7, strict.vmax_pu = 1.045, strict.emergency_pct = 110, strict.normal_hours = 1;
  Limits wide;
  wide.vdiff_pct = 6, wide.vmin_pu = 0.9, wide.emergency_pct = 150;
  const auto keeping = evaluator({}, GetParam());
  std::vector<Answer> answers;
  const auto now = keeping->answer_source()->evaluate(states(), answers);
  for (const Limits& limits : {Limits(), strict, wide}) {
    const auto other = evaluator(limits, GetParam());
    ASSERT_EQ(other->answer_source()->answer_terms(), keeping->answer_source()->answer_terms());
    const auto expected = other->evaluate(states());
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const Quantities judged = other->answer_source()->judge(answers[i]);
      expect_same(judged, expected[i]);
    }
  }
  for (std::size_t i = 0; i < answers.size(); ++i) expect_same(keeping->answer_source()->judge(answers[i]), now[i]);
  EXPECT_NE(now[4].violations, 0u);
  EXPECT_THROW((void)keeping->answer_source()->judge(std::span(answers[3]).first(20)), Error);
}
INSTANTIATE_TEST_SUITE_P(Both, AnswersByPrecision, testing::Values(Precision::single, Precision::dual),
                         [](const auto& p) { return p.param == Precision::single ? "float_" : "double_"; });

//! Limits that look at more than an answer keeps have terms of their own, and so has all that changes bits.
TEST_F(Answers, TermsTellApartWhatIsNotTheSame) {
  const auto terms = [](Evaluator& e) { return ac_terms(e); };
  const std::string usual = terms(*evaluator());
  Limits low, unbalance;
  low.vdiff_pct = 1, unbalance.unbalance_pct = 3;
  EXPECT_NE(terms(*evaluator(low)), usual);
  EXPECT_NE(terms(*evaluator(unbalance)), usual);
  EXPECT_NE(terms(*evaluator({}, Precision::dual)), usual);
  EvaluatorOptions options = evaluator()->options();
  options.upgrade_factor = 3;
  EXPECT_NE(terms(*make_evaluator(network_, options)), usual);
  options = evaluator()->options();
  options.monitors = monitor_set(network_, "i2x");
  EXPECT_NE(terms(*make_evaluator(network_, options)), usual);
}

//! A limit below the ratings lists who is beyond it.
TEST_F(Answers, ALowLoadingLimitListsItsElements) {
  Limits low;
  low.emergency_pct = 30;
  std::size_t beyond = 0;
  for (const Quantities& q : evaluator(low)->evaluate(states())) {
    if (!(q.violations & limit_emergency)) continue;
    EXPECT_FALSE(q.overloaded_branches.empty());
    ++beyond;
  }
  EXPECT_GT(beyond, 0u);
}

TEST_F(Answers, AreLookedUpByALaterRun) {
  const auto ac = evaluator();
  std::vector<Quantities> first;
  {
    AnswerStore store = this->store();
    StoredEvaluator stored(*ac, store, ac_terms(*ac));
    first = stored.evaluate(states());
    EXPECT_GT(stored.width(), 1u);
    store.write();
    EXPECT_EQ(store.counts().evaluated, states().size());
  }
  AnswerStore store = this->store("another");
  StoredEvaluator stored(*ac, store, ac_terms(*ac));
  EXPECT_EQ(stored.width(), 1u);  // nobody shall try ahead
  const auto again = stored.evaluate(states());
  for (std::size_t i = 0; i < first.size(); ++i) expect_same(first[i], again[i]);
  EXPECT_EQ(store.counts().evaluated, 0u);
  EXPECT_EQ(store.counts().found, states().size());
  StateBatch more = states();
  more.add_der(bus("bus_21"), 77);
  more.finish_state(UpgradeSetId(0));
  stored.evaluate(more);
  EXPECT_EQ(store.counts().evaluated, 1u);
}

TEST_F(Answers, OfOtherTermsAreNotLookedUp) {
  const auto ac = evaluator(), precise = evaluator({}, Precision::dual);
  {
    AnswerStore store = this->store();
    StoredEvaluator(*ac, store, ac_terms(*ac)).evaluate(states());
    store.write();
  }
  AnswerStore store = this->store();
  StoredEvaluator(*precise, store, ac_terms(*precise)).evaluate(states());
  EXPECT_EQ(store.counts().found, 0u);
}

Segment some_segment(std::size_t answers) {
  Segment s;
  s.terms = "some";
  for (std::size_t i = 0; i < answers; ++i)
    s.add({i, 7 * i}, std::vector<std::uint8_t>(i % 5, static_cast<std::uint8_t>(i)));
  return s;
}

TEST_F(Answers, DamagedSegmentsAreLeftOutWhateverIsDamaged) {
  AnswerFolder folder(path_, "run");
  folder.add(segment_image(some_segment(40)));
  const std::string file = folder.segments().at(0);
  std::string why, bytes;
  ASSERT_TRUE(read_segment(file, why));
  {
    std::ifstream in(file, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::size_t every = std::max<std::size_t>(1, bytes.size() / 600);
  std::size_t refused = 0, tried = 0;
  for (std::size_t at = 0; at < bytes.size(); at += every, ++tried) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    std::ofstream(file, std::ios::binary) << damaged;
    refused += !read_segment(file, why);
  }
  EXPECT_EQ(refused, tried);
  std::ofstream(file, std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  AnswerStore store = this->store();
  EXPECT_FALSE(store.book("some").has_read());
  EXPECT_EQ(store.counts().damaged, 1u);
  EXPECT_FALSE(read_segment(file, why));
}

TEST_F(Answers, SegmentsAreJoinedWhenThereAreMany) {
  AnswerFolder folder(path_, "run");
  for (int i = 0; i < 12; ++i) folder.add(segment_image(some_segment(static_cast<std::size_t>(3 * i + 1))));
  folder.compact(20);
  EXPECT_EQ(folder.own_segments().size(), 12u);
  folder.compact(10);
  EXPECT_EQ(folder.own_segments().size(), 7u);
  AnswerStore store = this->store();
  const AnswerBook& book = store.book("some");
  for (std::size_t i = 0; i < 34; ++i) {
    const auto answer = book.find({i, 7 * i});
    ASSERT_TRUE(answer) << i;
    EXPECT_EQ(answer->size(), i % 5);
  }
}

//! Two processes that believe to be the same part lose nothing.
TEST_F(Answers, NoSegmentIsWrittenOver) {
  AnswerFolder one(path_, "run"), other(path_, "run");
  one.add(segment_image(some_segment(3)));
  other.add(segment_image(some_segment(9)));
  EXPECT_EQ(one.segments().size(), 2u);
  one.remove_segments();
  EXPECT_FALSE(fs::exists(path_));
}

}  // namespace
}  // namespace gridqueue

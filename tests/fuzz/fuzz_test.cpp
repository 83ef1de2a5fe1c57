// Files of every kind, spoilt in many ways: no crash, no hang, no memory without bound, no nonsense. scripts/fuzz makes
// more of them, or one again.
#include "tests/fuzz/fuzz.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace gridqueue::fuzz {

//! For messages of the test library.
static void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

namespace {

constexpr std::size_t kShown = 20;

std::uint64_t number(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text && *text ? std::strtoull(text, nullptr, 10) : otherwise;
}

void show(const Kind& kind, const FuzzReport& r) {
  fmt::print(
      "{}: {} mutations, {} commands ({} answered, {} refused), {} faults; {:.1f} s, longest {:.2f} s, {:.0f} MB\n",
      kind.name, r.mutations, r.commands, r.answered, r.refused, r.faults.size(), r.seconds, r.longest,
      r.most_megabytes);
  std::size_t shown = 0;
  for (const Fault& f : r.faults)
    if (shown++ < number("GRIDQUEUE_FUZZ_SHOWN", kShown))
      fmt::print("  {}: {}\n    {}\n    {}\n", f.mutation, f.mutated.substr(0, 200), f.command.substr(0, 200),
                 f.problem);
}

class Mutations : public testing::TestWithParam<Kind> {};

TEST_P(Mutations, AreRefusedOrAnswered) {
  const std::uint64_t seed = number("GRIDQUEUE_FUZZ_SEED", 1);
  const auto first = static_cast<std::size_t>(number("GRIDQUEUE_FUZZ_FIRST", 0)),
             count = static_cast<std::size_t>(number("GRIDQUEUE_FUZZ_COUNT", 500));
  const FuzzReport report = fuzz(GetParam(), seed, first, count);
  show(GetParam(), report);
  EXPECT_EQ(report.mutations, count);
  EXPECT_GT(report.refused, 0u);
  EXPECT_TRUE(report.faults.empty()) << report.faults.size() << " faults";
}

INSTANTIATE_TEST_SUITE_P(Files, Mutations, testing::ValuesIn(kinds()),
                         [](const auto& kind) { return kind.param.name; });

//! The judge itself: what it must not let pass.
TEST(Judge, SeesWhatIsWrong) {
  const Command show = {"show", "r.h5", "--json"};
  Ending good;
  good.code = 0, good.out = "{\"mean_usd\": 3.5}";
  EXPECT_EQ(judge(show, good), "");
  const auto with = [&](auto change) {
    Ending e = good;
    change(e);
    return judge(show, e);
  };
  EXPECT_NE(with([](Ending& e) { e.out = "{\"mean_usd\": null}"; }), "");
  EXPECT_NE(with([](Ending& e) { e.out = "{\"a\": [1e300]}"; }), "");
  EXPECT_NE(with([](Ending& e) { e.out = "{"; }), "");
  EXPECT_NE(with([](Ending& e) { e.code = 1; }), "");
  EXPECT_NE(with([](Ending& e) { e.code = 99; }), "");
  EXPECT_NE(with([](Ending& e) { e.code = 3; }), "");
  EXPECT_EQ(with([](Ending& e) { e.code = 3, e.err = "gridqueue: no\n"; }), "");
  EXPECT_NE(with([](Ending& e) { e.code = -1, e.signal = 11; }), "");
  EXPECT_NE(with([](Ending& e) { e.megabytes = 1200; }), "");
  EXPECT_NE(judge({"show", "r.h5"}, {0, 0, false, 0, 0, "mean nan\n", ""}), "");
}

//! A child that crashes is seen as one.
TEST(Isolated, CommandsEndAsTheProgramDoes) {
  const Ending e = run_isolated({"--version"}, testing::TempDir());
  EXPECT_EQ(e.code, 0);
  EXPECT_NE(e.out.find("gridqueue"), std::string::npos);
  EXPECT_EQ(run_isolated({"show", "/nowhere.h5"}, testing::TempDir()).code, 3);
}

}  // namespace
}  // namespace gridqueue::fuzz

#include "host/allocate/lp_file.hpp"

#include <gmock/gmock.h>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

std::string message_of(const std::string& text) {
  try {
    parse_lp(text, "a.toml");
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    return e.what();
  }
  return "no error";
}

const std::string kVariable = "[[variable]]\nname = \"alpha\"\ncost = 1\n";

TEST(LpFile, DefaultsAndBothFormsOfTerms) {
  const LinearProgram lp = parse_lp(kVariable +
                                        "[[variable]]\nname = \"beta\"\nlower = -inf\nupper = 7\n"
                                        "[[row]]\nname = \"r\"\nterms = { alpha = 2, beta = -1.5 }\nequal = 3\n"
                                        "[[row]]\nname = \"s\"\nupper = 4\n[row.terms]\nalpha = 1\n",
                                    "a.toml");
  ASSERT_EQ(lp.variables.size(), 2u);
  EXPECT_EQ(lp.variables[0].lower, 0);
  EXPECT_EQ(lp.variables[0].upper, kLpInfinity);
  EXPECT_EQ(lp.variables[1].lower, -kLpInfinity);
  EXPECT_EQ(lp.variables[1].cost, 0);
  EXPECT_EQ(lp.rows[0].lower, 3);
  EXPECT_EQ(lp.rows[0].upper, 3);
  EXPECT_EQ(lp.rows[0].terms[1].coefficient, -1.5);
  EXPECT_EQ(lp.rows[1].lower, -kLpInfinity);
  EXPECT_EQ(lp.name, "a.toml");
}

TEST(LpFile, ErrorsNameFileLinePlaceReasonAndSuggestion) {
  EXPECT_EQ(message_of(kVariable + "[[row]]\nname = \"r\"\nterms = { alpa = 1 }\nequal = 1\n"),
            "a.toml:6: row 'r': unknown variable 'alpa' (the file has 1); did you mean 'alpha'?");
  EXPECT_EQ(message_of(kVariable + "[[row]]\nname = \"r\"\nterms = { alpha = 1 }\n"),
            "a.toml:4: row 'r': no bound (a row without one binds nothing); add equal, lower or upper");
  EXPECT_EQ(message_of(kVariable + "[[row]]\nname = \"r\"\nterms = { alpha = 1 }\nequal = 1\nlower = 0\n"),
            "a.toml:7: row 'r': 'equal' beside 'lower' or 'upper' (it sets both); leave one out");
  EXPECT_EQ(message_of("[[variable]]\nname = \"x\"\ncosts = 1\n"),
            "a.toml:3: variable 'x': unknown key 'costs' (known: name, cost, lower, upper); did you mean 'cost'?");
  EXPECT_EQ(message_of(kVariable + "lower = 2\nupper = 1\n[[row]]\n"),
            "a.toml:1: variable 'alpha': lower 2 > upper 1 (no value is left); swap them?");
  EXPECT_EQ(message_of(kVariable), "a.toml:1: the file: no [[row]] (a linear program has variables and rows); add one");
}

TEST(LpFile, WrongTypesAndNamesUsedTwice) {
  using testing::HasSubstr;
  const std::string row = "[[row]]\nname = \"r\"\nterms = { alpha = 1 }\nequal = 1\n";
  EXPECT_THAT(message_of(kVariable + kVariable + row),
              HasSubstr("a.toml:5: variable 'alpha': the name is empty or used before"));
  EXPECT_THAT(message_of("variable = 3\n"), HasSubstr("a.toml:1: 'variable' is no list of tables"));
  EXPECT_THAT(message_of("[[variable]]\nname = \"x\"\ncost = \"much\"\n"),
              HasSubstr("a.toml:3: variable 'x': 'cost' is no number"));
  EXPECT_THAT(message_of("[[variable]]\nname = \"x\"\ncost = inf\n"),
              HasSubstr("'cost' is inf (a finite number is needed)"));
  EXPECT_THAT(message_of("[[variable\n"), HasSubstr("a.toml:1: the file is no TOML"));
  EXPECT_THROW(read_lp_file("/nowhere/lp.toml"), Error);
}

}  // namespace
}  // namespace gridqueue

// What bad input is answered with.
#pragma once
#include <gtest/gtest.h>

#include <string>

#include "gridqueue/contracts.hpp"

namespace gridqueue::test {

//! The message of the input error that `work` ends with; "no error" where there is none.
std::string complaint(const auto& work) {
  try {
    (void)work();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    return e.what();
  }
  return "no error";
}

}  // namespace gridqueue::test

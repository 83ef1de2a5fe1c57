// The machine that runs PTX finds planted faults, each by its name, and nothing in the same kernels without them.
#include "tests/ptx/planted.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ptx/machine/block.hpp"
#include "tests/ptx/machine/report.hpp"

namespace gridqueue::planted {
namespace {

struct Planted {
  const char* name;
  void (*run)(Fault);
  Fault fault;
  const char* report;  //!< begins so, a regular expression
};
void PrintTo(const Planted& p, std::ostream* out) { *out << p.name; }

constexpr Planted kPlanted[] = {
    {"no_syncwarp", run_warp, Fault::no_syncwarp, "read of"},
    {"wrong_mask", run_warp, Fault::wrong_mask, "the thread's own lane is not in the mask"},
    {"lane_outside_mask", run_warp, Fault::lane_outside_mask, "shuffle from a lane that does not take part"},
    {"misaligned_load", run_warp, Fault::misaligned_load, "misaligned access"},
    {"lanes_part", run_warp, Fault::lanes_part, "lanes meet in different instructions"},
    {"beyond_shared", run_warp, Fault::beyond_shared, "access beyond the block's shared memory"},
    {"unwritten_shared", run_warp, Fault::unwritten_shared, "read of shared memory that nobody wrote"},
    {"beyond_global", run_warp, Fault::beyond_global, "access beyond the memory of the device"},
    {"two_writers", run_warp, Fault::two_writers, "write over what another thread wrote"},
    {"host_memory", run_warp, Fault::host_memory, "access to memory of the host"},
    {"no_syncthreads", run_block, Fault::no_syncthreads, "read of"},
    {"no_second_barrier", run_block, Fault::no_second_barrier, "(read of|write over) what another thread"},
    {"no_synchronization", run_after_copy, Fault::no_synchronization, "access to memory to which a copy"},
    {"reused_too_early", run_after_copy, Fault::reused_too_early, "access to memory to which a copy"},
};

struct PlantedFault : testing::TestWithParam<Planted> {};

TEST_P(PlantedFault, IsFoundAndNothingElseWithoutIt) {
  GetParam().run(Fault::none);
  for (const ptx::Report& r : ptx::take_reports()) ADD_FAILURE() << "without a fault: " << ptx::text_of(r);
  GetParam().run(GetParam().fault);
  std::vector<std::string> found;
  for (const ptx::Report& r : ptx::take_reports()) found.push_back(r.what);
  EXPECT_THAT(found, testing::Contains(testing::ContainsRegex(std::string("^") + GetParam().report)));
}
INSTANTIATE_TEST_SUITE_P(Ptx, PlantedFault, testing::ValuesIn(kPlanted),
                         [](const auto& p) { return std::string(p.param.name); });

}  // namespace
}  // namespace gridqueue::planted

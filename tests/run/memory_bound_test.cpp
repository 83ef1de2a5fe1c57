#include "host/run/memory_bound.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

//! A machine's files of control groups.
class Groups : public testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) const {
    const fs::path path = fs::path(root_) / file;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text << '\n';
  }
  ~Groups() override { fs::remove_all(root_); }
  const std::string root_ = testing::TempDir() + "gridqueue_control_groups_" + std::to_string(::getpid());
  const double machine_ = available_memory(root_ + "/nothing");
};

TEST_F(Groups, NoneLimitsNothing) {
  EXPECT_GT(machine_, 1e8);
  write("proc/self/cgroup", "0::/");
  write("sys/fs/cgroup/memory.max", "max");
  EXPECT_EQ(available_memory(root_), machine_);
}

TEST_F(Groups, TheLeastOfAllAboveCounts) {
  write("proc/self/cgroup", "0::/slurm/job_7/step_0");
  write("sys/fs/cgroup/slurm/memory.max", "6000000");
  write("sys/fs/cgroup/slurm/job_7/memory.max", "4000000");
  write("sys/fs/cgroup/slurm/job_7/step_0/memory.max", "max");
  EXPECT_EQ(available_memory(root_), 4e6);
}

TEST_F(Groups, OfVersion1Too) {
  write("proc/self/cgroup", "12:cpu,cpuacct:/other\n9:memory:/job");
  write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "5000000");
  EXPECT_EQ(available_memory(root_), 5e6);
}

TEST(MemoryBound, SaysWhatIsTakenAndAllowed) {
  EXPECT_EQ(MemoryBound(0, 1).exceeded(), std::nullopt);
  EXPECT_EQ(MemoryBound(2 * resident_memory() + 1e9, 1).exceeded(), std::nullopt);
  EXPECT_THAT(MemoryBound(1e6, 1).exceeded().value(), testing::HasSubstr("--memory allows 0.001 GB"));
}

//! Of memory that was really used.
TEST(MemoryBound, SeesWhatGrows) {
  const double before = resident_memory();
  const std::vector<char> block(64 << 20, 1);
  EXPECT_GT(resident_memory() - before, 0.9 * static_cast<double>(block.size()));
}

}  // namespace
}  // namespace gridqueue

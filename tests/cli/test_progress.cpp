// The progress of a walk on terminals of any width, and in log files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/run/progress.hpp"
#include "tests/cli/program.hpp"

namespace gridqueue {
namespace {

using testing::HasSubstr;

//! What a shell's command writes to a terminal of so many columns.
std::string on_terminal(const std::string& command, unsigned short columns) {
  winsize size{24, columns, 0, 0};
  int terminal = -1;
  const pid_t shell = forkpty(&terminal, nullptr, nullptr, &size);
  if (shell == 0) {
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  std::string written;
  char buffer[4096];
  for (ssize_t n; (n = read(terminal, buffer, sizeof buffer)) > 0;) written.append(buffer, static_cast<std::size_t>(n));
  close(terminal);
  int status = -1;
  waitpid(shell, &status, 0);
  EXPECT_EQ(status, 0) << written;
  return written;
}

std::vector<std::string> drawn_lines(const std::string& written) {
  const std::string erase = "\033[K";
  std::vector<std::string> lines(1);
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written.compare(i, erase.size(), erase) == 0) i += erase.size() - 1;
    else if (written[i] == '\r') lines.emplace_back();
    else lines.back() += written[i];
  }
  return lines;
}

class Terminal : public testing::TestWithParam<unsigned short> {};

TEST_P(Terminal, TheBarStaysOnItsLine) {
  const test::Folder folder;
  const std::string study =
      folder.study(test::small_study("until = { statistic = \"mean\", half_width_usd = 1, max_orders = 300000 }\n"));
  const std::string written =
      on_terminal("cd " GRIDQUEUE_SOURCE_DIR " && exec " GRIDQUEUE_BINARY_DIR "/gridqueue run " + study + " --out " +
                      (folder / "r.h5") + " > /dev/null",
                  GetParam());
  EXPECT_THAT(written, HasSubstr("walking up to"));
  EXPECT_THAT(written, testing::Not(HasSubstr("\n")));
  for (const std::string& line : drawn_lines(written)) EXPECT_LT(line.size(), GetParam()) << line;
  EXPECT_EQ(drawn_lines(written).back(), "");  // taken away at the end
}

INSTANTIATE_TEST_SUITE_P(Columns, Terminal, testing::Values(30, 60, 200));

TEST(Progress, TheBarGivesWayToTheText) {
  const ProgressState s{"walking 10 orders of 2 units", "+- 3 of 1", 0.5, 12};
  EXPECT_EQ(progress_bar(s, 200),
            "walking 10 orders of 2 units [###############...............]  50 %, 12 s, 12 s left, +- 3 of 1");
  EXPECT_EQ(progress_bar(s, 80), "walking 10 orders of 2 units [#######........]  50 %, 12 s, 12 s left, +- 3 of 1");
  EXPECT_EQ(progress_bar(s, 68), "walking 10 orders of 2 units  50 %, 12 s, 12 s left, +- 3 of 1");
  EXPECT_EQ(progress_bar(s, 40), "walking 10 orders of 2 units  50 %, 12 s");
  EXPECT_EQ(progress_bar(s, 0), "");
}

std::string logged(Progress& progress, double fraction) {
  testing::internal::CaptureStderr();  // a file, no terminal
  progress.at(fraction);
  return testing::internal::GetCapturedStderr();
}

TEST(Progress, ALogFileGetsALineNowAndThen) {
  testing::internal::CaptureStderr();
  Progress often("walking", std::chrono::seconds(0)), seldom("walking");
  testing::internal::GetCapturedStderr();
  EXPECT_EQ(logged(often, 0), "gridqueue: walking:   0 %, 0 s\n");
  EXPECT_EQ(logged(often, 1), "gridqueue: walking: 100 %, 0 s, 0 s left\n");
  EXPECT_EQ(logged(seldom, 0.5), "");  // the first one after 30 s
}

}  // namespace
}  // namespace gridqueue

#include "host/dss/compile.hpp"

#include <fmt/core.h>

#include "host/dss/command_check.hpp"
#include "host/dss/day_choice.hpp"
#include "host/dss/model_files.hpp"

namespace gridqueue {
namespace {

class LetControlsRunOut {
 public:
  explicit LetControlsRunOut(DssEngine& dss) : dss_(dss) { dss_.let_controls_run_out(true); }
  ~LetControlsRunOut() { dss_.let_controls_run_out(false); }
  LetControlsRunOut(const LetControlsRunOut&) = delete;
  LetControlsRunOut& operator=(const LetControlsRunOut&) = delete;

 private:
  DssEngine& dss_;
};

}  // namespace

std::vector<std::string> compile_model(DssEngine& dss, const std::string& master,
                                       const std::vector<std::string>& commands) {
  check_scripts(master);
  const LetControlsRunOut patient(dss);
  dss.command("compile \"" + master + "\"");
  std::vector<std::string> hit_nothing;
  for (const auto& command : commands) {
    const std::string pattern = names_nothing(dss, command);
    dss.command(command);  // complains of a class that is not there
    if (!pattern.empty()) hit_nothing.push_back(pattern);
  }
  return hit_nothing;
}

void solve_snapshot(DssEngine& dss) {
  constexpr int kIterations = 100;  // OpenDSS's 15 are too few for long feeders; one that needs fewer takes no more
  if (std::stod(dss.command("get maxiterations")) < kIterations)
    dss.command(fmt::format("set maxiterations={}", kIterations));
  const LetControlsRunOut patient(dss);
  start_snapshot(dss, "static");
  dss.command("solve");
}

}  // namespace gridqueue

// gridqueue allocate: who should pay.
#include <iostream>

#include "gridqueue/contracts.hpp"
#include "host/allocate/report.hpp"
#include "host/cli/command.hpp"

namespace gridqueue {

void add_allocate(CLI::App& app, Common& common) {
  auto lp = std::make_shared<std::string>();
  CLI::App* c = app.add_subcommand("allocate", "Cost shares from the constraint matrix of a linear program");
  c->add_option("--lp", *lp, "linear program (.toml)")->required();
  add_json(*c, common);
  c->callback([lp, &common] {
    if (const int code = run_allocate_lp(*lp, common.json, std::cout); code != 0)
      fail(static_cast<ExitCode>(code), "allocation failed");
  });
}

}  // namespace gridqueue

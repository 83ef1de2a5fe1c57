#include "host/dss/windings.hpp"

#include <fmt/core.h>

#include <cmath>

#include "host/dss/words.hpp"

namespace gridqueue {

void activate_winding(DssEngine& dss, const std::string& transformer, int winding) {
  dss.command(fmt::format("edit {} wdg={}", dss_word(transformer), winding));
}

bool winding_is_delta(DssEngine& dss, const std::string& transformer) {
  return dss.property(transformer, "conn") == "delta";
}

double winding_kv(DssEngine& dss, const std::string& transformer) {
  const bool of_lines = winding_is_delta(dss, transformer) || dss.number(transformer, "phases") < 2;
  return dss.number(transformer, "kv") / (of_lines ? 1 : std::sqrt(3.0));
}

//! RecalcElementData, HVLeadsLV.
int delta_direction(DssEngine& dss, const std::string& transformer) {
  bool delta[2];
  double volts[2];
  for (int w = 0; w < 2; ++w) {
    activate_winding(dss, transformer, w + 1);
    delta[w] = winding_is_delta(dss, transformer);
    volts[w] = winding_kv(dss, transformer);
  }
  if (delta[0] == delta[1]) return 1;
  const std::string shift = dss.property(transformer, "leadlag");
  const bool high_leads = shift == "lead" || shift == "euro";
  return delta[volts[0] >= volts[1] ? 0 : 1] == high_leads ? 1 : -1;
}

//! RotatePhases: two phases in delta are an open one.
int other_end(int phases, bool delta, int direction, int p) {
  if (!delta) return phases;
  const int next = p + direction;
  if (phases > 2) return (next + phases) % phases;
  return next < 0 ? 2 : next;
}

}  // namespace gridqueue

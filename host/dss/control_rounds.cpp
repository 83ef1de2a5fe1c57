#include "host/dss/control_rounds.hpp"

#include <dlfcn.h>

#include <cstdint>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

struct Rounds {
  std::int32_t (*now)(const void*) = nullptr;
  std::int32_t (*most)(const void*) = nullptr;
  std::uint16_t (*done)(const void*) = nullptr;
  void (*set_done)(const void*, std::uint16_t) = nullptr;
};
Rounds g_rounds;  // what OpenDSS calls back takes no word of ours
int g_ran_out = 0;

//! Called in each round before controls are looked at, which in the last round they are not.
void on_round(const void* context, std::int32_t, std::int32_t, void*) {
  if (g_rounds.done(context) != 0 || g_rounds.now(context) < g_rounds.most(context)) return;
  g_rounds.set_done(context, 1);
  ++g_ran_out;
}

template <class F>
void find(void* library, const char* name, F& function) {
  function = reinterpret_cast<F>(dlsym(library, name));
  if (!function) fail(ExitCode::unavailable, "the OpenDSS library lacks {} (needs dss_python_backend 0.14)", name);
}

}  // namespace

void let_controls_run_out(void* library, const void* context, bool on) {
  constexpr std::int32_t kCheckControls = 1;  // AltDSSEvent
  find(library, "ctx_Solution_Get_ControlIterations", g_rounds.now);
  find(library, "ctx_Solution_Get_MaxControlIterations", g_rounds.most);
  find(library, "ctx_Solution_Get_ControlActionsDone", g_rounds.done);
  find(library, "ctx_Solution_Set_ControlActionsDone", g_rounds.set_done);
  std::uint16_t (*set)(const void*, std::int32_t, void (*)(const void*, std::int32_t, std::int32_t, void*)) = nullptr;
  find(library, on ? "ctx_DSSEvents_RegisterAlt" : "ctx_DSSEvents_UnregisterAlt", set);
  set(context, kCheckControls, on_round);
}

int controls_ran_out() { return g_ran_out; }

}  // namespace gridqueue

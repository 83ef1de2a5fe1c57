#include "tests/ptx/machine/barriers.hpp"

#include "tests/ptx/machine/block.hpp"

namespace ptx {
namespace {

bool noting = false;
std::set<Barrier> noted;
std::optional<Barrier> missing;

const char* running_kernel() { return Block::running()->launch().function->name; }

}  // namespace

void note_barriers() { noting = true; }
std::set<Barrier> noted_barriers() {
  noting = false;
  return std::exchange(noted, {});
}
void leave_out(std::optional<Barrier> barrier) { missing = std::move(barrier); }

bool waits_at(std::uint32_t line) {
  if (noting) noted.emplace(running_kernel(), line);
  return !missing || missing->second != line || missing->first != running_kernel();
}

}  // namespace ptx

#include "tests/ptx/machine/kernels.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <string_view>

#include "tests/cuda_emulation/device/device.hpp"

namespace ptx {
namespace {

std::map<std::string, Function>& functions() {
  static auto* all = new std::map<std::string, Function>;
  return *all;
}
std::map<std::string, Done>& done() {
  static auto* all = new std::map<std::string, Done>;
  return *all;
}
Work generic;

//! Of all functions so far, those called by kernels among them.
Work all_work() {
  Work sum = generic;
  for (const auto& [name, f] : functions())
    for (std::uint32_t p = 0; p < f.num_pieces; ++p)
      if (f.entered[p]) sum.add(f.work[p], f.entered[p]);
  return sum;
}

}  // namespace

Registered::Registered(const Function& function) {
  if (!functions().empty() && functions().begin()->second.architecture != function.architecture)
    cuda_emulation::refuse("PTX of two architectures in one program");
  functions().emplace(function.name, function);
}

const Function* function_named(const std::string& name) {
  const auto found = functions().find(name);
  return found == functions().end() ? nullptr : &found->second;
}
int architecture() { return functions().empty() ? 90 : static_cast<int>(functions().begin()->second.architecture); }

void count_generic(const char* space, std::uint32_t bytes) {
  for (std::size_t s = 0; s < kNumSpaces; ++s)
    if (std::string_view(kSpaces[s]) == space) generic.bytes[s] += bytes;
}

Counting::Counting(const Function& kernel, std::uint64_t items) : done_(done()[kernel.name]), before_(all_work()) {
  ++num_launches;
  ++done_.launches;
  done_.items += items;
}
Counting::~Counting() {
  const Work now = all_work();
  for (std::size_t i = 0; i < kNumKinds; ++i)
    done_.work.instructions[i] += now.instructions[i] - before_.instructions[i];
  for (std::size_t i = 0; i < kNumSpaces; ++i) done_.work.bytes[i] += now.bytes[i] - before_.bytes[i];
}

void write_counts() {
  const char* path = std::getenv("GRIDQUEUE_PTX_COUNTS");
  if (!path) return;
  std::ofstream out(path);
  out << "kernel\tlaunches\titems";
  for (const char* kind : kKinds) out << '\t' << kind;
  for (const char* space : kSpaces) out << '\t' << space << " [B]";
  out << '\n';
  for (const auto& [name, d] : done()) {
    out << spelt(name.c_str()) << '\t' << d.launches << '\t' << d.items;
    for (const std::uint64_t n : d.work.instructions) out << '\t' << n;
    for (const std::uint64_t n : d.work.bytes) out << '\t' << n;
    out << '\n';
  }
  if (!out.flush()) cuda_emulation::refuse("the file that GRIDQUEUE_PTX_COUNTS names could not be written");
}

}  // namespace ptx

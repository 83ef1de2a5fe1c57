#include "host/cli/app.hpp"
#include "host/core/standard_streams.hpp"
#if defined(GRIDQUEUE_PORTABLE)
#include <unistd.h>

#include <string_view>

#include "kernels/lane/portable.hpp"

//! Before anything else runs, which may be compiled for x86-64-v3 (cmake/GridqueuePortable.cmake).
__attribute__((constructor(101))) static void refuse_older_processors() {
  constexpr std::string_view kMessage =
      "gridqueue: this processor is too old for the portable build (it lacks AVX2, FMA or BMI2 of x86-64-v3); build "
      "gridqueue on it (make build)\n";
  __builtin_cpu_init();
  if (gridqueue::has_x86_64_v3()) return;
  [[maybe_unused]] const auto written = write(STDERR_FILENO, kMessage.data(), kMessage.size());
  _exit(4);  // ExitCode::unavailable
}
#endif

int main(int argc, char** argv) {
  gridqueue::open_standard_streams();
  return gridqueue::run_app(argc, argv);
}

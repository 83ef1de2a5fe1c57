// What one evaluation costs, counted, and what this machine could do at most, measured.
#pragma once
#include "gridqueue/evaluation.hpp"

namespace gridqueue::bench {

//! Per evaluation (288 steps), the mean over the benchmark's states.
struct Work {
  double flops = 0, instructions = 0, bytes = 0;  //!< bytes of the workspace read or written
  double copied_bytes = 0;  //!< inputs and outputs: what a team, which keeps its state on the chip, reads and writes
  double sweeps = 0;
};
//! Counted by running the lanes' evaluation with a lane type that counts.
Work count_work(Precision precision);

//! Per linearized evaluation; coefficients of the model, which all states share, are not counted as bytes.
struct LinearWork {
  double flops = 0, instructions = 0, bytes = 0;  //!< bytes of the rows read or written
  double memory = 0, copied = 0;                  //!< bytes kept on a device, and to and from it
  double model = 0;                               //!< bytes of a model's coefficients
};
LinearWork count_linear_work(Precision precision, bool screened);

//! Upper limits of one core (vectors and a workspace that fits its caches) or of one device.
struct Peak {
  double instructions = 0;  //!< per second and lane; on a core half fused multiply-adds, half additions
  double bytes = 0;         //!< per second
};
Peak measure_core(Precision precision);
//! From the device's numbers: cores * clock, memory clock * bus width.
Peak device_peak(int device, Precision precision);

}  // namespace gridqueue::bench

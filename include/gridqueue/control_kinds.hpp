// What controls of regulators and capacitors go by, as the feeder file numbers it.
#pragma once
#include <cstdint>

namespace gridqueue {

//! Which of the phases that a control measures counts.
enum class PhaseChoice : std::int32_t { highest = 0, lowest = 1, average = 2 };

//! What a RegControl does while power flows back. `cogeneration`: it goes on as before, by other settings.
enum class ReverseMode : std::int32_t { none = 0, reversible = 1, cogeneration = 2 };

//! What a CapControl goes by.
enum class CapacitorMeasure : std::int32_t { voltage = 0, current = 1, kvar = 2, time = 3, power_factor = 4 };

//! Whether a switched capacitor is in. `no_step`: its switch is closed, but no step is in service, as OpenDSS leaves
//! one that a control has opened when the mode of solution changes (CapControl.pas, Reset).
enum class CapacitorState : std::int32_t { no_step = -1, open = 0, closed = 1 };

}  // namespace gridqueue

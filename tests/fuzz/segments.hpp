// Segments of answers, spoilt. They are read by what a run reads them with, and now and then by a run.
#pragma once
#include "tests/fuzz/kinds.hpp"

namespace gridqueue::fuzz {

//! What a broken disk or a foreign writer leaves, under the name it had or the one that its bytes have: none of it may
//! pass for the answers that were written, unless it still holds them.
Kind damaged_segments();
//! Other answers under right checksums: whoever judges them must take them or refuse them.
Kind forged_segments();

}  // namespace gridqueue::fuzz

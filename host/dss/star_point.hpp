// Transformers with windings at three buses, as three branches that meet at an inner bus.
//
// Each phase of a transformer of three windings is, at 1 V a turn, a triangle of admittances y_ij between its windings,
// which is a star of impedances z_i = y_jk / (y_12 y_13 + y_12 y_23 + y_13 y_23) around a node of its own. These nodes,
// one for each phase, are the inner bus: nothing stands or is judged there. An impedance of the star may be negative.
// What the triangles leave of the primitive admittance (magnetising and anti-float admittances) stands at the windings.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Adds the branches and the inner bus of a transformer to a model whose voltages are read; an obstacle where that does
//! not come to its primitive admittance.
void add_star(DssEngine& dss, const std::string& transformer, DssModel& model, Obstacles& obstacles);

}  // namespace gridqueue

// How OpenDSS joins the conductors of a transformer's windings to its phases (Transformer.pas).
#pragma once
#include <string>

#include "host/dss/engine.hpp"

namespace gridqueue {

//! Makes a winding (from 1) the one whose properties are read.
void activate_winding(DssEngine& dss, const std::string& transformer, int winding);
//! Of the active winding.
bool winding_is_delta(DssEngine& dss, const std::string& transformer);
//! [kV] of one phase of the active winding at tap 1.
double winding_kv(DssEngine& dss, const std::string& transformer);
//! Which way the phases of its deltas follow each other: 1 or -1.
int delta_direction(DssEngine& dss, const std::string& transformer);
//! Conductor of the winding, from 0, at which phase p, from 0, has its other end.
int other_end(int phases, bool delta, int direction, int p);

}  // namespace gridqueue

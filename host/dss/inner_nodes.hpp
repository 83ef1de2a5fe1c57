// Nodes of one element alone, such as the star point of an ungrounded bank.
#pragma once
#include "host/dss/loads.hpp"
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Takes out of the model the nodes that no load and nothing but one capacitor, reactor or transformer reaches, or the
//! transformers of one bank, where that is no part of the bus's way to the source. Nothing flows in there, so that the
//! elements' other nodes say what they do.
void fold_inner_nodes(DssEngine& dss, const std::vector<DssLoad>& loads, DssModel& model);

//! Takes those conductors out of an element that was read again whose nodes the model's bus no longer has.
void fold_missing_nodes(const DssModel& model, DssShunt& shunt);

}  // namespace gridqueue

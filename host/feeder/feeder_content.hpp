// All that a feeder file holds but its version: one walk over it for every direction (table_io.hpp, feeder_digest.cpp).
#pragma once
#include "host/feeder/feeder_tables.hpp"

namespace gridqueue {

//! What branches have several of, as rows of tables of their own.
struct BranchRows {
  std::vector<TransformerRow> transformers;
  std::vector<ElementRow> elements;
};

inline BranchRows branch_rows(const Network& network) {
  BranchRows rows;
  for (std::size_t i = 0; i < network.buses.size(); ++i) {
    for (const TransformerUnit& unit : network.buses[i].branch.units) {
      for (const Winding& w : unit.winding) GQ_EXPECT(w.conductors.size() <= kMaxConductors);
      rows.transformers.push_back({BusId(i), unit});
    }
    for (const BranchElement& element : network.buses[i].branch.elements) rows.elements.push_back({BusId(i), element});
  }
  return rows;
}

template <class Io>
void feeder_tables(Io& io, Network& network, BranchRows& rows) {
  attributes(io, network);
  bus_tables(io, network.buses);
  branch_tables(io, network.buses);
  element_tables(io, rows.elements);
  transformer_tables(io, rows.transformers);
  load_tables(io, network.loads);
  regulator_tables(io, network.regulators);
  capacitor_control_tables(io, network.capacitor_controls);
  other_tables(io, network);
}

}  // namespace gridqueue

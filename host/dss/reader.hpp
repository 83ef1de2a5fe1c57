// What an import reads from OpenDSS before it thinks: elements with their primitive admittances, buses, voltages.
#pragma once
#include <map>

#include "gridqueue/network.hpp"
#include "host/core/dense.hpp"
#include "host/dss/engine.hpp"

namespace gridqueue {

using MatrixC = DenseMatrix<Complex>;

//! An enabled two-terminal element between two buses, reduced to its ungrounded conductors.
struct DssBranch {
  std::string name, kind;    //!< "line.line13", "line"
  std::string bus[2];        //!< of terminals 1 and 2
  std::vector<int> node[2];  //!< phases of the ungrounded conductors
  MatrixC y[2][2];           //!< primitive admittance blocks [S]
  double normal_amps = 0, emergency_amps = 0;
};

//! An element at one bus, such as a capacitor.
struct DssShunt {
  std::string name, bus;
  std::vector<int> node;
  MatrixC y;
};

struct DssBus {
  std::vector<int> node;
  double kv_base = 0, x = 0, y = 0;
  bool has_coordinates = false;
};

struct DssModel {
  std::vector<std::string> bus_order;  //!< as the file names them first
  std::map<std::string, DssBus> bus;
  std::map<std::string, Complex> voltage;  //!< by "bus.node" [V]
  std::vector<DssBranch> branches;
  std::vector<DssShunt> shunts;
  std::vector<std::string> loads, regulators, reclosers, fuses, capacitors, generators;
  std::string source, source_bus;
  MatrixC source_y;  //!< [S] behind the source voltage
};

//! Reads the compiled circuit; refuses element classes nothing here represents.
DssModel read_dss_model(DssEngine& dss);

}  // namespace gridqueue

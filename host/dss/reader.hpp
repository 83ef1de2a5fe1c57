// What an import reads from OpenDSS before it thinks: elements with their primitive admittances, buses, voltages.
#pragma once
#include <map>
#include <set>

#include "gridqueue/network.hpp"
#include "host/core/dense.hpp"
#include "host/dss/engine.hpp"
#include "host/dss/obstacles.hpp"

namespace gridqueue {

using MatrixC = DenseMatrix<Complex>;

//! An enabled element between two buses, reduced to its ungrounded conductors.
struct DssBranch {
  std::string name, kind;        //!< "line.line13", "line"
  std::string bus[2];            //!< that of terminal 1, and the other
  std::vector<int> node[2];      //!< of the ungrounded conductors there, terminal by terminal
  std::vector<int> terminal[2];  //!< of each, from 0
  std::size_t terminal1 = 0;     //!< how many of node[0] are terminal 1's; they come first
  MatrixC y[2][2];               //!< primitive admittance blocks [S]
  double normal_amps = 0, emergency_amps = 0;
  int winding = 0;        //!< from 1, of a transformer that is three branches (star_point.hpp): the one that this is of
  bool is_piece = false;  //!< some of the element's conductors: others are open, or branches of their own
};

//! An element at one bus, such as a capacitor.
struct DssShunt {
  std::string name, bus;
  std::vector<int> node;  //!< of the ungrounded conductors of all terminals
  MatrixC y;
};

struct DssBus {
  std::vector<int> node;
  std::string whole;  //!< bus of the model of which it is a part; "" = all of it
  double kv_base = 0, x = 0, y = 0;
  bool has_coordinates = false;
  bool inner = false;  //!< of a transformer (star_point.hpp), none of the model's
};

struct DssModel {
  std::vector<std::string> bus_order;  //!< as the file names them first
  std::map<std::string, DssBus> bus;
  std::map<std::string, Complex> voltage;  //!< by "bus.node" [V]
  std::vector<DssBranch> branches;
  bool lacks_branches = false;     //!< some are obstacles
  std::vector<std::string> stars;  //!< transformers with windings at three buses, each three of the branches
  std::vector<DssShunt> shunts;
  std::vector<std::string> unjudged;  //!< transformers whose loading nobody looks at
  std::vector<std::string> loads, regulators, reclosers, fuses, capacitor_controls;
  std::set<std::string> power_flows_back;  //!< regulators that a snapshot leaves so
  std::vector<std::string> capacitors;     //!< at one bus
  //! What may open a line (fuses, reclosers, relays, switch controls), and its state as the model was read.
  std::map<std::string, std::string> switches;
  std::vector<std::string> generators;           //!< of every class, disabled ones too
  std::vector<std::string> generation;           //!< enabled ones
  std::vector<std::pair<std::string, int>> fed;  //!< bus and node of each phase of every source, of a second one, too
  std::string source, source_bus;
  std::vector<int> source_node;  //!< phases, as the rows of
  MatrixC source_y;              //!< [S] behind the source voltage
};

//! Of an enabled element at one bus, as it stands.
DssShunt read_shunt(DssEngine& dss, const std::string& name);
//! Reads the compiled circuit.
DssModel read_dss_model(DssEngine& dss, Obstacles& obstacles);

}  // namespace gridqueue

// OpenDSS as a library: the DSS C-API, loaded at run time.
#pragma once
#include <complex>
#include <memory>
#include <string>
#include <vector>

#include "host/dss/isolate.hpp"

namespace gridqueue {

//! Path of libdss_capi: `given`, else $GRIDQUEUE_DSS_CAPI (file or folder), else where CMake or a .venv has it.
//! Throws Error(unavailable) that says how to get it.
std::string find_dss_library(const std::string& given = {});
//! "" where OpenDSS can be used, else why not.
std::string dss_unavailable_reason();

//! A fresh OpenDSS context. It is never disposed: use it inside run_isolated only.
class DssEngine {
 public:
  explicit DssEngine(const std::string& library = {});
  //! Runs a command; throws Error(input) with OpenDSS's own words and what may help (complaint.hpp).
  std::string command(const std::string& text);
  //! While `on`, a solve whose controls do not settle within MaxControlIter ends there, as it does else, but is no
  //! error, which would end the script it stands in.
  void let_controls_run_out(bool on);
  //! Value of a property, lower case, without the surrounding brackets' blanks.
  std::string property(const std::string& element, const std::string& name);
  double number(const std::string& element, const std::string& name);
  //! [number of the property, from 1] when it was last set, 0 = never; OpenDSS edits them in that order.
  std::vector<int> property_order(const std::string& element);

  std::vector<std::string> element_names();  //!< "class.name", lower case, in file order
  std::vector<std::string> bus_names();      //!< lower case, in file order
  //! Of all objects of a class, enabled or not, lower case, without it; none where there is no such class.
  std::vector<std::string> names_of_class(const std::string& type);
  void select_element(const std::string& name);
  void select_element(std::size_t index);         //!< place in element_names()
  [[nodiscard]] bool enabled();                   //!< of the selected element, likewise below
  [[nodiscard]] bool open_at_terminal_1();        //!< a conductor or all
  [[nodiscard]] int open_phases(int phases);      //!< of so many, at terminal 1
  std::vector<std::string> element_buses();       //!< per terminal, without node numbers
  std::vector<std::vector<int>> element_nodes();  //!< [terminal][conductor], 0 = ground
  std::vector<std::complex<double>> yprim();      //!< [conductors * terminals]^2
  double normal_amps();
  double emergency_amps();
  std::vector<std::complex<double>> currents();          //!< [A] of all conductors of all terminals
  std::vector<std::complex<double>> element_voltages();  //!< [V] likewise, to ground
  void select_bus(const std::string& name);
  std::vector<int> bus_nodes();
  double bus_kv_base();  //!< [kV] line to neutral
  bool bus_has_coordinates();
  double bus_x();
  double bus_y();
  std::vector<std::string> node_names();                  //!< "bus.node", lower case, order of node_voltages
  std::vector<std::complex<double>> node_voltages();      //!< [V]
  std::vector<std::complex<double>> system_admittance();  //!< [S], [nodes][nodes] in the order of node_names
  bool has_shape(const std::string& name);
  std::vector<double> shape(const std::string& name);  //!< multipliers of a LoadShape
  bool converged();

 private:
  struct Api;
  void check();
  bool is_open(int conductor);                //!< of the selected element's terminal 1; 0 = any
  std::vector<std::string> property_names();  //!< of the selected element or object
  std::vector<std::complex<double>> read_complex(const char* function);
  std::shared_ptr<Api> api_;
  const void* context_ = nullptr;
};

}  // namespace gridqueue

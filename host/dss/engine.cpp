#include "host/dss/engine.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "gridqueue/contracts.hpp"
#include "gridqueue/installation.hpp"
#include "host/core/text.hpp"
#include "host/dss/clear_heap.hpp"
#include "host/dss/complaint.hpp"
#include "host/dss/control_rounds.hpp"
#include "host/dss/doing.hpp"
#include "host/dss/words.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

//! The library below a folder such as site-packages, or the file itself.
std::string library_in(const fs::path& place) {
  std::error_code error;
  if (fs::is_regular_file(place, error)) return place.string();
  for (const fs::path& folder : {place, place / "dss_python_backend.libs"}) {
    if (!fs::is_directory(folder, error)) continue;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      const std::string name = entry.path().filename().string();
      if (name.rfind("libdss_capi", 0) == 0 && name.rfind("libdss_capid", 0) != 0) return entry.path().string();
    }
  }
  return {};
}

std::vector<fs::path> search_places() {
  std::vector<fs::path> places;
  if (const char* env = std::getenv("GRIDQUEUE_DSS_CAPI")) places.emplace_back(env);
  if (const std::string found = build_place("dss"); !found.empty()) places.emplace_back(found);
  std::error_code error;
  for (const fs::path& venv : {fs::path(build_place("source")) / ".venv", fs::path(".venv")})
    if (fs::is_directory(venv / "lib", error))
      for (const auto& python : fs::directory_iterator(venv / "lib", error))
        places.push_back(python.path() / "site-packages");
  return places;
}

using Text = void (*)(const void*, const char*);
using GetText = const char* (*)(const void*);
using GetNumber = double (*)(const void*);
using GetInt = std::int32_t (*)(const void*);
using GetBool = std::uint16_t (*)(const void*);
using GetDoubles = void (*)(const void*, double**, std::int32_t*);
using GetInts = void (*)(const void*, std::int32_t**, std::int32_t*);
using GetTexts = void (*)(const void*, char***, std::int32_t*);

}  // namespace

struct DssEngine::Api {
  void* library = nullptr;
  template <class F>
  F function(const char* name) const {
    void* f = dlsym(library, name);
    if (!f) fail(ExitCode::unavailable, "the OpenDSS library lacks {} (needs dss_python_backend 0.14)", name);
    return reinterpret_cast<F>(f);
  }
};

std::string find_dss_library(const std::string& given) {
  if (!given.empty()) {
    const std::string found = library_in(given);
    if (found.empty()) fail(ExitCode::unavailable, "no OpenDSS library at '{}'", given);
    return found;
  }
  for (const fs::path& place : search_places())
    if (const std::string found = library_in(place); !found.empty()) return found;
  fail(ExitCode::unavailable,
       "OpenDSS is not here (the DSS C-API library was not found); pip install dss_python_backend==0.14.5 and set "
       "GRIDQUEUE_DSS_CAPI to its site-packages folder, or install it into .venv");
}

std::string dss_unavailable_reason() {
  try {
    find_dss_library();
    return {};
  } catch (const Error& e) {
    return e.what();
  }
}

DssEngine::DssEngine(const std::string& library) : api_(std::make_shared<Api>()) {
  const std::string path = find_dss_library(library);
  api_->library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!api_->library) fail(ExitCode::unavailable, "cannot load '{}' ({})", path, dlerror());
  clear_heap_of(api_->library);
  context_ = api_->function<const void* (*)()>("ctx_New")();
  api_->function<std::uint16_t (*)(const void*, std::int32_t)>("ctx_DSS_Start")(context_, 0);
  for (const char* freedom : {"ctx_DSS_Set_AllowForms", "ctx_DSS_Set_AllowEditor", "ctx_DSS_Set_AllowDOScmd"})
    api_->function<void (*)(const void*, std::uint16_t)>(freedom)(context_, 0);
}

void DssEngine::check() {
  if (api_->function<GetInt>("ctx_Error_Get_Number")(context_) == 0) return;
  const char* text = api_->function<GetText>("ctx_Error_Get_Description")(context_);
  fail_input("{}", complaint(text ? text : "unknown error", [this] { return property_names(); }));
}

void DssEngine::let_controls_run_out(bool on) { gridqueue::let_controls_run_out(api_->library, context_, on); }

std::string DssEngine::command(const std::string& text) {
  note_doing(text);
  api_->function<Text>("ctx_Text_Set_Command")(context_, text.c_str());
  check();
  const char* result = api_->function<GetText>("ctx_Text_Get_Result")(context_);
  return result ? result : "";
}

std::string DssEngine::property(const std::string& element, const std::string& name) {
  // Asked for by its text, an element whose name holds a dot or a blank is not found.
  if (element.find('.') == element.rfind('.') && dss_word(element) == element)
    return lower_case(command("? " + element + "." + name));
  select_element(element);
  api_->function<Text>("ctx_DSSProperty_Set_Name")(context_, name.c_str());
  check();
  const char* value = api_->function<GetText>("ctx_DSSProperty_Get_Val")(context_);
  return lower_case(value ? value : "");
}

double DssEngine::number(const std::string& element, const std::string& name) {
  const std::string text = property(element, name);
  try {
    return std::stod(text);
  } catch (const std::exception&) {
    fail_input("OpenDSS property {}.{} is '{}' (a number was expected)", element, name, text);
  }
}

namespace {

std::vector<std::string> read_texts(GetTexts get, const void* context) {
  char** data = nullptr;
  std::int32_t dims[4] = {0, 0, 0, 0};
  get(context, &data, dims);
  std::vector<std::string> out;
  for (std::int32_t i = 0; i < dims[0]; ++i) out.push_back(lower_case(data[i]));
  return out;
}

std::vector<int> read_ints(GetInts get, const void* context) {
  std::int32_t* data = nullptr;
  std::int32_t dims[4] = {0, 0, 0, 0};
  get(context, &data, dims);
  return {data, data + dims[0]};
}

}  // namespace

std::vector<std::complex<double>> DssEngine::read_complex(const char* function) {
  double* data = nullptr;
  std::int32_t dims[4] = {0, 0, 0, 0};
  api_->function<GetDoubles>(function)(context_, &data, dims);
  std::vector<std::complex<double>> out;
  for (std::int32_t i = 0; i + 1 < dims[0]; i += 2) out.emplace_back(data[i], data[i + 1]);
  api_->function<void (*)(double**)>("DSS_Dispose_PDouble")(&data);
  return out;
}

std::vector<std::string> DssEngine::property_names() {
  return read_texts(api_->function<GetTexts>("ctx_DSSElement_Get_AllPropertyNames"), context_);
}
std::vector<int> DssEngine::property_order(const std::string& element) {
  select_element(element);
  const void* object = api_->function<const void* (*)(const void*)>("ctx_DSSElement_Get_Pointer")(context_);
  const auto count = api_->function<GetInt>("ctx_DSSElement_Get_NumProperties")(context_);
  GQ_ENSURE(object && count > 0);
  const std::int32_t* order = api_->function<const std::int32_t* (*)(const void*)>("Obj_GetPropSeqPtr")(object);
  return {order, order + count + 1};
}

std::vector<std::string> DssEngine::element_names() {
  return read_texts(api_->function<GetTexts>("ctx_Circuit_Get_AllElementNames"), context_);
}
std::vector<std::string> DssEngine::bus_names() {
  return read_texts(api_->function<GetTexts>("ctx_Circuit_Get_AllBusNames"), context_);
}
std::vector<std::string> DssEngine::names_of_class(const std::string& type) {
  const auto set = api_->function<std::int32_t (*)(const void*, const char*)>("ctx_Circuit_SetActiveClass");
  if (set(context_, type.c_str()) <= 0) {
    api_->function<GetInt>("ctx_Error_Get_Number")(
        context_);  // which forgets it: OpenDSS complains of the command, too
    return {};
  }
  auto names = read_texts(api_->function<GetTexts>("ctx_ActiveClass_Get_AllNames"), context_);
  std::erase(names, "none");  // OpenDSS's word for an empty list
  return names;
}
void DssEngine::select_element(const std::string& name) {
  note_doing(name);
  api_->function<std::int32_t (*)(const void*, const char*)>("ctx_Circuit_SetActiveElement")(context_, name.c_str());
  check();
}
void DssEngine::select_element(std::size_t index) {
  api_->function<void (*)(const void*, std::int32_t)>("ctx_Circuit_SetCktElementIndex")(
      context_, static_cast<std::int32_t>(index));
}
bool DssEngine::enabled() { return api_->function<GetBool>("ctx_CktElement_Get_Enabled")(context_) != 0; }
bool DssEngine::is_open(int conductor) {
  constexpr std::int32_t kTerminal = 1;
  const auto call = api_->function<std::uint16_t (*)(const void*, std::int32_t, std::int32_t)>("ctx_CktElement_IsOpen");
  return call(context_, kTerminal, conductor) != 0;
}
bool DssEngine::open_at_terminal_1() { return is_open(0); }
int DssEngine::open_phases(int phases) {
  int open = 0;
  for (int c = 1; c <= phases; ++c) open += is_open(c) ? 1 : 0;
  return open;
}

std::vector<std::string> DssEngine::element_buses() {
  auto names = read_texts(api_->function<GetTexts>("ctx_CktElement_Get_BusNames"), context_);
  for (auto& n : names) n = n.substr(0, n.find('.'));
  return names;
}

std::vector<std::vector<int>> DssEngine::element_nodes() {
  const auto flat = read_ints(api_->function<GetInts>("ctx_CktElement_Get_NodeOrder"), context_);
  const auto terminals = static_cast<std::size_t>(api_->function<GetInt>("ctx_CktElement_Get_NumTerminals")(context_));
  std::vector<std::vector<int>> nodes(terminals);
  for (std::size_t i = 0; i < flat.size(); ++i) nodes[i / (flat.size() / terminals)].push_back(flat[i]);
  return nodes;
}

std::vector<std::complex<double>> DssEngine::yprim() { return read_complex("ctx_CktElement_Get_Yprim"); }
double DssEngine::normal_amps() { return api_->function<GetNumber>("ctx_CktElement_Get_NormalAmps")(context_); }
double DssEngine::emergency_amps() { return api_->function<GetNumber>("ctx_CktElement_Get_EmergAmps")(context_); }
std::vector<std::complex<double>> DssEngine::currents() { return read_complex("ctx_CktElement_Get_Currents"); }
std::vector<std::complex<double>> DssEngine::element_voltages() { return read_complex("ctx_CktElement_Get_Voltages"); }
void DssEngine::select_bus(const std::string& name) {
  api_->function<std::int32_t (*)(const void*, const char*)>("ctx_Circuit_SetActiveBus")(context_, name.c_str());
}
std::vector<int> DssEngine::bus_nodes() { return read_ints(api_->function<GetInts>("ctx_Bus_Get_Nodes"), context_); }
double DssEngine::bus_kv_base() { return api_->function<GetNumber>("ctx_Bus_Get_kVBase")(context_); }
bool DssEngine::bus_has_coordinates() { return api_->function<GetBool>("ctx_Bus_Get_Coorddefined")(context_) != 0; }
double DssEngine::bus_x() { return api_->function<GetNumber>("ctx_Bus_Get_x")(context_); }
double DssEngine::bus_y() { return api_->function<GetNumber>("ctx_Bus_Get_y")(context_); }
std::vector<std::string> DssEngine::node_names() {
  return read_texts(api_->function<GetTexts>("ctx_Circuit_Get_YNodeOrder"), context_);
}
std::vector<std::complex<double>> DssEngine::node_voltages() { return read_complex("ctx_Circuit_Get_YNodeVarray"); }
std::vector<std::complex<double>> DssEngine::system_admittance() { return read_complex("ctx_Circuit_Get_SystemY"); }
bool DssEngine::converged() { return api_->function<GetBool>("ctx_Solution_Get_Converged")(context_) != 0; }

bool DssEngine::has_shape(const std::string& name) {
  const auto names = read_texts(api_->function<GetTexts>("ctx_LoadShapes_Get_AllNames"), context_);
  return std::find(names.begin(), names.end(), lower_case(name)) != names.end();
}

std::vector<double> DssEngine::shape(const std::string& name) {
  api_->function<Text>("ctx_LoadShapes_Set_Name")(context_, name.c_str());
  check();
  double* data = nullptr;
  std::int32_t dims[4] = {0, 0, 0, 0};
  api_->function<GetDoubles>("ctx_LoadShapes_Get_Pmult")(context_, &data, dims);
  return {data, data + dims[0]};
}

}  // namespace gridqueue

#include "tests/fuzz/kinds.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "host/feeder/feeder_file.hpp"
#include "tests/fuzz/isolated.hpp"
#include "tests/fuzz/mutate.hpp"
#include "tests/fuzz/segments.hpp"

namespace gridqueue::fuzz {
namespace {

const std::string kData = GRIDQUEUE_SOURCE_DIR "/data/";

std::string written(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  return path;
}

// Feeders

//! Files of before the content's checksum, in which every change gets as far as it can, and some with one.
std::vector<Sample> feeders(const std::string& folder) {
  std::vector<Sample> all;
  for (const char* name : {"ieee13", "ieee34", "ieee13", "ieee34", "radial", "ieee123"})
    all.push_back({kData + name + ".h5", ""});
  for (const char* name : {"ieee13", "ieee34"}) {
    all.push_back({folder + "/" + name + ".h5", ""});
    write_feeder(read_feeder(kData + name + ".h5"), all.back().file);
  }
  return all;
}

std::vector<Command> feeder_commands(const std::string& path, const Sample&, Random& random) {
  std::vector<Command> all = {{"solve", path, "--json", "--threads", "1"}};
  if (random.once_in(4)) all.push_back({"info", path});
  if (random.once_in(4)) all.push_back({"solve", path, "--json", "--threads", "1", "--model", "linear"});
  if (random.once_in(8)) all.push_back({"solve", path, "--json", "--threads", "1", "--precision", "double"});
  if (random.once_in(8)) all.push_back({"export-dss", path, path + ".dss", "--no-check"});
  return all;
}

// Results

const std::string kQueue =
    "[queue]\nunits = [ { bus = \"671\", kw = 900 }, { bus = \"680.1\", kw = 400 }, { bus = \"611\", kw = 700 } ]\n";

std::string study_text(const std::string& rest) {
  return "[feeder]\nfile = \"" + kData + "ieee13.h5\"\n" + rest +
         "[limits]\nvdiff_pct = 1.4\n[upgrades]\nrules = [\"vdiff\", \"thermal\", \"voltage\"]\n";
}

std::vector<Sample> results(const std::string& folder) {
  const std::string studies[] = {
      study_text(kQueue + "[orders]\ncount = 8\n"),
      study_text(kQueue + "[orders]\nmethod = \"all\"\n[output]\nhosting_capacity = \"trigger\"\n"),
      study_text("[queue.random]\nkw_min = 50\nkw_max = 900\ncount = 3\nqueues = 3\n[orders]\ncount = 6\n"),
      study_text(kQueue + "[orders]\ncount = 8\n[model]\npower_flow = \"screened\"\nverify = 5\n")};
  std::vector<Sample> all;
  for (const std::string& text : studies) {
    const std::string name = folder + "/results" + std::to_string(all.size());
    const Sample s{name + ".h5", written(name + ".toml", text)};
    for (const Command& c : {Command{"run", s.study, "--out", s.file, "--threads", "1"},
                             Command{"allocate", s.file, "--rule", "shapley,pro-rata-kw,trigger", "--threads", "1"}})
      if (const Ending e = run_isolated(c, folder); e.code != 0) throw std::runtime_error("no sample: " + e.err);
    all.push_back(s);
  }
  return all;
}

std::vector<Command> results_commands(const std::string& path, const Sample& sample, Random& random) {
  std::vector<Command> all = {random.once_in(2) ? Command{"show", path, "--json"} : Command{"show", path}};
  if (random.once_in(2)) all.push_back({"show", path, "--queue", "0", "--json"});
  if (random.once_in(2)) all.push_back({"show", path, "--order", "1"});
  if (random.once_in(4)) all.push_back({"info", path});
  const std::string rules =
      random.once_in(8) ? "delta-hosting-capacity,constraint-matrix" : "shapley,pro-rata-kw,trigger";
  const std::size_t worked = random.below(8);  // these solve power flows
  if (worked < 2) all.push_back({"allocate", path, "--rule", rules, "--threads", "1", "--json"});
  else if (worked < 4) all.push_back({"run", sample.study, "--resume", "--out", path, "--threads", "1"});
  return all;
}

// Studies

std::vector<Sample> studies(const std::string& folder) {
  const std::string texts[] = {
      study_text(kQueue + "[orders]\nmethod = \"random\"\ncount = 6\nseed = 3\nantithetic = true\n"),
      study_text(kQueue + "[orders]\nmethod = \"all\"\nmax_states = 1000\n[allocation]\nrules = [\"shapley\"]\n"),
      study_text(kQueue + "[orders]\nmethod = \"given\"\norders = [[0, 1, 2], [2, 1, 0]]\n[output]\nfile = \"r.h5\"\n"),
      study_text("[queue.random]\nbuses = \"three-phase\"\nkw_min = 50\nkw_max = 400\nseed = 2\ncount = 3\nqueues = 2\n"
                 "[orders]\ncount = 4\n[model]\npower_flow = \"screened\"\nprecision = \"double\"\nverify = 3\n"),
      study_text(kQueue + "[orders]\n[orders.until]\nstatistic = \"mean\"\nhalf_width_usd = 1e9\nmax_orders = 40\n")};
  std::vector<Sample> all;
  for (const std::string& text : texts)
    all.push_back({written(folder + "/study" + std::to_string(all.size()) + ".toml", text), ""});
  return all;
}

std::vector<Command> study_commands(const std::string& path, const Sample&, Random&) {
  return {{"run", path, "--force", "--out", path + ".h5", "--threads", "1", "--json"}};
}

// Linear programs

std::vector<Sample> linear_programs(const std::string& folder) {
  const std::string texts[] = {
      "name = \"two\"\n[[variable]]\nname = \"x\"\ncost = 2.0\nupper = 10.0\n[[variable]]\nname = \"y\"\ncost = 3.0\n"
      "[[row]]\nname = \"need\"\nterms = { x = 1.0, y = 1.0 }\nlower = 12.0\n[[row]]\nname = \"mix\"\n"
      "terms = { x = 1.0, y = -2.0 }\nupper = 6.0\n",
      "[[variable]]\nname = \"a\"\nlower = -inf\ncost = 1\n[[variable]]\nname = \"b\"\ncost = 0.001\nupper = 1e4\n"
      "[[variable]]\nname = \"c\"\ncost = 1e5\n[[row]]\nname = \"r1\"\nterms = { a = 1, b = 20, c = 3.5 }\nequal = 7\n"
      "[[row]]\nname = \"r2\"\nterms = { a = 2, c = -1 }\nlower = -5\nupper = 5\n[[row]]\nname = \"r3\"\n"
      "terms = { b = 1, c = 1 }\nlower = 0.5\n"};
  std::vector<Sample> all;
  for (const std::string& text : texts)
    all.push_back({written(folder + "/lp" + std::to_string(all.size()) + ".toml", text), ""});
  return all;
}

std::vector<Command> lp_commands(const std::string& path, const Sample&, Random&) {
  return {{"allocate", "--lp", path, "--json"}, {"allocate", "--lp", path}};
}

}  // namespace

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {{"feeder", feeders, mutate_stored, feeder_commands},
                                        {"results", results, mutate_stored, results_commands},
                                        {"study", studies, mutate_toml, study_commands},
                                        {"lp", linear_programs, mutate_toml, lp_commands},
                                        damaged_segments(),
                                        forged_segments()};
  return all;
}

}  // namespace gridqueue::fuzz

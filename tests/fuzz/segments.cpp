#include "tests/fuzz/segments.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "gridqueue/contracts.hpp"
#include "gridqueue/machine.hpp"
#include "host/answers/answer_store.hpp"
#include "host/answers/checked_quantities.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/study/references.hpp"
#include "tests/fuzz/mutate.hpp"

namespace gridqueue::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr int kAccepted = 98;  //!< no exit code of the program: nonsense was taken for answers

std::string study_text(const std::string& model) {
  return "[feeder]\nfile = \"" GRIDQUEUE_SOURCE_DIR
         "/data/radial.h5\"\n[queue]\nunits = [ { bus = \"bus_1113\", kw = 567 }, { bus = \"bus_1112\", kw = 400 }, "
         "{ bus = \"bus_26\", kw = 300 } ]\n[orders]\ncount = 8\n[model]\npower_flow = \"" +
         model + "\"\n";
}

//! All segments that two runs have written.
std::vector<Sample> segments(const std::string& folder) {
  std::vector<Sample> all;
  for (const std::string model : {"ac", "screened"}) {
    const std::string study = folder + "/" + model + ".toml", out = folder + "/" + model + ".h5";
    std::ofstream(study) << study_text(model);
    const Ending e = run_isolated({"run", study, "--out", out, "--threads", "1", "--keep-answers"}, folder);
    const auto files = AnswerFolder(out + ".d", "").segments();
    if (e.code != 0 || files.empty()) throw std::runtime_error("no sample: " + e.err);
    for (const std::string& file : files) all.push_back({file, study});
  }
  return all;
}

Segment segment_of(const std::string& file) {
  std::string why;
  auto segment = read_segment(file, why);
  if (!segment) fail_input("'{}' is no segment ({})", file, why);
  return std::move(*segment);
}

//! A copy where a run looks for answers; the name says what its bytes are, or were.
std::string placed(const std::string& path, bool renamed) {
  const fs::path folder = fs::path(path).parent_path() / "answers";
  fs::create_directories(folder / "run");
  std::ifstream in(path, std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
  const std::string name = renamed ? segment_name(0, bytes) : fs::path(path).filename().string();
  fs::copy_file(path, folder / "run" / name, fs::copy_options::overwrite_existing);
  return folder / "run" / name;
}

std::vector<Command> commands_of(const std::string& path, const Sample& sample, Random& random, const char* how) {
  const std::string file = placed(path, std::string(how) == "judge" || !random.once_in(3));
  std::vector<Command> all = {{how, file, sample.file, sample.study}};
  if (random.once_in(50))
    all.push_back({"run", sample.study, "--answers", fs::path(file).parent_path().parent_path().string(), "--out",
                   fs::path(path).parent_path().string() + "/r.h5", "--threads", "1", "--json"});
  return all;
}

bool same(const Segment& a, const Segment& b) {
  return a.terms == b.terms && a.key == b.key && a.offset == b.offset && a.bytes == b.bytes;
}

//! Answers that are found by the keys that were written, as a run would judge them.
std::size_t judge_all(const Segment& written, Segment read, const std::string& study_file) {
  const Study study = load_study(study_file);
  const Network network = read_feeder(study.feeder.path);
  EvaluatorOptions options = study_options(study, network);
  options.threads = 1;
  const auto ac = make_evaluator(network, options);
  const auto is_rows = [&](std::span<const std::uint8_t> answer) {
    try {
      return (void)ac->answer_source()->judge(answer), true;
    } catch (const Error&) {
      return false;
    }
  };
  const bool are_quantities = !is_rows(written.answer(0));
  AnswerBook book;
  book.receive(std::move(read));
  std::size_t found = 0;
  for (const StateKey& key : written.key)
    if (const auto answer = book.find(key)) {
      ++found;
      (void)(are_quantities ? checked_quantities(*answer, network) : ac->answer_source()->judge(*answer));
    }
  return found;
}

int read_or_judge(const Command& c) {
  if (c[0] == "run") return run_words(c);
  try {
    Segment read = segment_of(c[1]);
    const Segment written = segment_of(c[2]);
    if (c[0] == "read" && !same(read, written)) {
      fmt::print(stderr, "other answers were accepted\n");
      return kAccepted;
    }
    fmt::print("{} answers\n", judge_all(written, std::move(read), c[3]));
    return 0;
  } catch (const Error& e) {
    fmt::print(stderr, "gridqueue: {}\n", e.what());
    return static_cast<int>(e.code());
  }
}

std::uint64_t hostile(Random& random, std::uint64_t was) {
  switch (random.below(4)) {
    case 0: return was + 1;
    case 1: return was ^ std::uint64_t{1} << random.below(64);
    case 2: return 0;
    default: return random.bits();
  }
}

std::string forge_once(Segment& s, Random& random) {
  const auto any = [&](std::size_t size) { return random.below(std::max<std::size_t>(size, 1)); };
  switch (s.bytes.empty() ? 3 : random.below(6)) {
    case 0: {
      const std::size_t at = any(s.bytes.size()), size = std::size_t{1} << random.below(8);
      for (std::size_t i = at; i < std::min(s.bytes.size(), at + size); ++i)
        s.bytes[i] = static_cast<std::uint8_t>(random.once_in(2) ? 0xff : random.bits());
      return "noise in an answer";
    }
    case 1: s.bytes[any(s.bytes.size())] ^= static_cast<std::uint8_t>(1u << random.below(8)); return "a bit";
    case 2: {
      const std::size_t i = any(s.offset.size());
      s.offset[i] = hostile(random, s.offset[i]);
      return "an offset";
    }
    case 3: s.offset.assign(1 + random.below(3), hostile(random, 0)); return "few offsets";
    case 4: {
      const std::size_t cut = any(s.bytes.size());
      s.bytes.resize(cut);
      for (std::uint64_t& o : s.offset) o = std::min<std::uint64_t>(o, cut);
      return "cut off";
    }
    default: {
      StateKey& key = s.key[any(s.key.size())];
      key = random.once_in(2) ? s.key.front() : StateKey{hostile(random, key.low), hostile(random, key.high)};
      return "a key";
    }
  }
}

std::string forge(const std::string& path, Random& random) {
  Segment s = segment_of(path);
  const std::string what = once_or_twice(random, [&] { return forge_once(s, random); });
  const auto image = segment_image(s);
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size()));
  return what;
}

}  // namespace

Kind damaged_segments() {
  return {
      "segment", segments, mutate_stored,
      [](const auto& path, const auto& sample, Random& random) { return commands_of(path, sample, random, "read"); },
      read_or_judge};
}

Kind forged_segments() {
  return {
      "forged_segment", segments, forge,
      [](const auto& path, const auto& sample, Random& random) { return commands_of(path, sample, random, "judge"); },
      read_or_judge};
}

}  // namespace gridqueue::fuzz

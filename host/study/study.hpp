// A study as its file says it; experiments/radial_queue/study.toml names every key. Every default stands here (and in
// the types used here) and nowhere else.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "host/allocate/rules.hpp"
#include "host/outcome/kept.hpp"
#include "host/outcome/sample_statistics.hpp"
#include "host/policy/upgrade_policy.hpp"

namespace gridqueue {

//! Where in the study something was said, for messages: "study.toml:12: queue.units[3].bus".
struct Place {
  std::string file;
  std::string key;
  int line = 0;  //!< 1-based; 0 = the file does not say it
  [[nodiscard]] std::string text() const;
};

//! Something said in the study, with its place.
template <class T>
struct Said {
  T value{};
  Place place;
};

//! Throws Error(input) "place: problem".
[[noreturn]] void fail_at(const Place& place, const std::string& problem);

struct FeederChoice {
  Said<std::string> file;  //!< as written; `path` is where it was found
  std::string path;
  Said<std::string> monitors{"all", {}};         //!< "all" or a named list of the feeder; "list" where buses are named
  std::vector<Said<std::string>> monitor_buses;  //!< of "list"
};

struct UnitEntry {
  Said<std::string> bus;  //!< BUS or BUS.1.2; "" where coordinates say it
  Said<double> kw;        //!< [kW]
  Said<std::string> name{};
  std::optional<std::array<double, 2>> at{};  //!< [the feeder's own coordinates]
};

//! [queue.random]: units are drawn instead of listed.
struct RandomQueueEntry {
  Place place;
  SiteKind kind = SiteKind::three_phase;
  std::vector<Said<std::string>> buses;  //!< in its place: BUS or BUS.1.2
  Said<double> kw_min, kw_max;           //!< [kW]
  std::uint64_t seed = 1;
  std::optional<std::size_t> count;   //!< units to draw; none = until one does not fit ("trigger")
  std::optional<std::size_t> queues;  //!< draw so many queues, with orders of each; none = one queue
};

struct QueueEntry {
  Place place;
  std::vector<UnitEntry> units;
  std::optional<RandomQueueEntry> random;
  //! The order in which the units stand in the real queue: unit at each position. Empty = there is none.
  std::vector<std::size_t> actual;
};

enum class OrderMethod { random, given, all };  //!< all = every order at once, exactly

struct OrdersEntry {
  Place place;
  OrderMethod method = OrderMethod::random;
  std::uint64_t count = 10000;  //!< of `random` without `until`
  std::uint64_t seed = 1;
  Sampling sampling = Sampling::independent;
  std::optional<StoppingRule> until;
  std::vector<Said<std::vector<std::int64_t>>> given;
  std::uint64_t max_states = 20'000'000;  //!< of `all`: larger lattices are refused
};

struct OutputEntry {
  std::string file = "results.h5";
  HostingCapacityMode hosting_capacity = HostingCapacityMode::none;
  std::optional<Kept> keep;  //!< none = Study::keep()
};

//! [allocation]: rules that `run` works out after the walk.
struct AllocationEntry {
  std::vector<SharingRule> rules;  //!< empty = none asked for
};

struct Study {
  std::string path, text;  //!< the file, and what stands in it
  //! Tables that it names (queue.file, queue.bus_map), as it names them, and what stands in these.
  std::map<std::string, std::string> tables;
  FeederChoice feeder;
  QueueEntry queue;
  OrdersEntry orders;
  Limits limits;
  UpgradeRules upgrades;
  PowerFlow power_flow = PowerFlow::ac;
  std::uint64_t verify = 1000;  //!< states of a linear or screened run that are solved again in AC
  Precision precision = Precision::single;
  OutputEntry output;
  AllocationEntry allocation;
  //! Orders of many random queues instead of one queue.
  [[nodiscard]] bool many_queues() const { return queue.random && queue.random->queues; }
  //! As asked for, or else the most that there is.
  [[nodiscard]] Kept keep() const { return output.keep.value_or(most_kept()); }
  [[nodiscard]] Kept most_kept() const {
    return many_queues() ? Kept::summary : orders.method == OrderMethod::all ? Kept::states : Kept::orders;
  }
};

//! Reads and checks everything that can be known without the feeder; throws Error(input) that names the place.
Study load_study(const std::string& path);
//! The same of a study's text, whose feeder lies at `feeder_file`; `path` is for messages. `tables`: those that it
//! names; others are read from where they lie.
Study parse_study(const std::string& path, const std::string& text, const std::string& feeder_file,
                  const std::map<std::string, std::string>& tables = {});

}  // namespace gridqueue

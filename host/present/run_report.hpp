// What `gridqueue run` and `gridqueue show` print of a results file.
#pragma once
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "host/allocate/study_sharing.hpp"
#include "host/core/text.hpp"
#include "host/results/results_reader.hpp"

namespace gridqueue {

//! Of orders walked one by one.
struct RunReport {
  std::string file;
  ResultsInfo info;
  Summary summary;
  std::shared_ptr<const FileSharing> sharing;  //!< where [allocation] asks for it
  double order_gap_usd = 0;                    //!< largest_order_gap() of the walk
  [[nodiscard]] bool sampled() const { return info.provenance.order_method == "random"; }
  [[nodiscard]] OrderGap gap() const {
    const Spread& t = summary.total;
    return {sampled() ? OrderSource::random : OrderSource::given, t.min, t.mean.value, t.max, order_gap_usd};
  }
};

//! A set of lines that orders end with.
struct FinalSet {
  std::vector<std::string> lines;
  double cost_usd = 0, probability = 0;
};

//! Of method "all".
struct ExactReport {
  std::string file;
  ResultsInfo info;
  ExactDistribution exact;
  std::vector<FinalSet> final_sets;            //!< the most likely first
  std::shared_ptr<const FileSharing> sharing;  //!< where [allocation] asks for it
  OrderGap gap;
};
ExactReport exact_report(const ResultsReader& reader, std::shared_ptr<const FileSharing> sharing = {});

void print_json(const RunReport& report);
void print_table(const RunReport& report);
void print_json(const ExactReport& report);
void print_table(const ExactReport& report);

template <class Report>
void print(const Report& report, bool json) {
  if (json) print_json(report);
  else print_table(report);
}

// What both kinds share.
void print_effort(const ResultsInfo& info);  //!< power flows and times
nlohmann::ordered_json effort_json(const ResultsInfo& info);
void print_histogram(const std::vector<HistogramBin>& bins);
std::uint64_t evaluations_saved(const ResultsInfo& info);

}  // namespace gridqueue

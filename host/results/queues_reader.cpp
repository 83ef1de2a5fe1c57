#include "host/results/queues_reader.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/results/layout.hpp"

namespace gridqueue {

struct QueuesReader::Impl {
  h5::File file;
  QueuesInfo info;

  explicit Impl(const std::string& path) : file(open_results(path, layout::kQueuesFileType)) {
    info.run = read_run(file);
    info.queues = static_cast<std::uint64_t>(file.read_attribute<std::int64_t>("", "queues"));
    info.bus = file.read<std::string>("bus/name");
    info.element = file.read<std::string>("element/name");
    info.upgrade_usd = file.read<double>("element/upgrade_usd");
  }
};

namespace {

//! Rows of /queue.
class QueueRows {
 public:
  QueueRows(const h5::File& file, std::uint64_t first, std::uint64_t count)
      : file_(file), first_(first), queues_(count) {
    const auto units = rows<std::int32_t>("units");
    for (std::size_t k = 0; k < queues_.size(); ++k) queues_[k].units.resize(static_cast<std::size_t>(units[k]));
    of_units<std::int32_t>("bus", [](QueueUnit& u, std::int32_t x) { u.bus = BusId(x); });
    number("kw", &QueueUnit::kw);
    number("mean_usd", &QueueUnit::mean_usd);
    number("mean_se_usd", &QueueUnit::mean_se_usd);
    number("sd_usd", &QueueUnit::sd_usd);
    number("deviation_usd", &QueueUnit::deviation_usd);
    number("min_usd", &QueueUnit::min_usd);
    number("median_usd", &QueueUnit::median_usd);
    number("p95_usd", &QueueUnit::p95_usd);
    number("max_usd", &QueueUnit::max_usd);
    number("trigger_probability", &QueueUnit::trigger_probability);
    number("trigger_se_probability", &QueueUnit::trigger_se);
    number("reject_probability", &QueueUnit::reject_probability);
    total("total_mean_usd", &QueueTotal::mean_usd);
    total("total_mean_se_usd", &QueueTotal::mean_se_usd);
    total("total_sd_usd", &QueueTotal::sd_usd);
    total("total_min_usd", &QueueTotal::min_usd);
    total("total_max_usd", &QueueTotal::max_usd);
    order_gaps();
    lines();
    ends();
  }
  std::vector<QueueOutcome> take() { return std::move(queues_); }

 private:
  template <class T>
  [[nodiscard]] std::vector<T> rows(const std::string& column) const {
    return file_.read_rows<T>("queue/" + column, first_, queues_.size());
  }
  template <class T>
  void of_units(const char* column, auto set) {
    const auto values = rows<T>(column);
    const std::size_t width = queues_.empty() ? 0 : values.size() / queues_.size();
    for (std::size_t k = 0; k < queues_.size(); ++k)
      for (std::size_t u = 0; u < queues_[k].units.size(); ++u) set(queues_[k].units[u], values[k * width + u]);
  }
  void number(const char* column, double QueueUnit::*to) {
    of_units<double>(column, [to](QueueUnit& u, double x) { u.*to = x; });
  }
  void total(const char* column, double QueueTotal::*to) {
    const auto values = rows<double>(column);
    for (std::size_t k = 0; k < queues_.size(); ++k) queues_[k].total.*to = values[k];
  }
  //! A file of an older program knows the gap of all units only.
  void order_gaps() {
    if (file_.exists("queue/order_gap_usd")) return total("order_gap_usd", &QueueTotal::order_gap_usd);
    for (QueueOutcome& q : queues_) q.total.order_gap_usd = q.total.max_usd - q.total.min_usd;
  }
  void lines() {
    const auto offset = rows<std::int64_t>("line_offset"), evaluations = rows<std::int64_t>("evaluations");
    const auto count = rows<std::int32_t>("line_count");
    const auto probability = rows<double>("lines_probability");
    for (std::size_t k = 0; k < queues_.size(); ++k) {
      for (const auto line : file_.read_rows<std::int32_t>("queue/line", static_cast<std::size_t>(offset[k]),
                                                           static_cast<std::size_t>(count[k])))
        queues_[k].lines.emplace_back(line);
      queues_[k].lines_probability = probability[k];
      queues_[k].evaluations = static_cast<std::uint64_t>(evaluations[k]);
    }
  }

  //! Rows of /end stand in the queues' order.
  void ends() {
    const auto queue = file_.read<std::int64_t>("end/queue"), offset = file_.read<std::int64_t>("end/line_offset");
    const auto count = file_.read<std::int32_t>("end/line_count"), line = file_.read<std::int32_t>("end/line");
    const auto probability = file_.read<double>("end/probability");
    const auto in = file_.read<std::uint64_t>("end/in");
    const std::size_t words = file_.shape("end/in").at(1);
    const auto at = [&](std::uint64_t k) {
      return std::lower_bound(queue.begin(), queue.end(), static_cast<std::int64_t>(k)) - queue.begin();
    };
    for (std::size_t k = 0; k < queues_.size(); ++k)
      for (auto row = static_cast<std::size_t>(at(first_ + k));
           row < queue.size() && queue[row] == static_cast<std::int64_t>(first_ + k); ++row) {
        FinalState end{StateId(queues_[k].ends.size()), {}, UpgradeSetId(queues_[k].ends.size()), {}, probability[row]};
        std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(row * words), words, end.in.word.begin());
        const auto from = line.begin() + offset[row];
        for (auto entry = from; entry != from + count[row]; ++entry) end.lines.emplace_back(*entry);
        queues_[k].ends.push_back(std::move(end));
      }
  }

  const h5::File& file_;
  std::size_t first_;
  std::vector<QueueOutcome> queues_;
};

}  // namespace

QueuesReader::QueuesReader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
QueuesReader::~QueuesReader() = default;

const QueuesInfo& QueuesReader::info() const { return impl_->info; }

std::vector<QueueOutcome> QueuesReader::queues(std::uint64_t first, std::uint64_t count) const {
  const std::uint64_t there = impl_->info.run.committed;
  if (first + count > there)
    fail_input("no queue {} (the file has {} queues, counted from 0)", first + count - 1, there);
  return QueueRows(impl_->file, first, count).take();
}

}  // namespace gridqueue

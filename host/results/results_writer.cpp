#include "host/results/results_writer.hpp"

#include <optional>

#include "host/results/distribution.hpp"
#include "host/results/estimates.hpp"
#include "host/results/frame.hpp"
#include "host/results/order_tables.hpp"
#include "host/results/queue_tables.hpp"
#include "host/results/resume.hpp"

namespace gridqueue {
using namespace layout;

namespace {

constexpr std::size_t kBehindBytes = 128 << 20;  //!< rows that wait to be written

}  // namespace

struct ResultsWriter::Impl {
  h5::File file;
  QueueTables queues;
  std::optional<OrderTables> orders;  //!< where they are kept
  std::optional<ModelTables> model;   //!< of a linear model
  WriteBehind behind{kBehindBytes};   //!< alone touches the file until wait()
  RowSink sink{file, &behind};
  bool renewed = true;  //!< false: the file says of orders what more of them may change

  Impl(h5::File opened, std::size_t most_units) : file(std::move(opened)), queues(most_units) {}

  [[nodiscard]] RowCounts rows() const {
    RowCounts counts;
    queues.tell(counts);
    if (orders) orders->tell(counts);
    if (model) model->tell(counts);
    return counts;
  }
  //! Before more comes: takes away shares, and sums of orders that were not all there.
  void renew() {
    if (std::exchange(renewed, true)) return;
    file.remove("allocation");
    if (!orders) return;
    for (const char* group : {"distribution", "estimate"}) file.remove(group);
    RowCounts left;
    queues.tell(left);
    if (model) model->tell(left);
    for (auto& [table, count] : left) count = 0;
    orders->tell(left);
    write_committed_rows(file, left);  // first: a kill must not leave rows that are counted and cut
    file.flush();
    queues.cut(file, left);
    if (model) model->cut(file, left);
  }
  void commit(std::uint64_t evaluations, std::uint64_t requests, const RunSeconds& seconds) {
    const auto committed = static_cast<std::int64_t>(orders ? orders->orders() : queues.queues());
    behind.post(0, [=, this, rows = rows()] {
      file.flush();
      write_seconds(file, seconds);
      file.attribute<std::int64_t>("", "evaluations", static_cast<std::int64_t>(evaluations));
      file.attribute<std::int64_t>("", "evaluations_asked", static_cast<std::int64_t>(requests));
      write_committed_rows(file, rows);
      file.attribute<std::int64_t>("", "committed", committed);
      file.flush();
    });
  }
};

ResultsWriter::ResultsWriter(const std::string& path, const NewResults& about)
    : impl_(std::make_unique<Impl>(create_results_file(path), about.most_units)) {
  h5::File& file = impl_->file;
  write_frame(file, about);
  impl_->queues.create(file);
  if (about.kept) {
    impl_->orders.emplace(about.network, about.most_units);
    impl_->orders->create(file);
    describe_flags(file);
  }
  if (about.model) impl_->model.emplace().create(file, *about.model);
  impl_->commit(0, 0, {});
  wait();
}

ResultsWriter::ResultsWriter(const std::string& path, const Provenance& provenance, const Walker& walker)
    : ResultsWriter(path,
                    {provenance, walker.network(), walker.policy(), 1, walker.queue().units.size(), &walker.queue()}) {}

ResultsWriter::ResultsWriter(const std::string& path, const Network& network)
    : impl_(std::make_unique<Impl>(h5::File::open(path, true), 0)) {
  h5::File& file = impl_->file;
  const RowCounts rows = committed_rows(file);
  impl_->queues = QueueTables(most_units(file));
  if (file.exists("order")) impl_->orders.emplace(network, most_units(file));
  if (impl_->orders) impl_->orders->cut(file, rows);
  impl_->queues.cut(file, rows);
  if (file.exists("model")) impl_->model.emplace().cut(file, rows);
  impl_->renewed = false;
}

ResultsWriter::~ResultsWriter() = default;

void ResultsWriter::append(const Walker& walker, const Trajectories& orders, const RunSeconds& seconds) {
  impl_->renew();
  impl_->orders->append(impl_->sink, walker, orders);
  impl_->commit(walker.counters().evaluations, walker.counters().requests, seconds);
}

void ResultsWriter::learned(const Walker& walker, std::uint64_t requests, const RunSeconds& seconds) {
  impl_->renew();
  impl_->orders->append(impl_->sink, walker, {walker.queue().units.size(), {}});
  impl_->commit(walker.counters().evaluations, requests, seconds);
}

void ResultsWriter::append(std::span<const QueueOutcome> queues, const WalkCounters& spent, const RunSeconds& seconds) {
  impl_->renew();
  impl_->queues.append(impl_->sink, queues);
  impl_->commit(spent.evaluations, spent.requests, seconds);
}

void ResultsWriter::details(const QueueSums& sums) {
  wait();
  impl_->renew();
  write_distribution(impl_->file, sums.orders);
  if (sums.estimates) write_estimates(impl_->file, *sums.estimates);
}

void ResultsWriter::wait() { impl_->behind.wait(); }

void ResultsWriter::finish(const RunSeconds& seconds, bool complete) {
  wait();
  write_seconds(impl_->file, seconds);
  impl_->file.attribute<std::int64_t>("", "complete", complete);
  impl_->file.flush();
}

void ResultsWriter::model(const ModelReport& report) {
  impl_->renew();
  impl_->model->update(impl_->file, impl_->behind, report);
}

void ResultsWriter::half_width(double widest) {
  wait();
  impl_->file.attribute<double>("", "half_width", widest);
}

Trajectories ResultsWriter::trajectories(std::uint64_t first, std::uint64_t count) {
  wait();
  return read_trajectories(impl_->file, first, count);
}

std::uint64_t ResultsWriter::orders() const { return impl_->orders ? impl_->orders->orders() : 0; }
std::uint64_t ResultsWriter::queues() const { return impl_->orders && !impl_->renewed ? 0 : impl_->queues.queues(); }

}  // namespace gridqueue

#include "host/results/results_writer.hpp"

#include <optional>

#include "host/results/actual_tables.hpp"
#include "host/results/distribution.hpp"
#include "host/results/estimates.hpp"
#include "host/results/frame.hpp"
#include "host/results/order_tables.hpp"
#include "host/results/queue_tables.hpp"
#include "host/results/row_counts.hpp"

namespace gridqueue {
using namespace layout;

namespace {

constexpr std::size_t kBehindBytes = 128 << 20;  //!< rows that wait to be written

}  // namespace

struct ResultsWriter::Impl {
  h5::File file;
  QueueTables queues;
  std::optional<OrderTables> orders;  //!< of one queue
  std::optional<ModelTables> model;   //!< of a linear model
  WriteBehind behind{kBehindBytes};   //!< alone touches the file until it is waited for
  RowSink sink{file, &behind};

  Impl(h5::File opened, std::size_t most_units) : file(std::move(opened)), queues(most_units) {}

  [[nodiscard]] RowCounts rows() const {
    RowCounts counts;
    queues.tell(counts);
    if (orders) orders->tell(counts);
    if (model) model->tell(counts);
    return counts;
  }
};

ResultsWriter::ResultsWriter(const std::string& path, const NewResults& about)
    : impl_(std::make_unique<Impl>(h5::File::create(path), about.most_units)) {
  h5::File& file = impl_->file;
  write_frame(file, about);
  impl_->queues.create(file);
  if (about.queue) {
    impl_->orders.emplace(about.network, about.most_units, about.provenance.keep);
    impl_->orders->create(file);
    if (about.provenance.keep != Kept::summary) describe_flags(file);
  }
  if (about.model) impl_->model.emplace().create(file, *about.model);
}

ResultsWriter::ResultsWriter(const std::string& path, const Provenance& provenance, const Walker& walker)
    : ResultsWriter(path,
                    {provenance, walker.network(), walker.policy(), 1, walker.queue().units.size(), &walker.queue()}) {}

ResultsWriter::~ResultsWriter() = default;

void ResultsWriter::append(const Walker& walker, const Trajectories& orders) {
  impl_->orders->append(impl_->sink, walker, orders);
}

void ResultsWriter::learned(const Walker& walker) { append(walker, {walker.queue().units.size(), {}}); }

void ResultsWriter::append(std::span<const QueueOutcome> queues) { impl_->queues.append(impl_->sink, queues); }

void ResultsWriter::details(const QueueSums& sums) {
  impl_->behind.wait();
  write_distribution(impl_->file, sums.orders);
  if (sums.estimates) write_estimates(impl_->file, *sums.estimates);
}

void ResultsWriter::actual(const ActualOrder& order) {
  impl_->behind.wait();
  write_actual(impl_->file, order);
}

void ResultsWriter::final_sets(std::span<const Upgrades> sets) { impl_->orders->append_sets(impl_->sink, sets); }

void ResultsWriter::model(const ModelReport& report) { impl_->model->update(impl_->file, impl_->behind, report); }

void ResultsWriter::half_width(double widest) {
  impl_->behind.wait();
  impl_->file.attribute<double>("", "half_width", widest);
}

void ResultsWriter::unsolved(const std::string& state) {
  impl_->behind.wait();
  impl_->file.attribute<std::string>("", "unsolved", state);
}

void ResultsWriter::finish(const RunWork& work, bool complete) {
  impl_->behind.wait();
  h5::File& file = impl_->file;
  const auto number = [&](const char* name, std::uint64_t value) {
    file.attribute<std::int64_t>("", name, static_cast<std::int64_t>(value));
  };
  write_row_counts(file, impl_->rows());
  number("committed", impl_->orders ? impl_->orders->orders() : impl_->queues.queues());
  number("evaluations", work.evaluations);
  number("evaluations_asked", work.requests);
  write_seconds(file, work.seconds);
  number("complete", complete);
  file.close();
}

std::uint64_t ResultsWriter::queues() const { return impl_->queues.queues(); }

}  // namespace gridqueue

#include "host/results/queues_writer.hpp"

#include "host/results/frame.hpp"
#include "host/results/queues_columns.hpp"
#include "host/results/results_reader.hpp"
#include "host/results/resume.hpp"

namespace gridqueue {

using namespace layout;

struct QueuesWriter::Impl {
  h5::File file;
  std::size_t most_units = 0;
  std::size_t queues = 0, lines = 0, masses = 0, ends = 0, end_lines = 0;  //!< rows in the file
  std::int64_t evaluations = 0, requests = 0;

  void create_tables();
  void append_queues(std::span<const QueueOutcome> some);
  void append_masses(std::span<const QueueOutcome> some);
  void append_ends(std::span<const QueueOutcome> some);
  [[nodiscard]] std::size_t words() const { return (most_units + 63) / 64; }
  void commit(const RunSeconds& seconds);
  void cut();
};

void QueuesWriter::Impl::create_tables() {
  create_dimension(file, "queue", "queue", "queue, as drawn");
  write_dimension(file, "queue", "unit", most_units, "unit of the queue");
  Creator<QueueRow> queue_io(file, "queue", "queue");
  queue_columns(queue_io, most_units);
  create_dimension(file, "queue", "queue_line", "entry of the lists");
  Creator<std::int32_t>(file, "queue", "queue_line")
      .column({"line", "", "line, row of /element"}, [](const std::int32_t& line) { return line; });
  create_dimension(file, "mass", "mass", "a cost that a unit of a queue may pay");
  Creator<MassRow> mass_io(file, "mass", "mass");
  mass_columns(mass_io);
  create_dimension(file, "end", "end", "a state that orders of a queue end in");
  write_dimension(file, "end", "word", words(), "word of a set of units");
  Creator<EndRow> end_io(file, "end", "end");
  end_columns(end_io, words());
  create_dimension(file, "end", "end_line", "entry of the lists");
  Creator<std::int32_t>(file, "end", "end_line")
      .column({"line", "", "line, row of /element"}, [](const std::int32_t& line) { return line; });
}

void QueuesWriter::Impl::append_queues(std::span<const QueueOutcome> some) {
  std::vector<QueueRow> rows;
  std::vector<std::int32_t> entries;
  for (const QueueOutcome& q : some) {
    rows.push_back(
        {&q, {static_cast<std::int64_t>(lines + entries.size()), static_cast<std::int32_t>(q.lines.size())}});
    for (BusId line : q.lines) entries.push_back(line.value);
  }
  Appender<QueueRow> io(file, "queue", rows, 0);
  queue_columns(io, most_units);
  file.append<std::int32_t>("queue/line", entries);
  grow_dimension(file, "queue/queue_line", lines, lines + entries.size());
  grow_dimension(file, "queue/queue", queues, queues + rows.size());
  lines += entries.size();
}

void QueuesWriter::Impl::append_masses(std::span<const QueueOutcome> some) {
  std::vector<MassRow> rows;
  for (std::size_t k = 0; k < some.size(); ++k)
    for (std::size_t u = 0; u < some[k].units.size(); ++u)
      for (const auto& [usd, p] : some[k].units[u].distribution)
        rows.push_back({static_cast<std::int64_t>(queues + k), static_cast<std::int32_t>(u), usd, p});
  Appender<MassRow> io(file, "mass", rows, 0);
  mass_columns(io);
  grow_dimension(file, "mass/mass", masses, masses + rows.size());
  masses += rows.size();
}

void QueuesWriter::Impl::append_ends(std::span<const QueueOutcome> some) {
  std::vector<EndRow> rows;
  std::vector<std::int32_t> entries;
  for (std::size_t k = 0; k < some.size(); ++k)
    for (const FinalState& end : some[k].ends) {
      rows.push_back(
          {static_cast<std::int64_t>(queues + k),
           &end,
           {static_cast<std::int64_t>(end_lines + entries.size()), static_cast<std::int32_t>(end.lines.size())}});
      for (BusId line : end.lines) entries.push_back(line.value);
    }
  Appender<EndRow> io(file, "end", rows, 0);
  end_columns(io, words());
  file.append<std::int32_t>("end/line", entries);
  grow_dimension(file, "end/end_line", end_lines, end_lines + entries.size());
  grow_dimension(file, "end/end", ends, ends + rows.size());
  end_lines += entries.size();
  ends += rows.size();
}

void QueuesWriter::Impl::commit(const RunSeconds& seconds) {
  file.flush();
  write_seconds(file, seconds);
  file.attribute<std::int64_t>("", "evaluations", evaluations);
  file.attribute<std::int64_t>("", "evaluations_asked", requests);
  const auto rows = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  file.attribute<std::vector<std::int64_t>>("", "committed_rows",
                                            {rows(queues), rows(lines), rows(masses), rows(ends), rows(end_lines)});
  file.attribute<std::int64_t>("", "committed", rows(queues));
  file.flush();
}

//! Takes away what was written after the last commit.
void QueuesWriter::Impl::cut() {
  const auto rows = file.read_attribute<std::vector<std::int64_t>>("", "committed_rows");
  const auto size = [&](std::size_t i) { return static_cast<std::size_t>(rows.at(i)); };
  queues = size(0), lines = size(1), masses = size(2), ends = size(3), end_lines = size(4);
  most_units = file.shape("queue/unit").at(0);
  evaluations = file.read_attribute<std::int64_t>("", "evaluations");
  requests = file.read_attribute<std::int64_t>("", "evaluations_asked");
  struct Table {
    std::string name;
    std::size_t rows, entries;
  };
  for (const auto& [group, table_rows, entries] :
       {Table{"queue", queues, lines}, Table{"mass", masses, 0}, Table{"end", ends, end_lines}})
    for (const std::string& dataset : file.children(group)) {
      const std::string path = group + "/" + dataset;
      const bool entry = dataset == "line" || dataset == group + "_line";
      if (file.grows(path)) file.cut(path, entry ? entries : table_rows);
    }
}

QueuesWriter::QueuesWriter(const std::string& path, const Provenance& provenance, std::uint64_t queues,
                           std::size_t most_units, const Walker& places)
    : impl_(std::make_unique<Impl>(Impl{create_results_file(path), most_units})) {
  write_provenance(impl_->file, provenance, kQueuesFileType);
  impl_->file.attribute<std::int64_t>("", "queues", static_cast<std::int64_t>(queues));
  write_places(impl_->file, places);
  impl_->create_tables();
  impl_->commit({});
}

QueuesWriter::QueuesWriter(const std::string& path, const Provenance& provenance)
    : impl_(std::make_unique<Impl>(Impl{h5::File::open(path, true)})) {
  check_same_run(impl_->file, provenance);
  impl_->cut();
  forget_allocation(impl_->file);
}

QueuesWriter::~QueuesWriter() = default;

void QueuesWriter::append(std::span<const QueueOutcome> queues, const WalkCounters& spent, const RunSeconds& seconds) {
  impl_->append_queues(queues);
  impl_->append_masses(queues);
  impl_->append_ends(queues);
  impl_->queues += queues.size();
  impl_->evaluations += static_cast<std::int64_t>(spent.evaluations);
  impl_->requests += static_cast<std::int64_t>(spent.requests);
  impl_->commit(seconds);
}

void QueuesWriter::finish(const RunSeconds& seconds, bool complete) {
  write_seconds(impl_->file, seconds);
  impl_->file.attribute<std::int64_t>("", "complete", complete);
  impl_->file.flush();
}

void QueuesWriter::model(const ModelReport& report) { write_model(impl_->file, report); }

std::uint64_t QueuesWriter::committed() const { return impl_->queues; }

}  // namespace gridqueue

#include "host/results/queue_tables.hpp"

#include <algorithm>

#include "host/results/damage.hpp"
#include "host/results/queue_columns.hpp"

namespace gridqueue {

using namespace layout;

void QueueTables::create(h5::File& file) const {
  write_dimension(file, "queue", "unit", most_units_, "unit of the queue");
  queue_.create<QueueRow>(file, "queue of the study", [&](auto& io) { queue_columns(io, most_units_); });
  mass_.create<MassRow>(file, "a cost that a unit of a queue may pay", [](auto& io) { mass_columns(io); });
  total_.create<MassRow>(file, "a total that an order of a queue may cost", [](auto& io) { total_columns(io); });
  write_dimension(file, "end", "word", words(), "word of a set of units");
  end_.create<EndRow>(file, "a state that orders of a queue end in", [&](auto& io) { end_columns(io, words()); });
}

void QueueTables::append(const RowSink& sink, std::span<const QueueOutcome> queues) {
  append_masses(sink, queues);
  append_totals(sink, queues);
  append_ends(sink, queues);
  std::vector<QueueRow> rows;
  for (const QueueOutcome& q : queues) rows.push_back({&q, queue_.list(q.upgrades)});
  queue_.append(sink, rows, [&](auto& io) { queue_columns(io, most_units_); });
}

void QueueTables::append_masses(const RowSink& sink, std::span<const QueueOutcome> queues) {
  std::vector<MassRow> rows;
  for (std::size_t k = 0; k < queues.size(); ++k)
    for (std::size_t u = 0; u < queues[k].units.size(); ++u)
      for (const auto& [usd, p] : queues[k].units[u].distribution)
        rows.push_back({number(k), static_cast<std::int32_t>(u), usd, p});
  mass_.append(sink, rows, [](auto& io) { mass_columns(io); });
}

void QueueTables::append_totals(const RowSink& sink, std::span<const QueueOutcome> queues) {
  std::vector<MassRow> rows;
  for (std::size_t k = 0; k < queues.size(); ++k)
    for (const auto& [usd, p] : queues[k].total.distribution) rows.push_back({number(k), -1, usd, p});
  total_.append(sink, rows, [](auto& io) { total_columns(io); });
}

void QueueTables::append_ends(const RowSink& sink, std::span<const QueueOutcome> queues) {
  std::vector<EndRow> rows;
  for (std::size_t k = 0; k < queues.size(); ++k)
    for (const FinalState& end : queues[k].ends) rows.push_back({number(k), &end, end_.list(end.upgrades)});
  end_.append(sink, rows, [&](auto& io) { end_columns(io, words()); });
}

void QueueTables::tell(RowCounts& counts) const {
  for (const GrowingTable* t : {&queue_, &mass_, &total_, &end_}) t->tell(counts);
}

std::size_t most_units(const h5::File& file) { return file.shape("queue/unit").at(0); }

namespace {

class QueueRows {
 public:
  QueueRows(const h5::File& file, std::size_t first, std::size_t count)
      : file_(file), first_(first), most_units_(most_units(file)), elements_(file.shape("element/name").at(0)),
        queues_(count) {
    const auto units = rows<std::int32_t>("units");
    check_ids(file, "queue/units", units, std::min(most_units_, kMaxUnits) + 1);
    for (std::size_t k = 0; k < count; ++k) queues_[k].units.resize(static_cast<std::size_t>(units[k]));
    of_units<std::int32_t>("bus", [&](QueueUnit& u, std::int32_t x) {
      need(x >= 0 && static_cast<std::size_t>(x) < elements_, file_, "'queue/bus' names bus {}", x);
      u.site.bus = BusId(x);
    });
    of_units<std::uint8_t>("phases", [](QueueUnit& u, std::uint8_t x) { u.site.phases = x; });
    for (const Number<QueueUnit>& n : kUnitNumbers)
      of_units<double>(n.column.name, [&](QueueUnit& u, double x) {
        check_unit(n.column.name, x);
        u.*n.value = x;
      });
    for (const Number<QueueTotal>& n : kTotalNumbers)
      of_queues<double>(n.column.name, [&](QueueOutcome& q, double x) {
        check_number(file_, n.column.name, x, true);
        q.total.*n.value = x;
      });
    of_queues<std::int64_t>("orders",
                            [](QueueOutcome& q, std::int64_t x) { q.orders = static_cast<std::uint64_t>(x); });
    of_queues<std::int64_t>("evaluations_asked", [](QueueOutcome& q, std::int64_t x) {
      q.evaluations_asked = static_cast<std::uint64_t>(x);
    });
    of_queues<double>("lines_probability", [](QueueOutcome& q, double x) { q.upgrades_probability = x; });
    lines();
    ends();
  }
  void masses() {
    const auto unit = file_.read<std::int32_t>("mass/unit");
    check_size(file_, "mass/unit", unit.size(), file_.shape("mass/queue").at(0));
    each_row("mass", [&](QueueOutcome& q, std::size_t row, double usd, double p) {
      q.units.at(static_cast<std::size_t>(unit[row])).distribution.emplace_back(usd, p);
    });
    each_row("total",
             [](QueueOutcome& q, std::size_t, double usd, double p) { q.total.distribution.emplace_back(usd, p); });
    for (const QueueOutcome& q : queues_) {
      need(!q.total.distribution.empty(), file_, "no total of a queue in '/total'");
      for (const QueueUnit& u : q.units) need(!u.distribution.empty(), file_, "no cost of a unit in '/mass'");
    }
  }
  std::vector<QueueOutcome> take() { return std::move(queues_); }

 private:
  template <class T>
  [[nodiscard]] std::vector<T> rows(const std::string& column) const {
    return file_.read_rows<T>("queue/" + column, first_, queues_.size());
  }
  template <class T>
  void of_queues(const char* column, auto set) {
    const auto values = rows<T>(column);
    check_size(file_, column, values.size(), queues_.size());
    for (std::size_t k = 0; k < queues_.size(); ++k) set(queues_[k], values[k]);
  }
  template <class T>
  void of_units(const char* column, auto set) {
    const auto values = rows<T>(column);
    const std::size_t width = most_units_;
    check_size(file_, column, values.size(), queues_.size() * width);
    for (std::size_t k = 0; k < queues_.size(); ++k)
      for (std::size_t u = 0; u < queues_[k].units.size(); ++u) set(queues_[k].units[u], values[k * width + u]);
  }
  void lines() {
    const auto offset = rows<std::int64_t>("line_offset");
    const auto count = rows<std::int32_t>("line_count");
    const std::size_t entries = file_.shape("queue/line").at(0);
    for (std::size_t k = 0; k < queues_.size(); ++k) {
      check_list(file_, "queue", offset[k], count[k], entries);
      queues_[k].upgrades =
          known_entries("queue", static_cast<std::size_t>(offset[k]), static_cast<std::size_t>(count[k]));
    }
  }
  [[nodiscard]] Upgrades known_entries(const std::string& group, std::size_t first, std::size_t count) const {
    Upgrades all = read_entries(file_, group, first, count);
    for (const Upgrade& u : all) {
      need(u.element.valid() && u.element.index() < elements_, file_, "'{}/line' names element {} of {}", group,
           u.element.value, elements_);
      check_number(file_, group + "/usd", u.usd);
    }
    return all;
  }

  //! Calls visit(queue, row) for the rows of a table that stands in the queues' order.
  void rows_of(const std::string& table, auto visit) {
    const auto queue = file_.read<std::int64_t>(table + "/queue");
    auto row = std::lower_bound(queue.begin(), queue.end(), static_cast<std::int64_t>(first_)) - queue.begin();
    for (auto i = static_cast<std::size_t>(row); i < queue.size(); ++i) {
      const std::size_t k = static_cast<std::size_t>(queue[i]) - first_;
      if (k >= queues_.size()) break;
      visit(queues_[k], i);
    }
  }
  void each_row(const std::string& table, auto take) {
    const auto usd = file_.read<double>(table + "/usd"), probability = file_.read<double>(table + "/probability");
    const std::size_t all = file_.shape(table + "/queue").at(0);
    check_size(file_, table + "/usd", usd.size(), all),
        check_size(file_, table + "/probability", probability.size(), all);
    check_numbers(file_, table + "/usd", usd), check_probabilities(table, probability);
    rows_of(table, [&](QueueOutcome& q, std::size_t row) { take(q, row, usd[row], probability[row]); });
  }
  void ends() {
    const auto offset = file_.read<std::int64_t>("end/line_offset");
    const auto state = file_.read<std::int32_t>("end/state"), count = file_.read<std::int32_t>("end/line_count");
    const Upgrades entries = known_entries("end", 0, file_.shape("end/line").at(0));
    const auto probability = file_.read<double>("end/probability");
    const auto in = file_.read<std::uint64_t>("end/in");
    const std::size_t words = file_.shape("end/in").at(1), all = file_.shape("end/queue").at(0);
    need(words <= kMaxUnits / 64 && in.size() == all * words && offset.size() == all && state.size() == all &&
             count.size() == all && probability.size() == all,
         file_, "the columns of '/end' differ in length");
    check_probabilities("end", probability);
    for (std::size_t row = 0; row < all; ++row) check_list(file_, "end", offset[row], count[row], entries.size());
    rows_of("end", [&](QueueOutcome& q, std::size_t row) {
      FinalState end{StateId(state[row]), {}, {}, probability[row]};
      std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(row * words), words, end.in.word.begin());
      const auto from = entries.begin() + offset[row];
      end.upgrades.assign(from, from + count[row]);
      q.ends.push_back(std::move(end));
    });
  }

  void check_probabilities(const std::string& table, const std::vector<double>& values) const {
    for (const double p : values) need(p >= 0 && p <= 1 + 1e-9, file_, "'{}/probability' holds {}", table, p);
  }
  //! Standard errors are infinite, or no number, where there are too few orders.
  void check_unit(std::string_view column, double x) const {
    if (column.find("_se") != std::string_view::npos) {
      check_error(file_, column, x);
      return need(!(x < 0), file_, "'queue/{}' holds {}", column, x);
    }
    check_number(file_, column, x, column == "sd_usd");
    if (column.ends_with("_probability")) need(x >= 0 && x <= 1 + 1e-9, file_, "'queue/{}' holds {}", column, x);
  }

  const h5::File& file_;
  std::size_t first_, most_units_, elements_;
  std::vector<QueueOutcome> queues_;
};

}  // namespace

std::vector<QueueOutcome> read_queues(const h5::File& file, std::size_t first, std::size_t count, ReadMasses masses) {
  QueueRows rows(file, first, count);
  if (masses == ReadMasses::yes) rows.masses();
  return rows.take();
}

}  // namespace gridqueue

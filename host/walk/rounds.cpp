#include "host/walk/rounds.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "gridqueue/contracts.hpp"
#include "host/core/parallel.hpp"
#include "host/walk/consideration.hpp"
#include "host/walk/step_capacities.hpp"

namespace gridqueue {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

//! `seconds` of a batch, shared out by the evaluations asked for.
double share(double seconds, std::size_t some, std::size_t all) {
  return all ? seconds * static_cast<double>(some) / static_cast<double>(all) : 0;
}

//! For a loop over `items` of about a microsecond each: few are done before a team of threads has met at its barriers.
int threads_for(std::size_t items) {
  constexpr std::size_t kParallelItems = 8192;
  return items >= kParallelItems ? 0 : 1;
}

void join(StateBatch& all, const StateBatch& some) {
  const auto sets = static_cast<std::int32_t>(all.upgrade_sets.size());
  const std::uint32_t der = all.der_offset.back();
  all.upgrade_sets.insert(all.upgrade_sets.end(), some.upgrade_sets.begin(), some.upgrade_sets.end());
  all.der_site.insert(all.der_site.end(), some.der_site.begin(), some.der_site.end());
  all.der_kw.insert(all.der_kw.end(), some.der_kw.begin(), some.der_kw.end());
  for (std::size_t i = 0; i < some.size(); ++i) {
    all.der_offset.push_back(der + some.der_offset[i + 1]);
    all.upgrade_set.emplace_back(sets + some.upgrade_set[i].value);
  }
}

//! A walker and where it is on its course.
class Party {
 public:
  enum class Wants { to_go_on, evaluations, capacities, nothing };

  Party(Walker& walker, Course& course) : walker_(walker), course_(course) {}

  [[nodiscard]] Wants wants() const { return wants_; }
  [[nodiscard]] std::size_t attempts() const { return now_ ? now_->active() : 0; }
  [[nodiscard]] std::size_t missing_size() const { return wants_ == Wants::evaluations ? now_->missing().size() : 0; }
  [[nodiscard]] const StateBatch& missing() const { return now_->missing(); }
  [[nodiscard]] Walker& walker() { return walker_; }
  void learn(std::span<Quantities> answers, double seconds) {
    now_->learn(answers, seconds);
    wants_ = Wants::to_go_on;
  }
  void capacities_known() { wants_ = Wants::to_go_on; }

  //! As far as it can without an evaluation. `ahead`: lines of an upgrade walk to try beyond the next.
  void go_on(std::size_t ahead) {
    while (wants_ == Wants::to_go_on) {
      if (!now_) ask_course();
      else if (now_->active() == 0) end_question();
      else if (now_->ask(ahead); now_->missing().size() > 0) wants_ = Wants::evaluations;
      else now_->learn({}, 0);
    }
  }

 private:
  void ask_course() {
    const auto pairs = course_.next();
    if (pairs.empty()) wants_ = Wants::nothing;
    else now_ = std::make_unique<Walker::Consideration>(walker_, pairs);
  }
  void end_question() {
    course_.take(now_->steps());
    now_.reset();
    if (const std::size_t due = walker_.capacities_due();
        due > 0 && (course_.settled() || due >= walker_.evaluator().width()))
      wants_ = Wants::capacities;
  }

  Walker& walker_;
  Course& course_;
  std::unique_ptr<Walker::Consideration> now_;
  Wants wants_ = Wants::to_go_on;
};

class Rounds {
 public:
  explicit Rounds(Evaluator& evaluator) : evaluator_(evaluator) {}
  void add(Walker& walker, Course& course) { party_.push_back(std::make_unique<Party>(walker, course)); }
  [[nodiscard]] std::size_t size() const { return party_.size(); }
  [[nodiscard]] bool ended(std::size_t i) const { return party_[i]->wants() == Party::Wants::nothing; }
  void leave(std::size_t i) { party_.erase(party_.begin() + static_cast<std::ptrdiff_t>(i)); }

  //! Everyone goes on to its next evaluation or to its end; what is missing is evaluated.
  void round() {
    const std::size_t ahead = lines_ahead();
    do for_each_parallel(party_.size(), threads_for(items_), [&](std::size_t i) { party_[i]->go_on(ahead); });
    while (find_capacities());
    evaluate();
  }

 private:
  //! What the evaluator would else leave idle.
  [[nodiscard]] std::size_t lines_ahead() const {
    constexpr std::size_t kMost = 31;
    std::size_t attempts = 1;
    for (const auto& p : party_) attempts += p->attempts();
    return std::min(kMost, (evaluator_.width() - 1) / attempts);
  }

  void evaluate() {
    std::vector<std::size_t> first(1, 0);
    for (const auto& p : party_) first.push_back(first.back() + p->missing_size());
    if (first.back() == 0) return;
    StateBatch batch;
    batch.upgrade_sets.clear();
    for (const auto& p : party_)
      if (p->missing_size() > 0) join(batch, p->missing());
    const auto start = Clock::now();
    std::vector<Quantities> answers = evaluator_.evaluate(batch);
    const double seconds = since(start);
    items_ = answers.size();
    for_each_parallel(party_.size(), threads_for(items_), [&](std::size_t i) {
      const std::size_t size = first[i + 1] - first[i];
      if (size > 0) party_[i]->learn({answers.data() + first[i], size}, share(seconds, size, answers.size()));
    });
  }

  //! Of all who wait for them, in lock step; false where nobody does.
  bool find_capacities() {
    std::vector<HostingQuery> queries;
    std::vector<Upgrades> sets;
    std::vector<std::pair<Party*, Walker::Capacities>> waiting;
    for (const auto& p : party_)
      if (p->wants() == Party::Wants::capacities) waiting.emplace_back(p.get(), Walker::Capacities(p->walker()));
    if (waiting.empty()) return false;
    for (auto& [party, capacities] : waiting) capacities.ask(queries, sets);
    const auto start = Clock::now();
    const auto found = hosting_capacities(evaluator_, queries, sets, HostingSearchOptions());
    const double seconds = since(start);
    for (auto& [party, capacities] : waiting) {
      capacities.learn(found, share(seconds, capacities.size(), found.size()));
      party->capacities_known();
    }
    return true;
  }

  Evaluator& evaluator_;
  std::vector<std::unique_ptr<Party>> party_;
  std::size_t items_ = 0;  //!< answers of the last round
};

}  // namespace

void walk_courses(std::span<Walker* const> walkers, std::span<Course* const> courses) {
  GQ_EXPECT(!walkers.empty() && walkers.size() == courses.size());
  Rounds rounds(walkers.front()->evaluator());
  for (std::size_t w = 0; w < walkers.size(); ++w) rounds.add(*walkers[w], *courses[w]);
  while (rounds.size() > 0) {
    rounds.round();
    for (std::size_t i = rounds.size(); i-- > 0;)
      if (rounds.ended(i)) rounds.leave(i);
  }
}

void walk_tours(Evaluator& evaluator, const TourPlan& plan) {
  Rounds rounds(evaluator);
  std::vector<std::uint64_t> number;  // of the tours under way, rising
  std::vector<Tour> tour;
  std::uint64_t next = plan.first;
  while (next < plan.last || !tour.empty()) {
    const std::size_t before = tour.size();
    while (next < plan.last && tour.size() < plan.window) number.push_back(next++), tour.emplace_back();
    for_each_parallel(tour.size() - before, 0,
                      [&](std::size_t i) { tour[before + i] = plan.start(number[before + i]); });
    for (std::size_t i = before; i < tour.size(); ++i) rounds.add(*tour[i].walker, *tour[i].course);
    rounds.round();
    std::vector<std::size_t> gone;
    for (std::size_t i = tour.size(); i-- > 0;)
      if (rounds.ended(i)) gone.push_back(i);
    for_each_parallel(gone.size(), 0, [&](std::size_t i) { plan.finish(number[gone[i]], tour[gone[i]]); });
    for (const std::size_t i : gone) {
      rounds.leave(i);
      tour.erase(tour.begin() + static_cast<std::ptrdiff_t>(i));
      number.erase(number.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (plan.after_round) plan.after_round(number.empty() ? next : number.front());
  }
}

}  // namespace gridqueue

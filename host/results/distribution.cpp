#include "host/results/distribution.hpp"

#include "host/hdf5/h5.hpp"

namespace gridqueue {
namespace {

constexpr const char* kGroup = "/distribution/";

class Group {
 public:
  explicit Group(h5::File& file) : file_(file) {}

  //! A dimension that counts 0, 1, 2, ...
  void dimension(const std::string& name, std::size_t size) {
    std::vector<std::int32_t> count(size);
    for (std::size_t i = 0; i < size; ++i) count[i] = static_cast<std::int32_t>(i);
    file_.write(kGroup + name, count);
    file_.make_scale(kGroup + name, name);
  }
  template <class T>
  void put(const std::string& name, const std::vector<T>& values, const h5::Shape& shape, const std::vector<std::string>& dims,
           const std::string& units, const std::string& meaning) {
    file_.write<T>(kGroup + name, std::span<const T>(values), shape);
    for (std::size_t axis = 0; axis < dims.size(); ++axis) file_.attach_scale(kGroup + name, axis, kGroup + dims[axis]);
    file_.attribute<std::string>(kGroup + name, "units", units);
    file_.attribute<std::string>(kGroup + name, "long_name", meaning);
  }

 private:
  h5::File& file_;
};

void put_units(Group& g, const ExactDistribution& x) {
  const std::size_t n = x.units.size();
  std::vector<double> mean, sd, trigger, reject, by_position, trigger_by_position, after, usd, probability;
  std::vector<std::int64_t> owner;
  for (std::size_t i = 0; i < n; ++i) {
    const ExactUnit& u = x.units[i];
    mean.push_back(u.mean_usd);
    sd.push_back(u.sd_usd);
    trigger.push_back(u.trigger_probability);
    reject.push_back(u.reject_probability);
    by_position.insert(by_position.end(), u.mean_by_position.begin(), u.mean_by_position.end());
    trigger_by_position.insert(trigger_by_position.end(), u.trigger_by_position.begin(), u.trigger_by_position.end());
    after.insert(after.end(), u.mean_after.begin(), u.mean_after.end());
    for (const auto& [c, p] : u.distribution) owner.push_back(static_cast<std::int64_t>(i)), usd.push_back(c), probability.push_back(p);
  }
  g.dimension("unit", n);
  g.dimension("position", n);
  g.dimension("other_unit", n);
  g.dimension("mass", usd.size());
  g.put("mean_usd", mean, {n}, {"unit"}, "USD", "mean over all orders of what the unit pays: its Shapley value");
  g.put("sd_usd", sd, {n}, {"unit"}, "USD", "standard deviation over all orders");
  g.put("trigger_probability", trigger, {n}, {"unit"}, "1", "share of orders in which the unit violates a limit");
  g.put("reject_probability", reject, {n}, {"unit"}, "1", "share of orders in which the unit is rejected");
  g.put("mean_by_position", by_position, {n, n}, {"unit", "position"}, "USD", "mean cost given the position in the queue");
  g.put("trigger_by_position", trigger_by_position, {n, n}, {"unit", "position"}, "1", "probability of triggering given the position");
  g.put("mean_after", after, {n, n}, {"unit", "other_unit"}, "USD", "mean cost given that the other unit comes before");
  g.put("mass_unit", owner, {owner.size()}, {"mass"}, "1", "unit that this mass of probability belongs to");
  g.put("mass_usd", usd, {usd.size()}, {"mass"}, "USD", "a cost the unit may pay");
  g.put("mass_probability", probability, {probability.size()}, {"mass"}, "1", "its probability");
}

void put_ends(Group& g, const ExactDistribution& x) {
  std::vector<double> usd, probability, set_probability, rejected_probability;
  std::vector<std::int64_t> set;
  std::vector<std::uint64_t> rejected;
  for (const auto& [c, p] : x.total) usd.push_back(c), probability.push_back(p);
  for (const auto& [id, p] : x.upgrades) set.push_back(id.value), set_probability.push_back(p);
  for (const auto& [units, p] : x.rejected) {
    rejected.insert(rejected.end(), units.word.begin(), units.word.end());
    rejected_probability.push_back(p);
  }
  constexpr std::size_t kWords = kMaxUnits / 64;
  g.dimension("total", usd.size());
  g.dimension("number", x.triggers.size());
  g.dimension("final_set", set.size());
  g.dimension("rejection", rejected_probability.size());
  g.dimension("word", kWords);
  g.put("total_usd", usd, {usd.size()}, {"total"}, "USD", "a total the order may cost");
  g.put("total_probability", probability, {usd.size()}, {"total"}, "1", "its probability");
  g.put("triggers_probability", x.triggers, {x.triggers.size()}, {"number"}, "1", "probability of that many triggers in an order");
  g.put("final_upgrade_set", set, {set.size()}, {"final_set"}, "1", "row of /upgrade_set that an order may end with");
  g.put("final_probability", set_probability, {set.size()}, {"final_set"}, "1", "its probability");
  g.put("rejected_units", rejected, {rejected_probability.size(), kWords}, {"rejection", "word"}, "1", "bits of the units rejected in the end");
  g.put("rejected_probability", rejected_probability, {rejected_probability.size()}, {"rejection"}, "1", "its probability");
}

}  // namespace

void write_distribution(const std::string& path, const ExactDistribution& exact) {
  auto file = h5::File::open(path, true);
  Group group(file);
  put_units(group, exact);
  put_ends(group, exact);
  file.flush();
}

}  // namespace gridqueue

// Rows and records of units that stand on some phases of a bus. Host only.
#pragma once
#include <vector>

#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

//! Of the sites that an evaluator foresees, parts by bus, each once.
class PartRows {
 public:
  PartRows(const Network& network, const EvaluatorOptions& options);
  [[nodiscard]] bool empty() const { return parts_.empty(); }
  [[nodiscard]] std::int32_t total() const { return first_.back(); }
  [[nodiscard]] std::int32_t first(std::size_t bus) const { return first_[bus]; }
  [[nodiscard]] std::int32_t count(std::size_t bus) const { return first_[bus + 1] - first_[bus]; }
  //! Behind all loads. A site's rows lie where its parts do, counted from row `before`.
  template <class Real>
  void add_records(std::int32_t before, CompiledFeeder<Real>& feeder) const;

 private:
  const Network& net_;
  const EvaluatorOptions& options_;
  std::vector<std::pair<std::size_t, UnitPart>> parts_;  //!< ascending
  std::vector<std::int32_t> first_;                      //!< [buses + 1]
};

}  // namespace gridqueue

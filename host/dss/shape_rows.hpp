// Series over the day's steps as multiples of few shapes.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue {

//! The rows of Network::shapes, made as they are needed. Series that agree up to a factor (to 1e-9) share a row.
class ShapeRows {
 public:
  //! A row that a new series may follow: a named shape's samples; no values where it has none.
  using Candidate = std::function<Shape()>;
  struct Multiple {
    int row = 0;
    double at_one = 0;  //!< where the shape is 1
  };

  explicit ShapeRows(std::vector<Shape>& rows) : rows_(rows) {}
  //! `own` is what the element's own numbers say of it: kept to the last bit where the series means it, and what a
  //! shape without a name refers to.
  Multiple fit(const std::vector<double>& series, double own, const Candidate& named);

 private:
  int add(Shape shape);
  [[nodiscard]] int find(const std::vector<double>& series) const;

  std::vector<Shape>& rows_;
  std::multimap<double, int> by_mark_;  //!< rows by a number that shapes equal up to a factor have in common
};

}  // namespace gridqueue

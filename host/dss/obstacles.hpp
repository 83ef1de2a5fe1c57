// Everything in a model that cannot be represented, so that a user learns all of it at once.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

class Obstacles {
 public:
  //! `reason` holds no names: what is of one kind is told together.
  void add(const std::string& element, const std::string& reason);
  [[nodiscard]] bool empty() const { return groups_.empty(); }
  [[nodiscard]] std::size_t count() const;  //!< of elements, for each reason
  //! What goes wrong in `work` where there are obstacles may come of them: then it is not thrown.
  template <class Work>
  void told_first(const Work& work) const {
    try {
      work();
    } catch (const Error&) {
      if (empty()) throw;
    }
  }
  //! Throws Error(input) with every reason and the elements it holds for, if there is any.
  void refuse() const;

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> groups_;  //!< reason and elements, as they were met
};

}  // namespace gridqueue

// Everything in a model that cannot be represented, so that a user learns all of it at once.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace gridqueue {

class Obstacles {
 public:
  //! `reason` holds no names: what is of one kind is told together.
  void add(const std::string& element, const std::string& reason);
  [[nodiscard]] bool empty() const { return groups_.empty(); }
  //! Throws Error(input) with every reason and the elements it holds for, if there is any.
  void refuse() const;

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> groups_;  //!< reason and elements, as they were met
};

}  // namespace gridqueue

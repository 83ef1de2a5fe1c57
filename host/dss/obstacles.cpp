#include "host/dss/obstacles.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

constexpr std::size_t kNamed = 3;  //!< elements of a kind that are named

std::string some_of(const std::vector<std::string>& elements) {
  std::string text;
  const std::size_t named = std::min(elements.size(), kNamed);
  for (std::size_t i = 0; i < named; ++i) text += fmt::format("{}'{}'", i ? ", " : "", elements[i]);
  if (elements.size() > named) text += fmt::format(" and {} more", elements.size() - named);
  return text;
}

}  // namespace

void Obstacles::add(const std::string& element, const std::string& reason) {
  const auto same = [&](const auto& group) { return group.first == reason; };
  auto group = std::find_if(groups_.begin(), groups_.end(), same);
  if (group == groups_.end()) group = groups_.insert(group, {reason, {}});
  std::vector<std::string>& elements = group->second;
  if (std::find(elements.begin(), elements.end(), element) == elements.end()) elements.push_back(element);
}

std::size_t Obstacles::count() const {
  std::size_t elements = 0;
  for (const auto& group : groups_) elements += group.second.size();
  return elements;
}

void Obstacles::refuse() const {
  if (empty()) return;
  std::string text;
  for (const auto& [reason, elements] : groups_) text += fmt::format("\n  {}: {}", some_of(elements), reason);
  fail_input("the model holds what cannot be represented:{}", text);
}

}  // namespace gridqueue

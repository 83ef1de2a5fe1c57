// Names of buses as users know them.
#pragma once
#include <string>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue {

//! Of the model's buses: without inner ones.
std::vector<std::string> bus_names(const Network& network);

}  // namespace gridqueue

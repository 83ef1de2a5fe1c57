// Load and PV multipliers of the day's steps from OpenDSS load shapes.
#pragma once
#include <string>
#include <vector>

#include "host/dss/engine.hpp"

namespace gridqueue {

constexpr int kStepsOfDay = 288;
constexpr double kStepSeconds = 300;

//! Value of a load shape at the end of each step. OpenDSS takes the point round-half-even(hour / interval), counted
//! from one; 0 is the last point, and beyond the last it starts again. Shapes with times of their own are refused.
std::vector<double> day_of_shape(DssEngine& dss, const std::string& shape);

//! day_of_shape divided by the shape's largest value.
std::vector<double> day_of_pv(DssEngine& dss, const std::string& shape);

}  // namespace gridqueue

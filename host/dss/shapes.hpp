// Load shapes over the steps of a day, as OpenDSS samples them.
#pragma once
#include <string>
#include <vector>

#include "host/dss/day_choice.hpp"

namespace gridqueue {

//! Value of a load shape at the end of each step. OpenDSS takes the point round-half-even(hour / interval), counted
//! from one; 0 is the last point, and beyond the last it starts again. Empty where the shape is not of that kind: hours
//! of its own, kW instead of multipliers, or points that OpenDSS keeps in a file.
std::vector<double> day_of_shape(DssEngine& dss, const std::string& shape, const DayChoice& day);

//! Whether --pv-shape means a file.
bool is_shape_file(const std::string& shape);

//! What PV does: a LoadShape of the model or a file (.csv) of one number a line over a day or a year, divided by its
//! largest point within the days. "" = the LoadShape pcloud, or a made-up cloudy day where the model has none.
std::vector<double> day_of_pv(DssEngine& dss, const std::string& shape, const DayChoice& day);

//! The same, as the shape has it, at the end of each step.
std::vector<double> samples_of_pv(DssEngine& dss, const std::string& shape, const DayChoice& day);

}  // namespace gridqueue

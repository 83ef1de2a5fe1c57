// Which sets of lines are worth linearizing in a study, found by trial of its first orders in AC: a function of the
// study alone, so that every part of it, and a run that goes on, answers each state by the same model.
#pragma once
#include <memory>
#include <vector>

#include "host/linear/linear_evaluator.hpp"
#include "host/policy/policy.hpp"
#include "host/results/model_report.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

struct ModelForecast {
  LinearScope scope;
  std::vector<ForecastSet> sets;  //!< of the scope
};

//! States that orders beyond those tried are expected to come to (Chao et al., Ecol. Monogr. 2014, eq. 9): `once`,
//! `twice`: of the `seen` ones in one and in two of the `tried` orders.
double expected_states(double seen, double once, double twice, double tried, double all);

//! Of the study's queues; `ac` evaluates the trial.
ModelForecast forecast_model(Evaluator& ac, const Study& study, const std::vector<Queue>& queues,
                             const std::shared_ptr<const Policy>& policy);

}  // namespace gridqueue

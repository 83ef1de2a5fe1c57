// A study's names and numbers, looked up in the feeder. Each throws Error(input) that names the place in the study.
#pragma once
#include "host/queue/random_queue.hpp"
#include "host/study/study.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

MonitorSet study_monitors(const Study& study, const Network& network);

//! What the evaluator is built with, all sites of units included; threads and backend are the caller's.
EvaluatorOptions study_options(const Study& study, const Network& network);

//! The listed units. Only for studies without [queue.random].
Queue study_queue(const Study& study, const Network& network);

//! Sites that [queue.random] draws from. `left_out`: in words those of the kind at which no unit can stand.
std::vector<UnitSite> study_random_sites(const Study& study, const Network& network, std::string* left_out = nullptr);
//! What [queue.random] draws.
RandomQueueSpec study_random_queue(const Study& study, const Network& network);

//! How many orders the study asks for, at most.
std::uint64_t order_count(const Study& study);

//! The given orders, checked to be permutations of `num_units` units. Only for method "given".
Orders given_orders(const Study& study, std::size_t num_units);

//! A bus by name; `place` says where the name stands.
BusId need_bus(const Network& network, const Said<std::string>& name);
//! Where a unit can stand.
UnitSite need_site(const Network& network, const Said<std::string>& name);

}  // namespace gridqueue

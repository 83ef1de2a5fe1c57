// What two of the rules have to work out on the feeder, for many studies at once. Used by study_sharing.cpp only.
#pragma once
#include "host/allocate/study_sharing.hpp"

namespace gridqueue {

//! Hosting capacity where every accepted unit stands, no unit connected, without upgrades and with the most probable
//! final set of lines; sets hc0 and hc1. All searches of all studies advance in lock step, equal ones are made once.
void search_hosting(Evaluator& evaluator, const std::vector<StudyOrders>& studies, const SharingOptions& options,
                    std::vector<StudySharing>& sharing);

//! The linear programs of the most probable final states; sets induced_usd and balanced_usd. The bases of programs of
//! one size are inverted in one batch, on the evaluator's backend.
void solve_programs(Evaluator& evaluator, const std::vector<StudyOrders>& studies, std::vector<StudySharing>& sharing);

}  // namespace gridqueue

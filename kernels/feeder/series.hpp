// Lines in series between which nothing stands: a sweep takes them as one. Host only.
#pragma once
#include <vector>

#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

struct Series {
  std::vector<BusId> bus;  //!< child buses of its lines, from the top down; the last one is swept, the others are not
  std::vector<double> share;  //!< of each line in z and y
  NodeMatrix z{}, y{};        //!< [ohm], [S] at either end, of the joined line
};

//! Two lines and more each, of one kind (z and y are multiples of each other's), from bus to bus of the same phases,
//! where no load, shunt, control or site of the options is and no branch leaves. Empty without
//! EvaluatorOptions::only_sites. z y of each is at most `charging`: a joined line leaves z y / 3 of the drop along it
//! out, since its charging follows the voltages of its ends alone.
std::vector<Series> find_series(const Network& network, const EvaluatorOptions& options, double charging);
//! With a drop of 1 % along a joined line a tenth of the error that a converged solution may have.
template <class Real>
constexpr double kSeriesCharging = sizeof(Real) == 4 ? 3e-5 : 3e-8;

//! Makes the records of a sweep from those of all buses, which are complete but for the rows of children's currents.
//! Returns the place of each swept bus's parent, -1 = none.
template <class Real>
std::vector<std::int32_t> add_series(const Network& network, const std::vector<Series>& series,
                                     CompiledFeeder<Real>& feeder);

}  // namespace gridqueue

// Powers of a voltage as polynomials, because kernels know no pow().
#pragma once
#include <vector>

namespace gridqueue {

//! u^exponent for low <= u <= high (> 0) within a relative error: middle and 1 / half of the range, then coefficients
//! of x^0, x^1, ... with x = (u - middle) / half. Throws Error(input) where no polynomial of degree 30 is near enough.
std::vector<double> power_polynomial(double exponent, double low, double high, double error);

}  // namespace gridqueue

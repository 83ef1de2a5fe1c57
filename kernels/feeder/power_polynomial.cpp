#include "kernels/feeder/power_polynomial.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

constexpr int kMostDegree = 30;

//! Coefficients of Chebyshev polynomials that meet f at their nodes.
std::vector<double> interpolate(int degree, const auto& f) {
  const int n = degree + 1;
  std::vector<double> c(static_cast<std::size_t>(n), 0.0);
  for (int i = 0; i < n; ++i) {
    const double angle = M_PI * (i + 0.5) / n, y = f(std::cos(angle));
    for (int k = 0; k < n; ++k) c[static_cast<std::size_t>(k)] += (k == 0 ? 1 : 2) * y * std::cos(k * angle) / n;
  }
  return c;
}

//! Of x^0, x^1, ...: T_k = 2 x T_(k-1) - T_(k-2).
std::vector<double> to_powers(const std::vector<double>& chebyshev) {
  const std::size_t n = chebyshev.size();
  std::vector<double> sum(n, 0.0), before(n, 0.0), now(n, 0.0);
  now[0] = 1;
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) sum[i] += chebyshev[k] * now[i];
    std::vector<double> next(n, 0.0);
    for (std::size_t i = 0; i + 1 < n; ++i) next[i + 1] = (k == 0 ? 1 : 2) * now[i];
    if (k > 0)
      for (std::size_t i = 0; i < n; ++i) next[i] -= before[i];
    before = std::move(now), now = std::move(next);
  }
  return sum;
}

double value(const std::vector<double>& c, double x) {
  double y = 0;
  for (std::size_t k = c.size(); k-- > 0;) y = y * x + c[k];
  return y;
}

}  // namespace

std::vector<double> power_polynomial(double exponent, double low, double high, double error) {
  GQ_EXPECT(0 < low && low < high);
  const double middle = 0.5 * (low + high), half = 0.5 * (high - low);
  const auto f = [&](double x) { return std::pow(middle + half * x, exponent); };
  for (int degree = 0; degree <= kMostDegree; ++degree) {
    const std::vector<double> c = to_powers(interpolate(degree, f));
    double worst = 0;
    for (int i = 0; i <= 200; ++i) {
      const double x = -1 + 0.01 * i;
      worst = std::max(worst, std::abs(value(c, x) / f(x) - 1));
    }
    if (worst > error) continue;
    std::vector<double> fitted{middle, 1 / half};
    fitted.insert(fitted.end(), c.begin(), c.end());
    return fitted;
  }
  fail_input("no polynomial follows u^{:.3g} from {} to {} pu (the load's band of voltages is too wide)", exponent, low,
             high);
}

}  // namespace gridqueue

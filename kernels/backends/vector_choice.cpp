// The vectors the CPU computes with: those this build is compiled for or, in a portable build, the widest that the
// processor has.
#include "kernels/ac/cpu_evaluator.hpp"
#include "kernels/linear/base_voltages.hpp"
#include "kernels/linear/linear_launcher.hpp"
#if defined(GRIDQUEUE_PORTABLE)
#include "kernels/lane/portable.hpp"
#endif

namespace gridqueue {
namespace {

//! make.operator()<Vectors>()
template <class Make>
auto with_vectors(const Make& make) {
#if defined(GRIDQUEUE_PORTABLE)
  if (!has_x86_64_v4()) return make.template operator()<portable_v3::Vectors>();
  return make.template operator()<portable_v4::Vectors>();
#else
  return make.template operator()<Vectors>();
#endif
}

}  // namespace

template <class Real>
std::unique_ptr<Evaluator> make_cpu_evaluator(const Network& network, const EvaluatorOptions& options) {
  return with_vectors([&]<class V>() { return make_vector_evaluator<V, Real>(network, options); });
}
template std::unique_ptr<Evaluator> make_cpu_evaluator<float>(const Network&, const EvaluatorOptions&);
template std::unique_ptr<Evaluator> make_cpu_evaluator<double>(const Network&, const EvaluatorOptions&);

template <class Real>
std::unique_ptr<LinearLauncher<Real>> make_cpu_linear_launcher(const CompiledFeeder<Real>& feeder,
                                                               const Network& network, const LinearRules& rules,
                                                               int threads) {
  return with_vectors([&]<class V>() { return make_vector_linear_launcher<V, Real>(feeder, network, rules, threads); });
}
template std::unique_ptr<LinearLauncher<float>> make_cpu_linear_launcher(const CompiledFeeder<float>&, const Network&,
                                                                         const LinearRules&, int);
template std::unique_ptr<LinearLauncher<double>> make_cpu_linear_launcher(const CompiledFeeder<double>&, const Network&,
                                                                          const LinearRules&, int);

std::vector<BasePoint> base_points(const CompiledFeeder<double>& feeder, const Network& network, double upgrade_factor,
                                   const std::vector<Upgrades>& upgrade_sets, const std::vector<double>& levels) {
  return with_vectors(
      [&]<class V>() { return vector_base_points<V>(feeder, network, upgrade_factor, upgrade_sets, levels); });
}

}  // namespace gridqueue

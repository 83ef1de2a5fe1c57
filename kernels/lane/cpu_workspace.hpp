// Aligned memory for the rows of one vector of evaluations. Host only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace gridqueue {

template <class Lane>
struct AlignedDelete {
  void operator()(Lane* p) const { ::operator delete[](p, std::align_val_t(alignof(Lane))); }
};
template <class Lane>
using Workspace = std::unique_ptr<Lane[], AlignedDelete<Lane>>;

template <class Lane>
Workspace<Lane> make_workspace(std::int32_t rows) {
  return Workspace<Lane>(new (std::align_val_t(alignof(Lane))) Lane[static_cast<std::size_t>(rows)]);
}

}  // namespace gridqueue

#include "host/dss/padded_heap.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace gridqueue {
namespace {

constexpr std::size_t kPad = 64;
void* padded_malloc(std::size_t size) { return std::malloc(size + kPad); }
void* padded_calloc(std::size_t count, std::size_t size) { return std::calloc(1, count * size + kPad); }
void* padded_realloc(void* block, std::size_t size) { return std::realloc(block, size + kPad); }

void* replacement(const char* symbol) {
  if (std::strcmp(symbol, "malloc") == 0) return reinterpret_cast<void*>(&padded_malloc);
  if (std::strcmp(symbol, "calloc") == 0) return reinterpret_cast<void*>(&padded_calloc);
  if (std::strcmp(symbol, "realloc") == 0) return reinterpret_cast<void*>(&padded_realloc);
  return nullptr;
}

//! The dynamic section's tables of an object in memory.
struct Tables {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const ElfW(Rela) * relocations[2] = {nullptr, nullptr};
  std::size_t sizes[2] = {0, 0};
};

Tables tables_of(const link_map& map) {
  Tables t;
  for (const ElfW(Dyn)* d = map.l_ld; d->d_tag != DT_NULL; ++d) {
    if (d->d_tag == DT_SYMTAB) t.symbols = reinterpret_cast<const ElfW(Sym)*>(d->d_un.d_ptr);
    if (d->d_tag == DT_STRTAB) t.names = reinterpret_cast<const char*>(d->d_un.d_ptr);
    if (d->d_tag == DT_JMPREL) t.relocations[0] = reinterpret_cast<const ElfW(Rela)*>(d->d_un.d_ptr);
    if (d->d_tag == DT_PLTRELSZ) t.sizes[0] = d->d_un.d_val;
    if (d->d_tag == DT_RELA) t.relocations[1] = reinterpret_cast<const ElfW(Rela)*>(d->d_un.d_ptr);
    if (d->d_tag == DT_RELASZ) t.sizes[1] = d->d_un.d_val;
  }
  return t;
}

void redirect(std::uintptr_t slot, void* target) {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  void* start = reinterpret_cast<void*>(slot & ~(page - 1));
  if (mprotect(start, 2 * page, PROT_READ | PROT_WRITE) != 0) mprotect(start, page, PROT_READ | PROT_WRITE);
  *reinterpret_cast<void**>(slot) = target;
}

}  // namespace

void pad_allocations(void* handle) {
  link_map* map = nullptr;
  if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || !map) return;
  const Tables t = tables_of(*map);
  if (!t.symbols || !t.names) return;
  for (int k = 0; k < 2; ++k)
    for (std::size_t i = 0; i < t.sizes[k] / sizeof(ElfW(Rela)); ++i) {
      const ElfW(Rela)& r = t.relocations[k][i];
      const char* name = t.names + t.symbols[ELF64_R_SYM(r.r_info)].st_name;
      if (void* target = replacement(name)) redirect(map->l_addr + r.r_offset, target);
    }
}

}  // namespace gridqueue

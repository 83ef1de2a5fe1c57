#include "host/dss/clear_heap.hpp"

#if defined(__linux__) && defined(__LP64__)
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace gridqueue {
namespace {

constexpr std::size_t kPadding = 64;  //!< [bytes]; 12 are needed

void* padded_malloc(std::size_t size) { return std::calloc(1, size + kPadding); }
void* padded_realloc(void* block, std::size_t size) {
  const std::size_t before = block ? ::malloc_usable_size(block) : 0;
  auto* const grown = static_cast<char*>(std::realloc(block, size + kPadding));
  if (grown && size + kPadding > before) std::memset(grown + before, 0, size + kPadding - before);
  return grown;
}
void* padded_calloc(std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  return std::calloc(1, bytes + kPadding);
}

void* replacement_of(const char* symbol) {
  if (std::strcmp(symbol, "malloc") == 0) return reinterpret_cast<void*>(&padded_malloc);
  if (std::strcmp(symbol, "calloc") == 0) return reinterpret_cast<void*>(&padded_calloc);
  if (std::strcmp(symbol, "realloc") == 0) return reinterpret_cast<void*>(&padded_realloc);
  return nullptr;
}

//! The parts of a loaded library's dynamic section that lead to its imported functions.
struct Imports {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const ElfW(Rela) * jumps = nullptr;  //!< one per function imported through the procedure linkage table
  std::size_t num_jumps = 0;
};

template <class T>
const T* at(ElfW(Addr) address) {
  return reinterpret_cast<const T*>(address);  // glibc has already added the load address
}

Imports imports_of(const link_map& library) {
  Imports found;
  for (const ElfW(Dyn)* entry = library.l_ld; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_SYMTAB) found.symbols = at<ElfW(Sym)>(entry->d_un.d_ptr);
    if (entry->d_tag == DT_STRTAB) found.names = at<char>(entry->d_un.d_ptr);
    if (entry->d_tag == DT_JMPREL) found.jumps = at<ElfW(Rela)>(entry->d_un.d_ptr);
    if (entry->d_tag == DT_PLTRELSZ) found.num_jumps = entry->d_un.d_val / sizeof(ElfW(Rela));
  }
  return found;
}

void overwrite(void** slot, void* value) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  void* start = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(slot) / page * page);
  // Left writable: a slot may share its page with the library's own variables.
  if (::mprotect(start, page, PROT_READ | PROT_WRITE) == 0) *slot = value;
}

}  // namespace

void clear_heap_of(void* handle) {
  link_map* library = nullptr;
  if (::dlinfo(handle, RTLD_DI_LINKMAP, &library) != 0 || !library) return;
  const Imports imports = imports_of(*library);
  if (!imports.symbols || !imports.names || !imports.jumps) return;
  for (std::size_t i = 0; i < imports.num_jumps; ++i) {
    const ElfW(Rela)& jump = imports.jumps[i];
    const ElfW(Sym)& symbol = imports.symbols[ELF64_R_SYM(jump.r_info)];
    if (void* padded = replacement_of(imports.names + symbol.st_name))
      overwrite(reinterpret_cast<void**>(library->l_addr + jump.r_offset), padded);
  }
}

}  // namespace gridqueue
#else
namespace gridqueue {
void clear_heap_of(void*) {}
}  // namespace gridqueue
#endif

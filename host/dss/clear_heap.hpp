// A heap on which OpenDSS does not depend on what lay there before.
#pragma once

namespace gridqueue {

//! OpenDSS 0.14 writes six states into an array of three when a Fuse is given `action=close` (fuse.pas, DoAction): 12
//! bytes past the end, onto the bookkeeping of the next block of the heap. Whether the process then aborts depends on
//! what lies there, that is, on which libraries our program is linked with. This makes every block that the library
//! `handle` (of dlopen) allocates from now on a little longer, and empty: a load that is open has currents that nobody
//! sets, which would spoil the solution where they are not 0. It replaces malloc, calloc and realloc in the library's
//! own import table; nothing outside that library changes. Does nothing where the platform's library format is not ELF.
void clear_heap_of(void* handle);

}  // namespace gridqueue

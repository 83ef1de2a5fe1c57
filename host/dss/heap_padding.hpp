// Room for a write past the end of an array in OpenDSS.
#pragma once

namespace gridqueue {

//! OpenDSS 0.14 writes six states into an array of three when a Fuse is given `action=close` (fuse.pas, DoAction): 12
//! bytes past the end, onto the bookkeeping of the next block of the heap. Whether the process then aborts depends on
//! what lies there, that is, on which libraries our program is linked with. This makes every block that the library
//! `handle` (of dlopen) allocates from now on a little longer, by replacing malloc, calloc and realloc in its own
//! import table; nothing outside that library changes. Does nothing where the platform's library format is not ELF.
void pad_heap_of(void* handle);

}  // namespace gridqueue

// Room behind every block that a loaded library allocates.
#pragma once

namespace gridqueue {

//! DSS C-API 0.14.5 writes past the end of a fuse's state array (TFuseObj.DoAction), which breaks the heap of a
//! program that goes on: `handle` (from dlopen) gets 64 bytes more than it asks for each time.
void pad_allocations(void* handle);

}  // namespace gridqueue

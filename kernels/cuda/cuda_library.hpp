// Libraries of the CUDA toolkit, loaded when first used: linked, they would add 0.13 s and 260 MB to every start of the
// program.
#pragma once

namespace gridqueue {

//! Address of a function; throws Error(unavailable) where the library or the function is not here.
void* cublas_function(const char* name);
void* cusolver_function(const char* name);
void* cusparse_function(const char* name);

}  // namespace gridqueue

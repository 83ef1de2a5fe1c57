// Damaged files: what HDF5 does not say of its own accord. Included by the files of this folder only.
#pragma once
#include <hdf5.h>

#include <cstddef>
#include <mutex>
#include <string>

namespace gridqueue::h5 {

//! HDF5 is not built for several threads everywhere: whoever calls it holds this.
class Lock {
 public:
  Lock() : guard_(mutex()) {
    // at the program's end nothing is closed behind our back: after a failed write that would crash
    static const bool at_exit = H5dont_atexit() >= 0;
    thread_local const bool quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;  // errors are ours to tell
    (void)at_exit, (void)quiet;
  }

 private:
  static std::recursive_mutex& mutex() {
    static std::recursive_mutex one;
    return one;
  }
  std::lock_guard<std::recursive_mutex> guard_;
};

//! While one lives, this thread is in the HDF5 library on behalf of the file. Some damaged files make the library crash
//! or run in a circle (1.10 trusts sizes and addresses that it reads): then the program says so and ends as it does for
//! other bad input. A call may take some seconds of this thread's processor time, and more where it moves many bytes.
class LibraryCall {
 public:
  //! `own`: this program writes the file, whose calls may take as long as they do.
  LibraryCall(const std::string& path, bool own, std::size_t bytes = 0);
  LibraryCall(const LibraryCall&) = delete;
  LibraryCall& operator=(const LibraryCall&) = delete;
  ~LibraryCall();

 private:
  Lock lock_;
  const char* outer_;
};

//! What stands in memory, as far as it matters here.
enum class Kind { integer, number, text, complex };  //!< `number` may be stored as an integer

//! Refuses a dataset of another kind than wanted, and one whose size in memory is out of all proportion to what the
//! file stores of it. `what`: "'dataset' of 'file'".
void check_dataset(hid_t dataset, hid_t file, Kind wanted, const std::string& what);
void check_attribute(hid_t attribute, Kind wanted, const std::string& what);

//! Room for texts that are read: none of them is longer than the file that it lies in.
class TextRoom {
 public:
  explicit TextRoom(hid_t file);
  [[nodiscard]] hid_t transfer() const { return transfer_; }  //!< properties
  TextRoom(const TextRoom&) = delete;
  TextRoom& operator=(const TextRoom&) = delete;
  ~TextRoom() { H5Pclose(transfer_); }

 private:
  static void* give(std::size_t size, void* room);
  static void take(void* text, void*);
  hsize_t most_ = 0;
  hid_t transfer_;
};

//! Properties of a transfer in which a number that does not fit the type asked for is an error.
hid_t exact_transfer();

}  // namespace gridqueue::h5

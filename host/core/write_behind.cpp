#include "host/core/write_behind.hpp"

#include <utility>

namespace gridqueue {

WriteBehind::~WriteBehind() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  posted_.notify_one();
  thread_.join();
}

void WriteBehind::rethrow() {
  if (failure_) std::rethrow_exception(failure_);
}

void WriteBehind::post(std::size_t bytes, Job job) {
  {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return jobs_.empty() || bytes_ + bytes <= max_bytes_ || failure_; });
    rethrow();
    jobs_.push_back({bytes, std::move(job)});
    bytes_ += bytes;
  }
  posted_.notify_one();
}

void WriteBehind::wait() {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return jobs_.empty() && !busy_; });
  rethrow();
}

void WriteBehind::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    posted_.wait(lock, [&] { return closed_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Entry entry = std::move(jobs_.front());
    jobs_.pop_front();
    busy_ = true;
    const bool skip = failure_ != nullptr;
    lock.unlock();
    std::exception_ptr failure;
    try {
      if (!skip) entry.job();
    } catch (...) {
      failure = std::current_exception();
    }
    entry.job = nullptr;  // its memory goes before its bytes are given back
    lock.lock();
    busy_ = false;
    bytes_ -= entry.bytes;
    if (failure) failure_ = failure;
    done_.notify_all();
  }
}

}  // namespace gridqueue

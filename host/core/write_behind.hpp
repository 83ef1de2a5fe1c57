// A thread that writes while its owner goes on: jobs run one by one, in the order in which they came.
#pragma once
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace gridqueue {

class WriteBehind {
 public:
  using Job = std::function<void()>;

  explicit WriteBehind(std::size_t max_bytes) : max_bytes_(max_bytes), thread_([this] { run(); }) {}
  WriteBehind(const WriteBehind&) = delete;
  WriteBehind& operator=(const WriteBehind&) = delete;
  ~WriteBehind();  //!< ends what was posted

  //! Waits while the jobs that wait hold more than max_bytes. Throws what an earlier job threw; none runs after it.
  void post(std::size_t bytes, Job job);
  void wait();  //!< until every job is done; throws what one threw

 private:
  struct Entry {
    std::size_t bytes;
    Job job;
  };
  void run();
  void rethrow();

  std::size_t max_bytes_, bytes_ = 0;
  bool busy_ = false, closed_ = false;
  std::deque<Entry> jobs_;
  std::exception_ptr failure_;
  std::mutex mutex_;
  std::condition_variable posted_, done_;
  std::thread thread_;
};

}  // namespace gridqueue

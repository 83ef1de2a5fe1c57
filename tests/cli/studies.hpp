// Studies of queues drawn on the radial feeder, that runs in parts, by ranks and with faults have in common.
#pragma once
#include <ostream>
#include <string>
#include <vector>

namespace gridqueue::test {

struct StudyCase {
  const char* name;
  const char* queue;   //!< keys of [queue.random]
  const char* orders;  //!< keys of [orders]
  const char* more = "";
  const char* model = "ac";
};
inline void PrintTo(const StudyCase& c, std::ostream* out) { *out << c.name; }

inline std::string study_text(const StudyCase& c) {
  // few are verified: the first rank does that alone
  const std::string verify = std::string(c.model) == "ac" ? "" : "verify = 20\n";
  return "[feeder]\nfile = \"data/radial.h5\"\n[model]\n" + verify + "power_flow = \"" + c.model +
         "\"\n[queue.random]\nkw_min = 50\nkw_max = 800\nseed = 3\n" + c.queue + "\n[orders]\n" + c.orders + "\n" +
         c.more;
}

//! One queue and many, sampled and all orders.
inline const std::vector<StudyCase>& plain_studies() {
  static const std::vector<StudyCase> all = {{"one_queue_sampled", "count = 12", "count = 600\nantithetic = true"},
                                             {"one_queue_all_orders", "count = 9", "method = \"all\""},
                                             {"many_queues_sampled", "count = 6\nqueues = 100", "count = 40"},
                                             {"many_queues_all_orders", "count = 5\nqueues = 100", "method = \"all\""}};
  return all;
}

}  // namespace gridqueue::test

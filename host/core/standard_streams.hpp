// Descriptors 0 to 2, and what becomes of what is printed.
#pragma once
#include <string>

namespace gridqueue {

//! First thing in main: where a descriptor is closed, /dev/null takes its place, so that no file that is opened later
//! gets its number and what is printed; a reader that goes away is an error of writing, no signal.
void open_standard_streams();

//! On stderr; whether anyone can read it changes nothing.
void say(const std::string& text);

enum class Printed {
  whole,       //!< all of stdout went where it belongs
  unwanted,    //!< nobody reads on (a closed pipe)
  not_written  //!< no space, an I/O error
};
//! Writes what stdout still holds back.
Printed finish_stdout();

}  // namespace gridqueue

// A table in a text file, separated by commas, semicolons or tabs (RFC 4180 quotes), as spreadsheets write it.
#pragma once
#include <string>
#include <vector>

namespace gridqueue {

struct CsvRow {
  int line = 0;  //!< 1-based, where it begins
  std::vector<std::string> cell;
};

struct CsvTable {
  std::string path;
  std::vector<std::string> column;  //!< names of the first row, blanks around them taken away
  std::vector<CsvRow> row;          //!< of as many cells; blank rows are left out
};

//! What separates cells is what the first row has most of. Throws Error(input) with the line: a quote that is left
//! open or stands in the middle of a cell, a row of another length, no row at all. `path` is for messages.
CsvTable parse_csv(const std::string& text, const std::string& path);

}  // namespace gridqueue

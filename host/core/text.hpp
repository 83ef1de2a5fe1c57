// Numbers and tables as people read them.
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

namespace gridqueue {

//! Whole dollars in groups of three digits, for columns and ranges that name the dollar themselves: "1,293,600"; "?"
//! for what is no number.
std::string usd_text(double usd);
//! Money in a sentence: "1,293,600 $".
std::string money_text(double usd);

//! In small letters: ASCII, and the accented letters of western Europe in UTF-8.
std::string lower_case(std::string text);

//! Columns as wide as what stands in them; the first one is left-aligned, the others right-aligned.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> head) : rows_{std::move(head)} {}
  //! As many cells as the head has, or fewer.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace gridqueue

// queue.file: a queue as utilities keep it, a row per project.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "host/study/csv_table.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

//! What a queue's table may say of a project; the names are those of [queue.columns] and, where nothing is said there,
//! of the columns.
enum class QueueColumn { name, bus, x, y, kw, position, date, status, technology };
inline constexpr const char* kQueueColumns[] = {"name",     "bus",  "x",      "y",         "kw",
                                                "position", "date", "status", "technology"};

//! Names of columns that a study gives, by QueueColumn's name.
using ColumnNames = std::map<std::string, Said<std::string>>;

struct QueueFile {
  std::vector<UnitEntry> units;      //!< in the file's order, withdrawn ones left out
  std::vector<std::size_t> actual;   //!< unit at each position: by position, else by date, else as they stand
  std::vector<int> withdrawn_lines;  //!< of rows that were left out
};

//! Reads a table. `withdrawn`: words of the column `status`, small letters, whose rows are left out. Throws one
//! Error(input) that names the line of every row that cannot be used: no name of a bus and no coordinates, no power
//! above 0, a date that is none (YYYY-MM-DD), a position or a name that another row has, a technology other than PV.
QueueFile read_queue_file(const CsvTable& table, const ColumnNames& names, const std::vector<std::string>& withdrawn);

//! A table of two columns: what the queue calls a bus, and the feeder's name. Throws Error(input).
std::map<std::string, std::string> read_bus_map(const CsvTable& table);

}  // namespace gridqueue

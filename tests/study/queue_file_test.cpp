// Queues as spreadsheets: which columns, which rows, in which order.
#include "host/study/queue_file.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "gridqueue/contracts.hpp"
#include "host/study/references.hpp"
#include "tests/complaint.hpp"
#include "tests/study/hand_feeder.hpp"
#include "tests/study/study_file.hpp"

namespace gridqueue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kWithdrawn{"withdrawn"};

QueueFile read(const std::string& text, const ColumnNames& names = {}) {
  return read_queue_file(parse_csv(text, "queue.csv"), names, kWithdrawn);
}

std::vector<std::string> names_of(const QueueFile& queue) {
  std::vector<std::string> names;
  for (const std::size_t u : queue.actual) names.push_back(queue.units[u].name.value);
  return names;
}

TEST(CsvTable, QuotesSeparatorsAndEmptyRows) {
  for (const char* text : {"a,b\n\n1,\"x, \"\"y\"\"\"\n , \n2,z,\n",
                           "\xEF\xBB\xBF"
                           "a;b\r\n\r\n1;\"x, \"\"y\"\"\"\r\n;\r\n2;z\r\n",
                           "a\tb\n\n1\t\"x, \"\"y\"\"\"\n\t\n2\tz"}) {
    const CsvTable t = parse_csv(text, "t.csv");
    EXPECT_THAT(t.column, ElementsAre("a", "b"));
    ASSERT_EQ(t.row.size(), 2u) << text;
    EXPECT_THAT(t.row[0].cell, ElementsAre("1", "x, \"y\""));
    EXPECT_THAT(t.row[1].cell, ElementsAre("2", "z"));
    EXPECT_EQ(t.row[0].line, 3);
    EXPECT_EQ(t.row[1].line, 5);
  }
}

TEST(CsvTable, WhatIsNone) {
  EXPECT_THAT(test::complaint([] { parse_csv("", "t.csv"); }), HasSubstr("no rows"));
  EXPECT_THAT(test::complaint([] { parse_csv("a,b\n1,\"2\n", "t.csv"); }), HasSubstr("a quote is left open"));
  EXPECT_THAT(test::complaint([] { parse_csv("a,b\n1,2\n3,4,5\n", "t.csv"); }), HasSubstr("line 3 has 3 cells"));
  EXPECT_THAT(test::complaint([] { parse_csv(std::string("a\0b", 3), "t.csv"); }), HasSubstr("zero byte"));
}

TEST(QueueFile, OrderIsByPositionElseByDateElseAsTheyStand) {
  EXPECT_THAT(names_of(read("name,bus,kW,position,date\na,x,1,3,2020-01-01\nb,x,2,1,2021-01-01\nc,y,3,2,2019-01-01\n")),
              ElementsAre("b", "c", "a"));
  EXPECT_THAT(names_of(read("Name,Bus,kw,Date\na,x,1,2020-03-01\nb,x,2,2019-12-31 08:00\nc,y,3,2019-12-31\n")),
              ElementsAre("c", "b", "a"));
  EXPECT_THAT(names_of(read("name,bus,kw\na,x,1\nb,x,2\n")), ElementsAre("a", "b"));
}

TEST(QueueFile, ColumnsOfOtherNamesAndWithdrawnRows) {
  const ColumnNames names{{"bus", {"POI", {}}}, {"kw", {"Size (kW AC)", {}}}, {"status", {"State", {}}}};
  const QueueFile q = read("POI,Size (kW AC),State\nbus_1,\"1,250.5\",active\nbus_2,70,Withdrawn\nbus_1,20,\n", names);
  ASSERT_EQ(q.units.size(), 2u);
  EXPECT_EQ(q.units[0].kw.value, 1250.5);
  EXPECT_EQ(q.units[1].bus.value, "bus_1");
  EXPECT_EQ(q.units[1].bus.place.line, 4);
  EXPECT_THAT(q.withdrawn_lines, ElementsAre(3));
}

TEST(QueueFile, EveryRowThatCannotBeUsedIsNamed) {
  const std::string why = test::complaint([] {
    read("name,bus,kw,date,technology\na,x,0,2020-01-01,PV\nb,x,\"1,5\",2020-02-30,solar\na,,3,2020-01-02,Wind\n");
  });
  for (const char* part :
       {"line 2: 0 kW cannot be queued", "line 3: '1,5' is no power in kW", "line 3: '2020-02-30' is no date",
        "line 4: no bus", "line 4: the name 'a' is that of line 2, too", "line 4: technology 'Wind' (only PV"})
    EXPECT_THAT(why, HasSubstr(part));
  EXPECT_THAT(test::complaint([] { read("bus,kw,position\nx,1,1\ny,2,1\n"); }),
              HasSubstr("position 1 is that of line 2, too"));
}

TEST(QueueFile, ColumnsThatAreMissing) {
  EXPECT_THAT(test::complaint([] { read("where,kw\nx,1\n"); }),
              HasSubstr("has no column 'bus' (its columns: where, kw)"));
  EXPECT_THAT(test::complaint([] { read("bus,size\nx,1\n"); }), HasSubstr("has no column 'kw'"));
  EXPECT_THAT(test::complaint([] {
                read("bus,kw\nx,1\n", {{"name", {"Projct", {"s.toml", "queue.columns.name", 7}}}});
              }),
              HasSubstr("s.toml:7: queue.columns.name: no column 'Projct'"));
  EXPECT_THAT(test::complaint([] { read("bus,kw,KW\nx,1,2\n"); }), HasSubstr("two columns 'kw'"));
}

//! A study of a queue's file, with the tables beside it.
class QueueFileStudy : public testing::Test {
 protected:
  Study load(const std::string& queue, const std::string& keys = "") {
    put("queue.csv", queue);
    return load_study(folder_.write("[feeder]\nfile = \"feeder.h5\"\n[queue]\nfile = \"queue.csv\"\n" + keys));
  }
  void put(const std::string& name, const std::string& text) { std::ofstream(folder_.file(name)) << text; }
  test::StudyFolder folder_;
};

TEST_F(QueueFileStudy, UnitsStandWhereTheFileSays) {
  const Network feeder = test::hand_feeder();
  put("map.csv", "POI,bus\nNorth,bus_1\nSouth,BUS_3\n");
  const Study study = load("name,bus,kw,date\nA,South,20,2021-05-01\nB,North,30,2020-05-01\nC,South,40,2022-05-01\n",
                           "bus_map = \"map.csv\"\n");
  const Queue queue = study_queue(study, feeder);
  ASSERT_EQ(queue.units.size(), 3u);
  EXPECT_EQ(queue.units[0].site.bus, feeder.find_bus("bus_3").value());
  EXPECT_EQ(queue.units[1].site.bus, feeder.find_bus("bus_1").value());
  EXPECT_EQ(queue.units[2].name, "C");
  EXPECT_THAT(queue.actual, ElementsAre(UnitId(1), UnitId(0), UnitId(2)));
  EXPECT_EQ(study.tables.size(), 2u);
  // read again from what a results file keeps, with no table beside it
  const Study again = parse_study("elsewhere/study.toml", study.text, study.feeder.path, study.tables);
  EXPECT_EQ(study_queue(again, feeder).units[1].site, queue.units[1].site);
}

TEST_F(QueueFileStudy, AllUnknownBusesAreNamedWithTheirLines) {
  const Study study = load("bus,kw\nbus_1,20\nnowhere,20\nbus_33,20\n");
  const std::string why = test::complaint([&] { study_queue(study, test::hand_feeder()); });
  EXPECT_THAT(why, HasSubstr("queue.csv:3: bus"));
  EXPECT_THAT(why, HasSubstr("queue.csv:4: bus"));
  put("map.csv", "POI,bus\nbus_1,bus_1\n");
  EXPECT_THAT(test::complaint([&] { load("bus,kw\nbus_1,20\nnowhere,20\n", "bus_map = \"map.csv\"\n"); }),
              HasSubstr("line 3: 'nowhere'"));
}

TEST_F(QueueFileStudy, TooManyUnitsAndTwoKindsOfQueueAreRefused) {
  std::string rows = "bus,kw\n";
  for (int i = 0; i < 129; ++i) rows += "bus_1,5\n";
  EXPECT_THAT(test::complaint([&] { load(rows); }), HasSubstr("129 units are too many (at most 128)"));
  EXPECT_THAT(test::complaint([&] { load("bus,kw\nbus_1,5\n", "units = [{ bus = \"bus_1\", kw = 1 }]\n"); }),
              HasSubstr("more than one of units, random and file"));
  EXPECT_THAT(test::complaint([&] { load("bus,kw,status\nbus_1,5,withdrawn\n"); }), HasSubstr("the queue is empty"));
}

}  // namespace
}  // namespace gridqueue

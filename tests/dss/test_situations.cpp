// Situations that real models bring: each is either OpenDSS's own day to 1e-6 pu, taps and all, or refused by name.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include <ostream>

#include "tests/dss/situation_checks.hpp"
#include "tests/dss/situations.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;
using Changes = std::vector<std::pair<std::string, std::string>>;

using test::checked;

struct Situation {
  const char* name;
  Changes changes;
  const char* refused = nullptr;  //!< words of the refusal
};
void PrintTo(const Situation& s, std::ostream* out) { *out << s.name; }

const char* const kDay = "new loadshape.day npts=24 interval=1 mult=";

const Situation kSituations[] = {
    {"as_it_is", {}},
    {"reactive_multipliers",
     {{kDay,
       "new loadshape.day npts=24 interval=1 qmult=(1 .9 .8 .7 .6 .5 .4 .5 .6 .7 .8 .9 1 1 1 .9 .8 .7 .6 .5 .5 .5 .5 "
       ".5) mult="}}},
    {"shape_in_kw", {{"interval=1 mult=(.5", "interval=1 useactual=yes mult=(500"}}},
    {"growth_over_years", {{"calcvoltagebases", "set %growth=4\nset year=6\ncalcvoltagebases"}}},
    {"load_multiplier_at_the_end", {{"\nsolve", "\nsolve\nset loadmult=0.6"}}},
    {"source_follows_a_day",
     {{"", "new loadshape.volts npts=4 interval=6 mult=(1.02 1.03 1.01 1.035)\nedit vsource.source daily=volts"}}},
    {"source_of_negative_sequence", {{"bus1=grid mvasc3", "bus1=grid.1.3.2 mvasc3"}}},
    {"three_conductors_on_a_lateral_of_one",
     {{"",
       "new line.q bus1=a1 bus2=q1 linecode=trunk length=3 units=km\n"
       "new line.qc bus1=q1 bus2=q2 r1=.2 x1=.3 r0=.5 x0=1 c1=300 c0=150 length=2 units=km\n"
       "new load.q phases=1 bus1=q2.2 kv=7.2 kw=120 daily=day"},
      {"calcvoltagebases",
       "calcvoltagebases\nsetkvbase bus=q1 kvln=7.2\nsetkvbase bus=q2 kvln=7.2\nsetkvbase bus=a1 "
       "kvln=7.2"}}},
    {"cable_open_at_its_head",
     {{"",
       "new line.q bus1=m6 bus2=q1 r1=.2 x1=.3 r0=.5 x0=1 c1=300 c0=150 length=8 units=km\n"
       "new load.q phases=1 bus1=q1.2 kv=7.2 kw=300 daily=day\nnew load.q1 phases=1 bus1=q1.1 kv=7.2 kw=200 daily=day"},
      {"\nsolve", "\nsolve\nopen line.q 1 3\nsolve"}}},
    {"source_turned", {{"bus1=grid mvasc3", "bus1=grid.2.3.1 mvasc3"}, {"pu=1.03", "pu=1.03 angle=30"}}},
    {"constant_power", {{"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=1"}}},
    {"constant_impedance", {{"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=2"}}},
    {"motor", {{"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=3"}}},
    {"conservation_voltage", {{"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=4 vminpu=.7 vmaxpu=1.3"}}},
    {"fixed_q", {{"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=6"}}},
    {"delta_load", {{"kv=12.47 kw=1150", "kv=12.47 conn=delta kw=1150"}}},
    {"line_to_line_load", {{"", "new load.ll phases=1 bus1=m5.1.2 kv=12.47 kw=240 kvar=80 model=1 daily=day"}}},
    {"two_phase_load", {{"", "new load.two phases=2 bus1=m5.2.3 kv=12.47 kw=240 kvar=80 model=1 daily=day"}}},
    {"weak_loads", {{"linecode=trunk length=3.1", "linecode=trunk length=14"}}},
    {"wide_bands_on_a_weak_feeder",
     {{"linecode=trunk length=3.1", "linecode=trunk length=11"},
      {"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=1 vminpu=.8 vmaxpu=1.2"}}},
    {"fixed_and_exempt",
     {{"kw=850 kvar=280 model=5 daily=day", "kw=850 kvar=280 model=5 daily=day status=fixed"},
      {"kw=280 kvar=90 model=5 daily=day", "kw=280 kvar=90 model=5 daily=day status=exempt"}}},
    {"a_load_without_shape", {{"kw=280 kvar=90 model=5 daily=day", "kw=280 kvar=90 model=5"}}},
    {"generation_as_negative_load", {{"", "new load.sun phases=3 bus1=m6 kv=12.47 kw=-600 pf=1 model=1 daily=pcloud"}}},
    {"pv_system", {{"", "new pvsystem.sun phases=3 bus1=m6 kv=12.47 kva=800 pmpp=700 irradiance=1 pf=1 daily=pcloud"}}},
    {"generator", {{"", "new generator.g phases=3 bus1=m6 kv=12.47 kw=400 kvar=100 model=1 daily=day"}}},
    {"generator_of_constant_impedance",
     {{"", "new generator.g phases=3 bus1=m6 kv=12.47 kw=400 kvar=100 model=2 daily=day"}}},
    {"generator_of_fixed_q",
     {{"", "new generator.g phases=3 bus1=m6 kv=12.47 kw=400 kvar=100 model=4 vminpu=1.005 daily=day"}}},
    {"generator_of_fixed_reactance",
     {{"", "new generator.g phases=1 bus1=m6.2 kv=7.2 kw=200 kvar=50 model=5 daily=day"}}},
    {"generator_of_limited_current",
     {{"", "new generator.g phases=3 bus1=m6 kv=12.47 conn=delta kw=400 kvar=100 model=7 vminpu=1.005 daily=day"}}},
    {"vminpu_is_vlowpu", {{"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=1 vminpu=.5"}}},
    {"near_collapse",
     {{"linecode=trunk length=3.1", "linecode=trunk length=34"},
      {"kw=1150 kvar=450 model=5", "kw=2500 kvar=600 model=1 vminpu=.85"}}},
    {"grounding_bank",
     {{"",
       "new transformer.gb phases=3 windings=2 xhl=4 %loadloss=.5 buses=(m4 low) conns=(wye delta) kvs=(12.47 4.16) "
       "kvas=(3000 3000)"},
      {"voltagebases=[69 12.47]", "voltagebases=[69 12.47 4.16]"}}},
    {"three_grounding_banks",
     {{"",
       "new transformer.gb phases=3 windings=2 xhl=4 %loadloss=.5 buses=(m4 low) conns=(wye delta) kvs=(12.47 4.16) "
       "kvas=(5000 5000)\nnew transformer.gc like=gb buses=(m5 low2)\nnew transformer.gd like=gb buses=(m6 low3)"},
      {"voltagebases=[69 12.47]", "voltagebases=[69 12.47 4.16]"}}},
    {"generator_switched_off", {{"", "new generator.g phases=3 bus1=m6 kv=12.47 kw=400 model=3 enabled=no"}}},
    {"no_solve", {{"\nsolve", ""}}},
    {"left_at_noon", {{"\nsolve", "\nsolve mode=daily number=12"}}},
    {"shape_with_hours_of_its_own",
     {{"new linecode.trunk",
       "new loadshape.own npts=5 interval=0 hour=(0 6 12 18 24) mult=(.4 .6 1 .8 .4)\nnew linecode.trunk"},
      {"kw=780 kvar=290 model=5 daily=day", "kw=780 kvar=290 model=5 daily=own"}}},
    {"shape_of_two_days", {{"npts=24 interval=1 mult=(.5", "npts=24 interval=2 mult=(.5"}}},
    {"shape_of_one_point",
     {{"daily=day\nnew load.d2", "daily=one\nnew load.d2"},
      {"new linecode.trunk", "new loadshape.one npts=1 interval=1 mult=(.7)\nnew linecode.trunk"}}},
    {"phases_in_another_order",
     {{"bus1=a2.1 kv=7.2", "bus1=a2.3 kv=7.2"}, {"bus1=m4 bus2=m5", "bus1=m4.2.1.3 bus2=m5.2.1.3"}}},
    {"phases_swapped_along_a_line", {{"bus1=m4 bus2=m5", "bus1=m4.1.2.3 bus2=m5.2.1.3"}}},
    {"line_from_far_end", {{"bus1=m4 bus2=m5", "bus1=m5 bus2=m4"}}},
    {"fifty_hertz", {{"set defaultbasefrequency=60", "set defaultbasefrequency=50"}}},
    {"tap_of_the_substation", {{"kvas=(12000 12000)", "kvas=(12000 12000) taps=(1 1.0125)"}}},
    {"no_load_losses", {{"%loadloss=.7", "%loadloss=.7 %noloadloss=.2 %imag=.6"}}},
    {"capacitor_in_delta", {{"kvar=420", "kvar=420 conn=delta"}}},
    {"names_with_dots", {{"new line.t5", "new line.t.5"}}},
    {"ideal_source", {{"mvasc3=900 mvasc1=700", "model=ideal"}}},
    {"no_shape_of_the_sun", {{"loadshape.pcloud", "loadshape.clouds"}}},
    {"zip_load", {{"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=8 zipv=(.2 .3 .5 .1 .5 .4 0)"}}},
    {"zip_load_on_a_weak_feeder",
     {{"linecode=trunk length=3.1", "linecode=trunk length=14"},
      {"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=8 zipv=(.2 .3 .5 .1 .5 .4 0)"}}},
    {"an_open_phase", {{"\nsolve", "\nopen line.t4 1 2\nsolve"}}},
    {"a_phase_that_is_open_further_up", {{"\nsolve", "\nopen line.t3 1 2\nsolve"}}, "leads on a phase without source"},
    {"a_line_behind_an_open_phase",
     {{"\nsolve", "\nopen line.t4 1 2\nsolve"},
      {"",
       "new line.t6 bus1=m5 bus2=m7 linecode=trunk length=1 units=km\n"
       "new load.d7 phases=1 bus1=m7.1 kv=7.2 kw=300 pf=.9 model=2 daily=day\n"
       "load.d6.model=2"}}},
    {"a_bank_without_one_of_its_transformers",
     {{"\nsolve", "\ndisable transformer.vb\nsolve"}},
     "leads on a phase without source"},
    {"zip_load_with_a_cut_off",
     {{"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=8 zipv=(.2 .3 .5 .2 .3 .5 .8)"}},
     "load model 8"},
    {"a_ring_that_is_none_phase_by_phase",
     {{"",
       "new line.r1 phases=1 bus1=m5.1 bus2=c1.1 linecode=single length=1 units=km\n"
       "new line.r2 phases=1 bus1=c1.1 bus2=c2.1 linecode=single length=1 units=km\n"
       "new line.r3 phases=1 bus1=m5.2 bus2=c2.2 linecode=single length=1 units=km\n"
       "new load.c2a phases=1 bus1=c2.1 kv=7.2 kw=60 pf=.9 model=1 daily=day\n"
       "new load.c2b phases=1 bus1=c2.2 kv=7.2 kw=80 pf=.9 model=1 daily=day"}}},
    {"a_ring_that_a_load_closes",
     {{"",
       "new line.r1 phases=1 bus1=m5.1 bus2=c1.1 linecode=single length=1 units=km\n"
       "new line.r2 phases=1 bus1=c1.1 bus2=c2.1 linecode=single length=1 units=km\n"
       "new line.r3 phases=1 bus1=m5.2 bus2=c2.2 linecode=single length=1 units=km\n"
       "new load.c2 phases=1 bus1=c2.1.2 kv=12.47 kw=60 pf=.9 model=1 daily=day"}},
     "of the loop 'c"},
    {"isolated_loads_that_begin_at_0",
     {{"linecode=trunk length=1.2 units=km", "linecode=trunk length=1.2 units=km enabled=no"},
      {"",
       "new load.away phases=3 bus1=m6 kv=12.47 kw=500 daily=pcloud\nnew load.one phases=1 bus1=m6.1 kv=7.2 kw=50 "
       "model=5 daily=pcloud\nnew generator.away phases=3 bus1=m6 kv=12.47 kw=50 model=1 daily=pcloud\n"
       "new load.sun phases=3 bus1=m5 kv=12.47 kw=50 daily=pcloud"}}},
    {"names_of_any_letters",
     {{"new line.t4 bus1=m4 bus2=m5", "new \"line.t 4=x\" bus1=m4 bus2=\"m 5(z\""},
      {"phases=3 bus1=m5 kv", "phases=3 bus1=\"m 5(z\" kv"},
      {"new line.t5 bus1=m4 bus2=m6", "new [line.t\"5#a] bus1=m4 bus2='m#6=b'"},
      {"transformer.va", "\"transformer.v a\""},
      {"transformer=va", "transformer=\"v a\""},
      {"regcontrol.ra", "\"regcontrol.r a,1\""},
      {"load.d6", "\"load.d 6 (big)\""},
      {"capacitor.k1", "\"capacitor.k 1\""},
      {"",
       "new \"capcontrol.c c\" capacitor=\"k 1\" element=\"line.t 4=x\" terminal=1 type=kvar onsetting=150 "
       "offsetting=-225 delay=10"}}},
    {"an_idle_storage", {{"", "new storage.s phases=3 bus1=m6 kv=12.47 kwrated=900 kwhrated=4000 %idlingkw=4"}}},
    {"storage",
     {{"", "new storage.s phases=3 bus1=m6 kv=12.47 kwrated=100 kwhrated=400 state=discharging"}},
     "may charge or discharge"},
    {"storage_that_charges_at_night",
     {{"", "new storage.s phases=3 bus1=m6 kv=12.47 kwrated=100 kwhrated=400 %stored=50"}},
     "may charge or discharge"},
    {"loads_as_admittances", {{"calcvoltagebases", "calcvoltagebases\nset loadmodel=admittance"}}, "LoadModel"},
    {"no_voltage_bases", {{"set voltagebases=[69 12.47]\ncalcvoltagebases", ""}}},
    {"power_down_to_low_voltage",
     {{"kw=1150 kvar=450 model=5", "kw=1150 kvar=450 model=1 vminpu=.1 vmaxpu=2"},
      {"", "new pvsystem.sun phases=3 bus1=m6 kv=12.47 kva=800 pmpp=700 vminpu=.5 vmaxpu=1.5 daily=pcloud"}}},
    {"a_regulator_between_unlike_bases", {{"calcvoltagebases", "calcvoltagebases\nsetkvbase bus=m3 kvll=13.2"}}},
    {"lines_of_a_geometry",
     {{"new line.t1 bus1=m0 bus2=m1 linecode=trunk",
       "new wiredata.w runits=mi rac=.306 gmrunits=ft gmrac=.0244 radunits=in diam=.721\n"
       "new linegeometry.g nconds=4 nphases=3 reduce=yes\n~ cond=1 wire=w units=ft x=-4 h=28\n"
       "~ cond=2 wire=w units=ft x=-1.5 h=28\n~ cond=3 wire=w units=ft x=3 h=28\n~ cond=4 wire=w units=ft x=0 h=24\n"
       "new linespacing.s nconds=4 nphases=3 units=ft x=[-4 -1 3 0] h=[28 28 28 24]\n"
       "new line.t1 bus1=m0 bus2=m1 geometry=g"},
      {"new line.t2 bus1=m1 bus2=m2 linecode=trunk", "new line.t2 bus1=m1 bus2=m2 spacing=s wires=[w w w w]"}}},
    {"a_neutral_grounded_at_the_source",
     {{"",
       "new reactor.n phases=1 bus1=grid.4 bus2=grid.0 r=9 x=12\n"
       "new linecode.four nphases=4 units=km normamps=200 rmatrix=(.3|.06 .3|.06 .06 .3|.06 .06 .06 .4) "
       "xmatrix=(.7|.4 .7|.4 .4 .7|.4 .4 .4 .8) cmatrix=(9|0 9|0 0 9|0 0 0 9)\n"
       "new line.w phases=4 bus1=grid.1.2.3.4 bus2=w.1.2.3.4 linecode=four length=2 units=km\n"
       "new load.w phases=1 bus1=w.1.4 kv=39.84 kw=900 pf=.9 model=1 daily=day"}}},
    {"a_neutral_that_the_source_leaves_open",
     {{"",
       "new line.w phases=4 bus1=grid.1.2.3.4 bus2=w.1.2.3.4 rmatrix=(.3|0 .3|0 0 .3|0 0 0 .4) "
       "xmatrix=(.7|0 .7|0 0 .7|0 0 0 .8) cmatrix=(9|0 9|0 0 9|0 0 0 9)\n"
       "new load.w phases=1 bus1=w.1.4 kv=39.84 kw=90 pf=.9 model=2 daily=day"}},
     "node 4 of the source's bus is held by nothing"},
    {"a_centre_tap_of_default_reactances",
     {{"",
       "new transformer.ct phases=1 windings=3 buses=(m5.2 s.1.4 s.4.2) kvs=(7.2 .12 .12) kvas=(25 25 25) "
       "%loadloss=1.8\n"
       "new reactor.ct phases=1 bus1=s.4 r=15 x=0\n"
       "new load.s1 phases=1 bus1=s.1.4 kv=.12 kw=9 pf=.9 model=1 daily=day\n"
       "new load.s2 phases=1 bus1=s.2.4 kv=.12 kw=4 pf=.9 model=2 daily=day"},
      {"voltagebases=[69 12.47]", "voltagebases=[69 12.47 .208]"}}},
    {"a_four_wire_secondary",
     {{"",
       "new transformer.lv phases=3 windings=2 buses=(m5 s.1.2.3.4) conns=(delta wye) kvs=(12.47 .22) kvas=(75 75) "
       "xhl=4\n"
       "new reactor.lv phases=1 bus1=s.4 r=15 x=0\n"
       "new line.lv phases=2 bus1=s.1.4 bus2=h.1.4 linecode=pair length=.04 units=km\n"
       "new load.h phases=1 bus1=h.1.4 kv=.127 kw=4 pf=.9 model=1 vminpu=.5 vmaxpu=1.5 daily=day\n"
       "new load.s phases=3 bus1=s.1.2.3.4 kv=.22 kw=30 pf=.9 model=3 daily=day"},
      {"voltagebases=[69 12.47]", "voltagebases=[69 12.47 .22]"}}},
    {"constant_power_where_nothing_is_grounded",
     {{"",
       "new transformer.dd phases=3 windings=2 buses=(m5 x) conns=(delta delta) kvs=(12.47 4.8) kvas=(2500 2500) "
       "xhl=6\n"
       "new line.x bus1=x bus2=y linecode=trunk length=.8 units=km\n"
       "new load.xab phases=1 bus1=y.1.2 kv=4.8 kw=310 kvar=140 model=1 conn=delta daily=day\n"
       "new load.xbc phases=1 bus1=y.2.3 kv=4.8 kw=190 kvar=90 model=1 conn=delta daily=day\n"
       "new load.x3 phases=3 bus1=x kv=4.8 kw=420 kvar=160 model=1 conn=delta daily=day"},
      {"voltagebases=[69 12.47]", "voltagebases=[69 12.47 4.8]"}}},
    {"a_capacitor_of_ungrounded_star",
     {{"new capacitor.k1 phases=3 bus1=m4", "new capacitor.k1 phases=3 bus1=m4.1.2.3 bus2=m4.4.4.4"}}},
    {"a_switched_capacitor_of_ungrounded_star",
     {{"new capacitor.k1 phases=3 bus1=m4", "new capacitor.k1 phases=3 bus1=m4.1.2.3 bus2=m4.4.4.4"},
      {"",
       "new capcontrol.c capacitor=k1 element=line.t4 terminal=1 type=voltage ptratio=60 onsetting=119 offsetting=124 "
       "delay=20"}}},
    {"a_switched_star_that_is_open_at_first",
     {{"new capacitor.k1 phases=3 bus1=m4", "new capacitor.k1 phases=3 bus1=m4.1.2.3 bus2=m4.4.4.4"},
      {"", "new capcontrol.c capacitor=k1 element=line.t4 terminal=1 type=time onsetting=7 offsetting=21"}}},
    {"a_switched_star_of_unequal_steps_that_is_open_at_first",
     {{"new capacitor.k1 phases=3 bus1=m4 kv=12.47 kvar=420",
       "new capacitor.k1 phases=3 bus1=m4.1.2.3 bus2=m4.4.4.4 kv=12.47 numsteps=2 cuf=(3 6) r=(.4 .2)"},
      {"", "new capcontrol.c capacitor=k1 element=line.t4 terminal=1 type=time onsetting=7 offsetting=21"}}},
    {"a_switched_capacitor_with_resistance",
     {{"kvar=420", "kvar=420 r=9 xl=15"},
      {"", "new capcontrol.c capacitor=k1 element=line.t4 terminal=1 type=time onsetting=7 offsetting=21"}}},
    {"a_switched_triangle_with_resistance",
     {{"kvar=420", "kvar=420 conn=delta r=9"},
      {"", "new capcontrol.c capacitor=k1 element=line.t4 terminal=1 type=time onsetting=7 offsetting=21"}}},
    {"switched_capacitors_of_two_phases",
     {{"",
       "new capacitor.two phases=1 conn=delta bus1=m5.1.2 kv=12.47 kvar=200\n"
       "new capcontrol.two capacitor=two element=line.t4 terminal=1 type=time onsetting=7 offsetting=21\n"
       "new capacitor.one phases=1 conn=delta bus1=m5.3 kv=7.2 kvar=100\n"
       "new capcontrol.one capacitor=one element=line.t4 terminal=1 type=time onsetting=8 offsetting=22\n"
       "new capacitor.star phases=2 bus1=m6.2.3 kv=12.47 kvar=200\n"
       "new capcontrol.star capacitor=star element=line.t4 terminal=1 type=time onsetting=6 offsetting=20\n"
       "new capacitor.ll phases=1 bus1=m1.1 bus2=m1.3 kv=12.47 kvar=150\n"
       "new capcontrol.ll capacitor=ll element=line.t4 terminal=1 type=time onsetting=5 offsetting=19"}}},
    {"a_switched_capacitor_of_unlike_phases",
     {{"kv=12.47 kvar=420", "kv=12.47 cmatrix=(8 | -1 9 | 0 -2 7)"},
      {"",
       "new capcontrol.c capacitor=k1 element=line.t4 terminal=1 type=voltage ptratio=60 onsetting=119 offsetting=124 "
       "delay=20"}}},
    {"a_star_point_that_a_reactor_holds",
     {{"new capacitor.k1 phases=3 bus1=m4", "new capacitor.k1 phases=3 bus1=m4.1.2.3 bus2=m4.4.4.4"},
      {"", "new reactor.n phases=1 bus1=m4.4 r=1 x=500"}}},
    {"a_switched_star_with_a_reactor_that_is_open_at_first",
     {{"new capacitor.k1 phases=3 bus1=m4", "new capacitor.k1 phases=3 bus1=m4.1.2.3 bus2=m4.4.4.4"},
      {"",
       "new reactor.n phases=1 bus1=m4.4 r=1 x=500\n"
       "new capcontrol.c capacitor=k1 element=line.t4 terminal=1 type=time onsetting=7 offsetting=21"}},
     "'capcontrol.c': switches a capacitor whose star point has no voltage"},
    {"a_switched_star_at_another_bus",
     {{"new capacitor.k1 phases=3 bus1=m4", "new capacitor.k1 phases=3 bus1=m4.1.2.3 bus2=star.1.1.1"},
      {"", "new capcontrol.c capacitor=k1 element=line.t4 terminal=1 type=time onsetting=7 offsetting=21"}},
     "'capcontrol.c': switches what is no capacitor at one bus"},
    {"a_star_of_no_step",
     {{"new capacitor.k1 phases=3 bus1=m4", "new capacitor.k1 phases=3 bus1=m4.1.2.3 bus2=m4.4.4.4"},
      {"", "capacitor.k1.states=[0]"}},
     "'capacitor.k1': leaves node 4 of 'm4' hanging on nothing"},
    {"a_star_of_no_step_at_another_bus",
     {{"new capacitor.k1 phases=3 bus1=m4", "new capacitor.k1 phases=3 bus1=m4.1.2.3 bus2=star.1.1.1"},
      {"", "capacitor.k1.states=[0]"}},
     "'capacitor.k1': leaves node 1 of 'star' hanging on nothing"},
    {"capacitors_with_resistances",
     {{"kvar=420", "kvar=420 r=2 xl=9"},
      {"",
       "new capacitor.d phases=3 conn=delta bus1=m5 kv=12.47 kvar=(100 200) harm=(0 5) states=(1 1)\n"
       "new capacitor.s phases=3 bus1=m6 bus2=m6.4.4.4 kv=12.47 kvar=300 r=5\n"
       "new capacitor.t phases=2 bus1=m1.2.3 kv=12.47 kvar=200 conn=wye"}}},
    {"an_open_capacitor", {{"\nsolve", "\nopen capacitor.k1 1\nsolve"}}},
    {"an_open_phase_of_capacitors",
     {{"", "new capacitor.d phases=3 conn=delta bus1=m5 kv=12.47 kvar=300"},
      {"\nsolve", "\nopen capacitor.k1 1 2\nopen capacitor.d 1 2\nsolve"}}},
    {"a_source_of_unlike_sequences", {{"mvasc3=900 mvasc1=700", "z1=(.4 5.2) z2=(.5 3.7) z0=(1.1 8)"}}},
    {"a_source_of_unlike_sequences_that_turns_the_other_way",
     {{"bus1=grid mvasc3=900 mvasc1=700", "bus1=grid.1.3.2 z1=(.4 5.2) z2=(.5 3.7) z0=(1.1 8)"}}},
    {"reactors_of_unlike_sequences",
     {{"",
       "new reactor.g phases=3 bus1=m4.1.3.2 bus2=m4.0.0.0 z1=(9 300) z2=(7 250) z0=(9 400)\n"
       "new reactor.s phases=3 bus1=m6 bus2=m6.4.4.4 z1=(9 300) z2=(7 250) z0=(9 400)\n"
       "new reactor.t phases=3 bus1=m5 bus2=m7 z1=(.1 .6) z2=(.1 .4) z0=(.2 .9)\n"
       "new load.d7 phases=1 bus1=m7.1 kv=7.2 kw=200 pf=.9 model=1 daily=day"}}},
    {"a_neutral_of_a_load_that_nothing_grounds",
     {{"kv=12.47 kw=780", "kv=12.47 model=1 kw=780"}, {"bus1=m5 kv", "bus1=m5.1.2.3.4 kv"}},
     "'load.d6': node 4 of 'm5' is held by nothing but loads"},
    {"a_neutral_of_a_line_that_nothing_grounds",
     {{"new line.t4 bus1=m4 bus2=m5 linecode=trunk length=1.7",
       "new line.t4 phases=4 bus1=m4.1.2.3.4 bus2=m5.1.2.3.4 r1=.2 x1=.4 r0=.5 x0=1.3 c1=9 c0=4 length=1.7"}},
     "'line.t4': node 4 of 'm4' is held by nothing on the side of the source"},
    {"an_open_conductor_of_a_transformer",
     {{"",
       "new transformer.lv phases=3 windings=2 buses=(m5 s) conns=(delta wye) kvs=(12.47 .48) kvas=(500 500) xhl=5\n"
       "new load.s phases=3 bus1=s kv=.48 kw=200 daily=day"},
      {"voltagebases=[69 12.47]", "voltagebases=[69 12.47 .48]"},
      {"\nsolve", "\nopen transformer.lv 1 2\nsolve"}},
     "'transformer.lv': an open conductor"},
    {"a_load_of_no_voltage", {{"", "new load.none phases=3 bus1=m6 kv=0 kw=0 kvar=0 daily=day"}}, "'load.none': a kv"},
    {"a_reactor_of_ungrounded_star", {{"", "new reactor.r phases=3 bus1=m5.1.2.3 bus2=m5.4.4.4 r=20 x=500"}}},
    {"an_ungrounded_star_and_a_delta",
     {{"",
       "new transformer.s phases=3 windings=2 buses=(m5.1.2.3.4 s.1.2.3) conns=(wye delta) kvs=(12.47 .48) kvas=(300 "
       "300) xhl=4\n"
       "new load.s phases=3 conn=delta bus1=s kv=.48 kw=100 pf=.9 model=1 daily=day\n"
       "new load.s2 phases=1 conn=delta bus1=s.1.2 kv=.48 kw=40 pf=.9 model=1 daily=day"},
      {"voltagebases=[69 12.47]", "voltagebases=[69 12.47 .48]"}}},
    {"a_star_point_of_several_transformers",
     {{"",
       "new transformer.s1 phases=1 windings=2 buses=(m5.1.4 s.1.2) kvs=(7.2 .48) kvas=(100 100) xhl=4\n"
       "new transformer.s2 phases=1 windings=2 buses=(m5.2.4 s.2.3) kvs=(7.2 .48) kvas=(100 100) xhl=4\n"
       "new load.s phases=1 bus1=s.1.2 kv=.48 kw=10 pf=.9 model=1 daily=day"}},
     "'transformer.s1', 'transformer.s2': node 4 of 'm5' is held by nothing on the side of the source"},
    {"a_control_of_a_disabled_capacitor",
     {{"",
       "new capcontrol.c capacitor=k1 element=line.t4 terminal=1 type=voltage ptratio=60 onsetting=119 offsetting=124\n"
       "capacitor.k1.enabled=no"}}},
    {"two_lines_of_one_name",
     {{"", "set allowduplicates=yes\nnew line.t5 bus1=m5 bus2=m7 linecode=trunk length=1 units=km"}},
     "a second element of that name"},
    {"a_regulator_without_band_among_other_obstacles",
     {{"band=2", "band=0"}, {"kw=780 kvar=290 model=5", "kw=780 kvar=290 model=1 vminpu=1.1 vmaxpu=.9"}},
     "has a band that is not above 0"},
    {"a_band_without_width_among_other_obstacles",
     {{"band=2", "band=0"}, {"kw=780 kvar=290 model=5", "kw=780 kvar=290 model=1 vminpu=1.1 vmaxpu=.9"}},
     "a vminpu that is below 0 or not below vmaxpu"},
    {"windings_of_unlike_power", {{"kvas=(12000 12000)", "kvas=(12000 10000)"}}},
    {"a_load_that_is_open", {{"\nsolve", "\nopen load.d4 1\nsolve"}}},
    {"a_load_opened_by_a_switch",
     {{"", "new swtcontrol.off switchedobj=load.d6 switchedterm=1 normal=open state=open delay=0"}}},
    {"a_load_of_which_a_phase_is_open", {{"\nsolve", "\nopen load.d6 1 2\nsolve"}}, "some phases open"},
    {"a_generator_that_is_open",
     {{"", "new generator.g phases=3 bus1=m6 kv=12.47 kw=700 model=1 daily=pcloud"},
      {"\nsolve", "\nopen generator.g 1\nsolve"}}},
    {"a_storage_that_idles_and_is_open",
     {{"",
       "new storage.s phases=3 bus1=m6 kv=12.47 kwrated=900 kwhrated=2000 state=idling %idlingkw=5 timechargetrig=-1"},
      {"\nsolve", "\nopen storage.s 1\nsolve"}}},
    {"a_pv_system_of_which_a_phase_is_open",
     {{"", "new pvsystem.sun phases=3 bus1=m6 kv=12.47 kva=800 pmpp=700 irradiance=1 pf=1 daily=pcloud"},
      {"\nsolve", "\nopen pvsystem.sun 1 1\nsolve"}},
     "some phases open"},
    {"a_pv_system_of_positive_sequence",
     {{"", "new pvsystem.sun phases=3 bus1=m6 kv=12.47 kva=800 pmpp=700 irradiance=1 pf=1 daily=pcloud balanced=yes"}},
     "positive sequence"},
    {"a_grounding_bank_at_a_delta_bus",
     {{"",
       "new transformer.dd phases=3 windings=2 buses=(m5 x) conns=(wye delta) kvs=(12.47 4.8) kvas=(2500 2500) xhl=6 "
       "%noloadloss=.1 %imag=.5\n"
       "new transformer.gb phases=3 windings=2 buses=(x.1.2.3.0 g) conns=(wye delta) kvs=(4.8 .48) kvas=(500 500) "
       "xhl=4 "
       "%noloadloss=.1\n"
       "new line.x bus1=x bus2=y linecode=trunk length=1 units=km\n"
       "new load.x1 phases=1 bus1=y.1 kv=2.77 kw=140 kvar=40 model=1 daily=day\n"
       "new load.x3 phases=3 bus1=y kv=4.8 kw=420 kvar=160 model=1 conn=delta daily=day"},
      {"voltagebases=[69 12.47]", "voltagebases=[69 12.47 4.8 .48]"}}},
    {"a_source_with_a_neutral_of_its_own",
     {{"bus1=grid mvasc3", "bus1=grid bus2=star.4.4.4 mvasc3"}, {"", "new reactor.star phases=1 bus1=star.4 r=1 x=2"}},
     "a source between two buses"},
    {"a_source_of_another_frequency", {{"\nsolve", "\nset defaultbasefrequency=50\nsolve"}}, "a source of 60 Hz"},
    {"an_autotransformer_at_one_bus",
     {{"",
       "new reactor.jumper phases=1 bus1=m5.1 bus2=x.2 r=0 x=.0001\n"
       "new transformer.auto phases=1 windings=2 xhl=1 buses=(x.1.0 x.1.2) kvs=(7.2 .72) kvas=(50 50)\n"
       "new regcontrol.auto transformer=auto winding=2 bus=x.1 ptratio=60 vreg=125"}},
     "does not lead from one bus to another"},
    {"a_loop", {{"", "new line.tie bus1=m5 bus2=m6 linecode=trunk length=1 units=km"}}, "loop"},
};

class Situations : public testing::TestWithParam<Situation> {};

TEST_P(Situations, AreRightOrRefused) {
  GQ_NEEDS_DSS();
  const Situation& s = GetParam();
  const test::TemporaryFolder folder;
  const std::string master = folder.write("model.dss", test::changed_model(s.changes));
  if (!s.refused) {
    test::expect_right(master, folder.at("exported"));
    return;
  }
  try {
    (void)import_dss(master, {});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(s.refused));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Situations, testing::ValuesIn(kSituations),
                         [](const auto& s) { return std::string(s.param.name); });

//! The project's collection of small feeders, where it is at hand.
TEST(Situations, NoneOfTheCollectionIsWrongInSilence) {
  GQ_NEEDS_DSS();
  GQ_NEEDS_FILE(test::shared("cases"));
  int right = 0;
  std::string refused;
  for (const auto& entry : fs::directory_iterator(test::shared("cases"))) {
    const fs::path master = entry.path() / "case.dss";
    if (!fs::exists(master)) continue;
    try {
      const ImportCheck check = checked(master.string());
      EXPECT_LT(check.voltage_pu, 1e-6) << master << " at " << check.voltage_node;
      EXPECT_EQ(check.wrong_taps, 0) << master;
      ++right;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::input) << master << ": " << error.what();
      refused += fmt::format("{}: {}\n", entry.path().filename().string(), error.what());
    }
  }
  EXPECT_GE(right, 70) << refused;
  RecordProperty("right", right);
}

}  // namespace
}  // namespace gridqueue

// A small feeder in OpenDSS's language, in which tests change what a situation of real models changes.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "gridqueue/contracts.hpp"

namespace gridqueue::test {

//! A substation, two regulated sections, laterals of one and two phases, loads of an hourly shape.
inline const char* const kSmallModel = R"(clear
set defaultbasefrequency=60
new circuit.small basekv=69 pu=1.03 phases=3 bus1=grid mvasc3=900 mvasc1=700
new loadshape.day npts=24 interval=1 mult=(.5 .46 .44 .43 .45 .53 .66 .74 .79 .8 .81 .84 .82 .8 .79 .82 .9 .99 1 .96 .88 .77 .66 .57)
new loadshape.pcloud npts=24 interval=1 mult=(0 0 0 0 0 .02 .1 .25 .44 .63 .8 .93 1 .95 .88 .7 .5 .3 .1 .01 0 0 0 0)
new linecode.trunk nphases=3 r1=.22 x1=.41 r0=.5 x0=1.3 c1=11 c0=4.8 units=km normamps=420 emergamps=520
new linecode.pair nphases=2 r1=.55 x1=.47 r0=.85 x0=1.2 c1=8 c0=5 units=km normamps=150 emergamps=190
new linecode.single nphases=1 r1=.65 x1=.52 r0=.65 x0=.52 c1=6 c0=6 units=km normamps=110 emergamps=140
new transformer.main windings=2 phases=3 xhl=7.5 %loadloss=.7 buses=(grid m0) conns=(delta wye) kvs=(69 12.47) kvas=(12000 12000)
new line.t1 bus1=m0 bus2=m1 linecode=trunk length=2.2 units=km
new line.t2 bus1=m1 bus2=m2 linecode=trunk length=2.6 units=km
new transformer.va phases=1 windings=2 xhl=.1 %loadloss=.01 buses=(m2.1 m3.1) conns=(wye wye) kvs=(7.2 7.2) kvas=(5000 5000)
new transformer.vb phases=1 windings=2 xhl=.1 %loadloss=.01 buses=(m2.2 m3.2) conns=(wye wye) kvs=(7.2 7.2) kvas=(5000 5000)
new transformer.vc phases=1 windings=2 xhl=.1 %loadloss=.01 buses=(m2.3 m3.3) conns=(wye wye) kvs=(7.2 7.2) kvas=(5000 5000)
new regcontrol.ra transformer=va winding=2 vreg=122.5 band=2 ptratio=60 delay=30
new regcontrol.rb transformer=vb winding=2 vreg=122.5 band=2 ptratio=60 delay=30
new regcontrol.rc transformer=vc winding=2 vreg=122.5 band=2 ptratio=60 delay=30
new line.t3 bus1=m3 bus2=m4 linecode=trunk length=3.1 units=km
new line.t4 bus1=m4 bus2=m5 linecode=trunk length=1.7 units=km
new line.t5 bus1=m4 bus2=m6 linecode=trunk length=1.2 units=km
new line.one phases=1 bus1=m1.2 bus2=a1.2 linecode=single length=1.4 units=km
new line.two phases=2 bus1=m4.1.3 bus2=a2.1.3 linecode=pair length=1.1 units=km
new load.d1 phases=3 bus1=m1 kv=12.47 kw=850 kvar=280 model=5 daily=day
new load.d2 phases=1 bus1=a1.2 kv=7.2 kw=280 kvar=90 model=5 daily=day
new load.d3 phases=3 bus1=m4 kv=12.47 kw=1150 kvar=450 model=5 daily=day
new load.d4 phases=1 bus1=a2.1 kv=7.2 kw=260 kvar=85 model=5 daily=day
new load.d5 phases=1 bus1=a2.3 kv=7.2 kw=330 kvar=110 model=5 daily=day
new load.d6 phases=3 bus1=m5 kv=12.47 kw=780 kvar=290 model=5 daily=day
new capacitor.k1 phases=3 bus1=m4 kv=12.47 kvar=420
set voltagebases=[69 12.47]
calcvoltagebases
solve
)";

//! Replaces each text once; with an empty first text the second one goes before the voltage bases.
inline std::string changed_model(const std::vector<std::pair<std::string, std::string>>& changes) {
  std::string text = kSmallModel;
  for (const auto& [from, to] : changes) {
    const std::string what = from.empty() ? "set voltagebases" : from;
    const auto at = text.find(what);
    GQ_EXPECT(at != std::string::npos);
    text.replace(at, from.empty() ? 0 : from.size(), from.empty() ? to + "\n" : to);
  }
  return text;
}

}  // namespace gridqueue::test

#include "tests/settings/world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

TEST_CASE("a policy has steps and every step has somebody to page") {
  check_faults({
      {R"(policies: [{steps: [{page: [{person: ada}]}]}, {name: base, steps: [{page: [{person: ada}]}]}])",
       {"tocsin.yaml:1:12: policies[0].name: missing; rules refer to it"}},
      {"policies: [{name: base}]",
       {R"(tocsin.yaml:1:12: policies[0].steps: missing; write e.g. steps: [{page: [{person: ada}]}])"}},
      {"policies: [{name: base, steps: []}]",
       {"tocsin.yaml:1:32: policies[0].steps: empty; write e.g. [{page: [{person: ada}]}]"}},
      {"policies: [{name: base, steps: {page: [{person: ada}]}}]",
       {"tocsin.yaml:1:32: policies[0].steps: found a map; wanted a list"}},
      {"policies: [{name: base, steps: [{wait: 5m}]}]",
       {R"(tocsin.yaml:1:33: policies[0].steps[0].page: missing; say whom, e.g. page: [{person: ada}])"}},
      {"policies: [{name: base, steps: [{page: []}]}]",
       {"tocsin.yaml:1:40: policies[0].steps[0].page: empty; say whom, e.g. [{person: ada}]"}},
      {"policies: [{name: base, steps: [{page: {person: ada}}]}]",
       {"tocsin.yaml:1:40: policies[0].steps[0].page: found a map; wanted a list"}},
      {"policies: [{name: base, steps: [{page: [ada]}]}]",
       {"tocsin.yaml:1:41: policies[0].steps[0].page[0]: found text; wanted a map"}},
      {"policies: [{name: base, steps: [{page: [{}]}]}]",
       {R"(tocsin.yaml:1:41: policies[0].steps[0].page[0]: not one target; write {person: NAME}, {rota: NAME} or {channel: NAME}, each an entry of its own)"}},
      {"policies: [{name: base, steps: [{page: [{person: ada, channel: terminal}]}]}]",
       {R"(tocsin.yaml:1:41: policies[0].steps[0].page[0]: not one target; write {person: NAME}, {rota: NAME} or {channel: NAME}, each an entry of its own)"}},
      {"policies: [{name: base, steps: [{page: [{rota: primary}]}]}]",
       {R"(tocsin.yaml:1:48: policies[0].steps[0].page[0].rota: no rota is called "primary"; define it under rotas)"}},
      {"policies: [{name: base, steps: [{page: [{persn: ada}]}]}]",
       {R"(tocsin.yaml:1:42: policies[0].steps[0].page[0].persn: unknown key; did you mean "person"?)"}},
      {"policies: [{name: base, steps: [{page: [{person: adda}]}]}]",
       {R"(tocsin.yaml:1:50: policies[0].steps[0].page[0].person: no person is called "adda"; did you mean "ada"?)"}},
      {"policies: [{name: base, steps: [{page: [{channel: terminl}]}]}]",
       {R"(tocsin.yaml:1:51: policies[0].steps[0].page[0].channel: no channel is called "terminl"; did you mean "terminal"?)"}},
      {R"(channels: [{name: terminal, type: log}, {name: phones, type: pager}]
policies: [{name: base, steps: [{page: [{channel: phones}]}]}])",
       {R"(tocsin.yaml:2:51: policies[0].steps[0].page[0].channel: only channels that need no address; page a person with a contact on "phones")"}},
      {"policies: [{name: base, steps: [{page: [{person: ada}], wait: 5}]}]",
       {R"(tocsin.yaml:1:63: policies[0].steps[0].wait: "5" is not a duration such as 30s, 5m, 2h, 7d or 1w; write a number and a unit)"}},
      {"policies: [{name: base, steps: [{page: [{person: ada}], wait: 0s}]}]",
       {R"(tocsin.yaml:1:63: policies[0].steps[0].wait: "0s" is out of range; write 1s to 7d)"}},
      {"policies: [{name: base, steps: [{page: [{person: ada}], wait: 2w}]}]",
       {R"(tocsin.yaml:1:63: policies[0].steps[0].wait: "2w" is out of range; write 1s to 7d)"}},
      {"policies: [{name: base, steps: [{page: [{person: ada}]}], repeat: -1}]",
       {R"(tocsin.yaml:1:67: policies[0].repeat: "-1" is no such number; write 0 to 100 without leading zeros)"}},
      {"policies: [{name: base, steps: [{page: [{person: ada}]}], repeat: 010}]",
       {R"(tocsin.yaml:1:67: policies[0].repeat: "010" is no such number; write 0 to 100 without leading zeros)"}},
      {"policies: [{name: base, steps: [{page: [{person: ada}]}], repeat: 1000}]",
       {R"(tocsin.yaml:1:67: policies[0].repeat: "1000" is no such number; write 0 to 100 without leading zeros)"}},
      {"policies: [{name: base, steps: [{page: [{person: ada}]}], repeat: yes}]",
       {R"(tocsin.yaml:1:67: policies[0].repeat: "yes" is no such number; write 0 to 100 without leading zeros)"}},
      {"policies: [{name: base, steps: [{page: [{person: ada}]}], repeat: 2.0}]",
       {R"(tocsin.yaml:1:67: policies[0].repeat: "2.0" is no such number; write 0 to 100 without leading zeros)"}},
      {R"(policies:
  - {name: base, steps: [{page: [{person: ada}]}]}
  - {name: base, steps: [{page: [{person: ada}]}]})",
       {R"(tocsin.yaml:3:12: policies[1].name: another policy is called "base" in tocsin.yaml:2; rename one of the two)"}},
  });
}

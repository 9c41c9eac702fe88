#include "tests/settings/world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

TEST_CASE("a channel has exactly the keys of its type") {
  check_faults({
      {R"(channels: [{type: log}]
people: [{name: ada, contacts: {terminal: ada}}])",
       {"tocsin.yaml:1:12: channels[0].name: missing; people and policies refer to it",
        R"(tocsin.yaml:2:43: people[0].contacts.terminal: no channel is called "terminal"; define it under channels)"}},
      {"channels: [{name: terminal}]",
       {"tocsin.yaml:1:12: channels[0].type: missing; say what kind of channel it is"}},
      {"channels: [{name: terminal, type: lgo}]",
       {R"(tocsin.yaml:1:35: channels[0].type: "lgo" is no channel type; did you mean "log"?)"}},
      {"channels: [{name: terminal, type: pigeon}]",
       {R"(tocsin.yaml:1:35: channels[0].type: "pigeon" is no channel type; choose log, pager or webhook)"}},
      {"channels: [{name: terminal, type: log}, {name: terminal, type: log}]",
       {R"(tocsin.yaml:1:48: channels[1].name: another channel is called "terminal" in tocsin.yaml:1; rename one of the two)"}},
      {R"(channels: [{name: terminal, type: log, url: "http://127.0.0.1/"}])",
       {"tocsin.yaml:1:40: channels[0].url: unknown key; known here: name, type"}},
      {"channels: [{name: terminal, type: webhook}]",
       {"tocsin.yaml:1:12: channels[0].url: missing; where to post"}},
      {R"(channels: [{name: terminal, type: webhook, url: ""}])",
       {"tocsin.yaml:1:49: channels[0].url: empty; write a text"}},
      {R"(channels: [{name: terminal, type: webhook, url: ["${WORD}"], secrt: "${WORD}"}])",
       {"tocsin.yaml:1:49: channels[0].url: found a list; wanted text",
        R"(tocsin.yaml:1:62: channels[0].secrt: unknown key; did you mean "secret"?)"}},
  });
}

TEST_CASE("a person can be reached and is notified only by ways that exist") {
  check_faults({
      {"people: [{contacts: {terminal: ada}}, {name: ada, contacts: {terminal: ada}}]",
       {"tocsin.yaml:1:10: people[0].name: missing; policies refer to it"}},
      {R"(people: [{name: ada, contacts: {terminal: ada}}, {name: ada, contacts: {terminal: ada}}])",
       {R"(tocsin.yaml:1:57: people[1].name: another person is called "ada" in tocsin.yaml:1; rename one of the two)"}},
      {"people: [{name: ada}]",
       {R"(tocsin.yaml:1:10: people[0].contacts: missing; nobody could reach them: write e.g. contacts: {mail: ada@example.com})"}},
      {"people: [{name: ada, contacts: {}}]",
       {R"(tocsin.yaml:1:32: people[0].contacts: empty; nobody could reach them: write e.g. {mail: ada@example.com})"}},
      {"people: [{name: ada, contacts: {termnal: ada}}]",
       {R"(tocsin.yaml:1:42: people[0].contacts.termnal: no channel is called "termnal"; did you mean "terminal"?)"}},
      {R"(people: [{name: ada, contacts: {terminal: ""}}])",
       {"tocsin.yaml:1:43: people[0].contacts.terminal: empty; write a text"}},
      {"people: [{name: ada, contacts: {terminal: {a: b}}}]",
       {"tocsin.yaml:1:43: people[0].contacts.terminal: found a map; wanted text"}},
      {"people: [{name: ada, contacts: {terminal: ada}, notify: []}]",
       {R"(tocsin.yaml:1:57: people[0].notify: empty; leave it out to be told by every contact at once)"}},
      {"people: [{name: ada, contacts: {terminal: ada}, notify: [{channel: trminal}]}]",
       {R"(tocsin.yaml:1:68: people[0].notify[0].channel: the person has no contact for "trminal"; did you mean "terminal"?)"}},
      {"people: [{name: ada, contacts: {terminal: ada}, notify: [{after: 2m}]}]",
       {R"(tocsin.yaml:1:58: people[0].notify[0].channel: missing; name one of the person's contacts)"}},
      {R"(people: [{name: ada, contacts: {terminal: ada}, notify: [{channel: terminal}, {channel: terminal, after: 5m}]}])",
       {R"(tocsin.yaml:1:89: people[0].notify[1].channel: "terminal" stands here twice; each contact is tried once, keep the first)"}},
      {R"(people: [{name: ada, contacts: {terminal: ada}, notify: [{channel: terminal, after: soon}]}])",
       {R"(tocsin.yaml:1:85: people[0].notify[0].after: "soon" is not a duration such as 30s, 5m, 2h, 7d or 1w; write a number and a unit)"}},
      {R"(people: [{name: ada, contacts: {terminal: ada}, notify: [{channel: terminal, after: 2d}]}])",
       {R"(tocsin.yaml:1:85: people[0].notify[0].after: "2d" is out of range; write 0s to 1d)"}},
      {R"(people: [{name: ada, contacts: {terminal: ada}, notify: [{channel: terminal, after: "${WORD}"}]}])",
       {R"(tocsin.yaml:1:85: people[0].notify[0].after: the value is not a duration such as 30s, 5m, 2h, 7d or 1w; write a number and a unit)"}},
      {"people: [{name: ada, contacts: {terminal: ada}, phone: 123}]",
       {"tocsin.yaml:1:49: people[0].phone: unknown key; known here: name, contacts, notify, "
        "time_zone, leave, quiet_hours, limit, notices"}},
      {"people: [{name: ada, contacts: {terminal: ada}, notices: perhaps}]",
       {R"(tocsin.yaml:1:58: people[0].notices: "perhaps" is neither true nor false; write one of the two, without quotes)"}},
  });
}

// Who is told of one incident and when, as few lines as say it: what goes out together is one line,
// rounds that are alike are one, and what repeats until somebody acknowledges is a sentence.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/engine/rehearsal.hpp"

namespace tocsin::offline {

/// What goes out at one moment for one reason.
struct Line {
  engine::Told told;               // the first of them: when, what, why, and where in its policy
  std::vector<Contact> contacts;   // all of them, in their order …
  std::vector<std::string> rotas;  // … and of each the rota that the person is on call in, if any
  std::uint32_t more_rounds = 0;   // the same again so often: this line stands for whole rounds
};

struct Schedule {
  std::vector<Line> lines;
  std::optional<Duration> then_every;  // the default policy, until somebody acknowledges
};

/// Of one incident that nobody acknowledged; `told` in the order in which it happened.
Schedule schedule_of(const std::vector<engine::Told>& told);

/// "at once", "+5m".
std::string moment(Duration after);
/// "ada by terminal", or the channel itself.
std::string whom(const Contact& contact);
/// All of a line: "grace by push (on call in cdp-primary), room".
std::string whom(const Line& line);
/// What the line is, for people: "step 2 of cdp: nobody acknowledged for 5m".
std::string what(const engine::Told& told);

}  // namespace tocsin::offline

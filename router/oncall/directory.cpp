#include "router/oncall/directory.hpp"

#include <algorithm>

#include "router/oncall/reach.hpp"

namespace tocsin::oncall {
namespace {

std::vector<Due> ways(const Person& person, const Occasion* occasion) {
  if (occasion) return ways_of(person, occasion->severity, occasion->at);
  std::vector<Due> any;
  for (Contact& contact : contacts_of(person)) any.push_back({std::move(contact), {}});
  return any;
}

std::vector<Due> collect(const Step& step, const Directory& directory, const Occasion* occasion) {
  std::vector<Due> found;
  const auto add = [&](Due due) {
    const auto same = std::find_if(found.begin(), found.end(),
                                   [&](const Due& d) { return d.contact == due.contact; });
    if (same == found.end())
      found.push_back(std::move(due));
    else if (due.after < same->after)
      *same = std::move(due);
  };
  for (const Target& target : step.page) {
    if (target.kind == Target::Kind::channel && directory.channels.contains(target.name))
      add({{"", target.name, ""}, {}});
    if (target.kind != Target::Kind::person) continue;
    const auto person = directory.people.find(target.name);
    if (person == directory.people.end()) continue;
    for (Due& due : ways(person->second, occasion)) add(std::move(due));
  }
  return found;
}

}  // namespace

std::vector<Due> contacts_of(const Step& step, const Directory& directory) {
  return collect(step, directory, nullptr);
}

std::vector<Due> contacts_of(const Step& step, const Directory& directory,
                             const Occasion& occasion) {
  return collect(step, directory, &occasion);
}

}  // namespace tocsin::oncall

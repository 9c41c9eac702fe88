#include "router/oncall/directory.hpp"

#include <algorithm>

namespace tocsin::oncall {

std::vector<Due> contacts_of(const Step& step, const Directory& directory) {
  std::vector<Due> found;
  const auto add = [&](Due due) {
    const auto same = std::find_if(found.begin(), found.end(),
                                   [&](const Due& d) { return d.contact == due.contact; });
    if (same == found.end())
      found.push_back(std::move(due));
    else
      same->after = std::min(same->after, due.after);
  };
  for (const Target& target : step.page) {
    if (target.kind == Target::Kind::channel && directory.channels.contains(target.name))
      add({{"", target.name, ""}, {}});
    if (target.kind != Target::Kind::person) continue;
    const auto person = directory.people.find(target.name);
    if (person == directory.people.end()) continue;
    for (const Way& way : person->second.notify)
      add({{target.name, way.channel, way.address}, way.after});
  }
  return found;
}

}  // namespace tocsin::oncall

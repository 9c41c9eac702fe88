#include "router/oncall/directory.hpp"

namespace tocsin::oncall {

std::vector<Due> contacts_of(std::string_view person, const Directory& directory) {
  std::vector<Due> contacts;
  const auto known = directory.people.find(person);
  if (known == directory.people.end()) return contacts;
  for (const Way& way : known->second.notify)
    contacts.push_back({{known->second.name, way.channel, way.address}, way.after});
  return contacts;
}

}  // namespace tocsin::oncall

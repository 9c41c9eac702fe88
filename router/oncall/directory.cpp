#include "router/oncall/directory.hpp"

#include "router/oncall/reach.hpp"

namespace tocsin::oncall {

std::vector<Due> contacts_of(std::string_view person, const Directory& directory) {
  std::vector<Due> any;
  const auto known = directory.people.find(person);
  if (known == directory.people.end()) return any;
  for (Contact& contact : contacts_of(known->second)) any.push_back({std::move(contact), {}});
  return any;
}

}  // namespace tocsin::oncall

// People, their contacts and tests of these, as JSON. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/api/contacts.hpp"
#include "router/api/oncall_view.hpp"
#include "router/engine/notice.hpp"

namespace tocsin::api {

struct PeopleQuery {
  bool whole_addresses = false;  // not for viewers
  bool strict = false;
};

/// {"people":[…]}.
std::string people_json(const OnCallView& view, const ContactBook& book, PeopleQuery query,
                        WallTime now);
/// One of them. `ical_url`: empty, if there is none.
std::string person_json(const OnCallView& view, const oncall::Person& person,
                        const ContactBook& book, PeopleQuery query, const std::string& ical_url,
                        WallTime now);

/// A test and what became of each of its messages: waiting, sending, accepted (the provider has
/// it), failed, or answered (its button was pressed).
std::string contact_test_json(const control::ContactTest& test,
                              const std::optional<engine::Notice>& notice,
                              const std::vector<Contact>& contacts, const ContactBook& book,
                              PeopleQuery query);

}  // namespace tocsin::api

#include "router/api/people_json.hpp"

#include <nlohmann/json.hpp>

namespace tocsin::api {
namespace {

using json = nlohmann::ordered_json;

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }
json time_or_null(const std::optional<WallTime>& time) {
  return time ? json(format_rfc3339(*time)) : json();
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json address_of(const Contact& contact, PeopleQuery query) {
  if (contact.address.empty()) return nullptr;
  return query.whole_addresses ? contact.address.str() : masked(contact.address);
}

json contact_json(const KnownContact& known, PeopleQuery query) {
  return {{"channel", known.contact.channel},
          {"address", address_of(known.contact, query)},
          {"status", to_string(known.standing)},
          {"verified_at", time_or_null(known.verified_at)},
          {"verified_by", text_or_null(known.verified_how)},
          {"failed_at", time_or_null(known.failed_at)},
          {"failure", text_or_null(known.failure)}};
}

/// By person: the rotas in which they are on call.
std::map<std::string, std::vector<std::string>> on_call_now(const OnCallView& view, WallTime now) {
  std::map<std::string, std::vector<std::string>> rotas;
  oncall::At at(now);
  for (const auto& [rota, on_call] : oncall::everybody(view.roster(), at))
    if (!on_call.person.empty()) rotas[on_call.person].emplace_back(rota);
  return rotas;
}

json one(const oncall::Person& person, const std::vector<std::string>& rotas,
         const ContactBook& book, PeopleQuery query) {
  json contacts = json::array();
  for (const KnownContact& known : book.of(person)) contacts.push_back(contact_json(known, query));
  return {{"name", person.name},
          {"on_call", rotas},
          {"reachable", book.reaches(person, query.strict)},
          {"contacts", contacts},
          {"time_zone", person.time_zone.name()},
          {"notices", person.notices}};
}

// In one word; an answer says more than anything of the way there.
std::string_view status_of(const engine::MessageState& message, bool answered) {
  using Status = engine::MessageStatus;
  if (answered) return "answered";
  switch (message.status) {
    case Status::accepted:
      return "accepted";
    case Status::rejected:
    case Status::withdrawn:
      return "failed";
    case Status::sending:
    case Status::retrying:
      return "sending";
    case Status::waiting:
    case Status::bundled:
      break;
  }
  return "waiting";
}

}  // namespace

std::string people_json(const OnCallView& view, const ContactBook& book, PeopleQuery query,
                        WallTime now) {
  auto rotas = on_call_now(view, now);
  json all = json::array();
  for (const auto& [name, person] : view.configuration->directory.people)
    all.push_back(one(person, rotas[name], book, query));
  return dump({{"people", all}});
}

std::string person_json(const OnCallView& view, const oncall::Person& person,
                        const ContactBook& book, PeopleQuery query, const std::string& ical_url,
                        WallTime now) {
  json made = one(person, on_call_now(view, now)[person.name], book, query);
  made["ical_url"] = text_or_null(ical_url);
  return dump(made);
}

std::string contact_test_json(const control::ContactTest& test,
                              const std::optional<engine::Notice>& notice,
                              const std::vector<Contact>& contacts, const ContactBook& book,
                              PeopleQuery query) {
  json all = json::array();
  const auto add = [&](const Contact& contact, const engine::MessageState& message) {
    const KnownContact known = book.known(contact);
    const bool answered = known.verified_at && *known.verified_at >= test.at;
    all.push_back({{"channel", contact.channel},
                   {"address", address_of(contact, query)},
                   {"status", status_of(message, answered)},
                   {"detail", text_or_null(message.detail)}});
  };
  // Until a turn has planned them its messages wait.
  if (!notice)
    for (const Contact& contact : contacts) add(contact, {});
  else
    for (const engine::MessageState& message : notice->messages) add(message.contact, message);
  return dump({{"id", test.id.text},
               {"person", test.person},
               {"by", test.by},
               {"at", format_rfc3339(test.at)},
               {"contacts", all}});
}

}  // namespace tocsin::api

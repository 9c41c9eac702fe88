// People: how they are reached, whether that works, and tests of it.
#include "router/api/answers.hpp"
#include "router/api/api.hpp"
#include "router/api/contact_link.hpp"
#include "router/api/people_json.hpp"
#include "router/core/problem.hpp"

namespace tocsin::api {
namespace {

std::vector<Contact> contacts_of_person(const oncall::Person& person) {
  std::vector<Contact> contacts;
  for (const oncall::Way& way : ways_to(person))
    contacts.push_back({person.name, way.channel, way.address});
  return contacts;
}

}  // namespace

void Api::add_people_routes(std::vector<HttpRoute>& routes) {
  const std::string all = "/api/v1/people", one = all + "/([^/]+)";
  const auto look = [this](auto handler) {
    return guarded(Access::view, [this, handler](const auto& request, const Caller& caller,
                                                 const HttpReply& reply) {
      (this->*handler)(request, caller, reply);
    });
  };
  routes.push_back({"GET", "/c/([^/]+)", [this](const auto& request, const HttpReply& reply) {
                      contact_get(request, reply);
                    }});
  routes.push_back({"POST", "/c/([^/]+)", [this](const auto& request, HttpReply reply) {
                      contact_post(request, std::move(reply));
                    }});
  routes.push_back({"GET", all, look(&Api::list_people)});
  routes.push_back({"GET", one, look(&Api::show_person)});
  routes.push_back({"GET", one + "/contacts/test/([^/]+)", look(&Api::show_contact_test)});
  routes.push_back(
      {"POST", one + "/contacts/test",
       guarded(Access::respond, [this](const auto& request, const Caller& caller, HttpReply reply) {
         test_contacts(request, caller, std::move(reply));
       })});
}

ContactBook Api::contact_book() const {
  return {owner_.state().contact_health(), owner_.state().contact_proofs(), clock_.now().wall};
}

Result<PeopleQuery> Api::people_query(const HttpRequest& request, const Caller& caller) {
  TOCSIN_TRY(const bool strict, strict_asked(request));
  return PeopleQuery{caller.access != Access::view, strict};
}

void Api::list_people(const HttpRequest& request, const Caller& caller,
                      const HttpReply& reply) const {
  const auto query = people_query(request, caller);
  if (!query) return reply(problem_of(query.error()));
  reply(json_answer(people_json(on_call_view(), contact_book(), *query, clock_.now().wall)));
}

void Api::show_person(const HttpRequest& request, const Caller& caller,
                      const HttpReply& reply) const {
  const auto query = people_query(request, caller);
  if (!query) return reply(problem_of(query.error()));
  const OnCallView view = on_call_view();
  const auto person = view.person(request.matches.at(0));
  if (!person) return reply(problem_of(person.error()));
  reply(json_answer(person_json(view, **person, contact_book(), *query,
                                calendar_url("people", (*person)->name), clock_.now().wall)));
}

void Api::test_contacts(const HttpRequest& request, const Caller& caller, HttpReply reply) {
  const OnCallView view = on_call_view();
  const auto person = view.person(request.matches.at(0));
  if (!person) return reply(problem_of(person.error()));
  const std::vector<Contact> contacts = contacts_of_person(**person);
  if (contacts.empty())
    return reply(
        problem(409, (*person)->name + " has no contact; add one to people in the configuration"));
  const control::ContactTest test{make_notice_id({"contact test", to_string(fresh_record_id())}),
                                  (*person)->name, caller.name, clock_.now().wall};
  owner_.submit(
      test, kCommandPatience,
      [this, test, contacts, reply = std::move(reply)](const engine::CommandAnswer& said) {
        if (said.what != engine::CommandAnswer::What::done) return reply(problem_of(said));
        reply(json_answer(contact_test_json(test, owner_.state().find_notice(test.id), contacts,
                                            contact_book(), {true, false}),
                          202));
      });
}

void Api::show_contact_test(const HttpRequest& request, const Caller& caller,
                            const HttpReply& reply) const {
  const auto test = owner_.state().find_contact_test({request.matches.at(1)});
  if (!test || test->person != request.matches.at(0))
    return reply(problem(404, "there is no such test of this person's contacts, or it is over"));
  const OnCallView view = on_call_view();
  const auto person = view.person(test->person);
  reply(
      json_answer(contact_test_json(*test, owner_.state().find_notice(test->id),
                                    person ? contacts_of_person(**person) : std::vector<Contact>(),
                                    contact_book(), {caller.access != Access::view, false})));
}

std::vector<RotaGauge> Api::rota_gauges() {
  return gap_gauges_.read(clock_.now().wall, [this] {
    return GapGauges::Asked{on_call_view(), contact_book()};
  });
}

std::string Api::contact_path(const NoticeId& test, const MessageId& message, WallTime now) const {
  return "/c/" + sign(ContactLink{test, message, now + engine::kContactTestLife}, link_secret());
}

}  // namespace tocsin::api

// The link of a contact's test: looked at, and its button.
#include <algorithm>

#include "router/api/answers.hpp"
#include "router/api/api.hpp"
#include "router/api/contact_link.hpp"
#include "router/api/page_view.hpp"
#include "router/api/request_body.hpp"

namespace tocsin::api {
namespace {

const engine::MessageState* find_message(const engine::Notice& notice, const MessageId& id) {
  const auto found = std::find_if(notice.messages.begin(), notice.messages.end(),
                                  [&](const auto& message) { return message.id == id; });
  return found == notice.messages.end() ? nullptr : &*found;
}

}  // namespace

Result<Contact> Api::tested_contact(const HttpRequest& request) const {
  TOCSIN_TRY(const ContactLink link,
             verify_contact(request.matches.at(0), link_secret(), clock_.now().wall));
  const auto notice = owner_.state().find_notice(link.notice);
  const engine::MessageState* const message =
      notice ? find_message(*notice, link.message) : nullptr;
  if (!message) return not_found("this test is over; ask for another one");
  return message->contact;
}

// A GET only shows: a mail scanner that follows every link proves nothing.
void Api::contact_get(const HttpRequest& request, const HttpReply& reply) const {
  const auto contact = tested_contact(request);
  if (!contact) return reply(page_sentence(403, contact.error().message));
  reply(contact_view(*contact));
}

void Api::contact_post(const HttpRequest& request, HttpReply reply) {
  const auto contact = tested_contact(request);
  if (!contact) return reply(page_sentence(403, contact.error().message));
  const auto choice = form_choice(request);
  if (!choice) return reply(page_sentence(400, choice.error().message));
  if (!choice->empty() && *choice != kReachedButton)
    return reply(page_sentence(400, "The page has no such button. Open it again."));
  const control::ContactProved proved{contact->person, contact->channel,
                                      hash_of_address(contact->address), clock_.now().wall,
                                      "test message"};
  owner_.submit(
      proved, kCommandPatience,
      [contact = *contact, reply = std::move(reply)](const engine::CommandAnswer& said) {
        if (said.what == engine::CommandAnswer::What::done)
          return reply(page_sentence(200, "Thank you. It is known now that messages by " +
                                              contact.channel + " reach " + contact.person + "."));
        HttpResponse response =
            page_sentence(503, "Not noted yet: " + said.why + ". Please try again.");
        response.headers.emplace_back("Retry-After", "5");
        reply(std::move(response));
      });
}

}  // namespace tocsin::api

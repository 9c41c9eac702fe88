// The page's own link: looked at, and its buttons.
#include "router/api/answers.hpp"
#include "router/api/api.hpp"
#include "router/api/page_view.hpp"
#include "router/api/request_body.hpp"
#include "router/engine/acknowledging.hpp"

namespace tocsin::api {
namespace {

std::string done_by(CommandKind kind) {
  return kind == CommandKind::acknowledge ? "acknowledged"
         : kind == CommandKind::escalate  ? "escalated"
                                          : "started";
}

}  // namespace

// A GET only shows: a mail scanner that follows every link must not acknowledge.
void Api::page_get(const HttpRequest& request, const HttpReply& reply) const {
  const auto link = link_of(request);
  if (!link) return reply(page_sentence(403, link.error().message));
  const auto found = history_.find(link->incident.text);
  reply(found ? page_view(found->view, link->person, clock_.now().wall)
              : page_sentence(problem_of(found.error()).status, found.error().message));
}

void Api::page_post(const HttpRequest& request, HttpReply reply) {
  const auto link = link_of(request);
  if (!link) return reply(page_sentence(403, link.error().message));
  const auto found = history_.find(link->incident.text);
  if (!found) return reply(page_sentence(problem_of(found.error()).status, found.error().message));
  const auto choice = form_choice(request);
  // What no page sends, a channel's provider may: a digit, say.
  if (!choice && listening_.take(request, *link, found->view.incident, reply)) return;
  if (!choice) return reply(page_sentence(400, choice.error().message));
  if (!found->in_memory)  // over for long: there is nothing to press
    return reply(page_view(found->view, link->person, clock_.now().wall));
  const std::string by = link->person.empty() ? "someone with the page's link" : link->person;
  Command command{CommandKind::acknowledge, found->view.incident.id, by, "page link"};
  command.message = link->message;
  if (*choice == kApproveButton) {
    const auto& remedy = found->view.incident.decision->remedy;
    if (!remedy) return reply(page_sentence(400, "No hook belongs to this incident."));
    command.kind = CommandKind::approve;
    command.text = remedy->hook;
  } else if (*choice == kEscalateButton) {
    command.kind = CommandKind::escalate;
  } else if (!choice->empty() && *choice != kAcknowledgeButton) {
    return reply(page_sentence(400, "The page has no such button. Open it again."));
  }
  press(*link, found->view, std::move(command), std::move(reply));
}

void Api::press(const PageLink& link, const engine::IncidentView& view, Command command,
                HttpReply reply) {
  const CommandKind kind = command.kind;
  owner_.submit(view, command, kCommandPatience,
                [this, link, kind, reply = std::move(reply)](const engine::CommandAnswer& answer) {
                  using What = engine::CommandAnswer::What;
                  if (answer.what == What::not_confirmed) {
                    HttpResponse response =
                        page_sentence(503, "Not " + done_by(kind) + " yet: " + answer.why +
                                               ". Please try again.");
                    response.headers.emplace_back("Retry-After", "5");
                    return reply(std::move(response));
                  }
                  const auto after = owner_.state().find(link.incident.text);
                  if (!after) return reply(page_sentence(404, after.error().message));
                  // That it is over already, or until when it is acknowledged, the page says by
                  // itself.
                  const bool acknowledges = kind == CommandKind::acknowledge;
                  const bool partly =
                      answer.what == What::done && !engine::waiting_for(after->incident).empty();
                  reply(page_view(*after, link.person, clock_.now().wall,
                                  !acknowledges || partly ? answer.why : ""));
                });
}

}  // namespace tocsin::api

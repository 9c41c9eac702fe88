// The receipt of a message: its provider says whether it got through.
#include <algorithm>
#include <array>

#include "router/api/answers.hpp"
#include "router/api/api.hpp"
#include "router/api/request_body.hpp"
#include "router/core/problem.hpp"
#include "router/core/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kMostReceiptDetailBytes = 300;

Result<Attempt> read_receipt(std::string_view bytes) {
  constexpr std::array<std::string_view, 2> kFields{"status", "detail"};
  TOCSIN_TRY(const ChangeBody body, read_change(bytes, kFields));
  const std::string* const status = body.text("status");
  if (!status || (*status != "delivered" && *status != "failed"))
    return invalid(
        R"(status: it is needed; write {"status": "delivered"} or {"status": "failed"})");
  const std::string* const detail = body.text("detail");
  return Attempt::receipt(*status == "delivered",
                          detail ? cut(one_line(*detail), kMostReceiptDetailBytes) : "");
}

// The same was said of it before.
bool says_nothing_new(const engine::MessageState& message, std::uint32_t attempt,
                      const Attempt& said) {
  return message.receipt == engine::Receipt::delivered ||
         (message.receipt == engine::Receipt::denied && message.attempt == attempt &&
          said.outcome == AttemptOutcome::undelivered);
}

}  // namespace

void Api::take_receipt(const HttpRequest& request, HttpReply reply) {
  const std::string secret = link_secret();
  if (secret.empty()) return reply(problem(503, "no link is good yet; try again in a moment"));
  const Instant now = clock_.now();
  const auto link = verify_receipt(request.matches.at(0), secret, now.wall);
  if (!link) return reply(problem(403, link.error().message));
  const auto view = owner_.state().find(link->incident.text);
  if (!view) return reply(problem_of(view.error()));
  const auto& messages = view->incident.messages;
  const auto message = std::find_if(messages.begin(), messages.end(),
                                    [&](const auto& m) { return m.id == link->message; });
  if (message == messages.end()) return reply(problem(404, "this message is not known any more"));
  const auto theirs = listening_.receipt(request, message->contact.channel);
  if (theirs && !*theirs)
    return reply(
        problem(theirs->error().kind == ErrorKind::refused ? 401 : 400, theirs->error().message));
  if (theirs && !**theirs) return reply({204, "", "", {}});  // it is on its way
  const auto said = theirs ? Result<Attempt>(***theirs) : read_receipt(request.body);
  if (!said) return reply(problem_of(said.error()));
  if (says_nothing_new(*message, link->attempt, *said)) return reply({204, "", "", {}});
  owner_.submit(*view, AttemptResult{view->incident.id, link->message, link->attempt, now, *said},
                kCommandPatience, [reply = std::move(reply)](const engine::CommandAnswer& answer) {
                  reply(answer.what == engine::CommandAnswer::What::done
                            ? HttpResponse{204, "", "", {}}
                            : problem_of(answer));
                });
}

}  // namespace tocsin::api

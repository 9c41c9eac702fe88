#include "connectors/sources/answers.hpp"

#include <algorithm>

#include "connectors/sources/limits.hpp"
#include "router/core/problem.hpp"

namespace tocsin::connectors::sources {

HttpResponse text_answer(int status, std::string body) {
  return {status, std::move(body), "text/plain; charset=utf-8", {}};
}

HttpResponse json_answer(int status, std::string body) {
  return {status, std::move(body), "application/json", {}};
}

HttpResponse come_again(HttpResponse response) {
  const auto known = std::find_if(response.headers.begin(), response.headers.end(),
                                  [](const auto& header) { return header.first == "Retry-After"; });
  if (known == response.headers.end())
    response.headers.emplace_back("Retry-After", std::to_string(kRetryAfterSeconds));
  return response;
}

std::string faults_of(const IngestOutcome& outcome) {
  if (outcome.rejected.empty()) return outcome.error;
  const std::size_t shown = std::min(outcome.rejected.size(), kMostRejectedShown);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i)
    text += (i == 0 ? "alert " : "; alert ") + std::to_string(outcome.rejected[i].index) + ": " +
            outcome.rejected[i].what;
  if (shown < outcome.rejected.size())
    text += "; and " + std::to_string(outcome.rejected.size() - shown) + " more";
  return text;
}

HttpResponse plain_answer(const IngestOutcome& outcome, int limited) {
  switch (outcome.kind) {
    case IngestOutcome::Kind::accepted:
      return json_answer(200, R"({"status":"ok"})");
    case IngestOutcome::Kind::partly:
      return json_answer(
          200, R"({"status":"ok","rejected":)" + std::to_string(outcome.rejected.size()) + "}");
    case IngestOutcome::Kind::unusable:
      return problem(400, faults_of(outcome));
    case IngestOutcome::Kind::busy:
      return come_again(problem(503, outcome.error));
    case IngestOutcome::Kind::limited:
      break;
  }
  return come_again(problem(limited, outcome.error));
}

}  // namespace tocsin::connectors::sources

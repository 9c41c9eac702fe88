#include "router/api/answers.hpp"

#include "router/core/problem.hpp"

namespace tocsin::api {

HttpResponse json_answer(std::string body, int status) {
  return {status, std::move(body), "application/json", {{"Cache-Control", "no-store"}}};
}

HttpResponse problem_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::invalid:
      return problem(400, error.message);
    case ErrorKind::not_found:
      return problem(404, error.message);
    case ErrorKind::refused:
      return problem(409, error.message);
    case ErrorKind::unavailable:
    case ErrorKind::unknown:
    case ErrorKind::corrupt:
      break;
  }
  return problem(503, error.message);
}

HttpResponse problem_of(const engine::CommandAnswer& answer) {
  if (answer.what == engine::CommandAnswer::What::refused) return problem(409, answer.why);
  return problem(503, "not confirmed, try again: " + answer.why);
}

}  // namespace tocsin::api

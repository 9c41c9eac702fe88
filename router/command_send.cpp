#include <cstdio>

#include "connectors/wire/http_client.hpp"
#include "router/commands.hpp"
#include "router/payload_file.hpp"

namespace tocsin::commands {
namespace {

constexpr Duration kBudget = std::chrono::seconds(15);

}  // namespace

int send(const SendOptions& options) {
  const auto content = read_payload(options.file);
  if (!content) {
    std::fprintf(stderr, "%s\n", content.error().message.c_str());
    return 2;
  }
  wire::OutgoingRequest request;
  std::string server = options.server;
  while (server.ends_with('/')) server.pop_back();
  request.url = server + "/in/" + options.integration;
  request.headers = {{"Content-Type", "application/json"},
                     {"Authorization", "Bearer " + options.key}};
  request.body = *content;
  const auto answer = wire::send(request, kBudget);
  if (!answer) {
    std::fprintf(stderr, "%s: %s\n", options.server.c_str(), answer.error().message.c_str());
    return 1;
  }
  if (!answer->body.empty()) std::printf("%s\n", answer->body.c_str());
  const bool accepted = answer->status >= 200 && answer->status < 300;
  std::fprintf(stderr, "%d: %s\n", answer->status,
               accepted ? "the alerts are stored" : "not accepted");
  return accepted ? 0 : 1;
}

}  // namespace tocsin::commands

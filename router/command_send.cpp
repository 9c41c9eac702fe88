#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "connectors/wire/http_client.hpp"
#include "router/commands.hpp"

namespace tocsin::commands {
namespace {

constexpr Duration kBudget = std::chrono::seconds(15);
constexpr std::size_t kMostBytes = 16u << 20;

Result<std::string> content_of(const std::string& path) {
  if (std::error_code fault; path != "-" && std::filesystem::is_directory(path, fault))
    return not_found(path + " is a directory; give a file, or - for standard input");
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) return not_found(path + ": cannot be read");
  }
  std::istream& in = path == "-" ? std::cin : file;
  std::string content{std::istreambuf_iterator<char>(in), {}};
  if (content.size() > kMostBytes)
    return invalid(path + " is larger than the 16 MiB that tocsin takes");
  return content;
}

}  // namespace

int send(const SendOptions& options) {
  const auto content = content_of(options.file);
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

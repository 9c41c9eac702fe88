#include "router/server_call.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "connectors/wire/http_client.hpp"
#include "router/core/text.hpp"

namespace tocsin::commands {
namespace {

constexpr Duration kBudget = std::chrono::seconds(30);
constexpr std::size_t kMostAnswer = 64u << 20;
constexpr std::size_t kMostCell = 120;
constexpr std::size_t kMostDetail = 16u << 10;
constexpr int kAnswerIsNo = 1, kWrongUse = 2;

// What went wrong in the service's own words, or the status, if something else answered.
std::string detail_of(const wire::Answer& answer) {
  const std::string status = "HTTP " + std::to_string(answer.status);
  const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
  if (!problem.is_object() || !problem.contains("detail") || !problem["detail"].is_string())
    return status + ": is this the address of tocsin?";
  return plain_lines(cut(problem["detail"].get<std::string>(), kMostDetail));
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    text.remove_prefix(first_character(text).length);
    ++width;
  }
  return width;
}

}  // namespace

std::string in_url(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~";
  std::string out;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

Result<std::string> call(const ServerOptions& to, const std::string& method,
                         const std::string& path, const std::string& body) {
  if (to.token.empty())
    return invalid("no token: put one of server.tokens into the environment variable TOCSIN_TOKEN");
  std::string server = to.server;
  while (server.ends_with('/')) server.pop_back();
  if (const auto good = wire::check_url(server); !good)
    return invalid("--server: " + good.error().message);
  wire::OutgoingRequest request;
  request.method = method;
  request.url = server + path;
  request.headers = {{"Authorization", "Bearer " + to.token}};
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.body = body;
  request.most_answer = kMostAnswer;
  auto answer = wire::send(request, kBudget);
  if (!answer) return answer.error();
  if (answer->status < 200 || answer->status >= 300) return refused(detail_of(*answer));
  return std::move(answer->body);
}

int failed(const Error& error) {
  std::fprintf(stderr, "%s\n", plain_lines(error.message).c_str());
  return error.kind == ErrorKind::invalid ? kWrongUse : kAnswerIsNo;
}

std::string table(const std::vector<std::vector<std::string>>& rows, LastColumn last) {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    cells.emplace_back();
    for (std::size_t column = 0; column < row.size(); ++column) {
      const bool whole = last == LastColumn::whole && column + 1 == row.size();
      const std::string cell = one_line(row[column]);
      cells.back().push_back(whole ? cell : cut(cell, kMostCell));
      if (widths.size() <= column) widths.push_back(0);
      widths[column] = std::max(widths[column], width_of(cells.back().back()));
    }
  }
  std::string text;
  for (const auto& row : cells) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      text += row[column];
      if (column + 1 < row.size())
        text += std::string(widths[column] - width_of(row[column]) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

}  // namespace tocsin::commands

#include "tests/front_door/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace tocsin::tests {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

Answer parse_head(std::string_view head) {
  Answer answer;
  answer.status = std::stoi(std::string(head.substr(9, 3)));
  for (auto end = head.find("\r\n"); end != head.npos && end + 2 < head.size();) {
    head.remove_prefix(end + 2);
    end = head.find("\r\n");
    const auto line = head.substr(0, end);
    const auto colon = line.find(": ");
    answer.headers[lower_case(std::string(line.substr(0, colon)))] = line.substr(colon + 2);
  }
  return answer;
}

}  // namespace

Client::Client(std::uint16_t port, Duration patience)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(patience);
  const timeval limit{seconds.count(), (patience - seconds).count()};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    close(socket_);
    socket_ = -1;
  }
}

Client::~Client() {
  if (socket_ >= 0) close(socket_);
}

Client::Client(Client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void Client::finish_sending() { shutdown(socket_, SHUT_WR); }

bool Client::receive_more() {
  std::array<char, 16384> buffer;
  const auto size = recv(socket_, buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<Answer> Client::read_answer(bool to_head) {
  auto end = received_.find("\r\n\r\n");
  for (; end == received_.npos; end = received_.find("\r\n\r\n"))
    if (!receive_more()) return std::nullopt;
  Answer answer = parse_head(std::string_view(received_).substr(0, end));
  received_.erase(0, end + 4);
  const auto length = answer.headers.find("content-length");
  if (to_head || length == answer.headers.end()) return answer;
  const auto size = static_cast<std::size_t>(std::stoull(length->second));
  while (received_.size() < size)
    if (!receive_more()) return std::nullopt;
  answer.body = received_.substr(0, size);
  received_.erase(0, size);
  return answer;
}

bool Client::sees_end() {
  errno = 0;  // an end leaves it as it is
  while (receive_more()) errno = 0;
  return errno != EAGAIN && errno != EWOULDBLOCK;
}

std::string get(std::string_view path, std::string_view more_headers) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(more_headers) +
         "\r\n";
}

std::string post(std::string_view path, std::string_view body, std::string_view more_headers) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more_headers) + "\r\n" + std::string(body);
}

Answer ask(std::uint16_t port, std::string_view request, Duration patience) {
  Client client(port, patience);
  if (!client.connected()) return {};
  client.send(request);  // refused in the middle it may still be answered
  return client.read_answer().value_or(Answer{});
}

}  // namespace tocsin::tests

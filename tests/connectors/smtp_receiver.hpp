// A small SMTP server on a free loopback port, for whatever a mail server may do to us: take,
// refuse at any point, say nothing.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tocsin::testing {

struct ReceivedMail {
  std::string from, to;  // of the envelope, without < >
  std::string text;      // headers and body as they came, dots unstuffed

  /// A header's value, unfolded and decoded; empty: there is none.
  std::string header(const std::string& name) const;
  /// The part of a multipart mail that has this type, decoded; empty: there is none.
  std::string part(const std::string& type) const;
};

/// The text of HTML between its tags, entities decoded, each piece by itself.
std::vector<std::string> html_texts(const std::string& html);

class SmtpReceiver {
 public:
  /// What is answered to which verb, or to "greeting" and to "." after the message, instead of yes;
  /// "hang" is no answer, "reset" ends the connection.
  using Script = std::map<std::string, std::string>;
  static constexpr const char* kHang = "hang";
  static constexpr const char* kReset = "reset";

  explicit SmtpReceiver(Script script = {});
  /// Ends its thread.
  ~SmtpReceiver();
  SmtpReceiver(const SmtpReceiver&) = delete;
  SmtpReceiver& operator=(const SmtpReceiver&) = delete;

  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  std::vector<ReceivedMail> mails() const;
  std::vector<std::string> commands() const;

 private:
  struct Session;
  void run();
  void serve(int connection);
  bool answer(int connection, const std::string& verb, const std::string& otherwise);
  void take_line(Session& session, const std::string& line);

  const Script script_;
  int listener_ = -1;
  int port_ = 0;
  int wake_[2] = {-1, -1};
  mutable std::mutex mutex_;  // guards the two below
  std::vector<ReceivedMail> mails_;
  std::vector<std::string> commands_;
  std::thread thread_;
};

}  // namespace tocsin::testing

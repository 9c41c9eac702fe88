// What channels and hooks promise alike, whatever they speak. Each of their contract tests says how
// one is made and asked, and adds what is its own.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "connectors/spec.hpp"
#include "router/core/message.hpp"
#include "router/core/result.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/receiver.hpp"

namespace tocsin::testing {

// Long enough to be unmistakable, and right for every kind of secret that a connector checks.
inline constexpr const char* kSecret = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";

/// Settings with which it talks to `receiver`.
inline connectors::Values talking_to(const Receiver& receiver,
                                     std::span<const connectors::Field> fields) {
  connectors::Values values{"under-test", {}};
  for (const connectors::Field& field : fields) {
    if (field.key == "template") continue;  // a contract of its own
    values.values[std::string(field.key)] =
        field.secret             ? kSecret
        : field.key == "smtp"    ? "smtp://127.0.0.1:" + std::to_string(receiver.port())
        : !field.example.empty() ? std::string(field.example)
                                 : receiver.url("/" + std::string(kSecret));
  }
  return values;
}

/// A catalogue, how one of it is made, and how it is asked once.
template <class Spec, class Connector>
struct Contract {
  std::span<const Spec* const> all;
  const Spec* (*find)(std::string_view name);
  std::string section;  // of the configuration, where its settings stand
  std::function<Result<std::unique_ptr<Connector>>(const Spec&, const connectors::Values&)> make;
  std::function<Attempt(Connector&, Duration budget)> attempt;

  /// One that talks to `receiver`.
  std::unique_ptr<Connector> made(const Spec& spec, const Receiver& receiver) const {
    auto made = make(spec, talking_to(receiver, spec.fields));
    if (!made) FAIL(made.error().message);
    return std::move(*made);
  }
};

template <class Spec, class Connector>
void expect_introductions(const Contract<Spec, Connector>& contract) {
  std::set<std::string_view> names;
  for (const Spec* spec : contract.all) {
    INFO(spec->name);
    CHECK(names.insert(spec->name).second);
    CHECK(contract.find(spec->name) == spec);
    CHECK_FALSE(spec->summary.empty());
    CHECK(spec->example.find("type: " + std::string(spec->name) + "\n") != std::string_view::npos);
    for (const connectors::Field& field : spec->fields) {
      CHECK_FALSE(field.key.empty());
      CHECK_FALSE(field.meaning.empty());
      if (field.required)
        CHECK(spec->example.find(std::string(field.key) + ": ") != std::string_view::npos);
    }
  }
  CHECK_FALSE(names.empty());
  CHECK(contract.find("there is none of this name") == nullptr);
}

template <class Spec, class Connector>
void expect_to_name_what_is_missing(const Contract<Spec, Connector>& contract) {
  const Receiver receiver;
  for (const Spec* spec : contract.all) {
    for (const connectors::Field& field : spec->fields) {
      if (!field.required) continue;
      INFO(spec->name << "." << field.key);
      connectors::Values values = talking_to(receiver, spec->fields);
      values.values.erase(std::string(field.key));
      const auto made = contract.make(*spec, values);
      REQUIRE_FALSE(made);
      CHECK(made.error().kind == ErrorKind::invalid);
      CHECK(made.error().message.starts_with(contract.section + ".under-test." +
                                             std::string(field.key) + ": "));
      CHECK(made.error().message.find(kSecret) == std::string::npos);
    }
  }
}

/// Whatever the other side does: back in time, no secret told, and the outcome is as it should be.
template <class Spec, class Connector>
void expect_bounds(const Contract<Spec, Connector>& contract,
                   const std::function<AttemptOutcome(const Spec&)>& outcome) {
  constexpr Duration kBudget = std::chrono::milliseconds(300);
  constexpr auto kBound = std::chrono::seconds(3);
  for (const auto kind : {Reply::Kind::hang, Reply::Kind::trickle_head, Reply::Kind::trickle_body,
                          Reply::Kind::reset, Reply::Kind::flood_headers, Reply::Kind::echo}) {
    const Receiver receiver({kind, 500, "", ""});
    for (const Spec* spec : contract.all) {
      INFO(spec->name << ", reply " << static_cast<int>(kind));
      const auto connector = contract.made(*spec, receiver);
      const auto begin = std::chrono::steady_clock::now();
      const Attempt attempt = contract.attempt(*connector, kBudget);
      CHECK(std::chrono::steady_clock::now() - begin < kBound);
      CHECK_FALSE(attempt.detail.empty());
      CHECK(attempt.detail.find(kSecret) == std::string::npos);
      CHECK(attempt.outcome == outcome(*spec));
    }
  }
}

/// What was sent for one message.
struct SentMessage {
  std::string all;                 // every byte, with the head of a request
  std::vector<std::string> texts;  // what is read, each by itself: strings of JSON, or a whole body
};

/// The values of a form.
inline std::vector<std::string> form_values(const std::string& form) {
  std::vector<std::string> values;
  for (std::size_t at = 0; at < form.size();) {
    const std::size_t end = std::min(form.find('&', at), form.size());
    const std::size_t equals = form.find('=', at);
    std::string value;
    for (std::size_t i = std::min(equals + 1, end); i < end; ++i) {
      if (form[i] == '%' && i + 2 < end) {
        value += static_cast<char>(std::stoi(form.substr(i + 1, 2), nullptr, 16));
        i += 2;
      } else {
        value += form[i] == '+' ? ' ' : form[i];
      }
    }
    values.push_back(value);
    at = end + 1;
  }
  return values;
}

/// What is said of a text for a telephone, or the text itself.
inline std::vector<std::string> spoken(const std::string& text) {
  const std::string begin = "<Say>", end = "</Say>";
  if (!text.starts_with("<Response>")) return {text};
  std::vector<std::string> all;
  for (std::size_t at = 0; (at = text.find(begin, at)) != std::string::npos;) {
    at += begin.size();
    all.push_back(text.substr(at, text.find(end, at) - at));
  }
  return all;
}

inline void add_form(SentMessage& sent, const std::string& body) {
  for (const std::string& value : form_values(body)) {
    sent.all += "\n" + value;
    for (std::string& text : spoken(value)) sent.texts.push_back(std::move(text));
  }
}

inline void add_texts(SentMessage& sent, const std::string& body) {
  const nlohmann::json json = nlohmann::json::parse(body, nullptr, false);
  if (json.is_discarded()) return sent.texts.push_back(body);
  for (const auto& each : json.flatten())
    if (each.is_string()) sent.texts.push_back(each.get<std::string>());
}

/// `print`: to the terminal, `receiver`: to a server.
inline SentMessage sent_to(const std::string& print, const Receiver& receiver) {
  SentMessage sent{print, {}};
  if (!print.empty()) add_texts(sent, print);
  for (const ReceivedRequest& request : receiver.requests()) {
    sent.all += request.line + request.head + request.body;
    if (request.head.find("application/x-www-form-urlencoded") != std::string::npos)
      add_form(sent, request.body);
    else
      add_texts(sent, request.body);
  }
  return sent;
}

/// Whatever names the incident begins with the mark, and something does name it.
inline void expect_mark(const SentMessage& sent, const std::string& mark,
                        const std::string& title) {
  bool named = false;
  for (const std::string& text : sent.texts) {
    if (text.find(title) == std::string::npos) continue;
    INFO(text);
    CHECK(text.starts_with(mark));
    named = true;
  }
  CHECK(named);
}

}  // namespace tocsin::testing

// Requests of a sender that means harm, made from a seed: deep, huge, cut, of the wrong types, with
// every byte where text is expected, and alerts that are good JSON and nothing else about them is.
#pragma once

#include <array>
#include <random>
#include <string>
#include <vector>

namespace tocsin::tests {

class Hostile {
 public:
  explicit Hostile(unsigned seed) : random_(seed) {}

  /// A body for Prometheus' API; most are a few hundred bytes, one in a hundred is large.
  std::string body() {
    switch (below(12)) {
      case 0:
        return deep();
      case 1:
        return cut(alert());
      case 2:
        return garbled(alert());
      case 3:
        return of_wrong_types();
      case 4:
        return "[" + alert_with_labels(below(20) == 0 ? 10'000 : below(80)) + "]";
      case 5:
        return "[" +
               with_label("x", "\"" + std::string(below(20) == 0 ? 1'000'000 : 5'000, 'x') + "\"") +
               "]";
      case 6:
        return at_odd_times();
      case 7:
        return with_keys_that_collide();
      default:
        return alert();
    }
  }

  /// What somebody might try as a label's name or value, as JSON.
  std::string text() {
    static const std::vector<std::string> kTexts{R"("\u0000")",
                                                 R"("a\u0000b")",
                                                 R"("\u001b[31mred\u0007")",
                                                 R"("\u202egnp.exe")",
                                                 R"("\ud83d\ude00")",
                                                 R"("\ud800")",
                                                 R"("line\nline\r\n\r\nSet-Cookie: x")",
                                                 R"("{{title}} {{label.x}} {{")",
                                                 R"("${KEY} ${file:/etc/passwd}")",
                                                 R"("%s%n%999999d")",
                                                 R"("(a+)+$")",
                                                 R"("' OR 1=1 --")",
                                                 R"("<script>alert(1)</script>")",
                                                 R"("@channel <!here>")",
                                                 R"("../../../../etc/passwd")",
                                                 R"("__proto__")",
                                                 R"("gameday")",
                                                 R"("severity")",
                                                 R"("")",
                                                 R"("*")",
                                                 R"("{a=\"b\"}")",
                                                 R"("sha256:0000")",
                                                 R"("\ufeff\u200b\u2028")",
                                                 "\"" + std::string(4'096, 'a') + "\"",
                                                 "\"" + std::string(4'097, 'a') + "\""};
    return kTexts[below(kTexts.size())];
  }

  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }

 private:
  std::string name() { return "\"evil-" + std::to_string(below(300)) + "\""; }

  std::string with_label(const std::string& label, const std::string& value) {
    return R"({"labels":{"alertname":)" + name() + ",\"" + label + "\":" + value + "}}";
  }
  std::string alert() {
    std::string labels = "\"alertname\":" + (below(4) == 0 ? text() : name());
    for (std::size_t n = below(5); n > 0; --n) labels += "," + text() + ":" + text();
    static const std::vector<std::string> kSpecial{"severity", "gameday", "service", "a", "b"};
    labels += ",\"" + kSpecial[below(kSpecial.size())] + "\":" + text();
    return R"([{"labels":{)" + labels + R"(},"annotations":{"summary":)" + text() + "," + text() +
           ":" + text() + R"(},"generatorURL":)" + text() + "}]";
  }
  std::string alert_with_labels(std::size_t count) {
    std::string labels = "\"alertname\":" + name();
    for (std::size_t i = 0; i < count; ++i) labels += ",\"l" + std::to_string(i) + "\":\"v\"";
    return R"({"labels":{)" + labels + "}}";
  }
  std::string deep() {
    const std::size_t depth = below(10) == 0 ? 200'000 : 10 + below(200);
    const std::string one = below(2) == 0 ? "[" : "{\"labels\":";
    std::string all = below(2) == 0 ? "[{\"labels\":" : "";
    for (std::size_t i = 0; i < depth; ++i) all += one;
    return all;
  }
  std::string cut(std::string body) {
    body.resize(below(body.size()) + 1);
    return body;
  }
  std::string garbled(std::string body) {
    for (std::size_t n = 1 + below(4); n > 0; --n)
      body[below(body.size())] = static_cast<char>(below(256));
    return body;
  }
  std::string of_wrong_types() {
    static const std::vector<std::string> kValues{"null", "7",    "-1e308", "[]",
                                                  "{}",   "true", "[[{}]]", "\"x\""};
    const auto any = [&] { return kValues[below(kValues.size())]; };
    return R"([{"labels":)" + any() + R"(,"annotations":)" + any() + R"(,"startsAt":)" + any() +
           R"(,"endsAt":)" + any() + "},{\"labels\":{\"alertname\":" + any() + "}}]";
  }
  std::string at_odd_times() {
    static const std::vector<std::string> kTimes{
        "0001-01-01T00:00:00Z",     "9999-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59-23:59",
        "2026-11-22T01:52:43.604Z", "2262-04-11T23:47:16.854775808Z", "1677-09-21T00:12:43Z",
        "2026-13-45T99:99:99Z",     "-292277022399-01-01T00:00:00Z",  ""};
    const auto any = [&] { return kTimes[below(kTimes.size())]; };
    return R"([{"labels":{"alertname":)" + name() + R"(},"startsAt":")" + any() +
           R"(","endsAt":")" + any() + "\"}]";
  }
  /// Label sets whose names and values are alike once they are written one behind the other.
  std::string with_keys_that_collide() {
    static const std::array<std::string, 6> kSets{R"("a":"b","c":"d")", R"("a":"b\",\"c\":\"d")",
                                                  R"("a":"b,c=d")",     R"("a":"b\nc=d")",
                                                  R"("ab":"","c":"d")", R"("a":"b\u00ffc\u00ffd")"};
    return R"([{"labels":{"alertname":"evil-twins",)" + kSets[below(kSets.size())] +
           R"(}},{"labels":{"alertname":"evil-twins",)" + kSets[below(kSets.size())] + "}}]";
  }

  std::mt19937 random_;
};

}  // namespace tocsin::tests

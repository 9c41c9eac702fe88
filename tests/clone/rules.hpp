// Rule files as tests write them.
#pragma once

#include <string>
#include <vector>

#include "router/gameday/clone/rule_file.hpp"

namespace tocsin::tests {

inline const std::string kShop = R"(groups:
  - name: shop
    interval: 30s
    limit: 10
    rules:
      - record: job:failing:sum
        expr: sum by (job) (checkout_failing)
      - alert: CheckoutFails
        expr: checkout_failing{environment="production"} == 1
        for: 5m
        keep_firing_for: 10m
        labels: {severity: critical, service: checkout}
        annotations:
          summary: "Nobody can pay on {{ $labels.instance }}: {{ $value }}"
      - alert: Slow
        expr: |
          latency
            > 1
)";

inline settings::File rule_file(std::string text, std::string name = "rules.yml") {
  return {std::move(name), std::move(text)};
}

inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? std::string() : text.replace(at, what.size(), with);
}

inline std::vector<std::string> texts_of(const std::vector<settings::Fault>& faults) {
  std::vector<std::string> all;
  for (const settings::Fault& fault : faults) all.push_back(fault.text());
  return all;
}

}  // namespace tocsin::tests

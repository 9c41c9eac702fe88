// What is failing at present, for each partition: said by whoever tried, taken back by a delivery.
// The first failure and the recovery go to the log. Any thread may call.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "router/core/ids.hpp"

namespace tocsin::journal {

class KafkaHealth {
 public:
  explicit KafkaHealth(std::function<void(const std::string&)> log) : log_(std::move(log)) {}

  void failed(Partition partition, std::string why);
  void worked(Partition partition);
  /// Empty, or why.
  std::string trouble() const;
  std::vector<Partition> failing() const;
  void log(const std::string& line) const;

 private:
  const std::function<void(const std::string&)> log_;
  mutable std::mutex mutex_;
  std::map<Partition, std::string> failing_;
};

}  // namespace tocsin::journal

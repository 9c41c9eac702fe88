// Prometheus' own tool, where it knows how to set label matchers: nobody else reads PromQL as
// Prometheus does.
#pragma once

#include <string>

#include "router/core/result.hpp"
#include "router/gameday/clone/clone.hpp"

namespace tocsin {

class Promtool {
 public:
  /// `program` is a path, or a name to look for in PATH; it is run to see what it can do. Errors:
  /// not_found, it is not there; otherwise why it is of no use. Blocks for seconds at the most.
  static Result<Promtool> find(const std::string& program);

  /// `promql label-matchers set`. Errors: what promtool said, on one line. Blocks likewise.
  Result<std::string> set_matcher(const std::string& expr, const gameday::Retarget& retarget) const;

 private:
  Promtool(std::string program, bool experimental)
      : program_(std::move(program)), experimental_(experimental) {}

  std::string program_;
  bool experimental_;  // the command wants to be asked for so
};

}  // namespace tocsin

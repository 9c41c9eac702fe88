// One call of a running tocsin by the command line, and how its answers are shown on a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "router/core/result.hpp"

namespace tocsin::commands {

/// Where the service is, and who asks.
struct ServerOptions {
  std::string server = "http://127.0.0.1:8321";
  std::string token;
  bool json = false;  // print the answer as it came
};

/// A part of a path, or a value of a query, whatever is in it.
std::string in_url(std::string_view text);

/// The body of a 2xx answer. `path` begins with a slash. Errors: invalid, when it cannot be asked
/// so; refused, with the detail of the problem that the service answered; otherwise unavailable or
/// unknown. No message has the token.
Result<std::string> call(const ServerOptions& to, const std::string& method,
                         const std::string& path, const std::string& body = {});

/// Says what is wrong on stderr. Returns the exit code: 2 for what cannot be asked, otherwise 1.
int failed(const Error& error);

/// Columns side by side, each as wide as its widest cell; strangers' texts become harmless. A list
/// cuts long cells; what is shown of one thing has the last column whole, however long.
enum class LastColumn { cut, whole };
std::string table(const std::vector<std::vector<std::string>>& rows,
                  LastColumn last = LastColumn::cut);

}  // namespace tocsin::commands

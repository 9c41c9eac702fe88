#include <pwd.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "router/commands.hpp"
#include "router/core/clock.hpp"
#include "router/core/text.hpp"
#include "router/lever_file.hpp"

namespace tocsin::commands {
namespace {

using json = nlohmann::ordered_json;

// Who sits there, also behind sudo.
std::string user_at_host() {
  const char* name = std::getenv("SUDO_USER");
  if (!name || !*name)
    if (const passwd* const user = ::getpwuid(::geteuid())) name = user->pw_name;
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) != 0) host[0] = 0;
  return std::string(name && *name ? name : "somebody") + "@" + (host[0] ? host : "localhost");
}

int show(const LeverFile& file, bool as_json) {
  const auto lever = file.read();
  if (as_json) {
    json all = {{"pulled", lever.has_value()}, {"by", nullptr}, {"at", nullptr}, {"why", nullptr}};
    if (lever && !lever->by.empty()) all["by"] = lever->by;
    if (lever && lever->at) all["at"] = format_rfc3339(*lever->at);
    if (lever && !lever->why.empty()) all["why"] = lever->why;
    return std::printf("%s\n", all.dump(-1, ' ', false, json::error_handler_t::replace).c_str()) <
           0;
  }
  const std::string text =
      lever ? sentence(*lever) + "; nothing of a drill leaves it"
            : "the GameDay lever of this node is not pulled; sets are on that are turned on";
  return std::printf("%s\n", one_line(text).c_str()) < 0;
}

}  // namespace

int lever(const GamedayOptions& options) {
  const LeverFile file(options.data);
  Status done = file.is_there();
  if (done && options.lever == "pull")
    done = file.pull({user_at_host(), options.why, SystemClock().now().wall});
  if (done && options.lever == "release") done = file.release();
  if (!done) return failed(done.error());
  return show(file, options.at.json);
}

}  // namespace tocsin::commands

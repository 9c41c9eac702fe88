#include <cstdio>
#include <nlohmann/json.hpp>

#include "router/commands.hpp"
#include "router/core/text.hpp"

namespace tocsin::commands {

int reload(const ServerOptions& options) {
  const auto answer = call(options, "POST", "/-/reload");
  if (!answer) return failed(answer.error());
  if (options.json) return std::printf("%s\n", answer->c_str()) < 0;
  const auto parsed = nlohmann::json::parse(*answer, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("needs_restart"))
    return failed(corrupt("the answer is not what tocsin answers; is this its address?"));
  std::printf("the configuration is in force\n");
  if (parsed["needs_restart"].is_string())
    std::printf("%s\n", one_line(parsed["needs_restart"].get<std::string>()).c_str());
  return 0;
}

}  // namespace tocsin::commands

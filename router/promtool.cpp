#include "router/promtool.hpp"

#include "router/core/text.hpp"
#include "router/program.hpp"

namespace tocsin {
namespace {

constexpr Duration kLimit = std::chrono::seconds(10);
constexpr std::size_t kMostShownBytes = 200;

/// What it said last is the error; before that there may be a usage.
std::string last_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::size_t end = text.rfind('\n');
  return cut(one_line(end == std::string_view::npos ? text : text.substr(end + 1)),
             kMostShownBytes);
}

std::string ended_with(const Ran& ran) {
  const std::string said = last_line(ran.err.empty() ? ran.out : ran.err);
  return said.empty() ? "exit code " + std::to_string(ran.exit_code) : said;
}

}  // namespace

Result<Promtool> Promtool::find(const std::string& program) {
  TOCSIN_TRY(const Ran ran,
             run_program({program, "promql", "label-matchers", "set", "--help"}, kLimit));
  if (ran.exit_code != 0)
    return refused(program + " has no command \"promql label-matchers set\" (" + ended_with(ran) +
                   "); that of Prometheus 2.46 and later has");
  const std::string help = ran.out + ran.err;
  return Promtool(program, help.find("experimental") != std::string::npos);
}

Result<std::string> Promtool::set_matcher(const std::string& expr,
                                          const gameday::Retarget& retarget) const {
  std::vector<std::string> arguments{program_};
  if (experimental_) arguments.push_back("--experimental");
  // Behind "--" nothing is taken for an option, nor, with an @ before it, for a file to be read.
  for (const std::string& each :
       {std::string("promql"), std::string("label-matchers"), std::string("set"), std::string("--"),
        expr, retarget.label, retarget.value})
    arguments.push_back(each);
  TOCSIN_TRY(Ran ran, run_program(arguments, kLimit));
  if (ran.exit_code != 0) return refused("promtool says: " + ended_with(ran));
  while (ran.out.ends_with('\n')) ran.out.pop_back();
  return std::move(ran.out);
}

}  // namespace tocsin

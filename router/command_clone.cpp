#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "router/checked_configuration.hpp"
#include "router/commands.hpp"
#include "router/core/text.hpp"
#include "router/gameday/clone/clone.hpp"
#include "router/gameday/clone/drift.hpp"
#include "router/payload_file.hpp"
#include "router/promtool.hpp"
#include "router/settings/report.hpp"
#include "router/settings/value.hpp"

namespace tocsin::commands {
namespace {

namespace fs = std::filesystem;

constexpr int kWrongUse = 2;
constexpr const char* kDefaultPromtool = "promtool";

int wrong_use(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  return kWrongUse;
}
int wrong_use(const Error& error) { return wrong_use(one_line(error.message)); }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_label(std::string_view name) {
  return !name.empty() && is_letter(name.front()) && !name.starts_with("__") &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

/// NAME=VALUE. `option` as in "--label".
Result<std::pair<std::string, std::string>> read_pair(const std::string& option,
                                                      const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  std::string value = equals == std::string::npos ? std::string() : text.substr(equals + 1);
  const std::string written = option + " " + settings::shown(text);
  if (value.empty()) return invalid(written + ": write " + option + " environment=staging");
  if (!is_label(name))
    return invalid(written + ": " + settings::shown(name) + " is no label's name");
  if (one_line(value) != value)
    return invalid(written + ": its value has blanks or characters that a label should not have");
  if (name == gameday::kTag || name == "alertname")
    return invalid(written + ": the copies' label " + name + " is made by tocsin; leave it out");
  return std::pair(name, std::move(value));
}

/// A later one of the same name wins.
template <class Made>
Status read_pairs(const std::string& option, const std::vector<std::string>& texts,
                  std::vector<Made>& into) {
  for (const std::string& text : texts) {
    TOCSIN_TRY(const auto read, read_pair(option, text));
    const auto& [name, value] = read;
    std::erase_if(into, [&read](const Made& each) {
      const auto& [its_name, its_value] = each;
      return its_name == read.first;
    });
    into.push_back(Made{name, value});
  }
  return ok();
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code fault;
  return a == b || fs::equivalent(a, b, fault);
}

/// What is at --out, if that is there: only what this command wrote is written over.
Result<std::string> read_earlier(const std::string& out) {
  std::error_code fault;
  if (!fs::exists(out, fault)) return not_found(out + " is not there");
  if (!fs::is_regular_file(out, fault)) return invalid(out + " is no file; give another --out");
  TOCSIN_TRY(std::string text, read_payload(out));
  if (!text.starts_with(gameday::kCloneBegins))
    return invalid(out +
                   " is there and was not written by this command; give another --out, or "
                   "remove it first");
  return text;
}

/// Each file once, and not the copies, which stand where `rules/*.yml` finds them too.
Result<std::vector<settings::File>> read_rules(const CloneOptions& options) {
  std::vector<settings::File> files;
  std::size_t bytes = 0;
  for (const std::string& path : options.rules) {
    if (!options.out.empty() && is_same_file(path, options.out)) continue;
    if (std::any_of(files.begin(), files.end(),
                    [&](const settings::File& file) { return is_same_file(file.name, path); }))
      continue;
    TOCSIN_TRY(std::string text, read_payload(path));
    bytes += text.size();
    if (files.size() >= settings::kMostFiles || bytes > settings::kMostBytes)
      return invalid("--rules: more than " + std::to_string(settings::kMostFiles) + " files or " +
                     std::to_string(settings::kMostBytes >> 20) +
                     " MiB; make copies of a part at a time");
    files.push_back({path, std::move(text)});
  }
  if (files.empty()) return invalid("--rules: there is no file beside that of --out");
  return files;
}

/// What the set of that configuration says; exit code 0, or why not was told.
int read_set(const CloneOptions& options, const std::vector<gameday::Retarget>& by_hand,
             std::vector<gameday::Retarget>& into) {
  const auto checked = check_configuration(options.config, settings::Unset::note);
  print_faults(checked.faults);
  if (!checked.settings) return 1;
  const auto set = checked.settings->gamedays.find(options.set);
  if (set == checked.settings->gamedays.end()) {
    std::vector<std::string> known;
    std::string all;
    for (const auto& [name, each] : checked.settings->gamedays) {
      known.push_back(name);
      all += (all.empty() ? "there are: " : ", ") + name;
    }
    return wrong_use(
        "--set: no GameDay set is called " + settings::shown(options.set) + " in " +
        options.config +
        settings::did_you_mean(options.set, known, all.empty() ? "there is none" : all));
  }
  const auto is_by_hand = [&](const std::string& label) {
    return std::any_of(by_hand.begin(), by_hand.end(),
                       [&](const gameday::Retarget& each) { return each.label == label; });
  };
  gameday::SetRetargets says = gameday::retargets_of(set->second);
  for (const std::string& label : says.unsaid)
    if (!is_by_hand(label))
      return wrong_use("the GameDay set " + options.set + " has " + label +
                       " in `as`, and no matcher " + label +
                       "=\"…\" in `copies` that says what its alerts have there; give --retarget " +
                       label + "=VALUE");
  std::erase_if(says.all, [&](const auto& each) { return is_by_hand(each.label); });
  into = std::move(says.all);
  return 0;
}

/// As it could be typed into a shell.
std::string in_shell(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("-./=:,@%+").find(c) != std::string::npos;
  });
  if (plain) return word;
  std::string all = "'";
  for (const char c : word) all += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return all + "'";
}

std::string command_of(const CloneOptions& options) {
  std::string all = "tocsin gameday clone --rules";
  for (const std::string& path : options.rules) all += " " + in_shell(path);
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) all += std::string(" ") + option + " " + in_shell(value);
  };
  add("--set", options.set);
  add("--config", options.config);
  for (const std::string& each : options.retargets) add("--retarget", each);
  for (const std::string& each : options.labels) add("--label", each);
  add("--promtool", options.promtool);
  add("--out", options.out);
  return all;
}

/// A file that Prometheus may read, whole or not there.
Status write_out(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  file << text << std::flush;
  if (!file) return unavailable(fresh + ": cannot be written");
  file.close();
  std::error_code fault;
  fs::rename(fresh, path, fault);
  return fault ? Status(unavailable(path + ": cannot be written: " + fault.message())) : ok();
}

int check_copies(const CloneOptions& options, const std::vector<settings::File>& files) {
  if (options.out.empty()) return wrong_use("--check looks at the file of --out; give it");
  auto text = read_earlier(options.out);
  if (!text) return wrong_use(text.error());
  const gameday::Comparison found =
      gameday::compare(files, {options.out, std::move(*text)}, options.set);
  print_faults(found.faults);
  if (!found.faults.empty()) return 1;
  for (const gameday::Difference& each : found.differences)
    std::printf("%-8s  %s\n", std::string(to_string(each.kind)).c_str(), each.what.text().c_str());
  if (found.differences.empty()) {
    std::printf("%s: %zu copies, each like its original\n", options.out.c_str(), found.copies);
    return 0;
  }
  std::printf("%s: %zu copies, %zu differences; look at them, and write it again without --check\n",
              options.out.c_str(), found.copies, found.differences.size());
  return 1;
}

/// Loudly: a copy that looks at production's series drills nothing of the set.
int tell_unedited(const CloneOptions& options, const gameday::Clone& clone) {
  if (clone.unedited.empty()) return 0;
  print_faults(clone.unedited, "to be edited: ");
  std::fprintf(
      stderr,
      "%zu selectors of the copies still look at what the originals look at: edit them, or "
      "give --retarget and a newer promtool%s\n",
      clone.unedited.size(), options.unedited ? "" : "; if that is meant, say --unedited");
  return options.unedited ? 0 : 1;
}

int write_copies(const CloneOptions& options, const gameday::CloneRequest& request) {
  const gameday::Clone clone = gameday::make_clone(request);
  print_faults(clone.notes, "note: ");
  print_faults(clone.faults);
  if (!clone.faults.empty()) return 1;
  if (clone.text.empty()) {
    std::fprintf(stderr, "--rules: there is no alerting rule to copy in these files\n");
    return 1;
  }
  if (options.out.empty()) {
    std::fputs(clone.text.c_str(), stdout);
    return std::fflush(stdout) == 0 ? tell_unedited(options, clone) : 1;
  }
  if (const Status written = write_out(options.out, clone.text); !written) {
    std::fprintf(stderr, "%s\n", written.error().message.c_str());
    return 1;
  }
  std::printf("%s: %zu copies for the GameDay set %s\n", options.out.c_str(), clone.copies,
              options.set.c_str());
  return tell_unedited(options, clone);
}

/// Without one that can, the expressions stay as they are. Exit code 0, or why not was told.
int use_promtool(const CloneOptions& options, gameday::CloneRequest& request) {
  const auto promtool =
      Promtool::find(options.promtool.empty() ? kDefaultPromtool : options.promtool);
  if (promtool) {
    request.set_matcher = [tool = *promtool](const std::string& expr,
                                             const gameday::Retarget& retarget) {
      return tool.set_matcher(expr, retarget);
    };
    return 0;
  }
  const std::string why = one_line(promtool.error().message);
  if (promtool.error().kind == ErrorKind::not_found && !options.promtool.empty())
    return wrong_use("--promtool: " + why);
  std::fprintf(stderr, "note: no expression is edited: %s\n", why.c_str());
  return 0;
}

}  // namespace

int clone(const CloneOptions& options) {
  if (!settings::is_name(options.set))
    return wrong_use("--set: " + settings::shown(options.set) + " is no name; use " +
                     std::string(settings::kNamePattern));
  gameday::CloneRequest request;
  std::vector<gameday::Retarget> by_hand;
  for (const Status& read : {read_pairs("--retarget", options.retargets, by_hand),
                             read_pairs("--label", options.labels, request.labels)})
    if (!read) return wrong_use(read.error());
  if (!options.out.empty() && !options.check) {
    const auto earlier = read_earlier(options.out);
    if (!earlier && earlier.error().kind != ErrorKind::not_found) return wrong_use(earlier.error());
  }
  auto files = read_rules(options);
  if (!files) return wrong_use(files.error());
  if (options.check) return check_copies(options, *files);
  request.files = std::move(*files);
  request.set = options.set;
  request.command = command_of(options);
  if (!options.config.empty())
    if (const int code = read_set(options, by_hand, request.retargets); code != 0) return code;
  request.retargets.insert(request.retargets.end(), by_hand.begin(), by_hand.end());
  if (!request.retargets.empty())
    if (const int code = use_promtool(options, request); code != 0) return code;
  return write_copies(options, request);
}

}  // namespace tocsin::commands

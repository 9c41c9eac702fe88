#include "router/gameday/clone/clone.hpp"

#include <algorithm>

#include "router/core/text.hpp"
#include "router/gameday/clone/plan.hpp"
#include "router/gameday/clone/selectors.hpp"
#include "router/gameday/clone/yaml_writer.hpp"

namespace tocsin::gameday {
namespace {

constexpr std::size_t kRuleIndent = 6, kKeyIndent = 8, kTextIndent = 10;

std::string matcher_text(const Retarget& retarget) {
  std::string text = retarget.label + "=\"";
  for (const char c : retarget.value)
    text += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  return text + '"';
}

/// Whoever sets the matchers is another program: what it answers is looked at.
bool all_have(const std::string& expr, const Retarget& retarget) {
  const std::string wanted = matcher_text(retarget);
  const std::vector<std::string> all = selectors(expr);
  return std::all_of(all.begin(), all.end(), [&](const std::string& selector) {
    return selector.find(wanted) != std::string::npos;
  });
}

class Writer {
 public:
  Writer(const CloneRequest& request, Clone& clone) : request_(request), clone_(clone) {}

  std::string write(const std::vector<PlannedGroup>& groups) {
    for (const PlannedGroup& group : groups) add(group);
    return head() + "groups:\n" + text_;
  }

 private:
  std::string head() const {
    std::string text = std::string(kCloneBegins) + one_line(request_.set) + ".\n";
    text += clone_.unedited.empty()
                ? "# Do not edit: edit the originals, and write this file again.\n"
                : "# Edit only the selectors that are marked; written again, this file has the "
                  "originals' once more.\n";
    return text + "# Made by: " + one_line(request_.command) +
           "\n# With --check it tells which originals were edited, are gone or are new since.\n";
  }

  void add(const PlannedGroup& group) {
    text_ += "  - name: " + yaml_text(group.name, kRuleIndent) + "\n";
    for (const settings::Entry& entry : group.original.others) text_ += yaml_entry(entry, 4);
    add_texts("labels", group.original.labels, 4);
    text_ += "    rules:\n";
    for (const PlannedRule& rule : group.rules) add(rule);
  }

  void add(const PlannedRule& planned) {
    const MonitorRule& rule = planned.rule;
    const std::string expr = retargeted(rule);
    text_ += "      - alert: " + yaml_text(rule.name, kTextIndent) + "\n";
    text_ += "        expr: " + yaml_text(expr, kTextIndent) + "\n";
    for (const settings::Entry& entry : rule.others) text_ += yaml_entry(entry, kKeyIndent);
    Texts labels = rule.labels;
    const auto set = [&](const std::string& name, const std::string& value) {
      std::erase_if(labels, [&](const auto& each) { return each.first == name; });
      labels.emplace_back(name, value);
    };
    for (const auto& [name, value] : request_.labels) set(name, value);
    set(std::string(kTag), request_.set);
    add_texts("labels", labels, kKeyIndent);
    Texts annotations = rule.annotations;
    annotations.emplace_back(kOriginal, planned.fingerprint);
    add_texts("annotations", annotations, kKeyIndent);
    note_labels(rule, labels);
    ++clone_.copies;
  }

  void add_texts(const std::string& key, const Texts& texts, std::size_t indent) {
    if (texts.empty()) return;
    text_ += std::string(indent, ' ') + key + ":\n";
    for (const auto& [name, value] : texts)
      text_ += std::string(indent + 2, ' ') + yaml_key(name) + ": " + yaml_text(value, indent + 4) +
               "\n";
  }

  /// Marks the selectors of an expression that stays as it is.
  std::string retargeted(const MonitorRule& rule) {
    std::string expr = rule.expr;
    std::string why;
    if (request_.retargets.empty())
      why = "it is not said what to look at instead";
    else if (!request_.set_matcher)
      why = "there is no promtool that can do it";
    for (const Retarget& retarget : request_.retargets) {
      if (!why.empty()) break;
      auto answer = request_.set_matcher(expr, retarget);
      if (!answer)
        why = answer.error().message;
      else if (answer->empty() || !all_have(*answer, retarget))
        why = "promtool answered something else than was asked: " + settings::shown(*answer);
      else
        expr = std::move(*answer);
    }
    if (why.empty()) return expr;
    for (const std::string& selector : selectors(rule.expr)) {
      const std::string what = one_line(selector) + wanted();
      text_ += std::string(kRuleIndent, ' ') + "# to be edited: " + what + "\n";
      clone_.unedited.push_back({rule.expr_place.file, rule.expr_place.line, rule.expr_place.column,
                                 one_line(rule.name), what + "; " + why});
    }
    return rule.expr;
  }

  std::string wanted() const {
    std::string all;
    for (const Retarget& retarget : request_.retargets)
      all += (all.empty() ? ": set " : ", ") + one_line(matcher_text(retarget));
    return all;
  }

  /// A label that the rule itself gives is not looked up in the series, so no matcher changes it.
  void note_labels(const MonitorRule& rule, const Texts& labels) {
    for (const Retarget& retarget : request_.retargets) {
      const std::string* const value = find(labels, retarget.label);
      if (!value || *value == retarget.value) continue;
      clone_.notes.push_back({rule.place.file, rule.place.line, rule.place.column, rule.place.key,
                              settings::shown(rule.name) + " keeps its own label " +
                                  retarget.label + "=" + settings::shown(*value) +
                                  "; with --label " + retarget.label + "=" +
                                  one_line(retarget.value) + " the copies have another"});
    }
  }

  const CloneRequest& request_;
  Clone& clone_;
  std::string text_;
};

}  // namespace

SetRetargets retargets_of(const Set& set) {
  SetRetargets found;
  for (const auto& seen : set.as) {
    const std::string& label = seen.first;
    const auto at = std::find_if(set.copies.begin(), set.copies.end(), [&](const auto& matcher) {
      return matcher.name() == label && matcher.kind() == rules::MatchKind::equal;
    });
    if (at == set.copies.end())
      found.unsaid.push_back(label);
    else
      found.all.push_back({label, at->value()});
  }
  return found;
}

Clone make_clone(const CloneRequest& request) {
  Clone clone;
  settings::Report report;
  const std::vector<PlannedGroup> groups = plan(request.files, request.set, report);
  clone.faults = report.faults(request.files);
  clone.notes = report.notes(request.files);
  if (!clone.faults.empty() || groups.empty()) return clone;
  clone.text = Writer(request, clone).write(groups);
  return clone;
}

}  // namespace tocsin::gameday

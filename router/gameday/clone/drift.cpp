#include "router/gameday/clone/drift.hpp"

#include <deque>
#include <map>

#include "router/gameday/clone/plan.hpp"
#include "router/gameday/set.hpp"

namespace tocsin::gameday {
namespace {

struct Copy {
  std::string group;
  MonitorRule rule;
  std::string original;  // the fingerprint; empty: it does not say
  bool told = false;     // what is to be said of it
};
struct Original {
  std::string group;  // as its copies' is called
  MonitorRule rule;
  std::string fingerprint;
  bool taken = false;  // it has its copy
};

class Matching {
 public:
  Matching(std::vector<Copy> copies, std::vector<Original> originals, const std::string& set)
      : copies_(std::move(copies)), originals_(std::move(originals)), set_(set) {}

  std::vector<Difference> differences() {
    for (Copy& copy : copies_) find_tampered(copy);
    // The likest first, so that of two rules of one name each finds its own.
    pair(Likeness::text_and_group);
    pair(Likeness::text);
    pair(Likeness::name_and_group);
    pair(Likeness::name);
    for (const Copy& copy : copies_)
      if (!copy.told)
        tell(Difference::Kind::deleted, copy.rule.place,
             settings::shown(copy.rule.name) + " has no original any more");
    for (const Original& original : originals_)
      if (!original.taken)
        tell(Difference::Kind::added, original.rule.place,
             settings::shown(original.rule.name) + " has no copy");
    return std::move(differences_);
  }

 private:
  void tell(Difference::Kind kind, const settings::Place& place, std::string what) {
    differences_.push_back(
        {kind, {place.file, place.line, place.column, place.key, std::move(what)}});
  }

  void find_tampered(const Copy& copy) {
    const std::string* const tag = find(copy.rule.labels, kTag);
    if (!tag || *tag != set_)
      tell(Difference::Kind::tampered, copy.rule.place,
           settings::shown(copy.rule.name) + " has not the label " + std::string(kTag) + "=" +
               settings::shown(set_) + (tag ? " but " + settings::shown(*tag) : "") +
               ", so it is no drill of this set");
    if (copy.original.empty())
      tell(Difference::Kind::tampered, copy.rule.place,
           settings::shown(copy.rule.name) + " has no annotation " + std::string(kOriginal) +
               ", so it cannot be told of what it is a copy");
  }

  enum class Likeness { text_and_group, text, name_and_group, name };

  static std::string key(Likeness likeness, const std::string& fingerprint, const std::string& name,
                         const std::string& group) {
    const bool by_text = likeness == Likeness::text_and_group || likeness == Likeness::text;
    const bool by_group =
        likeness == Likeness::text_and_group || likeness == Likeness::name_and_group;
    return (by_text ? fingerprint : name) + (by_group ? '\n' + group : std::string());
  }

  /// Each copy that has no original yet takes the first that is so like it.
  void pair(Likeness likeness) {
    std::map<std::string, std::deque<Original*>> free;
    for (Original& o : originals_)
      if (!o.taken) free[key(likeness, o.fingerprint, o.rule.name, o.group)].push_back(&o);
    for (Copy& copy : copies_) {
      if (copy.told) continue;
      const auto at = free.find(key(likeness, copy.original, copy.rule.name, copy.group));
      if (at == free.end() || at->second.empty()) continue;
      Original& original = *at->second.front();
      at->second.pop_front();
      copy.told = original.taken = true;
      if (copy.original != original.fingerprint && !copy.original.empty())
        tell(Difference::Kind::edited, original.rule.place,
             settings::shown(original.rule.name) + " was edited since it was copied to " +
                 settings::short_form(copy.rule.place));
    }
  }

  std::vector<Copy> copies_;
  std::vector<Original> originals_;
  const std::string& set_;
  std::vector<Difference> differences_;
};

}  // namespace

std::string_view to_string(Difference::Kind kind) {
  switch (kind) {
    case Difference::Kind::edited:
      return "edited";
    case Difference::Kind::deleted:
      return "deleted";
    case Difference::Kind::added:
      return "new";
    case Difference::Kind::tampered:
      return "tampered";
  }
  return "";
}

Comparison compare(const std::vector<settings::File>& files, const settings::File& clone,
                   const std::string& set) {
  Comparison comparison;
  settings::Report report;
  std::vector<Original> originals;
  for (PlannedGroup& group : plan(files, set, report))
    for (PlannedRule& rule : group.rules)
      originals.push_back({group.name, std::move(rule.rule), std::move(rule.fingerprint)});
  std::vector<Copy> copies;
  for (RuleGroup& group : read_rule_file(clone, report))
    for (MonitorRule& rule : group.rules) {
      const std::string* const original = find(rule.annotations, kOriginal);
      Copy copy{group.name, {}, original ? *original : std::string()};
      copy.rule = std::move(rule);
      copies.push_back(std::move(copy));
    }
  std::vector<settings::File> all = files;
  all.push_back(clone);
  comparison.faults = report.faults(all);
  if (!comparison.faults.empty()) return comparison;
  comparison.copies = copies.size();
  comparison.differences = Matching(std::move(copies), std::move(originals), set).differences();
  return comparison;
}

}  // namespace tocsin::gameday

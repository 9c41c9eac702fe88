// runbooks: what to do about a known problem, by its address.
#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

void read_runbook(const Value& value, Draft& draft) {
  const auto section = Section::open(value, kRunbook);
  if (!section) return;
  Runbook runbook;
  if (const auto name = section->require("name", "rules refer to it")) {
    if (const auto word = name->name()) {
      runbook.name = *word;
      draft.names.define(Noun::runbook, *word, name->place(), draft.report);
    }
  }
  runbook.title = runbook.name;
  if (const auto title = section->find("title"))
    if (auto text = title->some_text()) runbook.title = std::move(text->value);
  // Who writes a file instead has been told that this version knows none.
  if (!section->find("file"))
    if (const auto url = section->require("url", "say where it is to be read"))
      if (auto link = read_link(*url)) runbook.url = std::move(*link);
  draft.runbooks.emplace(runbook.name, std::move(runbook));
}

}  // namespace

void read_runbooks(const Value& value, Draft& draft) {
  for (const Value& runbook : value.list()) read_runbook(runbook, draft);
}

}  // namespace tocsin::settings

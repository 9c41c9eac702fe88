#include "router/api/oncall_view.hpp"

#include "router/core/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kMostNamed = 20;
constexpr std::size_t kMostShown = 60;

template <class Map>
Error nothing_called(const char* what, std::string_view name, const Map& all, const char* where) {
  std::vector<std::string> names;
  for (const auto& each : all) names.push_back(each.first);
  const std::string there_are =
      names.empty() ? "there is none in the configuration" : "there are: " + some_of(names);
  return not_found(std::string("no ") + what + " is called " +
                   json_string(cut(one_line(name), kMostShown)) + "; " + there_are + where);
}

}  // namespace

std::string some_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMostNamed; ++i)
    text += (i ? ", " : "") + names[i];
  if (names.size() > kMostNamed)
    text += " and " + std::to_string(names.size() - kMostNamed) + " more";
  return text;
}

const std::vector<oncall::Way>& ways_to(const oncall::Person& person) {
  return person.contacts.empty() ? person.notify : person.contacts;
}

Result<const oncall::Rota*> OnCallView::rota(std::string_view name) const {
  const auto found = configuration->rotas.find(name);
  if (found == configuration->rotas.end())
    return nothing_called("rota", name, configuration->rotas, "");
  return &found->second;
}

Result<const oncall::Person*> OnCallView::person(std::string_view name) const {
  const auto& people = configuration->directory.people;
  const auto found = people.find(name);
  if (found == people.end())
    return nothing_called("person", name, people, "; people are added in the configuration");
  return &found->second;
}

std::optional<oncall::Override> OnCallView::override_at(const oncall::Rota& rota,
                                                        WallTime at) const {
  const auto last_of = [&](const std::vector<oncall::Override>& all) {
    std::optional<oncall::Override> last;
    for (const oncall::Override& each : all)
      if (each.from <= at && at < each.until &&
          configuration->directory.people.contains(each.person))
        last = each;
    return last;
  };
  const auto made = overrides.find(rota.name);
  auto last = made == overrides.end() ? std::nullopt : last_of(made->second);
  return last ? last : last_of(rota.overrides);
}

}  // namespace tocsin::api
